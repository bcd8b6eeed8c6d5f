// A MariaDB or MySQL server: its catalogue, its named locks, its session settings.
#pragma once

#include "mariadb_dialect.hpp"
#include "odbc_database.hpp"

namespace qonduit::odbc {

class MariadbDatabase final : public OdbcDatabase {
 public:
  explicit MariadbDatabase(const OdbcOptions& options);

  Result<std::optional<sql::TableInfo>> describe(const sql::TableName& table) override;
  Result<std::vector<std::string>> dependents(const sql::TableName& table) override;
  Status lock(const sql::TableName& table) override;
  Status unlock(const sql::TableName& table) override;
  Status check_target(const std::string& schema) override;

 private:
  MariadbDatabase(const OdbcOptions& options, std::unique_ptr<MariadbDialect> dialect);
  Status set_up() override;

  MariadbDialect& own_dialect_;
};

}  // namespace qonduit::odbc
