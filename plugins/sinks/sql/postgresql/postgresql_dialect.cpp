#include "postgresql_dialect.hpp"

#include "column_type.hpp"

namespace qonduit::postgresql {
namespace {

using sql::Kind;

}  // namespace

// standard_conforming_strings is on: a backslash is a character like others.

std::string PostgresqlDialect::type_of(Kind kind, bool /*bounded*/, std::size_t length) const {
  switch (kind) {
    case Kind::integer: return "bigint";
    case Kind::real: return "double precision";
    case Kind::boolean: return "boolean";
    case Kind::text: return length == 0 ? "text" : "character varying(" + std::to_string(length) + ")";
    case Kind::date: return "date";
    case Kind::timestamp: return "timestamp without time zone";
    case Kind::time: return "time without time zone";
    case Kind::interval: return "interval";
  }
  return "text";
}

sql::Fit PostgresqlDialect::fit(Kind kind, std::string_view column_type) const { return postgresql::fit(kind, parse_type(column_type)); }

std::optional<Kind> PostgresqlDialect::kind_of_type(std::string_view column_type) const {
  switch (parse_type(column_type).base) {
    case Base::int2:
    case Base::int4:
    case Base::int8: return Kind::integer;
    case Base::float8: return Kind::real;
    case Base::boolean: return Kind::boolean;
    case Base::text: return Kind::text;
    case Base::date: return Kind::date;
    case Base::timestamp: return Kind::timestamp;
    case Base::time: return Kind::time;
    case Base::interval: return Kind::interval;
    case Base::numeric:
    case Base::other: return std::nullopt;
  }
  return std::nullopt;
}

std::string PostgresqlDialect::create_table(const sql::TableName& table, std::string_view definition, bool scratch) const {
  const auto* kind = table.temporary ? "TEMPORARY " : scratch ? "UNLOGGED " : "";
  return std::string("CREATE ") + kind + "TABLE " + qualified(table) + " (" + std::string(definition) + ")";
}

std::optional<std::string> PostgresqlDialect::create_like(const sql::TableName& table, const sql::TableName& other) const {
  return std::string("CREATE ") + (table.temporary ? "TEMPORARY " : "") + "TABLE " + qualified(table) + " (LIKE " + qualified(other) +
         " INCLUDING ALL)";
}

std::optional<std::string> PostgresqlDialect::alter_type(const sql::TableName& table, const sql::ColumnSpec& column) const {
  const auto name = quote(column.name);
  auto value = name;
  if (column.kind == sql::Kind::text) {
    // The database writes an exponent from 10^15 on; value_text.hpp, which wrote what comes next, from 10^21 on.
    const auto text = name + "::text", number = text + "::numeric";
    value = "(CASE WHEN " + text + " !~ '^-?[0-9.]+e[+-][0-9]+$' THEN " + text + " WHEN abs(" + number + ") >= 0.000001 AND abs(" + number +
            ") < 1e21 THEN " + number + "::text ELSE " + text + " END)";
  }
  return "ALTER TABLE " + qualified(table) + " ALTER COLUMN " + name + " TYPE " + column.type + " USING " + value + "::" + column.type;
}

// CREATE OR REPLACE keeps grants and what hangs on the view, and takes new columns behind the old ones, but no other types.
std::vector<std::string> PostgresqlDialect::point_view(const sql::TableName& view, const sql::TableName& table, bool exists,
                                                       bool retyped) const {
  return {exists && retyped ? "DROP VIEW " + qualified(view) : "",
          "CREATE OR REPLACE VIEW " + qualified(view) + " AS SELECT * FROM " + qualified(table)};
}

std::vector<std::string> PostgresqlDialect::comments(const sql::TableName& table, std::string_view comment,
                                                     const std::vector<sql::ColumnSpec>& columns) const {
  std::vector<std::string> statements;
  if (!comment.empty()) statements.push_back("COMMENT ON TABLE " + qualified(table) + " IS " + literal(comment));
  for (const auto& column : columns) {
    if (column.comment.empty()) continue;
    statements.push_back("COMMENT ON COLUMN " + qualified(table) + "." + quote(column.name) + " IS " + literal(column.comment));
  }
  return statements;
}

std::string PostgresqlDialect::distinct(std::string_view a, std::string_view b) const {
  return std::string(a) + " IS DISTINCT FROM " + std::string(b);
}

}  // namespace qonduit::postgresql
