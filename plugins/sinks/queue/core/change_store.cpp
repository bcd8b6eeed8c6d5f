#include "change_store.hpp"

#include <qonduit/log.hpp>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace qonduit::queue {
namespace {

namespace fs = std::filesystem;

constexpr int kLayout = 1;
constexpr std::int64_t kHoles = 1 << 20;  // numbers without a row that are no matter
constexpr std::size_t kPiece = 10'000;    // keys that are held

}  // namespace

Status ChangeStore::begin() {
  rollback();
  auto status = open();
  if (status.code() == Code::bad_data) {
    status = move_aside(status);
    if (status.ok()) status = open();
  }
  if (!status.ok()) rollback();
  return status;
}

Status ChangeStore::open() {
  if (auto status = file_.open(); !status.ok()) return status;
  if (auto status = file_.run("BEGIN IMMEDIATE"); !status.ok()) return status;
  open_ = true;
  return load();
}

Status ChangeStore::move_aside(const Status& why) {
  find_.reset(), insert_.reset(), update_.reset();
  file_.close();
  open_ = false;
  const auto aside = path() + ".damaged";
  for (const auto* part : {"", "-wal", "-shm"}) {
    std::error_code error;
    if (fs::exists(path() + part)) fs::rename(path() + part, aside + part, error);
    if (error) return {Code::io, "cannot move the damaged state '" + path() + part + "' aside: " + error.message()};
  }
  log::error("the state of a change feed was damaged: everything is delivered again as a snapshot",
             {{"reason", why.message()}, {"moved to", aside}});
  return {};
}

Status ChangeStore::load() {
  auto layout = file_.number("PRAGMA user_version");
  if (!layout) return std::move(layout).error();
  if (*layout == 0) {
    auto status = file_.run(
        "CREATE TABLE state(generation INTEGER NOT NULL); INSERT INTO state VALUES(0);"
        "CREATE TABLE rows(key BLOB PRIMARY KEY, number INTEGER NOT NULL, message_key BLOB, hash BLOB NOT NULL, row BLOB) WITHOUT ROWID;"
        "PRAGMA user_version = 1");
    if (!status.ok()) return status.code() == Code::io ? file_.damaged("is no state of qonduit: " + status.message()) : status;
  } else if (*layout != kLayout) {
    return file_.damaged("has the layout " + std::to_string(*layout) + ", which this version does not know");
  }
  auto check = file_.prepare("PRAGMA quick_check(1)");
  if (!check) return std::move(check).error();
  auto checked = file_.step(*check);
  if (!checked) return std::move(checked).error();
  if (blob(*check, 0) != "ok") return file_.damaged("is damaged: " + std::string(blob(*check, 0)));
  auto generation = file_.number("SELECT generation FROM state");
  if (!generation) return std::move(generation).error();
  generation_ = static_cast<std::uint64_t>(*generation);
  auto next = file_.number("SELECT max(number) + 1 FROM rows");
  if (!next) return std::move(next).error();
  auto count = file_.number("SELECT count(*) FROM rows");
  if (!count) return std::move(count).error();
  known_ = static_cast<std::size_t>(*next);
  if (*next > 2 * *count + kHoles) {
    if (auto status = renumber(); !status.ok()) return status;
  }
  came_.assign(known_, false);
  for (auto [statement, sql] : {std::pair(&find_, "SELECT number, hash, row FROM rows WHERE key = ?1"),
                                std::pair(&insert_, "INSERT INTO rows VALUES(?1, ?2, ?3, ?4, ?5)"),
                                std::pair(&update_, "UPDATE rows SET hash = ?4, row = ?5 WHERE key = ?1")}) {
    auto prepared = file_.prepare(sql);
    if (!prepared) return std::move(prepared).error();
    *statement = std::move(*prepared);
  }
  return {};
}

Status ChangeStore::renumber() {
  auto status = file_.run(
      "CREATE TEMP TABLE numbered AS SELECT key, row_number() OVER () - 1 AS number FROM rows;"
      "CREATE UNIQUE INDEX temp.numbered_key ON numbered(key);"
      "UPDATE rows SET number = (SELECT n.number FROM numbered n WHERE n.key = rows.key);"
      "DROP TABLE numbered");
  if (!status.ok()) return status;
  auto next = file_.number("SELECT max(number) + 1 FROM rows");
  if (!next) return std::move(next).error();
  known_ = static_cast<std::size_t>(*next);
  return {};
}

