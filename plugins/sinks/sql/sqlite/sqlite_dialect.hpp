// SQLite's SQL. Columns have an affinity and values have a type: what a column holds is chosen by the loader from the declared type.
// Source: SQLite's documentation, "Datatypes In SQLite" and "Language Expressions".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/sinks/sql/core/dialect.hpp"

namespace qonduit::sqlite {

// What a declared type makes of values. Ours are told by name before SQLite's own rule is asked.
enum class Affinity { text, integer, real, numeric, none, boolean, date, timestamp, time, interval };
Affinity affinity_of(std::string_view declared);

class SqliteDialect final : public sql::Dialect {
 public:
  [[nodiscard]] std::string_view name() const override { return "sqlite"; }
  [[nodiscard]] sql::NameLimits limits() const override { return {200, 0, false, true, true, "sqlite_"}; }
  [[nodiscard]] std::string placeholder(std::size_t number) const override { return "?" + std::to_string(number); }
  [[nodiscard]] std::string temporary_name(std::string_view table) const override { return "temp." + quote(table); }

  [[nodiscard]] std::string type_of(sql::Kind kind, bool bounded, std::size_t length) const override;
  [[nodiscard]] sql::Fit fit(sql::Kind kind, std::string_view column_type) const override;
  [[nodiscard]] std::optional<sql::Kind> kind_of_type(std::string_view column_type) const override;
  [[nodiscard]] bool holds_non_finite() const override { return false; }  // NaN becomes null

  [[nodiscard]] bool transactional_ddl() const override { return true; }
  [[nodiscard]] bool transactional_truncate() const override { return true; }
  // DELETE without a condition is what SQLite has for TRUNCATE.
  [[nodiscard]] std::string truncate(const sql::TableName& table) const override { return "DELETE FROM " + qualified(table); }
  // Not upgraded from reading to writing half-way: that fails at once when another writes.
  [[nodiscard]] std::string begin() const override { return "BEGIN IMMEDIATE"; }

  [[nodiscard]] std::string create_table(const sql::TableName& table, std::string_view definition, bool scratch) const override;
  [[nodiscard]] std::vector<std::string> point_view(const sql::TableName& view, const sql::TableName& table, bool exists,
                                                    bool retyped) const override;

  [[nodiscard]] std::string distinct(std::string_view a, std::string_view b) const override;
  [[nodiscard]] std::string boolean(bool value) const override { return value ? "1" : "0"; }
};

}  // namespace qonduit::sqlite
