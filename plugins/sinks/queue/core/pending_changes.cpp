#include "pending_changes.hpp"

#include <utility>

namespace qonduit::queue {

Status PendingChanges::begin(std::uint64_t generation) {
  generation_ = generation;
  auto status = load();
  if (status.code() != Code::bad_data) return status;
  return {Code::bad_data, status.message() + "; remove it, and the state beside it, to deliver everything again"};
}

Status PendingChanges::load() {
  if (auto status = file_.open(); !status.ok()) return status;
  auto status = file_.run(
      "CREATE TABLE IF NOT EXISTS published(generation INTEGER NOT NULL, attempt INTEGER NOT NULL, key BLOB NOT NULL, message_key BLOB, "
      "hash BLOB NOT NULL)");
  if (!status.ok()) return status;
  auto settled = file_.prepare("DELETE FROM published WHERE generation < ?1");
  if (!settled) return std::move(settled).error();
  sqlite3_bind_int64(settled->get(), 1, static_cast<sqlite3_int64>(generation_));
  if (auto removed = file_.step(*settled); !removed) return std::move(removed).error();
  auto next = file_.number("SELECT max(attempt) + 1 FROM published");
  if (!next) return std::move(next).error();
  attempt_ = static_cast<std::uint64_t>(*next);
  empty_ = attempt_ == 0;
  if (!empty_) {
    // The last of each key, by key: the table itself is only ever added to.
    status = file_.run(
        "CREATE TEMP TABLE last(key BLOB PRIMARY KEY, message_key BLOB, hash BLOB NOT NULL, attempt INTEGER NOT NULL, seen INTEGER NOT "
        "NULL) WITHOUT ROWID;"
        "INSERT INTO last SELECT key, message_key, hash, attempt, 0 FROM published WHERE true ORDER BY rowid "
        "ON CONFLICT(key) DO UPDATE SET message_key = excluded.message_key, hash = excluded.hash, attempt = excluded.attempt");
    if (!status.ok()) return status;
    for (auto [statement, sql] : {std::pair(&find_, "SELECT hash, attempt FROM last WHERE key = ?1"),
                                  std::pair(&seen_, "UPDATE last SET seen = 1 WHERE key = ?1")}) {
      auto prepared = file_.prepare(sql);
      if (!prepared) return std::move(prepared).error();
      *statement = std::move(*prepared);
    }
  }
  auto prepared = file_.prepare("INSERT INTO published VALUES(?1, ?2, ?3, ?4, ?5)");
  if (!prepared) return std::move(prepared).error();
  add_ = std::move(*prepared);
  return {};
}

Result<std::optional<PendingChanges::Entry>> PendingChanges::find(std::string_view key) {
  if (empty_) return std::optional<Entry>();
  sqlite3_reset(find_.get());
  bind_blob(find_, 1, key);
  auto stepped = file_.step(find_);
  if (!stepped) return std::move(stepped).error();
  if (*stepped == SQLITE_DONE) return std::optional<Entry>();
  Entry entry{std::string(blob(find_, 0)), static_cast<std::uint64_t>(sqlite3_column_int64(find_.get(), 1))};
  sqlite3_reset(find_.get());
  sqlite3_reset(seen_.get());
  bind_blob(seen_, 1, key);
  if (auto marked = file_.step(seen_); !marked) return std::move(marked).error();
  return std::optional(std::move(entry));
}

Status PendingChanges::each_left(const std::function<Status(const Key&)>& each) {
  if (empty_) return {};
  auto look = file_.prepare("SELECT key, message_key, hash, attempt FROM last WHERE seen = 0 ORDER BY key");
  if (!look) return std::move(look).error();
  while (true) {
    auto stepped = file_.step(*look);
    if (!stepped) return std::move(stepped).error();
    if (*stepped == SQLITE_DONE) return {};
    const auto key = blob(*look, 0);
    const auto own = sqlite3_column_type(look->get(), 1) != SQLITE_NULL;
    const Key one{
        key, own ? blob(*look, 1) : key, {std::string(blob(*look, 2)), static_cast<std::uint64_t>(sqlite3_column_int64(look->get(), 3))}};
    if (auto status = each(one); !status.ok()) return status;
  }
}

Status PendingChanges::add(std::string_view key, std::string_view message_key, std::string_view hash) {
  if (!adding_) {
    if (auto status = file_.run("BEGIN IMMEDIATE"); !status.ok()) return status;
    adding_ = true;
  }
  sqlite3_reset(add_.get());
  sqlite3_bind_int64(add_.get(), 1, static_cast<sqlite3_int64>(generation_));
  sqlite3_bind_int64(add_.get(), 2, static_cast<sqlite3_int64>(attempt_));
  bind_blob(add_, 3, key);
  if (message_key == key)
    sqlite3_bind_null(add_.get(), 4);
  else
    bind_blob(add_, 4, message_key);
  bind_blob(add_, 5, hash);
  return file_.step(add_).status();
}

Status PendingChanges::sync() {
  if (!adding_) return {};
  sqlite3_reset(add_.get());
  auto status = file_.run("COMMIT");
  adding_ = !status.ok();
  return status;
}

void PendingChanges::clear() noexcept {
  if (file_.is_open()) file_.try_to_run("DELETE FROM published");
}

}  // namespace qonduit::queue
