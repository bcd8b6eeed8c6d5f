#include "turn_keys.hpp"

#include <algorithm>

#include "names.hpp"
#include "statements.hpp"

namespace qonduit::sql {

bool TurnKeys::concern(const Run& run, const TablePlan& plan) {
  if (plan.key.empty()) return false;
  return std::any_of(run.loop.begin(), run.loop.end(), [&](const auto& loop) {
    return std::none_of(plan.columns.begin(), plan.columns.end(), [&, wanted = loop.first](const auto& column) {
      return column.loop && column.loop_name == wanted && std::find(plan.key.begin(), plan.key.end(), column.spec.name) != plan.key.end();
    });
  });
}

void TurnKeys::forget() {
  forgot_ = forgot_ || !tables_.empty();
  tables_.clear();
}

Result<std::string> TurnKeys::begin(const std::string& run_id, const TableName& target, const TablePlan& plan) {
  const auto& dialect = database_.dialect();
  if (run_id_ != run_id) {
    for (const auto& [name, table] : tables_) {
      if (auto dropped = database_.execute(dialect.drop_table(table)); !dropped) return std::move(dropped).error();
    }
    tables_.clear();
    run_id_ = run_id, forgot_ = false;
  }
  const auto name = dialect.qualified(target);
  const auto known = tables_.find(name);
  if (known != tables_.end()) {
    current_ = known->second;
    return std::string();
  }
  current_ = {{}, "_qonduit_turns_" + short_hash(name), true};
  std::vector<ColumnSpec> columns;
  for (const auto& column : plan.columns) {
    if (std::find(plan.key.begin(), plan.key.end(), column.spec.name) != plan.key.end()) columns.push_back(column.spec);
  }
  for (const auto& statement :
       {dialect.drop_table(current_), dialect.create_table(current_, table_definition(dialect, columns, {}), true)}) {
    if (auto done = database_.execute(statement); !done) return std::move(done).error().within("table of the turns' keys");
  }
  tables_[name] = current_;
  if (!forgot_) return std::string();
  return std::string(
      "the connection was lost in this run: keys of the turns before that are not compared with those of the turns after it");
}

Status TurnKeys::check(const TableName& stage, const TablePlan& plan) {
  const auto& dialect = database_.dialect();
  auto shared = database_.query(dialect.first_row(keys_in_both(dialect, stage, current_, plan)));
  if (!shared) return std::move(shared).error();
  if (shared->empty()) return {};
  std::string loops;
  for (const auto& name : plan.loops()) loops += (loops.empty() ? "" : ", ") + name;
  return {Code::bad_data,
          "the key " + key_in_words(plan, shared->front()) +
              " was delivered by another turn of foreach in this run, and one row would take the other's place; " +
              (loops.empty() ? "deliver the loop's column, and put it into key" : "put the loop's column into key: " + loops)};
}

Status TurnKeys::add(const TableName& stage, const TablePlan& plan) {
  return database_.execute(insert_keys(database_.dialect(), current_, stage, plan)).status();
}

}  // namespace qonduit::sql
