#include "row_lock.hpp"

#include <utility>

#include "plugins/sinks/sql/core/statements.hpp"

namespace qonduit::odbc {

RowLock::RowLock(const Credentials& credentials, ServerTraits traits, const sql::Dialect& dialect, std::string schema,
                 std::chrono::milliseconds timeout)
    : dialect_(dialect), connection_(credentials, std::move(traits)), table_{std::move(schema), "_qonduit_locks"} {
  connection_.set_timeout(timeout);
}

Status RowLock::lock(const std::string& name) {
  auto status = open_with_row(name);
  // Whether a connection that was idle is still there shows with its first statement.
  if (!status.ok() && !connection_.open_now()) status = open_with_row(name);
  if (!status.ok()) return std::move(status).within("the table of locks");
  if (status = connection_.begin(); !status.ok()) return status;
  const auto taken = dialect_.quote("taken");
  auto changed = connection_.run(
      "UPDATE " + dialect_.qualified(table_) + " SET " + taken + " = " + taken + " + 1 WHERE " + dialect_.quote("name") + " = ?", {name},
      nullptr);
  if (changed && *changed == 1) return {};
  static_cast<void>(connection_.end(false));  // it changed nothing
  if (!changed) return std::move(changed).error();
  return {Code::unavailable, "the row of the lock '" + name + "' is gone"};
}

Status RowLock::open_with_row(const std::string& name) {
  if (!connection_.open_now()) {
    if (auto status = connection_.open(); !status.ok()) return status;
  }
  return make_row(name);
}

Status RowLock::check() {
  if (!connection_.in_transaction()) return {};
  auto status = connection_.run("SELECT COUNT(*) FROM " + dialect_.qualified(table_), {}, nullptr).status();
  return status.ok() ? status : Status(Code::unavailable, "the lock on the table was lost: " + status.message());
}

Result<bool> RowLock::has_row(const std::string& name) {
  sql::TextRows rows;
  auto found = connection_.run("SELECT 1 FROM " + dialect_.qualified(table_) + " WHERE " + dialect_.quote("name") + " = ?", {name}, &rows);
  if (!found) return std::move(found).error();
  return !rows.empty();
}

// Rows stay. Another host may make the table or the row at the same moment, which will do as well.
Status RowLock::make_row(const std::string& name) {
  auto there = has_row(name);
  if (!there && there.error().code() == Code::not_found) {
    const std::vector<sql::ColumnSpec> columns = {
        {"name", sql::Kind::text, dialect_.type_of(sql::Kind::text, true, 0), false, true, {}},
        {"taken", sql::Kind::integer, dialect_.type_of(sql::Kind::integer, false, 0), false, false, {}}};
    auto made = connection_.run(dialect_.create_table(table_, sql::table_definition(dialect_, columns, {"name"}), false), {}, nullptr);
    there = has_row(name);
    if (!there) return made ? there.error() : std::move(made).error();
  }
  if (!there) return std::move(there).error();
  if (*there) return {};
  auto added = connection_.run(
      "INSERT INTO " + dialect_.qualified(table_) + " (" + dialect_.quote("name") + ", " + dialect_.quote("taken") + ") VALUES (?, 0)",
      {name}, nullptr);
  if (added) return {};
  there = has_row(name);
  return there && *there ? Status() : std::move(added).error();
}

}  // namespace qonduit::odbc
