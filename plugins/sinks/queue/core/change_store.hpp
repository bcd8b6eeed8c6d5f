// What a dataset was when it was last delivered to a destination: for each row its key and a hash, by option the row, in one SQLite file.
// A delivery is one transaction of the file: a crash leaves the state before it. What is there is looked up, not held; a bit for each row
// says whether it came. One thread; another process that has the file open for a delivery makes begin() answer unavailable.
#pragma once

#include <openssl/evp.h>
#include <qonduit/status.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sqlite_file.hpp"

namespace qonduit::queue {

class ChangeStore {
 public:
  enum class Was : std::uint8_t { absent, other, same };
  struct Found {
    Was was = Was::absent;
    std::string before = {};  // the row it was, where rows are kept
  };
  struct Gone {
    std::string_view key, message_key, before;
  };

  ChangeStore(std::string path, bool keep_rows) : file_("the state", std::move(path)), keep_rows_(keep_rows) {}
  ChangeStore(const ChangeStore&) = delete;
  ChangeStore& operator=(const ChangeStore&) = delete;

  // A new delivery. A file that is damaged is moved aside, and the state is empty then; the log says so.
  Status begin();
  // Whether there was nothing to compare with when the delivery began.
  [[nodiscard]] bool fresh() const { return generation_ == 0; }
  // Whether no row was known when the delivery began.
  [[nodiscard]] bool empty() const { return known_ == 0; }
  // How many deliveries were committed before this one.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }
  // A row of the delivery. bad_data when its key came before.
  Result<Found> put(std::string_view key, std::string_view message_key, std::string_view row);
  // The rows that did not come, behind the last put. They are of the state no longer. Stops at the first failure of `each`.
  Status each_gone(const std::function<Status(const Gone&)>& each);
  // The state is what was put. ENSURES: durable when ok.
  Status commit();
  void rollback() noexcept;
  [[nodiscard]] const std::string& path() const { return file_.path(); }
  // Of the row that was put last.
  [[nodiscard]] std::string_view last_hash() const { return {reinterpret_cast<const char*>(hash_), kHash}; }

 private:
  using Statement = SqliteFile::Statement;
  static constexpr std::size_t kHash = 16;  // bytes of SHA-256 that are kept
  struct Free {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  };

  Status open();
  Status move_aside(const Status& why);
  Status load();
  // Numbers without holes, where many rows have come and gone.
  Status renumber();
  Result<std::string_view> hash_of(std::string_view row);

  SqliteFile file_;
  bool keep_rows_;
  Statement find_, insert_, update_;
  std::unique_ptr<EVP_MD_CTX, Free> digest_;
  unsigned char hash_[EVP_MAX_MD_SIZE] = {};
  std::uint64_t generation_ = 0;
  std::size_t known_ = 0;  // rows that have a number when the delivery begins have one below this
  std::vector<bool> came_;
  bool open_ = false;
};

}  // namespace qonduit::queue
