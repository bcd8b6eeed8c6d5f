// The batches of one dataset, in order, wherever they come from: pages of an object, rows the host made itself, another reader whose
// batches are transformed. One attempt: after an error nothing more is read from it. Used by one thread, which calls next() once a batch,
// so a virtual call costs nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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

  [[nodiscard]] virtual const Run& run() const noexcept = 0;                // with the reload time of what is read
  [[nodiscard]] virtual const ArrowSchema& schema() const noexcept = 0;     // of every batch
  [[nodiscard]] virtual std::int64_t rows() const noexcept = 0;             // of all batches, for progress; -1: not known
  [[nodiscard]] virtual std::int64_t cells() const noexcept { return -1; }  // an estimate of all there is to read; -1: not known
  [[nodiscard]] virtual const fetch::Counters& counters() const noexcept = 0;
  // What the user of this delivery must know: for the report.
  [[nodiscard]] virtual std::vector<std::string> notes() const { return {}; }
  // After the last batch: what the user must know of the values that were read. For the report.
  virtual Result<std::vector<std::string>> findings() { return std::vector<std::string>(); }
  // The next batch, or nothing when everything was read, counted and found unchanged. Errors as those of Fetcher::next.
  virtual Result<std::optional<arrow::ArrayHandle>> next() = 0;
  // Rows read and left out so far, as configured.
  [[nodiscard]] virtual std::int64_t filtered() const noexcept { return 0; }
  // What reading all of it takes, told without asking for it; before or after the first batch. -1 for what is not known before.
  virtual Result<fetch::Forecast> forecast() { return fetch::Forecast{-1, cells(), -1, -1, 1}; }
  // What a user should know of how it is read.
  [[nodiscard]] virtual std::vector<std::string> remarks() const { return {}; }
  // After next() failed with bad_data: Ok when the next attempt will hold the value that did not fit.
  virtual Status widen() { return {Code::unsupported, "these columns cannot widen"}; }
};

}  // namespace qonduit::pipeline
