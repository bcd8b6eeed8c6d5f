#include "postgresql_dialect.hpp"

#include "column_type.hpp"

namespace qonduit::postgresql {
namespace {

using sql::Kind;

std::string doubled(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) out.append(c == quote ? 2 : 1, c);
  return out + quote;
}

}  // namespace

std::string PostgresqlDialect::quote(std::string_view identifier) const { return doubled(identifier, '"'); }

// standard_conforming_strings is on: a backslash is a character like others.
std::string PostgresqlDialect::literal(std::string_view text) const { return doubled(text.substr(0, text.find('\0')), '\''); }

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
  return "CREATE TABLE " + qualified(table) + " (LIKE " + qualified(other) + " INCLUDING ALL)";
}

std::optional<std::string> PostgresqlDialect::alter_type(const sql::TableName& table, const sql::ColumnSpec& column) const {
  const auto name = quote(column.name);
  return "ALTER TABLE " + qualified(table) + " ALTER COLUMN " + name + " TYPE " + column.type + " USING " + name + "::" + column.type;
}

std::vector<std::string> PostgresqlDialect::swap(const sql::TableName& table, const sql::TableName& replacement,
                                                 const sql::TableName& aside) const {
  return {rename(table, aside), rename(replacement, table)};
}

std::string PostgresqlDialect::rename(const sql::TableName& table, const sql::TableName& to) const {
  return "ALTER TABLE " + qualified(table) + " RENAME TO " + quote(to.table);
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

std::string PostgresqlDialect::update_from(const sql::TableName& table, const sql::TableName& stage,
                                           const std::vector<std::pair<std::string, std::string>>& set, std::string_view condition) const {
  std::string text = "UPDATE " + qualified(table) + " AS t SET ";
  for (std::size_t i = 0; i < set.size(); ++i) text += (i == 0 ? "" : ", ") + set[i].first + " = " + set[i].second;
  return text + " FROM " + qualified(stage) + " AS s WHERE " + std::string(condition);
}

}  // namespace qonduit::postgresql
