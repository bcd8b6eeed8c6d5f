#include "sqlserver_dialect.hpp"

#include <qonduit/text.hpp>

#include "column_type.hpp"
#include "plugins/sinks/sql/core/names.hpp"

namespace qonduit::odbc {
namespace {

using sql::Kind;

constexpr std::size_t kBoundedNvarchar = 190;  // an index key holds 900 bytes, two a character
constexpr std::size_t kLongestNvarchar = 4000;
constexpr std::size_t kLongestProperty = 3000;  // an extended property holds 7500 bytes

}  // namespace

std::string SqlserverDialect::quote(std::string_view identifier) const {
  std::string out = "[";
  for (const char c : identifier) out.append(c == ']' ? 2 : 1, c);
  return out + "]";
}

std::string SqlserverDialect::literal(std::string_view text) const { return "N" + doubled(text, '\''); }

std::string SqlserverDialect::temporary_name(std::string_view table) const { return quote("#" + std::string(table)); }

// Temporary tables are made in a database whose collation may be another: texts say whose they want.
std::string SqlserverDialect::type_of(Kind kind, bool bounded, std::size_t length) const {
  switch (kind) {
    case Kind::integer: return "bigint";
    case Kind::real: return "float(53)";
    case Kind::boolean: return "bit";
    case Kind::text:
      if (length == 0 && bounded) length = kBoundedNvarchar;
      return "nvarchar(" + (length == 0 || length > kLongestNvarchar ? std::string("max") : std::to_string(length)) +
             ") COLLATE DATABASE_DEFAULT";
    case Kind::date: return "date";
    case Kind::timestamp: return "datetime2(3)";
    case Kind::time: return "time(3)";
    case Kind::interval: return "bigint";
  }
  return "nvarchar(max) COLLATE DATABASE_DEFAULT";
}

sql::Fit SqlserverDialect::fit(Kind kind, std::string_view column_type) const {
  return odbc::fit(kind, parse_type(TypeNames::sqlserver, column_type));
}

std::optional<Kind> SqlserverDialect::kind_of_type(std::string_view column_type) const {
  return kind_of(parse_type(TypeNames::sqlserver, column_type));
}

std::string SqlserverDialect::create_table(const sql::TableName& table, std::string_view definition, bool /*scratch*/) const {
  return "CREATE TABLE " + qualified(table) + " (" + std::string(definition) + ")";
}

std::string SqlserverDialect::add_column(const sql::TableName& table, const sql::ColumnSpec& column) const {
  return "ALTER TABLE " + qualified(table) + " ADD " + quote(column.name) + " " + column.type + " NULL";
}

std::optional<std::string> SqlserverDialect::alter_type(const sql::TableName& table, const sql::ColumnSpec& column) const {
  return "ALTER TABLE " + qualified(table) + " ALTER COLUMN " + quote(column.name) + " " + column.type +
         (column.nullable ? " NULL" : " NOT NULL");
}

// The new name is a name, not an identifier: brackets would become part of it.
std::string SqlserverDialect::rename(const sql::TableName& table, const sql::TableName& to) const {
  return "EXEC sp_rename @objname = " + literal(qualified(table)) + ", @newname = " + literal(to.table) + ", @objtype = N'OBJECT'";
}

// The columns of SELECT * are those of the moment the view is made.
std::vector<std::string> SqlserverDialect::point_view(const sql::TableName& view, const sql::TableName& table, bool /*exists*/,
                                                      bool /*retyped*/) const {
  return {"CREATE OR ALTER VIEW " + qualified(view) + " AS SELECT * FROM " + qualified(table)};
}

std::vector<std::string> SqlserverDialect::comments(const sql::TableName& table, std::string_view comment,
                                                    const std::vector<sql::ColumnSpec>& columns) const {
  const auto property = [&](std::string_view text, std::string_view column) {
    auto statement = "DECLARE @schema sysname = " + (table.schema.empty() ? std::string("SCHEMA_NAME()") : literal(table.schema)) +
                     "; EXEC sys.sp_addextendedproperty @name = N'MS_Description', @value = " + literal(cut_utf8(text, kLongestProperty)) +
                     ", @level0type = N'SCHEMA', @level0name = @schema, @level1type = N'TABLE', @level1name = " + literal(table.table);
    if (!column.empty()) statement += ", @level2type = N'COLUMN', @level2name = " + literal(column);
    return statement;
  };
  std::vector<std::string> statements;
  if (!comment.empty()) statements.push_back(property(comment, {}));
  for (const auto& column : columns) {
    if (!column.comment.empty()) statements.push_back(property(column.comment, column.name));
  }
  return statements;
}

std::string SqlserverDialect::first_row(std::string_view select) const {
  return "SELECT TOP (1)" + std::string(select.substr(std::string_view("SELECT").size()));
}

std::string SqlserverDialect::distinct(std::string_view a, std::string_view b) const {
  return "EXISTS (SELECT " + std::string(a) + " EXCEPT SELECT " + std::string(b) + ")";
}

std::string SqlserverDialect::update_from(const sql::TableName& table, const sql::TableName& stage,
                                          const std::vector<std::pair<std::string, std::string>>& set, std::string_view condition) const {
  return "UPDATE t SET " + assignments(set) + " FROM " + qualified(table) + " AS t JOIN " + qualified(stage) + " AS s ON " +
         std::string(condition);
}

std::string SqlserverDialect::update_where(const sql::TableName& table, const std::vector<std::pair<std::string, std::string>>& set,
                                           std::string_view condition) const {
  return "UPDATE t SET " + assignments(set) + " FROM " + qualified(table) + " AS t WHERE " + std::string(condition);
}

std::string SqlserverDialect::delete_where(const sql::TableName& table, std::string_view condition) const {
  return "DELETE t FROM " + qualified(table) + " AS t WHERE " + std::string(condition);
}

}  // namespace qonduit::odbc
