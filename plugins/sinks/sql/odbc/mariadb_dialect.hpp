// The SQL of MariaDB and MySQL. Every CREATE, ALTER and RENAME commits, so fresh tables take their names after the commit. Sessions run
// with strict SQL mode and NO_BACKSLASH_ESCAPES.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/sinks/sql/core/dialect.hpp"

namespace qonduit::odbc {

class MariadbDialect final : public sql::Dialect {
 public:
  // MySQL calls the collation that tells all texts apart by another name. Known once there is a connection.
  void set_mysql(bool mysql) { collation_ = mysql ? "utf8mb4_0900_bin" : "utf8mb4_nopad_bin"; }
  [[nodiscard]] std::string_view name() const override { return "mariadb"; }
  [[nodiscard]] sql::NameLimits limits() const override { return {0, 64, false, false, false}; }
  [[nodiscard]] std::string quote(std::string_view identifier) const override;
  [[nodiscard]] std::string type_of(sql::Kind kind, bool bounded, std::size_t length) const override;
  [[nodiscard]] sql::Fit fit(sql::Kind kind, std::string_view column_type) const override;
  [[nodiscard]] std::optional<sql::Kind> kind_of_type(std::string_view column_type) const override;
  [[nodiscard]] bool holds_non_finite() const override { return false; }
  [[nodiscard]] bool transactional_ddl() const override { return false; }
  [[nodiscard]] bool overlaps() const override { return true; }
  [[nodiscard]] bool transactional_truncate() const override { return false; }
  [[nodiscard]] std::string begin() const override { return "START TRANSACTION"; }
  [[nodiscard]] std::string create_table(const sql::TableName& table, std::string_view definition, bool scratch) const override;
  [[nodiscard]] std::optional<std::string> create_like(const sql::TableName& table, const sql::TableName& other) const override;
  [[nodiscard]] std::string drop_table(const sql::TableName& table) const override;
  [[nodiscard]] std::optional<std::string> alter_type(const sql::TableName& table, const sql::ColumnSpec& column) const override;
  [[nodiscard]] std::vector<std::string> swap(const sql::TableName& table, const sql::TableName& replacement,
                                              const sql::TableName& aside) const override;
  [[nodiscard]] std::string rename(const sql::TableName& table, const sql::TableName& to) const override;
  [[nodiscard]] std::vector<std::string> point_view(const sql::TableName& view, const sql::TableName& table, bool exists,
                                                    bool retyped) const override;
  [[nodiscard]] std::vector<std::string> comments(const sql::TableName& table, std::string_view comment,
                                                  const std::vector<sql::ColumnSpec>& columns) const override;
  [[nodiscard]] std::string distinct(std::string_view a, std::string_view b) const override;
  [[nodiscard]] std::string update_from(const sql::TableName& table, const sql::TableName& stage,
                                        const std::vector<std::pair<std::string, std::string>>& set,
                                        std::string_view condition) const override;
  [[nodiscard]] std::string delete_where(const sql::TableName& table, std::string_view condition) const override;

 private:
  std::string_view collation_ = "utf8mb4_nopad_bin";
};

}  // namespace qonduit::odbc
