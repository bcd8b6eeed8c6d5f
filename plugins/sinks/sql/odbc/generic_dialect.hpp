// Standard SQL (SQL:2003 with MERGE), for databases that have no dialect of their own here: no more is used of it than PostgreSQL,
// Snowflake and Db2 understand alike. DDL is taken to commit at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/sinks/sql/core/dialect.hpp"

namespace qonduit::odbc {

// Names that PostgreSQL and Oracle, which an ODBC driver may reach, have for columns of their own.
inline constexpr std::string_view kSystemColumns[] = {"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", "rowid", "rownum"};

class GenericDialect final : public sql::Dialect {
 public:
  [[nodiscard]] std::string_view name() const override { return "generic"; }
  [[nodiscard]] sql::NameLimits limits() const override { return {63, 0, false, false, false, {}, kSystemColumns}; }
  [[nodiscard]] std::string type_of(sql::Kind kind, bool bounded, std::size_t length) const override;
  [[nodiscard]] sql::Fit fit(sql::Kind kind, std::string_view column_type) const override;
  [[nodiscard]] std::optional<sql::Kind> kind_of_type(std::string_view column_type) const override;
  [[nodiscard]] bool holds_non_finite() const override { return false; }
  [[nodiscard]] bool transactional_ddl() const override { return false; }
  [[nodiscard]] bool transactional_truncate() const override { return false; }
  [[nodiscard]] std::string begin() const override { return "START TRANSACTION"; }
  [[nodiscard]] std::string create_table(const sql::TableName& table, std::string_view definition, bool scratch) const override;
  [[nodiscard]] std::optional<std::string> alter_type(const sql::TableName& table, const sql::ColumnSpec& column) const override;
  [[nodiscard]] std::vector<std::string> point_view(const sql::TableName& view, const sql::TableName& table, bool exists,
                                                    bool retyped) const override;
  [[nodiscard]] std::string distinct(std::string_view a, std::string_view b) const override;
  [[nodiscard]] std::string update_from(const sql::TableName& table, const sql::TableName& stage,
                                        const std::vector<std::pair<std::string, std::string>>& set,
                                        std::string_view condition) const override;
  [[nodiscard]] std::string timestamp_parameter(std::size_t /*number*/) const override { return "CAST(? AS TIMESTAMP(3))"; }
};

}  // namespace qonduit::odbc
