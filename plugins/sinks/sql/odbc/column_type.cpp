#include "column_type.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace qonduit::odbc {
namespace {

using sql::Fit;
using sql::Kind;
using Name = std::pair<std::string_view, Base>;

constexpr Name kTypesOfAll[] = {{"smallint", Base::integer}, {"int", Base::integer},     {"integer", Base::integer},
                                {"bigint", Base::integer},   {"decimal", Base::decimal}, {"numeric", Base::decimal},
                                {"varchar", Base::text},     {"date", Base::date},       {"time", Base::time}};
constexpr Name kMariadbTypes[] = {{"mediumint", Base::integer}, {"boolean", Base::boolean}, {"bool", Base::boolean},
                                  {"bit", Base::boolean},       {"double", Base::real},     {"double precision", Base::real},
                                  {"text", Base::text},         {"mediumtext", Base::text}, {"longtext", Base::text},
                                  {"datetime", Base::timestamp}};
constexpr Name kSqlserverTypes[] = {
    {"tinyint", Base::integer}, {"bit", Base::boolean}, {"float", Base::real}, {"nvarchar", Base::text}, {"datetime2", Base::timestamp}};
// char pads its values, and varchar of SQL Server holds one code page only: both are types of the user's own.
constexpr Name kStandardTypes[] = {{"int2", Base::integer},
                                   {"int4", Base::integer},
                                   {"int8", Base::integer},
                                   {"boolean", Base::boolean},
                                   {"bool", Base::boolean},
                                   {"bit", Base::boolean},
                                   {"float", Base::real},
                                   {"float8", Base::real},
                                   {"double", Base::real},
                                   {"double precision", Base::real},
                                   {"character varying", Base::text},
                                   {"nvarchar", Base::text},
                                   {"text", Base::text},
                                   {"string", Base::text},
                                   {"clob", Base::text},
                                   {"timestamp", Base::timestamp},
                                   {"timestamp without time zone", Base::timestamp},
                                   {"timestamp_ntz", Base::timestamp},
                                   {"timestampntz", Base::timestamp},
                                   {"time without time zone", Base::time}};

template <std::size_t N>
bool find_name(const Name (&names)[N], const std::string& wanted, Base& base) {
  const auto* const found = std::find_if(std::begin(names), std::end(names), [&](const Name& name) { return name.first == wanted; });
  if (found != std::end(names)) base = found->second;
  return found != std::end(names);
}

}  // namespace

ColumnType parse_type(TypeNames names, std::string_view text) {
  std::string name;
  ColumnType type;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(') {
      std::from_chars(text.data() + i + 1, text.data() + text.size(), type.length);
      const auto end = std::min(text.find(')', i), text.size() - 1);
      type.scale = sql::scale_of(text.substr(i, end - i));
      i = end;
    } else {
      name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
  }
  name.resize(std::min(name.find(" collate "), name.size()));
  while (!name.empty() && name.back() == ' ') name.pop_back();
  // Unsigned and zerofill are a matter of range, which the server checks.
  for (const std::string_view suffix : {" unsigned zerofill", " unsigned"}) {
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  }
  if (find_name(kTypesOfAll, name, type.base)) {
    // One code page: what it cannot hold becomes question marks.
    if (names == TypeNames::sqlserver && name == "varchar") type.base = Base::other;
    // Seven digits of a second where none are named.
    if (names == TypeNames::sqlserver && name == "time" && type.length < 0) type.length = 7;
    if (names == TypeNames::standard && name == "time" && type.length < 0) type.length = 0;
    return type;
  }
  switch (names) {
    case TypeNames::mariadb:
      if (name == "tinyint") type.base = type.length == 1 ? Base::boolean : Base::integer;
      find_name(kMariadbTypes, name, type.base);
      break;
    case TypeNames::sqlserver:
      find_name(kSqlserverTypes, name, type.base);
      if (name == "float") type.base = type.length < 0 || type.length > 24 ? Base::real : Base::other, type.length = -1;
      if (name == "datetime2" && type.length < 0) type.length = 7;
      break;
    case TypeNames::standard:
      if (name == "tinyint") type.base = Base::integer;
      find_name(kStandardTypes, name, type.base);
      if (type.base == Base::real) type.length = -1;
      if (type.base == Base::timestamp && type.length < 0) type.length = 6;
      if (type.base == Base::time && type.length < 0) type.length = 6;
      break;
  }
  return type;
}

Fit fit(Kind kind, const ColumnType& type) {
  if (type.base == Base::text) return Fit::checked;
  const bool fine = type.length >= 3;  // milliseconds go in whole; without digits there are none
  switch (kind) {
    case Kind::integer:
      if (type.base == Base::decimal) return type.scale < 0 ? Fit::lossy : Fit::checked;
      return type.base == Base::integer || type.base == Base::real ? Fit::checked : Fit::lossy;
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

std::optional<Kind> kind_of(const ColumnType& type) {
  switch (type.base) {
    case Base::integer: return Kind::integer;
    case Base::boolean: return Kind::boolean;
    case Base::real: return Kind::real;
    case Base::text: return Kind::text;
    case Base::date: return Kind::date;
    case Base::timestamp: return Kind::timestamp;
    case Base::time: return Kind::time;
    case Base::decimal:
    case Base::other: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace qonduit::odbc
