// A reader around another one: what is not said otherwise is the inner one's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/pipeline/batch_reader.hpp"

namespace qonduit::pipeline {

class WrappingReader : public BatchReader {
 public:
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
  Result<std::optional<arrow::ArrayHandle>> next() override { return inner_->next(); }
  Status widen() override { return inner_->widen(); }

 protected:
  explicit WrappingReader(std::unique_ptr<BatchReader> inner) : inner_(std::move(inner)) {}

  std::unique_ptr<BatchReader> inner_;
};

}  // namespace qonduit::pipeline
