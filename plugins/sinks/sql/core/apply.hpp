// From the staging table into the target: what each mode does there, inside the delivery's transaction.
#pragma once

#include <qonduit/status.hpp>

#include <optional>
#include <string>

#include "database.hpp"
#include "sql_options.hpp"
#include "statements.hpp"
#include "table_plan.hpp"

namespace qonduit::sql {

// bad_data where key columns hold nulls or a key occurs twice: merge and history cannot tell such rows apart.
Status check_keys(Database& database, const TableName& stage, const TablePlan& plan);

// The target's definition is fit for the plan. is_new: it holds nothing. missing: merge and history deal with what is missing; none: such
// rows stay. at: the moment of the delivery, "2026-01-31T23:59:59".
Status apply_stage(Database& database, const SqlOptions& options, const TableName& target, const TableName& stage, const TablePlan& plan,
                   bool is_new, const std::optional<Missing>& missing, const std::string& at);

// Adds and widens columns. rows_stay: the table's rows will still be there, so that what they hold must fit.
Status apply_change(Database& database, const TableName& table, const Adaptation& change, bool rows_stay);

}  // namespace qonduit::sql
