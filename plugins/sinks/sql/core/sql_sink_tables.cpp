// The tables of a delivery: the one it goes into as it is found, made, changed, and put into its place.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "apply.hpp"
#include "names.hpp"
#include "sql_sink.hpp"
#include "statements.hpp"

namespace qonduit::sql {
namespace {

Status unfit(std::string why) { return {Code::invalid_config, std::move(why)}; }

// A table as its catalogue says, changed as the delivery needs it: what a fresh one in its place looks like.
std::vector<ColumnSpec> changed_columns(const TableInfo& info, const Adaptation& change) {
  std::vector<ColumnSpec> columns;
  for (const auto& column : info.columns) {
    const auto key = std::find(info.primary_key.begin(), info.primary_key.end(), column.name) != info.primary_key.end();
    columns.push_back({column.name, Kind::text, column.type, column.nullable, key, {}});
    for (const auto& wide : change.widen) {
      if (wide.name == column.name) columns.back().type = wide.type;
    }
  }
  columns.insert(columns.end(), change.add.begin(), change.add.end());
  return columns;
}

}  // namespace

// The table whose columns the delivery must fit: the target, or the generation its view reads from.
Result<std::optional<TableInfo>> SqlSink::look_at_target(const std::optional<Record>& last) {
  auto& current = *current_;
  auto info = database_->describe(current.target);
  if (!info) return info;
  if (options_.method != Method::view) {
    if (*info && (*info)->is_view) return unfit("it is a view; rows go into tables, or set method = view to deliver behind it");
    if (options_.method != Method::swap || !*info) return info;
    auto hanging = database_->dependents(current.target);
    if (!hanging) return std::move(hanging).error();
    if (hanging->empty()) return info;
    std::string all;
    for (const auto& one : *hanging) all += (all.empty() ? "" : ", ") + one;
    return unfit("method = swap would leave behind what hangs on the table: " + all + "; use method = rewrite");
  }
  if (*info && !(*info)->is_view) return unfit("a table is there, and method = view needs the name for a view; rename the table");
  if (*info && (!last || last->generation.empty()))
    return unfit("a view of this name is there that no delivery has made, and would be replaced; rename or drop it");
  std::uint64_t generation = 0;
  if (last) {
    const auto mark = last->generation.rfind("__");
    generation = mark == std::string::npos ? 0 : std::strtoull(last->generation.c_str() + mark + 2, nullptr, 10);
  }
  const auto suffix = "__" + std::to_string(generation + 1);
  current.fresh.table = safe_name(current.target.table, Naming::as_is, database_->dialect().limits(), suffix.size()) + suffix;
  current.record.generation = current.fresh.table;
  if (!last || last->generation.empty()) return std::optional<TableInfo>();
  return database_->describe({options_.schema, last->generation});
}

bool SqlSink::renames() const { return current_->place == Place::fresh && options_.method != Method::view; }

Place SqlSink::choose_place() const {
  const auto& current = *current_;
  if (options_.method != Method::rewrite) return Place::fresh;
  if (options_.mode == Mode::merge || options_.mode == Mode::history) return Place::stage;
  if (!current.info) return database_->dialect().transactional_ddl() ? Place::target : Place::fresh;
  return options_.mode == Mode::append && current.change.empty() ? Place::target : Place::stage;
}

// A table made of the plan: new, empty, with everything the options ask for.
Status SqlSink::make_target() {
  const auto& dialect = database_->dialect();
  const auto& plan = current_->plan;
  const auto& table = current_->place == Place::fresh ? current_->fresh : current_->target;
  std::vector<std::string> statements;
  if (current_->info && current_->place == Place::fresh) {
    const auto like = options_.method == Method::swap ? dialect.create_like(table, current_->target) : std::nullopt;
    if (like) {
      if (auto status = run({*like}); !status.ok()) return status;
      return apply_change(*database_, table, current_->change, false);
    }
    const auto columns = changed_columns(*current_->info, current_->change);
    statements.push_back(dialect.create_table(table, table_definition(dialect, columns, current_->info->primary_key), false));
  } else {
    statements.push_back(dialect.create_table(table, table_definition(dialect, plan.all_columns(), plan.primary_key), false));
  }
  for (auto& index : create_indexes(dialect, table, plan)) statements.push_back(std::move(index));
  if (options_.comments) {
    for (auto& comment : dialect.comments(table, plan.comment, plan.all_columns())) statements.push_back(std::move(comment));
  }
  return run(statements);
}

// The staging table holds what the delivery has. Where refused rows are put aside it also has the target's constraints, if the database can
// copy them: a row is refused while it is known which one it is.
std::string SqlSink::make_stage() const {
  const auto& dialect = database_->dialect();
  const auto& current = *current_;
  if (rejects_ && current.info && current.change.empty() && options_.mode != Mode::history) {
    if (auto like = dialect.create_like(current.stage, current.target)) return *like;
  }
  std::vector<ColumnSpec> columns;
  for (const auto& column : current.plan.columns) columns.push_back(column.spec);
  return dialect.create_table(current.stage, table_definition(dialect, columns, {}), true);
}

// The target before the staging table is applied to it: made, or changed.
Status SqlSink::change_target(const TableName& table) {
  if (!current_->info) return make_target();
  const bool rows_stay = options_.mode != Mode::replace && options_.mode != Mode::truncate;
  return apply_change(*database_, table, current_->change, rows_stay);
}

// Lets the fresh table take the target's name, or the view read from it.
Status SqlSink::publish() {
  const auto& current = *current_;
  const auto& dialect = database_->dialect();
  if (options_.method == Method::view) {
    auto there = database_->describe(current.target);
    if (!there) return std::move(there).error();
    return run(dialect.point_view(current.target, current.fresh, there->has_value(), !current.change.widen.empty()));
  }
  auto there = database_->describe(current.target);
  if (!there) return std::move(there).error();
  if (!*there) return run({dialect.rename(current.fresh, current.target)});
  const TableName aside{current.fresh.schema, "_qonduit_old_" + current.fresh.table.substr(current.fresh.table.size() - 16)};
  if (auto status = run({dialect.drop_table(aside)}); !status.ok()) return status;
  if (auto status = run(dialect.swap(current.target, current.fresh, aside)); !status.ok()) return status;
  return run({dialect.drop_table(aside)});
}

// Where DDL is no part of transactions a host may have died between its commit and the renaming: the rows have landed, and only the name
// is missing.
Status SqlSink::finish_publication(const std::optional<Record>& last) {
  if (database_->dialect().transactional_ddl() || !last || last->generation.empty()) return {};
  auto& current = *current_;
  const TableName fresh = current.fresh;
  current.fresh.table = last->generation;
  current.place = Place::fresh;
  auto pending = database_->describe(current.fresh);
  Status status = pending.status();
  if (pending && *pending) status = publish();
  current.fresh = fresh;
  return std::move(status).within("a delivery that was committed and not yet visible");
}

// Those behind the view that are older than the option keeps. The view does not read them any more, a reader may: the next delivery tries
// again.
Status SqlSink::drop_old_generations() {
  const auto& name = current_->fresh.table;
  const auto mark = name.rfind("__");
  const auto newest = std::strtoull(name.c_str() + mark + 2, nullptr, 10);
  const auto kept = static_cast<unsigned long long>(options_.generations.value_or(2));
  for (auto old = newest > kept ? newest - kept : 0, tries = 0ull; old > 0 && tries < 8; --old, ++tries) {
    const TableName table{options_.schema, name.substr(0, mark + 2) + std::to_string(old)};
    auto there = database_->describe(table);
    if (!there) return std::move(there).error();
    if (!*there) break;
    if (auto status = run({database_->dialect().drop_table(table)}); !status.ok()) return status;
  }
  return {};
}

}  // namespace qonduit::sql
