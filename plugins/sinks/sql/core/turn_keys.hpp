// Two turns of a foreach may have rows with one key, where the key does not hold the loop's column: the later row would take the place of
// the other. So the keys of each turn are compared with those of the turns before it in this run. They are kept in a temporary table, as
// long as the connection lasts. One thread.
#pragma once

#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <map>
#include <string>

#include "database.hpp"
#include "table_plan.hpp"

namespace qonduit::sql {

class TurnKeys {
 public:
  explicit TurnKeys(Database& database) : database_(database) {}

  // Whether rows of two turns can have one key.
  [[nodiscard]] static bool concern(const Run& run, const TablePlan& plan);
  // The connection is another one.
  void forget();

  // Before the delivery's transaction. The answer is what a person must know; may be empty.
  Result<std::string> begin(const std::string& run_id, const TableName& target, const TablePlan& plan);
  // In it, with the staging table. bad_data where a turn before delivered one of its keys.
  Status check(const TableName& stage, const TablePlan& plan);
  Status add(const TableName& stage, const TablePlan& plan);

 private:
  Database& database_;
  std::string run_id_;
  std::map<std::string, TableName> tables_;  // by the target's name
  bool forgot_ = false;                      // in this run
  TableName current_;
};

}  // namespace qonduit::sql
