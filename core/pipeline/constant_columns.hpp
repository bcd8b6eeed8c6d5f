// Columns of one value in front of another reader's: the values of a loop, what is selected, anything a pipeline says of all rows alike.
// They are dictionary-encoded texts of one entry; the reader's own columns change hands. Used by the reader's thread; the batches may
// outlive the reader.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/pipeline/app_state.hpp"
#include "core/pipeline/wrapping_reader.hpp"

namespace qonduit::pipeline {

struct ConstantColumn {
  std::string name;
  std::optional<std::string> value;  // nothing: null in every row
  Metadata metadata = {};
};

// The values of the turn, then what is selected in the fields that are wanted as columns, for data in these states.
Result<std::vector<ConstantColumn>> state_columns(const AppState& state, const std::vector<std::string>& states);

class ConstantColumns final : public WrappingReader {
 public:
  // A column whose name is a name or a title of the inner reader's, shown or hidden, is called "NAME (2)".
  static Result<std::unique_ptr<BatchReader>> add(std::unique_ptr<BatchReader> inner, std::vector<ConstantColumn> columns);
  ~ConstantColumns() override;

  [[nodiscard]] const ArrowSchema& schema() const noexcept override { return schema_; }
  Result<std::optional<arrow::ArrayHandle>> next() override;

 private:
  ConstantColumns(std::unique_ptr<BatchReader> inner, std::vector<ConstantColumn> columns);

  std::vector<ConstantColumn> columns_;
  ArrowSchema schema_{};
};

}  // namespace qonduit::pipeline
