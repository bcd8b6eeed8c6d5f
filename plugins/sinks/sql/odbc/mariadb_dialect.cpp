#include "mariadb_dialect.hpp"

#include <qonduit/text.hpp>

#include "column_type.hpp"
#include "plugins/sinks/sql/core/names.hpp"

namespace qonduit::odbc {
namespace {

using sql::Kind;

// An index holds 3072 bytes, and a character may take four.
constexpr std::size_t kBounded = 190;
// Beyond it a row may not hold the text itself.
constexpr std::size_t kLongestVarchar = 16'000;
constexpr std::size_t kLongestComment = 1000;

std::string definition_of(const MariadbDialect& dialect, const sql::ColumnSpec& column) {
  return dialect.quote(column.name) + " " + column.type + (column.nullable ? " NULL" : " NOT NULL");
}

}  // namespace

std::string MariadbDialect::quote(std::string_view identifier) const { return doubled(identifier, '`'); }

std::string MariadbDialect::type_of(Kind kind, bool bounded, std::size_t length) const {
  switch (kind) {
    case Kind::integer: return "bigint(20)";
    case Kind::real: return "double";
    case Kind::boolean: return "tinyint(1)";
    case Kind::text:
      if (length == 0) return bounded ? "varchar(" + std::to_string(kBounded) + ")" : "longtext";
      return length <= kLongestVarchar ? "varchar(" + std::to_string(length) + ")" : "longtext";
    case Kind::date: return "date";
    case Kind::timestamp: return "datetime(3)";
    case Kind::time: return "time(3)";
    case Kind::interval: return "bigint(20)";
  }
  return "longtext";
}

sql::Fit MariadbDialect::fit(Kind kind, std::string_view column_type) const {
  return odbc::fit(kind, parse_type(TypeNames::mariadb, column_type));
}

std::optional<Kind> MariadbDialect::kind_of_type(std::string_view column_type) const {
  return kind_of(parse_type(TypeNames::mariadb, column_type));
}

// The collation tells capitals, accents and spaces at the end apart: keys that differ are two.
std::string MariadbDialect::create_table(const sql::TableName& table, std::string_view definition, bool /*scratch*/) const {
  return std::string("CREATE ") + (table.temporary ? "TEMPORARY " : "") + "TABLE " + qualified(table) + " (" + std::string(definition) +
         ") ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE " + std::string(collation_);
}

std::optional<std::string> MariadbDialect::create_like(const sql::TableName& table, const sql::TableName& other) const {
  return std::string("CREATE ") + (table.temporary ? "TEMPORARY " : "") + "TABLE " + qualified(table) + " LIKE " + qualified(other);
}

// Dropping a temporary table does not commit, if one says so.
std::string MariadbDialect::drop_table(const sql::TableName& table) const {
  return std::string("DROP ") + (table.temporary ? "TEMPORARY " : "") + "TABLE IF EXISTS " + qualified(table);
}

std::optional<std::string> MariadbDialect::alter_type(const sql::TableName& table, const sql::ColumnSpec& column) const {
  return "ALTER TABLE " + qualified(table) + " MODIFY COLUMN " + definition_of(*this, column);
}

std::vector<std::string> MariadbDialect::swap(const sql::TableName& table, const sql::TableName& replacement,
                                              const sql::TableName& aside) const {
  return {"RENAME TABLE " + qualified(table) + " TO " + qualified(aside) + ", " + qualified(replacement) + " TO " + qualified(table)};
}

std::string MariadbDialect::rename(const sql::TableName& table, const sql::TableName& to) const {
  return "RENAME TABLE " + qualified(table) + " TO " + qualified(to);
}

std::vector<std::string> MariadbDialect::point_view(const sql::TableName& view, const sql::TableName& table, bool /*exists*/,
                                                    bool /*retyped*/) const {
  return {"CREATE OR REPLACE VIEW " + qualified(view) + " AS SELECT * FROM " + qualified(table)};
}

std::vector<std::string> MariadbDialect::comments(const sql::TableName& table, std::string_view comment,
                                                  const std::vector<sql::ColumnSpec>& columns) const {
  std::string changes = comment.empty() ? "" : "COMMENT = " + literal(cut_utf8(comment, kLongestComment));
  for (const auto& column : columns) {
    if (column.comment.empty()) continue;
    changes += (changes.empty() ? "" : ", ") + std::string("MODIFY COLUMN ") + definition_of(*this, column) + " COMMENT " +
               literal(cut_utf8(column.comment, kLongestComment));
  }
  if (changes.empty()) return {};
  return {"ALTER TABLE " + qualified(table) + " " + changes};
}

std::string MariadbDialect::distinct(std::string_view a, std::string_view b) const {
  return "NOT (" + std::string(a) + " <=> " + std::string(b) + ")";
}

std::string MariadbDialect::update_from(const sql::TableName& table, const sql::TableName& stage,
                                        const std::vector<std::pair<std::string, std::string>>& set, std::string_view condition) const {
  return "UPDATE " + qualified(table) + " AS t JOIN " + qualified(stage) + " AS s ON " + std::string(condition) + " SET " +
         assignments(set, "t.");
}

std::string MariadbDialect::delete_where(const sql::TableName& table, std::string_view condition) const {
  return "DELETE t FROM " + qualified(table) + " AS t WHERE " + std::string(condition);
}

}  // namespace qonduit::odbc
