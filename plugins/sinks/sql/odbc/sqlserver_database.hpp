// A Microsoft SQL Server: its catalogue, its application locks, its session settings.
#pragma once

#include "odbc_database.hpp"

namespace qonduit::odbc {

class SqlserverDatabase final : public OdbcDatabase {
 public:
  explicit SqlserverDatabase(const OdbcOptions& options);

  Result<std::optional<sql::TableInfo>> describe(const sql::TableName& table) override;
  Result<std::vector<std::string>> dependents(const sql::TableName& table) override;
  Status lock(const sql::TableName& table) override;
  Status unlock(const sql::TableName& table) override;
  Status check_target(const std::string& schema) override;

 private:
  Status set_up() override;
};

}  // namespace qonduit::odbc
