// What the tests of transforms share: rules from their configuration, a reader over batches in memory, and what arrives as rows of text.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/config/config.hpp"
#include "core/pipeline/transform/rules.hpp"
#include "core/pipeline/transform/transform_reader.hpp"
#include "qonduit/testing/rows.hpp"
#include "qonduit/testing/sample_batches.hpp"

namespace qonduit::pipeline::transform {

using Settings = std::vector<std::pair<std::string, std::string>>;
inline const std::string kTestKey = "0123456789abcdef0123456789abcdef";

// A pipeline p with these rules; mask-key is taken for a secret.
inline config::Pipeline pipeline_with(const Settings& settings) {
  config::Pipeline pipeline;
  pipeline.name = "p";
  int line = 0;
  for (const auto& [key, value] : settings)
    pipeline.transforms.push_back({key, config::Secret(value), key == "mask-key", {"q.properties", ++line}});
  return pipeline;
}

inline RuleBook book_of(const Settings& settings) {
  config::Problems problems;
  auto book = RuleBook::read(pipeline_with(settings), problems);
  EXPECT_TRUE(problems.empty()) << problems.front().text();
  return book;
}

class MemoryReader final : public BatchReader {
 public:
  MemoryReader(const Schema& schema, std::vector<arrow::ArrayHandle> batches, Status end = {})
      : batches_(std::move(batches)), end_(std::move(end)) {
    arrow::export_schema(schema, &schema_);
  }
  ~MemoryReader() override { schema_.release(&schema_); }

  [[nodiscard]] const Run& run() const noexcept override { return run_; }
  [[nodiscard]] const ArrowSchema& schema() const noexcept override { return schema_; }
  [[nodiscard]] std::int64_t rows() const noexcept override { return -1; }
  [[nodiscard]] const fetch::Counters& counters() const noexcept override { return counters_; }
  Result<std::optional<arrow::ArrayHandle>> next() override {
    if (at_ < batches_.size()) return std::optional<arrow::ArrayHandle>(std::move(batches_[at_++]));
    if (!end_.ok()) return end_;
    return std::optional<arrow::ArrayHandle>();
  }

 private:
  std::vector<arrow::ArrayHandle> batches_;
  std::size_t at_ = 0;
  Status end_;
  ArrowSchema schema_{};
  Run run_;
  fetch::Counters counters_;
};

struct Arrived {
  Status status;
  Schema schema;
  testing::Rows rows;
  std::size_t batches = 0;
  std::int64_t filtered = 0;
  std::vector<std::string> notes;

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& field : schema.fields) names.push_back(field.name);
    return names;
  }
  [[nodiscard]] std::vector<testing::Cell> column(std::size_t i) const {
    std::vector<testing::Cell> cells;
    for (const auto& row : rows) cells.push_back(row[i]);
    return cells;
  }
};

// Reads to the end, or to the first failure. Every batch is checked for what Arrow demands.
inline Arrived read_all(Result<std::unique_ptr<BatchReader>> reader) {
  Arrived arrived;
  if (!reader) return arrived.status = std::move(reader).error(), arrived;
  arrived.schema = *arrow::import_schema((*reader)->schema());
  while (true) {
    auto batch = (*reader)->next();
    if (!batch) return arrived.status = std::move(batch).error(), arrived;
    if (!*batch) break;
    EXPECT_EQ(testing::array_problem(arrived.schema, ***batch), "");
    testing::append_rows(arrived.rows, arrived.schema, ***batch);
    ++arrived.batches;
  }
  arrived.filtered = (*reader)->filtered();
  arrived.notes = (*reader)->notes();
  return arrived;
}

inline Arrived transformed(const Schema& schema, std::vector<arrow::ArrayHandle> batches, const Settings& settings, Status end = {}) {
  const auto book = book_of(settings);
  return read_all(TransformReader::open(std::make_unique<MemoryReader>(schema, std::move(batches), std::move(end)),
                                        book.rules_for({"id", {"title"}}, ""), book.mask_key()));
}

inline Arrived transformed(const testing::SampleBatches& sample, const Settings& settings) {
  std::vector<arrow::ArrayHandle> batches;
  for (std::size_t i = 0; i < sample.batch_count; ++i) batches.push_back(sample.make(i));
  return transformed(sample.schema, std::move(batches), settings);
}

// One batch, filled column by column.
inline arrow::ArrayHandle batch_of(const Schema& schema, const std::function<void(std::vector<Column>&)>& fill) {
  std::vector<Column> columns;
  for (const auto& field : schema.fields) columns.emplace_back(field.type);
  fill(columns);
  arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  return array;
}

// One column of texts.
inline Arrived transformed_texts(const std::vector<testing::Cell>& texts, const Settings& settings) {
  const Schema schema{{{"c", Type::utf8}}};
  std::vector<arrow::ArrayHandle> batches;
  batches.push_back(batch_of(schema, [&texts](std::vector<Column>& columns) {
    for (const auto& text : texts) text ? columns[0].append_text(*text) : columns[0].append_null();
  }));
  return transformed(schema, std::move(batches), settings);
}

}  // namespace qonduit::pipeline::transform
