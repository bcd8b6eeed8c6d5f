// A server known by its driver only: its catalogue is asked through ODBC, its locks are rows.
#pragma once

#include "odbc_database.hpp"
#include "row_lock.hpp"

namespace qonduit::odbc {

class GenericDatabase final : public OdbcDatabase {
 public:
  explicit GenericDatabase(const OdbcOptions& options);

  Result<std::optional<sql::TableInfo>> describe(const sql::TableName& table) override;
  // unsupported: ODBC has no call that tells.
  Result<std::vector<std::string>> dependents(const sql::TableName& table) override;
  Status lock(const sql::TableName& table) override;
  Status unlock(const sql::TableName& /*table*/) override { return lock_.unlock(); }
  // Not without the lock: its connection may have gone while this one stayed.
  Status commit() override;
  Status check_target(const std::string& schema) override;

 private:
  Status set_up() override;
  Status look_for_savepoints();
  Result<bool> is_view(const sql::TableName& table);
  std::vector<std::string> primary_key(const sql::TableName& table);

  RowLock lock_;
};

}  // namespace qonduit::odbc
