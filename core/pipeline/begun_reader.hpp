// What the columns of a dataset are is known for good only when all of it was read. What decides by their types, rules and targets, begins
// with those that the first rows have; where these do not do, reading on tells whether others come.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/pipeline/batch_reader.hpp"

namespace qonduit::pipeline {

// Another reader, of which the first batch was read before anything is done with its columns. Used by one thread.
class BegunReader final : public BatchReader {
 public:
  explicit BegunReader(std::unique_ptr<BatchReader> inner) : inner_(std::move(inner)) {}

  // Reads the first batch, which next() hands out. Once, before next(). Errors as those of next().
  Status begin();

  [[nodiscard]] const Run& run() const noexcept override { return inner_->run(); }
  [[nodiscard]] const ArrowSchema& schema() const noexcept override { return inner_->schema(); }
  [[nodiscard]] std::int64_t rows() const noexcept override { return inner_->rows(); }
  [[nodiscard]] std::int64_t cells() const noexcept override { return inner_->cells(); }
  [[nodiscard]] const fetch::Counters& counters() const noexcept override { return inner_->counters(); }
  [[nodiscard]] std::int64_t filtered() const noexcept override { return inner_->filtered(); }
  [[nodiscard]] std::vector<std::string> notes() const override { return inner_->notes(); }
  Result<fetch::Forecast> forecast() override { return inner_->forecast(); }
  Result<std::vector<std::string>> findings() override { return inner_->findings(); }
  [[nodiscard]] std::vector<std::string> remarks() const override { return inner_->remarks(); }
  Result<std::optional<arrow::ArrayHandle>> next() override;
  Status widen() override { return inner_->widen(); }

 private:
  std::unique_ptr<BatchReader> inner_;
  std::optional<arrow::ArrayHandle> first_;
  bool at_end_ = false;  // there was no first batch
};

// After next() failed with `why`: asks for wider columns. widened: the next attempt will have them. Otherwise the answer is why it fails.
Status widen_after(Status why, BatchReader& reader, bool& widened);

// What decides by types said type_mismatch with `why`, for columns that may not be what they become: reads on, delivering nothing, until
// one has to widen, or to the end. As widen_after().
Status widen_behind(Status why, BatchReader& reader, const std::stop_token& stop, bool& widened);

}  // namespace qonduit::pipeline
