#include "column_type.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace qonduit::postgresql {
namespace {

using sql::Fit;
using sql::Kind;

constexpr std::pair<std::string_view, Base> kNames[] = {{"smallint", Base::int2},
                                                        {"int2", Base::int2},
                                                        {"integer", Base::int4},
                                                        {"int", Base::int4},
                                                        {"int4", Base::int4},
                                                        {"bigint", Base::int8},
                                                        {"int8", Base::int8},
                                                        {"numeric", Base::numeric},
                                                        {"decimal", Base::numeric},
                                                        {"float8", Base::float8},
                                                        {"boolean", Base::boolean},
                                                        {"bool", Base::boolean},
                                                        {"text", Base::text},
                                                        {"varchar", Base::text},
                                                        {"character varying", Base::text},
                                                        {"date", Base::date},
                                                        {"timestamp", Base::timestamp},
                                                        {"double precision", Base::float8},
                                                        {"time", Base::time},
                                                        {"interval", Base::interval},
                                                        {"timestamp without time zone", Base::timestamp},
                                                        {"time without time zone", Base::time}};

// Milliseconds go in whole.
bool fine(const ColumnType& type) { return type.length < 0 || type.length >= 3; }

}  // namespace

ColumnType parse_type(std::string_view text) {
  // The name in small letters without what is in parentheses, which may stand in its middle.
  std::string name;
  ColumnType type;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(') {
      std::from_chars(text.data() + i + 1, text.data() + text.size(), type.length);
      const auto end = std::min(text.find(')', i), text.size() - 1);
      type.scale = sql::scale_of(text.substr(i, end - i));
      i = end;
    } else if (c != ' ' || (!name.empty() && name.back() != ' ')) {
      name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
  }
  while (!name.empty() && name.back() == ' ') name.pop_back();
  for (const auto& [known, base] : kNames) {
    if (known == name) type.base = base;
  }
  return type;
}

Fit fit(Kind kind, const ColumnType& type) {
  if (type.base == Base::text) return type.length < 0 ? Fit::whole : Fit::checked;
  switch (kind) {
    case Kind::integer:
      if (type.base == Base::int8) return Fit::whole;
      if (type.base == Base::numeric) return type.scale < 0 ? Fit::lossy : Fit::checked;
      return type.base == Base::int2 || type.base == Base::int4 || type.base == Base::float8 ? Fit::checked : Fit::lossy;
    case Kind::real: return type.base == Base::float8 ? Fit::whole : Fit::lossy;
    case Kind::boolean: return type.base == Base::boolean ? Fit::whole : Fit::lossy;
    case Kind::date: return type.base == Base::date || type.base == Base::timestamp ? Fit::checked : Fit::lossy;
    case Kind::timestamp: return type.base == Base::timestamp && fine(type) ? Fit::checked : Fit::lossy;
    case Kind::time: return type.base == Base::time && fine(type) ? Fit::checked : Fit::lossy;
    case Kind::interval: return type.base == Base::interval && fine(type) ? Fit::checked : Fit::lossy;
    case Kind::text: return Fit::lossy;
  }
  return Fit::lossy;
}

}  // namespace qonduit::postgresql
