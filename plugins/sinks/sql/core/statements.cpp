#include "statements.hpp"

#include <utility>

#include "names.hpp"

namespace qonduit::sql {
namespace {

std::string list(const Dialect& dialect, const std::vector<std::string>& names, std::string_view prefix = {}) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + std::string(prefix) + dialect.quote(name);
  return text;
}

// t and s hold the same key. Keys are not null: null_keys was asked before.
std::string same_key(const Dialect& dialect, const TablePlan& plan) {
  std::string text;
  for (const auto& name : plan.key) {
    text += (text.empty() ? "t." : " AND t.") + dialect.quote(name) + " = s." + dialect.quote(name);
  }
  return text;
}

// Some compared column differs; false where there is none to compare.
std::string changed(const Dialect& dialect, const TablePlan& plan) {
  std::string text;
  for (const auto& name : plan.compared()) {
    const auto column = dialect.quote(name);
    text += (text.empty() ? "" : " OR ") + dialect.distinct("t." + column, "s." + column);
  }
  return text.empty() ? "1 = 0" : text;
}

std::string in_stage(const Dialect& dialect, const TableName& stage, const std::string& condition) {
  return "EXISTS (SELECT 1 FROM " + dialect.qualified(stage) + " s WHERE " + condition + ")";
}

std::string is_missing(const Dialect& dialect, const TableName& stage, const TablePlan& plan, const Missing& missing) {
  auto condition = "NOT " + in_stage(dialect, stage, same_key(dialect, plan));
  if (missing.refused) condition += " AND NOT " + in_stage(dialect, *missing.refused, same_key(dialect, plan));
  std::string same_turn;
  for (const auto& name : plan.loops()) {
    const auto column = dialect.quote(name);
    same_turn += (same_turn.empty() ? "NOT (" : " AND NOT (") + dialect.distinct("t." + column, "s." + column) + ")";
  }
  // A turn without rows says nothing of which turn it is, and nothing is missing then.
  return same_turn.empty() ? condition : condition + " AND " + in_stage(dialect, stage, same_turn);
}

std::string current(const Dialect& dialect) { return "t." + dialect.quote("current") + " = " + dialect.boolean(true); }

}  // namespace

std::string table_definition(const Dialect& dialect, const std::vector<ColumnSpec>& columns, const std::vector<std::string>& primary_key) {
  std::string text;
  for (const auto& column : columns) {
    text += (text.empty() ? "" : ", ") + dialect.quote(column.name) + " " + column.type + (column.nullable ? "" : " NOT NULL");
  }
  if (!primary_key.empty()) text += ", PRIMARY KEY (" + list(dialect, primary_key) + ")";
  return text;
}

std::vector<std::string> create_indexes(const Dialect& dialect, const TableName& table, const TablePlan& plan) {
  std::vector<std::string> statements;
  for (const auto& [name, columns] : plan.indexes) {
    std::string identity = table.schema + '\0' + table.table + '\0' + name;
    for (const auto& column : columns) identity += '\0' + column;
    const auto index = safe_name(name.empty() ? "key" : name, Naming::as_is, dialect.limits(), 9) + "_" + short_hash(identity).substr(0, 8);
    statements.push_back("CREATE INDEX " + dialect.quote(index) + " ON " + dialect.qualified(table) + " (" + list(dialect, columns) + ")");
  }
  return statements;
}

std::string null_keys(const Dialect& dialect, const TableName& stage, const TablePlan& plan) {
  std::string condition;
  for (const auto& name : plan.key) condition += (condition.empty() ? "" : " OR ") + dialect.quote(name) + " IS NULL";
  return "SELECT " + list(dialect, plan.key) + " FROM " + dialect.qualified(stage) + " WHERE " + condition;
}

std::string repeated_keys(const Dialect& dialect, const TableName& stage, const TablePlan& plan) {
  const auto keys = list(dialect, plan.key);
  return "SELECT " + keys + ", COUNT(*) FROM " + dialect.qualified(stage) + " GROUP BY " + keys + " HAVING COUNT(*) > 1";
}

