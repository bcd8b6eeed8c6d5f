// The batches of one dataset, in order, wherever they come from: pages of an object, rows the host made itself, another reader whose
// batches are transformed. One attempt: after an error nothing more is read from it. Used by one thread, which calls next() once a batch,
// so a virtual call costs nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/fetch/fetcher.hpp"
#include "qonduit/batch.hpp"
#include "qonduit/sink.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

class BatchReader {
 public:
  BatchReader() = default;
  BatchReader(const BatchReader&) = delete;
  BatchReader& operator=(const BatchReader&) = delete;
  virtual ~BatchReader() = default;

  [[nodiscard]] virtual const Run& run() const noexcept = 0;             // with the reload time of what is read
  [[nodiscard]] virtual const ArrowSchema& schema() const noexcept = 0;  // of every batch
  [[nodiscard]] virtual std::int64_t rows() const noexcept = 0;          // of the source, for progress; -1: not known
  [[nodiscard]] virtual const fetch::Counters& counters() const noexcept = 0;
  // The next batch, or nothing when everything was read, counted and found unchanged. Errors as those of Fetcher::next.
  virtual Result<std::optional<arrow::ArrayHandle>> next() = 0;
  // After next() failed with bad_data: Ok when the next attempt will hold the value that did not fit.
  virtual Status widen() { return {Code::unsupported, "these columns cannot widen"}; }
};

}  // namespace qonduit::pipeline
