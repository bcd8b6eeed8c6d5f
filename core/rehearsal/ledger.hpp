// What a dataset was delivered as, small enough to keep: a hash of the schema, then one of each row, in order, in a file. Two ledgers of
// the same rows are the same bytes. One thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "qonduit/batch.hpp"
#include "qonduit/status.hpp"

namespace qonduit::rehearsal {

// The ledger of a dataset in a folder; the names may hold anything.
std::filesystem::path ledger_file(const std::filesystem::path& folder, std::string_view object, std::string_view dataset);

class LedgerWriter {
 public:
  // Appears under its name with commit(); without it nothing is left.
  static Result<std::unique_ptr<LedgerWriter>> create(const std::filesystem::path& file, const Schema& schema);
  LedgerWriter(const LedgerWriter&) = delete;
  LedgerWriter& operator=(const LedgerWriter&) = delete;
  ~LedgerWriter();

  Status write(const BatchView& batch);
  Status commit();
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

 private:
  LedgerWriter(std::filesystem::path file, std::FILE* stream) : file_(std::move(file)), stream_(stream) {}
  Status put(std::uint64_t hash);

  std::filesystem::path file_;
  std::FILE* stream_;
  std::string row_;
  std::uint64_t rows_ = 0;
};

// What became of the rows of one ledger in another.
struct Comparison {
  std::uint64_t expected = 0, delivered = 0;
  std::uint64_t lost = 0, duplicated = 0, altered = 0;
  bool reordered = false;  // all rows are there, in another order
  bool other_schema = false;
  [[nodiscard]] bool same() const noexcept { return lost == 0 && duplicated == 0 && altered == 0 && !reordered && !other_schema; }
};
Result<Comparison> compare(const std::filesystem::path& truth, const std::filesystem::path& delivered);
// How many rows a ledger has.
Result<std::uint64_t> count_rows(const std::filesystem::path& ledger);

}  // namespace qonduit::rehearsal
