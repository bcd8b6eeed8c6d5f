#include "core/pipeline/constant_columns.hpp"

#include <gtest/gtest.h>

#include "qonduit/hidden_titles.hpp"
#include "qonduit/host/batch_check.hpp"

namespace qonduit::pipeline {
namespace {

// Batches of one int64 column named "n" that counts on.
class Numbers final : public BatchReader {
 public:
  explicit Numbers(std::vector<std::int64_t> sizes, const std::vector<std::string>& hidden = {}, const Metadata& metadata = {})
      : sizes_(std::move(sizes)) {
    Schema schema{{{"n", Type::int64, true, metadata}}};
    tell_hidden_titles(schema, hidden);
    arrow::export_schema(schema, &schema_);
  }
  ~Numbers() override { schema_.release(&schema_); }
  const Run& run() const noexcept override { return run_; }
  const ArrowSchema& schema() const noexcept override { return schema_; }
  std::int64_t rows() const noexcept override { return -1; }
  const fetch::Counters& counters() const noexcept override { return counters_; }
  Result<std::optional<arrow::ArrayHandle>> next() override {
    if (at_ == sizes_.size()) return std::optional<arrow::ArrayHandle>();
    std::vector<Column> columns;
    columns.emplace_back(Type::int64);
    for (std::int64_t i = 0; i < sizes_[at_]; ++i) columns[0].append_int64(value_++);
    ++at_;
    arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    return std::optional<arrow::ArrayHandle>(std::move(array));
  }

 private:
  std::vector<std::int64_t> sizes_;
  std::size_t at_ = 0;
  std::int64_t value_ = 0;
  Run run_;
  ArrowSchema schema_{};
  fetch::Counters counters_{};
};

TEST(ConstantColumns, StandInFrontOfEveryRow) {
  auto reader = ConstantColumns::add(std::make_unique<Numbers>(std::vector<std::int64_t>{3, 0, 20'000}),
                                     {{"Region", "Nørth", {{"qlik.role", "loop"}}}, {"Group", std::nullopt}, {"Note", ""}});
  ASSERT_TRUE(reader);
  const auto schema = arrow::import_schema((*reader)->schema());
  ASSERT_TRUE(schema);
  ASSERT_EQ(schema->fields.size(), 4u);
  EXPECT_EQ(schema->fields[0].name, "Region");
  EXPECT_EQ(schema->fields[0].find("qlik.role"), "loop");
  EXPECT_TRUE(schema->fields[0].dictionary);
  std::int64_t rows = 0;
  std::vector<arrow::ArrayHandle> kept;
  while (true) {
    auto batch = (*reader)->next();
    ASSERT_TRUE(batch);
    if (!*batch) break;
    EXPECT_EQ(host::check_array(***batch, 4), "");
    EXPECT_EQ(host::check_types(***batch, *schema), "");
    kept.push_back(std::move(**batch));
  }
  reader->reset();  // batches outlive their reader
  ASSERT_EQ(kept.size(), 3u);
  for (const auto& array : kept) {
    const BatchView view(*schema, *array);
    for (std::int64_t row = 0; row < view.rows(); ++row, ++rows) {
      ASSERT_EQ(view.column(0).text(row), "Nørth");
      ASSERT_TRUE(view.column(1).is_null(row));
      ASSERT_FALSE(view.column(2).is_null(row));
      ASSERT_EQ(view.column(2).text(row), "");
      ASSERT_EQ(view.column(3).int64(row), rows);
    }
  }
  EXPECT_EQ(rows, 20'003);
}

TEST(ConstantColumns, GetANameOfTheirOwn) {
  auto reader = ConstantColumns::add(std::make_unique<Numbers>(std::vector<std::int64_t>{1}), {{"n", "a"}, {"n", "b"}});
  ASSERT_TRUE(reader);
  const auto schema = arrow::import_schema((*reader)->schema());
  ASSERT_TRUE(schema);
  EXPECT_EQ(schema->fields[0].name, "n (2)");
  EXPECT_EQ(schema->fields[1].name, "n (3)");
  EXPECT_EQ(schema->fields[2].name, "n") << "the dataset's own stays as it is";
}

// A loop's column is called the same whether the dataset's own column is shown or not.
TEST(ConstantColumns, CountTitlesThatAreNotNamesAtPresent) {
  const auto name_beside = [](std::unique_ptr<Numbers> numbers, const std::string& name) {
    auto reader = ConstantColumns::add(std::move(numbers), {{name, "a"}});
    EXPECT_TRUE(reader);
    return arrow::import_schema((*reader)->schema())->fields[0].name;
  };
  const auto numbers = [](const std::vector<std::string>& hidden, const Metadata& metadata = {}) {
    return std::make_unique<Numbers>(std::vector<std::int64_t>{1}, hidden, metadata);
  };
  EXPECT_EQ(name_beside(numbers({}), "Åre"), "Åre");
  EXPECT_EQ(name_beside(numbers({"Город", "Åre"}), "Åre"), "Åre (2)");
  EXPECT_EQ(name_beside(numbers({"Город", "Город (2)"}), "Город"), "Город (3)");
  EXPECT_EQ(name_beside(numbers({}, {{"qlik.title", "Åre"}}), "Åre"), "Åre (2)") << "two columns share it, and have names of their own";
}

TEST(ConstantColumns, OfNoneIsTheReaderItself) {
  auto inner = std::make_unique<Numbers>(std::vector<std::int64_t>{1});
  const auto* same = inner.get();
  auto reader = ConstantColumns::add(std::move(inner), {});
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->get(), same);
}

}  // namespace
}  // namespace qonduit::pipeline