Result<std::string_view> ChangeStore::hash_of(std::string_view row) {
  if (!digest_) digest_.reset(EVP_MD_CTX_new());
  unsigned size = 0;
  const bool fresh = digest_ && EVP_MD_CTX_get0_md(digest_.get()) == nullptr;
  if (!digest_ || EVP_DigestInit_ex(digest_.get(), fresh ? EVP_sha256() : nullptr, nullptr) != 1 ||
      EVP_DigestUpdate(digest_.get(), row.data(), row.size()) != 1 || EVP_DigestFinal_ex(digest_.get(), hash_, &size) != 1)
    return Status(Code::internal, "OpenSSL cannot make a SHA-256");
  return std::string_view(reinterpret_cast<const char*>(hash_), kHash);
}

Result<ChangeStore::Found> ChangeStore::put(std::string_view key, std::string_view message_key, std::string_view row) {
  auto hash = hash_of(row);
  if (!hash) return std::move(hash).error();
  sqlite3_reset(find_.get());
  bind_blob(find_, 1, key);
  auto stepped = file_.step(find_);
  if (!stepped) return std::move(stepped).error();
  Found found;
  auto* write = &insert_;
  auto number = came_.size();
  if (*stepped == SQLITE_ROW) {
    number = static_cast<std::size_t>(sqlite3_column_int64(find_.get(), 0));
    if (came_.at(number))
      return Status(Code::bad_data, "the key " + std::string(key) + " is there twice; key must name what identifies a row");
    came_[number] = true;
    found.was = blob(find_, 1) == *hash ? Was::same : Was::other;
    if (found.was == Was::same && (!keep_rows_ || sqlite3_column_type(find_.get(), 2) != SQLITE_NULL)) return found;
    found.before = blob(find_, 2);
    write = &update_;
  } else {
    came_.push_back(true);
  }
  auto* statement = write->get();
  sqlite3_reset(find_.get());
  sqlite3_reset(statement);
  bind_blob(*write, 1, key);
  bind_blob(*write, 4, *hash);
  if (keep_rows_)
    bind_blob(*write, 5, row);
  else
    sqlite3_bind_null(statement, 5);
  if (write == &insert_) {
    sqlite3_bind_int64(statement, 2, static_cast<sqlite3_int64>(number));
    if (message_key == key)
      sqlite3_bind_null(statement, 3);
    else
      bind_blob(*write, 3, message_key);
  }
  auto written = file_.step(*write);
  if (!written) return std::move(written).error();
  return found;
}

// In pieces: what is gone is removed between two looks, not under one.
Status ChangeStore::each_gone(const std::function<Status(const Gone&)>& each) {
  auto look = file_.prepare("SELECT key, number, message_key, row FROM rows WHERE key > ?1 ORDER BY key");
  if (!look) return std::move(look).error();
  auto remove = file_.prepare("DELETE FROM rows WHERE key = ?1");
  if (!remove) return std::move(remove).error();
  std::string last;
  std::vector<std::string> gone;
  do {
    gone.clear();
    sqlite3_reset(look->get());
    bind_blob(*look, 1, last);
    while (gone.size() < kPiece) {
      auto stepped = file_.step(*look);
      if (!stepped) return std::move(stepped).error();
      if (*stepped == SQLITE_DONE) break;
      if (came_.at(static_cast<std::size_t>(sqlite3_column_int64(look->get(), 1)))) continue;
      Gone one{blob(*look, 0), blob(*look, 0), blob(*look, 3)};
      if (sqlite3_column_type(look->get(), 2) != SQLITE_NULL) one.message_key = blob(*look, 2);
      if (auto status = each(one); !status.ok()) return status;
      gone.emplace_back(one.key);
    }
    sqlite3_reset(look->get());
    for (const auto& key : gone) {
      sqlite3_reset(remove->get());
      bind_blob(*remove, 1, key);
      if (auto removed = file_.step(*remove); !removed) return std::move(removed).error();
    }
    if (!gone.empty()) last = gone.back();
  } while (gone.size() == kPiece);
  return {};
}

Status ChangeStore::commit() {
  find_.reset(), insert_.reset(), update_.reset();
  if (auto status = file_.run("UPDATE state SET generation = generation + 1"); !status.ok()) return status;
  auto status = file_.run("COMMIT");
  open_ = !status.ok();
  return status;
}

void ChangeStore::rollback() noexcept {
  find_.reset(), insert_.reset(), update_.reset();
  if (open_) file_.try_to_run("ROLLBACK");
  open_ = false;
  generation_ = 0;
}

}  // namespace qonduit::queue
