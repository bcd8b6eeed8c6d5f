// Rules over 1,000,000 rows of 10 columns in batches of 1,000 rows, as pages arrive: 4 texts, 2 integers, 3 numbers, a date. Batches are
// made outside of the time measured. A cell is one of the source, whether the rule looks at it or not.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/pipeline/transform/rules.hpp"
#include "core/pipeline/transform/transform_reader.hpp"

namespace qonduit::pipeline::transform {
namespace {

constexpr std::int64_t kRows = 1'000'000;
constexpr std::int64_t kBatchRows = 1'000;

Schema source_schema() {
  return {{{"Customer", Type::utf8},
           {"Region", Type::utf8},
           {"Product", Type::utf8},
           {"Channel", Type::utf8},
           {"Order", Type::int64},
           {"Quantity", Type::int64},
           {"Amount", Type::float64},
           {"Discount", Type::float64},
           {"Cost", Type::float64},
           {"Day", Type::date32}}};
}

arrow::ArrayHandle make_batch(const Schema& schema, std::int64_t first) {
  std::vector<Column> columns;
  for (const auto& field : schema.fields) columns.emplace_back(field.type, kBatchRows);
  for (auto row = first; row < first + kBatchRows; ++row) {
    columns[0].append_text("Customer " + std::to_string(row * 7919 % 10'007));
    columns[1].append_text(row % 3 == 0 ? "North" : "South");
    columns[2].append_text("Product " + std::to_string(row % 500));
    columns[3].append_text("Web");
    columns[4].append_int64(row);
    columns[5].append_int64(row % 10);
    for (std::size_t i = 6; i < 9; ++i)
      row % 50 == 0 ? columns[i].append_null() : columns[i].append_float64(static_cast<double>(row % 1000) / 4);
    columns[9].append_date32(static_cast<std::int32_t>(19'000 + row % 700));
  }
  arrow::ArrayHandle batch(new ArrowArray{});
  finish_batch(columns, batch.get());
  return batch;
}

class Batches final : public BatchReader {
 public:
  Batches() : schema_(source_schema()) {
    arrow::export_schema(schema_, &exported_);
    for (std::int64_t row = 0; row < kRows; row += kBatchRows) batches_.push_back(make_batch(schema_, row));
  }
  ~Batches() override { exported_.release(&exported_); }
  [[nodiscard]] const Run& run() const noexcept override { return run_; }
  [[nodiscard]] const ArrowSchema& schema() const noexcept override { return exported_; }
  [[nodiscard]] std::int64_t rows() const noexcept override { return kRows; }
  [[nodiscard]] const fetch::Counters& counters() const noexcept override { return counters_; }
  Result<std::optional<arrow::ArrayHandle>> next() override {
    if (at_ == batches_.size()) return std::optional<arrow::ArrayHandle>();
    return std::optional<arrow::ArrayHandle>(std::move(batches_[at_++]));
  }

 private:
  Schema schema_;
  ArrowSchema exported_{};
  std::vector<arrow::ArrayHandle> batches_;
  std::size_t at_ = 0;
  Run run_;
  fetch::Counters counters_;
};

void transforms(benchmark::State& state, const std::vector<std::pair<std::string, std::string>>& settings) {
  config::Pipeline pipeline;
  pipeline.name = "p";
  for (const auto& [key, value] : settings) pipeline.transforms.push_back({key, config::Secret(value), key == "mask-key", {}});
  config::Problems problems;
  const auto book = RuleBook::read(pipeline, problems);
  for (auto _ : state) {
    state.PauseTiming();
    auto source = std::make_unique<Batches>();
    state.ResumeTiming();
    auto reader = TransformReader::open(std::move(source), book.rules_for({"id", {}}, ""), book.mask_key());
    std::int64_t rows = 0;
    while (reader) {
      auto batch = (*reader)->next();
      if (!batch || !*batch) break;
      rows += (**batch)->length;
    }
    if (rows == 0 || !problems.empty()) state.SkipWithError("nothing was delivered");
    state.PauseTiming();
    reader = Status(Code::ok, "");
    state.ResumeTiming();
  }
  state.counters["Mcells/s"] = benchmark::Counter(static_cast<double>(kRows * 10) / 1e6, benchmark::Counter::kIsIterationInvariantRate);
}

const std::string kKey = "0123456789abcdef0123456789abcdef";

BENCHMARK_CAPTURE(transforms, rename, {{"columns", "Customer as who, *, !Cost"}})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(transforms, filter_numbers_keep_half, {{"filter", "Quantity >= 5 and Amount > 0"}})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(transforms, filter_text_keep_third, {{"filter", "Region = \"North\""}})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(transforms, mask_hash, {{"mask.Customer", "hash"}, {"mask-key", kKey}})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(transforms, mask_redact, {{"mask.Customer", "redact"}})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(transforms, null_and_type, {{"null.Amount", "0"}, {"type.Order", "text"}})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace qonduit::pipeline::transform

BENCHMARK_MAIN();
