#include "column_type.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace qonduit::odbc {
namespace {

using sql::Fit;
using sql::Kind;

constexpr std::pair<std::string_view, Base> kNames[] = {{"smallint", Base::integer}, {"mediumint", Base::integer},
                                                        {"int", Base::integer},      {"integer", Base::integer},
                                                        {"bigint", Base::integer},   {"boolean", Base::boolean},
                                                        {"bool", Base::boolean},     {"bit", Base::boolean},
                                                        {"double", Base::real},      {"double precision", Base::real},
                                                        {"decimal", Base::decimal},  {"numeric", Base::decimal},
                                                        {"varchar", Base::text},     {"text", Base::text},
                                                        {"mediumtext", Base::text},  {"longtext", Base::text},
                                                        {"date", Base::date},        {"datetime", Base::timestamp},
                                                        {"time", Base::time}};

}  // namespace

ColumnType parse_type(std::string_view text) {
  std::string name;
  ColumnType type;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(') {
      std::from_chars(text.data() + i + 1, text.data() + text.size(), type.length);
      i = std::min(text.find(')', i), text.size() - 1);
    } else {
      name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
  }
  while (!name.empty() && name.back() == ' ') name.pop_back();
  // Unsigned and zerofill are a matter of range, which the server checks.
  for (const std::string_view suffix : {" unsigned zerofill", " unsigned"}) {
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  }
  if (name == "tinyint") type.base = type.length == 1 ? Base::boolean : Base::integer;
  for (const auto& [known, base] : kNames) {
    if (known == name) type.base = base;
  }
  return type;
}

Fit fit(Kind kind, const ColumnType& type) {
  if (type.base == Base::text) return Fit::checked;
  const bool fine = type.length >= 3;  // milliseconds go in whole; without digits there are none
  switch (kind) {
    case Kind::integer:
      return type.base == Base::integer || type.base == Base::decimal || type.base == Base::real ? Fit::checked : Fit::lossy;
    case Kind::real: return type.base == Base::real && type.length < 0 ? Fit::whole : Fit::lossy;
    case Kind::boolean: return type.base == Base::boolean || type.base == Base::integer ? Fit::whole : Fit::lossy;
    case Kind::date: return type.base == Base::date ? Fit::checked : Fit::lossy;
    case Kind::timestamp: return type.base == Base::timestamp && fine ? Fit::checked : Fit::lossy;
    case Kind::time: return type.base == Base::time && fine ? Fit::checked : Fit::lossy;
    case Kind::interval: return type.base == Base::integer ? Fit::checked : Fit::lossy;
    case Kind::text: return Fit::lossy;
  }
  return Fit::lossy;
}

}  // namespace qonduit::odbc