std::string keys_in_both(const Dialect& dialect, const TableName& stage, const TableName& keys, const TablePlan& plan) {
  return "SELECT " + list(dialect, plan.key, "t.") + " FROM " + dialect.qualified(keys) + " t WHERE " +
         in_stage(dialect, stage, same_key(dialect, plan));
}

std::string insert_keys(const Dialect& dialect, const TableName& keys, const TableName& stage, const TablePlan& plan) {
  const auto columns = list(dialect, plan.key);
  return "INSERT INTO " + dialect.qualified(keys) + " (" + columns + ") SELECT " + columns + " FROM " + dialect.qualified(stage);
}

std::string key_in_words(const TablePlan& plan, const std::vector<std::optional<std::string>>& row) {
  std::string text;
  for (std::size_t i = 0; i < plan.key.size(); ++i) {
    text += (i == 0 ? "" : ", ") + plan.key[i] + " = " + (i < row.size() && row[i] ? "'" + *row[i] + "'" : "null");
  }
  return text;
}

std::string inexact_as_real(const Dialect& dialect, const TableName& table, std::string_view column) {
  const auto name = dialect.quote(column);
  return "SELECT COUNT(*) FROM " + dialect.qualified(table) + " WHERE " + name + " > 9007199254740992 OR " + name + " < -9007199254740992";
}

std::string insert_all(const Dialect& dialect, const TableName& table, const TableName& stage, const TablePlan& plan) {
  const auto columns = list(dialect, plan.names());
  return "INSERT INTO " + dialect.qualified(table) + " (" + columns + ") SELECT " + columns + " FROM " + dialect.qualified(stage);
}

std::string update_changed(const Dialect& dialect, const TableName& table, const TableName& stage, const TablePlan& plan) {
  std::vector<std::pair<std::string, std::string>> set;
  for (const auto& column : plan.columns) {
    const auto& name = column.spec.name;
    bool keyed = false;
    for (const auto& key : plan.key) keyed = keyed || key == name;
    if (!keyed) set.emplace_back(dialect.quote(name), "s." + dialect.quote(name));
  }
  if (set.empty()) return {};
  return dialect.update_from(table, stage, set, same_key(dialect, plan) + " AND (" + changed(dialect, plan) + ")");
}

std::string insert_new(const Dialect& dialect, const TableName& table, const TableName& stage, const TablePlan& plan) {
  return "INSERT INTO " + dialect.qualified(table) + " (" + list(dialect, plan.names()) + ") SELECT " + list(dialect, plan.names(), "s.") +
         " FROM " + dialect.qualified(stage) + " s WHERE NOT EXISTS (SELECT 1 FROM " + dialect.qualified(table) + " t WHERE " +
         same_key(dialect, plan) + ")";
}

std::string delete_missing(const Dialect& dialect, const TableName& table, const TableName& stage, const TablePlan& plan,
                           const Missing& missing) {
  return dialect.delete_where(table, is_missing(dialect, stage, plan, missing));
}

std::string close_versions(const Dialect& dialect, const TableName& table, const TableName& stage, const TablePlan& plan,
                           const std::optional<Missing>& missing, std::string_view at) {
  auto condition = in_stage(dialect, stage, same_key(dialect, plan) + " AND (" + changed(dialect, plan) + ")");
  if (missing) condition += " OR (" + is_missing(dialect, stage, plan, *missing) + ")";
  return dialect.update_where(table, {{dialect.quote("valid_to"), std::string(at)}, {dialect.quote("current"), dialect.boolean(false)}},
                              current(dialect) + " AND (" + condition + ")");
}

std::string open_versions(const Dialect& dialect, const TableName& table, const TableName& stage, const TablePlan& plan,
                          std::string_view at) {
  return "INSERT INTO " + dialect.qualified(table) + " (" + list(dialect, plan.names()) + ", " +
         list(dialect, {"valid_from", "valid_to", "current"}) + ") SELECT " + list(dialect, plan.names(), "s.") + ", " + std::string(at) +
         ", NULL, " + dialect.boolean(true) + " FROM " + dialect.qualified(stage) + " s WHERE NOT EXISTS (SELECT 1 FROM " +
         dialect.qualified(table) + " t WHERE " + current(dialect) + " AND " + same_key(dialect, plan) + ")";
}

}  // namespace qonduit::sql
