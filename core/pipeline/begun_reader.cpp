#include "core/pipeline/begun_reader.hpp"

namespace qonduit::pipeline {

Status BegunReader::begin() {
  auto batch = inner_->next();
  if (!batch) return std::move(batch).error();
  first_ = std::move(*batch);
  at_end_ = !first_.has_value();
  return {};
}

Result<std::optional<arrow::ArrayHandle>> BegunReader::next() {
  if (first_) return std::exchange(first_, std::nullopt);
  if (at_end_) return std::optional<arrow::ArrayHandle>();
  return inner_->next();
}

Status widen_after(Status why, BatchReader& reader, bool& widened) {
  if (why.code() != Code::bad_data) return why;
  auto wider = reader.widen();
  widened = wider.ok();
  // It has seen the whole page, and names the column that is in the way.
  return !widened && wider.code() == Code::bad_data ? wider : why;
}

Status widen_behind(Status why, BatchReader& reader, const std::stop_token& stop, bool& widened) {
  if (why.code() != Code::type_mismatch) return why;
  while (!stop.stop_requested()) {
    auto batch = reader.next();
    if (!batch) {
      widened = batch.error().code() == Code::bad_data && reader.widen().ok();
      break;
    }
    if (!*batch) break;
  }
  return why;
}

}  // namespace qonduit::pipeline
