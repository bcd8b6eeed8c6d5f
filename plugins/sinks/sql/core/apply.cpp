#include "apply.hpp"

namespace qonduit::sql {
namespace {

Status merge(Database& database, const TableName& target, const TableName& stage, const TablePlan& plan,
             const std::optional<Missing>& missing) {
  const auto& dialect = database.dialect();
  if (const auto update = update_changed(dialect, target, stage, plan); !update.empty()) {
    if (auto changed = database.execute(update); !changed) return std::move(changed).error();
  }
  if (auto added = database.execute(insert_new(dialect, target, stage, plan)); !added) return std::move(added).error();
  return missing ? database.execute(delete_missing(dialect, target, stage, plan, *missing)).status() : Status();
}

Status keep_history(Database& database, const TableName& target, const TableName& stage, const TablePlan& plan,
                    const std::optional<Missing>& missing, const std::string& at) {
  const auto& dialect = database.dialect();
  const auto moment = dialect.timestamp_parameter(1);
  auto closed = database.execute(close_versions(dialect, target, stage, plan, missing, moment), {at});
  if (!closed) return std::move(closed).error();
  return database.execute(open_versions(dialect, target, stage, plan, moment), {at}).status();
}

}  // namespace

Status check_keys(Database& database, const TableName& stage, const TablePlan& plan) {
  if (plan.key.empty()) return {};
  const auto& dialect = database.dialect();
  auto nulls = database.query(dialect.first_row(null_keys(dialect, stage, plan)));
  if (!nulls) return std::move(nulls).error();
  if (!nulls->empty()) {
    return {Code::bad_data, "a key must not be null, and there is a row with " + key_in_words(plan, nulls->front()) +
                                "; filter such rows out, or choose another key"};
  }
  auto repeated = database.query(dialect.first_row(repeated_keys(dialect, stage, plan)));
  if (!repeated) return std::move(repeated).error();
  if (repeated->empty()) return {};
  return {Code::bad_data, "the key " + key_in_words(plan, repeated->front()) + " occurs " + repeated->front().back().value_or("several") +
                              " times in the delivery; choose columns that identify a row"};
}

Status apply_stage(Database& database, const SqlOptions& options, const TableName& target, const TableName& stage, const TablePlan& plan,
                   bool is_new, const std::optional<Missing>& missing, const std::string& at) {
  const auto& dialect = database.dialect();
  switch (options.mode) {
    case Mode::merge: return merge(database, target, stage, plan, missing);
    case Mode::history: return keep_history(database, target, stage, plan, missing, at);
    case Mode::truncate:
    case Mode::replace: {
      if (is_new) break;
      auto emptied =
          database.execute(options.mode == Mode::truncate ? dialect.truncate(target) : "DELETE FROM " + dialect.qualified(target));
      if (!emptied) return std::move(emptied).error();
      break;
    }
    case Mode::append: break;
  }
  return database.execute(insert_all(dialect, target, stage, plan)).status();
}

Status apply_change(Database& database, const TableName& table, const Adaptation& change, bool rows_stay) {
  const auto& dialect = database.dialect();
  for (const auto& column : change.whole_as_real) {
    if (!rows_stay) break;
    auto inexact = database.query(inexact_as_real(dialect, table, column));
    if (!inexact) return std::move(inexact).error();
    const auto count = inexact->empty() ? std::nullopt : inexact->front().front();
    if (count && *count != "0") {
      return {Code::bad_data, "column '" + column + "' cannot be widened to a real: " + *count +
                                  " of its integers are beyond 2^53 and would be rounded; set column-type for it by hand"};
    }
  }
  for (const auto& column : change.add) {
    if (auto added = database.execute(dialect.add_column(table, column)); !added) return std::move(added).error();
  }
  for (const auto& column : change.widen) {
    const auto statement = dialect.alter_type(table, column);
    auto status = statement ? database.execute(*statement).status() : database.widen_column(table, column);
    if (!status.ok()) return status;
  }
  return {};
}

}  // namespace qonduit::sql
