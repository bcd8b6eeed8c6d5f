// PostgreSQL's SQL.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/sinks/sql/core/dialect.hpp"

namespace qonduit::postgresql {

// Source: PostgreSQL's documentation, system columns.
inline constexpr std::string_view kSystemColumns[] = {"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"};

class PostgresqlDialect final : public sql::Dialect {
 public:
  [[nodiscard]] std::string_view name() const override { return "postgresql"; }
  [[nodiscard]] sql::NameLimits limits() const override { return {63, 0, true, true, true, {}, kSystemColumns}; }
  [[nodiscard]] std::string placeholder(std::size_t number) const override { return "$" + std::to_string(number); }
  [[nodiscard]] std::string timestamp_parameter(std::size_t number) const override { return placeholder(number) + "::timestamp"; }
  [[nodiscard]] std::string temporary_name(std::string_view table) const override { return "pg_temp." + quote(table); }

  [[nodiscard]] std::string type_of(sql::Kind kind, bool bounded, std::size_t length) const override;
  [[nodiscard]] sql::Fit fit(sql::Kind kind, std::string_view column_type) const override;
  [[nodiscard]] std::optional<sql::Kind> kind_of_type(std::string_view column_type) const override;
  [[nodiscard]] bool holds_non_finite() const override { return true; }

  [[nodiscard]] bool transactional_ddl() const override { return true; }
  [[nodiscard]] bool overlaps() const override { return true; }
  [[nodiscard]] bool transactional_truncate() const override { return true; }

  [[nodiscard]] std::string create_table(const sql::TableName& table, std::string_view definition, bool scratch) const override;
  [[nodiscard]] std::optional<std::string> create_like(const sql::TableName& table, const sql::TableName& other) const override;
  [[nodiscard]] std::optional<std::string> alter_type(const sql::TableName& table, const sql::ColumnSpec& column) const override;
  [[nodiscard]] std::string analyze(const sql::TableName& table) const override { return "ANALYZE " + qualified(table); }
  [[nodiscard]] std::vector<std::string> point_view(const sql::TableName& view, const sql::TableName& table, bool exists,
                                                    bool retyped) const override;
  [[nodiscard]] std::vector<std::string> comments(const sql::TableName& table, std::string_view comment,
                                                  const std::vector<sql::ColumnSpec>& columns) const override;

  [[nodiscard]] std::string distinct(std::string_view a, std::string_view b) const override;
};

}  // namespace qonduit::postgresql
