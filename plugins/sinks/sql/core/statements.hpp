// The SQL of a delivery, made of a dialect and a plan. Pure. In conditions the target goes by t and the staging table by s.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect.hpp"
#include "table_plan.hpp"

namespace qonduit::sql {

// What stands in the parentheses of CREATE TABLE. primary_key may be empty.
std::string table_definition(const Dialect& dialect, const std::vector<ColumnSpec>& columns, const std::vector<std::string>& primary_key);
// Of a new table. Their names are hashed where the database wants them unique in the schema; the option's name is part of them.
std::vector<std::string> create_indexes(const Dialect& dialect, const TableName& table, const TablePlan& plan);

// Problems of a staging table that merge and history cannot work with, as queries that answer the rows at fault.
std::string null_keys(const Dialect& dialect, const TableName& stage, const TablePlan& plan);
std::string repeated_keys(const Dialect& dialect, const TableName& stage, const TablePlan& plan);
// Keys of the staging table that a table of keys has, too; and what puts them into it.
std::string keys_in_both(const Dialect& dialect, const TableName& stage, const TableName& keys, const TablePlan& plan);
std::string insert_keys(const Dialect& dialect, const TableName& keys, const TableName& stage, const TablePlan& plan);
// A row of the key's columns: "Region = 'North', Year = '2024'".
std::string key_in_words(const TablePlan& plan, const std::vector<std::optional<std::string>>& row);
// How many integers of a column are beyond what a real holds exactly.
std::string inexact_as_real(const Dialect& dialect, const TableName& table, std::string_view column);

std::string insert_all(const Dialect& dialect, const TableName& table, const TableName& stage, const TablePlan& plan);

// Rows of the target that are missing from the delivery: those whose keys are neither in the staging table nor in that of the refused rows.
// Of a delivery that is a turn of foreach, only rows of the same turn.
struct Missing {
  std::optional<TableName> refused{};  // none: no row can be refused
};

// merge: what changed, what is new, what vanished.
std::string update_changed(const Dialect& dialect, const TableName& table, const TableName& stage, const TablePlan& plan);
std::string insert_new(const Dialect& dialect, const TableName& table, const TableName& stage, const TablePlan& plan);
std::string delete_missing(const Dialect& dialect, const TableName& table, const TableName& stage, const TablePlan& plan,
                           const Missing& missing);

// history: ends the versions that changed (and, with missing, those that vanished), then begins new ones. at: the moment, a parameter's
// placeholder.
std::string close_versions(const Dialect& dialect, const TableName& table, const TableName& stage, const TablePlan& plan,
                           const std::optional<Missing>& missing, std::string_view at);
std::string open_versions(const Dialect& dialect, const TableName& table, const TableName& stage, const TablePlan& plan,
                          std::string_view at);

}  // namespace qonduit::sql
