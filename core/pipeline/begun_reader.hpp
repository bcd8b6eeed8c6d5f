// What the columns of a dataset are is known for good only when all of it was read. What decides by their types, rules and targets, begins
// with those that the first rows have; where these do not do, reading on tells whether others come.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/pipeline/wrapping_reader.hpp"

namespace qonduit::pipeline {

// Another reader, of which the first batch was read before anything is done with its columns. Used by one thread.
class BegunReader final : public WrappingReader {
 public:
  explicit BegunReader(std::unique_ptr<BatchReader> inner) : WrappingReader(std::move(inner)) {}

  // Reads the first batch, which next() hands out. Once, before next(). Errors as those of next().
  Status begin();
  // Of a batch that begin() read, its rows; null: there was none.
  [[nodiscard]] const ArrowArray* first() const noexcept { return first_ ? first_->get() : nullptr; }
  // What was begun is all there is: next() reads nothing more.
  void end_behind_first() noexcept { at_end_ = true; }

  Result<std::optional<arrow::ArrayHandle>> next() override;

 private:
  std::optional<arrow::ArrayHandle> first_;
  bool at_end_ = false;  // there was no first batch
};

// After next() failed with `why`: asks for wider columns. widened: the next attempt will have them. Otherwise the answer is why it fails.
Status widen_after(Status why, BatchReader& reader, bool& widened);

// What decides by types said type_mismatch with `why`, for columns that may not be what they become: reads on, delivering nothing, until
// one has to widen, or to the end. As widen_after().
Status widen_behind(Status why, BatchReader& reader, const std::stop_token& stop, bool& widened);

}  // namespace qonduit::pipeline
