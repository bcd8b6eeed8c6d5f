// A reader whose batches are another reader's with the rules of its dataset applied. Columns that stay as they are change hands; only what
// changes is copied. Used by the run's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config/secret.hpp"
#include "core/pipeline/transform/keyed_hash.hpp"
#include "core/pipeline/transform/plan.hpp"
#include "core/pipeline/wrapping_reader.hpp"

namespace qonduit::pipeline::transform {

class TransformReader final : public WrappingReader {
 public:
  // Reads nothing yet: fails when the rules do not fit the source's schema. The source is taken only where that is not so.
  static Result<std::unique_ptr<BatchReader>> open(std::unique_ptr<BatchReader>&& source, const Rules& rules,
                                                   const config::Secret& mask_key);
  ~TransformReader() override;

  [[nodiscard]] const ArrowSchema& schema() const noexcept override { return schema_; }
  [[nodiscard]] std::int64_t filtered() const noexcept override { return filtered_; }
  [[nodiscard]] std::vector<std::string> notes() const override;
  // Skips batches of which the filter keeps nothing.
  Result<std::optional<arrow::ArrayHandle>> next() override;
  Status widen() override;

 private:
  TransformReader(std::unique_ptr<BatchReader> source, Plan plan, std::optional<KeyedHash> hash);

  Result<arrow::ArrayHandle> transform(arrow::ArrayHandle batch);
  Result<OwnedColumn> convert(OwnedColumn column, const PlannedColumn& planned) const;
  void keep_chosen(std::vector<OwnedColumn>& columns, std::int64_t& rows);
  [[nodiscard]] Status withhold(Status status) const;

  Plan plan_;
  std::optional<KeyedHash> hash_;
  ArrowSchema schema_{};
  std::int64_t taken_ = 0;  // rows of the source before this batch
  std::int64_t filtered_ = 0;
};

}  // namespace qonduit::pipeline::transform
