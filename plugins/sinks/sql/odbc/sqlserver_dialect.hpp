// The SQL of Microsoft SQL Server 2016 SP1 and later, and of Azure SQL. Sources: Microsoft's Transact-SQL reference. DDL is part of
// transactions there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/sinks/sql/core/dialect.hpp"

namespace qonduit::odbc {

class SqlserverDialect final : public sql::Dialect {
 public:
  [[nodiscard]] std::string_view name() const override { return "sqlserver"; }
  // Whether capitals and accents tell names apart is up to the database's collation.
  [[nodiscard]] sql::NameLimits limits() const override { return {0, 110, false, false, false}; }
  [[nodiscard]] std::string quote(std::string_view identifier) const override;
  [[nodiscard]] std::string literal(std::string_view text) const override;
  [[nodiscard]] std::string temporary_name(std::string_view table) const override;
  [[nodiscard]] std::string type_of(sql::Kind kind, bool bounded, std::size_t length) const override;
  [[nodiscard]] sql::Fit fit(sql::Kind kind, std::string_view column_type) const override;
  [[nodiscard]] std::optional<sql::Kind> kind_of_type(std::string_view column_type) const override;
  [[nodiscard]] bool holds_non_finite() const override { return false; }
  [[nodiscard]] bool transactional_ddl() const override { return true; }
  [[nodiscard]] bool transactional_truncate() const override { return true; }
  [[nodiscard]] std::string begin() const override { return "BEGIN TRANSACTION"; }
  [[nodiscard]] std::string savepoint(std::string_view name) const override { return "SAVE TRANSACTION " + std::string(name); }
  [[nodiscard]] std::string rollback_to(std::string_view name) const override { return "ROLLBACK TRANSACTION " + std::string(name); }
  [[nodiscard]] std::string release(std::string_view /*name*/) const override { return {}; }
  [[nodiscard]] std::string create_table(const sql::TableName& table, std::string_view definition, bool scratch) const override;
  [[nodiscard]] std::string add_column(const sql::TableName& table, const sql::ColumnSpec& column) const override;
  [[nodiscard]] std::optional<std::string> alter_type(const sql::TableName& table, const sql::ColumnSpec& column) const override;
  [[nodiscard]] std::string rename(const sql::TableName& table, const sql::TableName& to) const override;
  [[nodiscard]] std::vector<std::string> point_view(const sql::TableName& view, const sql::TableName& table, bool exists,
                                                    bool retyped) const override;
  [[nodiscard]] std::vector<std::string> comments(const sql::TableName& table, std::string_view comment,
                                                  const std::vector<sql::ColumnSpec>& columns) const override;
  [[nodiscard]] std::string first_row(std::string_view select) const override;
  [[nodiscard]] std::string distinct(std::string_view a, std::string_view b) const override;
  [[nodiscard]] std::string update_from(const sql::TableName& table, const sql::TableName& stage,
                                        const std::vector<std::pair<std::string, std::string>>& set,
                                        std::string_view condition) const override;
  [[nodiscard]] std::string update_where(const sql::TableName& table, const std::vector<std::pair<std::string, std::string>>& set,
                                         std::string_view condition) const override;
  [[nodiscard]] std::string delete_where(const sql::TableName& table, std::string_view condition) const override;
  [[nodiscard]] std::string timestamp_parameter(std::size_t /*number*/) const override { return "CAST(? AS datetime2(3))"; }
  [[nodiscard]] std::string boolean(bool value) const override { return value ? "1" : "0"; }
};

}  // namespace qonduit::odbc
