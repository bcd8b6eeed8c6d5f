// Rows on their way into one table. Where refused rows are an error everything goes in one bulk load. Where they go to a reject file each
// batch is a load of its own, undone and taken in parts when a row of it is refused. One thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

#include "database.hpp"
#include "reject_file.hpp"

namespace qonduit::sql {

class RowLoader {
 public:
  // rejects: null where a refused row fails the delivery. in_transaction: one is open from begin to finish.
  RowLoader(Database& database, RejectFile* rejects) : database_(database), rejects_(rejects) {}

  Status begin(const TableName& table, std::vector<LoadColumn> columns, bool in_transaction);
  // From here to the next begin the keys of refused rows go into a table of these columns.
  void keep_refused_keys(TableName table, std::vector<LoadColumn> keys);
  Status write(const BatchView& batch);
  // inconsistent when the database took another number of rows than it was given.
  Status finish();
  void cancel() noexcept;

  [[nodiscard]] std::uint64_t rows() const { return rows_; }  // written, the refused ones among them
  [[nodiscard]] std::uint64_t loaded() const;                 // rows without the refused ones
  // False where the key of a refused row is itself what the database refuses.
  [[nodiscard]] bool knows_refused_keys() const { return knows_refused_keys_; }

 private:
  struct Range {
    std::int64_t first, last;
  };
  // One load, undone as a whole when it fails.
  Status load(const TableName& table, const std::vector<LoadColumn>& columns, const BatchView& batch, Range range);
  Status undo();
  Status release();
  Status refuse(const BatchView& batch, std::int64_t row, const Refusal& refusal);
  Status keep_key(const BatchView& batch, std::int64_t row);

  Database& database_;
  RejectFile* rejects_;
  TableName table_;
  std::vector<LoadColumn> columns_;
  TableName refused_keys_;
  std::vector<LoadColumn> keys_;  // empty: they are not kept
  bool knows_refused_keys_ = true;
  bool in_transaction_ = false;
  bool loading_ = false;
  std::uint64_t rows_ = 0;
};

}  // namespace qonduit::sql
