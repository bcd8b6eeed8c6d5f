#include "sqlite_dialect.hpp"

#include <algorithm>

namespace qonduit::sqlite {
namespace {

using sql::Fit;
using sql::Kind;

}  // namespace

Affinity affinity_of(std::string_view declared) {
  std::string type;
  for (const char c : declared) type += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  const auto has = [&](std::string_view part) { return type.find(part) != std::string::npos; };
  if (type == "BOOLEAN" || type == "BOOL") return Affinity::boolean;
  if (type == "DATE") return Affinity::date;
  if (type == "TIMESTAMP" || type == "DATETIME") return Affinity::timestamp;
  if (type == "TIME") return Affinity::time;
  if (type == "INTERVAL") return Affinity::interval;
  if (has("INT")) return Affinity::integer;
  if (has("CHAR") || has("CLOB") || has("TEXT")) return Affinity::text;
  if (has("BLOB") || type.empty()) return Affinity::none;
  if (has("REAL") || has("FLOA") || has("DOUB")) return Affinity::real;
  return Affinity::numeric;
}

std::string SqliteDialect::type_of(Kind kind, bool /*bounded*/, std::size_t length) const {
  switch (kind) {
    case Kind::integer: return "INTEGER";
    case Kind::real: return "REAL";
    case Kind::boolean: return "BOOLEAN";
    case Kind::text: return length == 0 ? "TEXT" : "VARCHAR(" + std::to_string(length) + ")";
    case Kind::date: return "DATE";
    case Kind::timestamp: return "TIMESTAMP";
    case Kind::time: return "TIME";
    case Kind::interval: return "INTERVAL";
  }
  return "TEXT";
}

Fit SqliteDialect::fit(Kind kind, std::string_view column_type) const {
  const auto affinity = affinity_of(column_type);
  if (affinity == Affinity::text) return column_type.find('(') == std::string_view::npos ? Fit::whole : Fit::checked;
  if (affinity == Affinity::none) return Fit::whole;
  switch (kind) {
    case Kind::integer:
      if (affinity == Affinity::real) return Fit::checked;
      return affinity == Affinity::integer || affinity == Affinity::numeric ? Fit::whole : Fit::lossy;
    case Kind::real: return affinity == Affinity::real || affinity == Affinity::numeric ? Fit::whole : Fit::lossy;
    case Kind::boolean: return affinity == Affinity::boolean || affinity == Affinity::integer ? Fit::whole : Fit::lossy;
    case Kind::date: return affinity == Affinity::date ? Fit::whole : Fit::lossy;
    case Kind::timestamp: return affinity == Affinity::timestamp ? Fit::whole : Fit::lossy;
    case Kind::time: return affinity == Affinity::time ? Fit::checked : Fit::lossy;
    case Kind::interval: return affinity == Affinity::interval ? Fit::whole : Fit::lossy;
    case Kind::text: return Fit::lossy;
  }
  return Fit::lossy;
}

std::optional<Kind> SqliteDialect::kind_of_type(std::string_view column_type) const {
  switch (affinity_of(column_type)) {
    case Affinity::text: return Kind::text;
    case Affinity::integer: return Kind::integer;
    case Affinity::real: return Kind::real;
    case Affinity::boolean: return Kind::boolean;
    case Affinity::date: return Kind::date;
    case Affinity::timestamp: return Kind::timestamp;
    case Affinity::time: return Kind::time;
    case Affinity::interval: return Kind::interval;
    case Affinity::numeric:
    case Affinity::none: return std::nullopt;
  }
  return std::nullopt;
}

std::string SqliteDialect::create_table(const sql::TableName& table, std::string_view definition, bool /*scratch*/) const {
  return "CREATE TABLE " + qualified(table) + " (" + std::string(definition) + ")";
}

std::vector<std::string> SqliteDialect::point_view(const sql::TableName& view, const sql::TableName& table, bool exists,
                                                   bool /*retyped*/) const {
  return {exists ? "DROP VIEW " + qualified(view) : "", "CREATE VIEW " + qualified(view) + " AS SELECT * FROM " + qualified(table)};
}

std::string SqliteDialect::distinct(std::string_view a, std::string_view b) const { return std::string(a) + " IS NOT " + std::string(b); }

}  // namespace qonduit::sqlite
