#include "qonduit/host/batch_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace qonduit::host {
namespace {

using ::testing::HasSubstr;

// A batch of an int64 and a text column, two rows, that a test then spoils. The buffers are put back before release sees them.
class BatchCheck : public ::testing::Test {
 protected:
  BatchCheck() : array_(new ArrowArray{}) {
    std::vector<Column> columns;
    columns.emplace_back(Type::int64);
    columns.emplace_back(Type::utf8);
    columns[0].append_int64(1), columns[0].append_null();
    columns[1].append_text("one"), columns[1].append_text("two");
    finish_batch(columns, array_.get());
  }
  [[nodiscard]] ArrowArray& array() { return *array_; }
  [[nodiscard]] ArrowArray& column(int i) { return *array_->children[i]; }
  [[nodiscard]] std::string check(std::int64_t most = 2) const { return check_array(*array_, most); }

  // Spoils a value for the length of the check.
  template <typename T>
  std::string with(T& place, T value) {
    const T before = place;
    place = value;
    const auto problem = check();
    place = before;
    return problem;
  }

  arrow::ArrayHandle array_;
  const Schema schema_{{{"n", Type::int64}, {"t", Type::utf8}}};
};

TEST_F(BatchCheck, FindsNothingInAGoodBatch) {
  EXPECT_EQ(check(), "");
  EXPECT_EQ(check(3), "") << "a piece of the width has fewer columns";
  EXPECT_EQ(check_types(*array_, schema_), "");
}

TEST_F(BatchCheck, SeesTooManyColumns) { EXPECT_EQ(check(1), "gave 2 columns, its schema has 1"); }

TEST_F(BatchCheck, SeesColumnsThatAreNotThere) {
  EXPECT_EQ(with(array_->children[1], static_cast<ArrowArray*>(nullptr)), "gave no data for column 2");
  EXPECT_EQ(with(array_->children, static_cast<ArrowArray**>(nullptr)), "gave an array without its columns");
  EXPECT_EQ(with(array_->n_children, std::int64_t{-1}), "gave -1 columns, its schema has 2");
}

TEST_F(BatchCheck, SeesColumnsOfAnotherLength) {
  EXPECT_EQ(with(column(1).length, std::int64_t{3}), "gave 3 values for column 2 in 2 rows");
  EXPECT_THAT(with(array_->length, std::int64_t{-1}), HasSubstr("impossible length"));
  EXPECT_THAT(with(array_->offset, std::int64_t{1}), HasSubstr("impossible length or offset"));
  EXPECT_THAT(with(column(0).offset, std::int64_t{-8}), HasSubstr("impossible length or offset in column 1"));
}

TEST_F(BatchCheck, SeesMissingBuffers) {
  EXPECT_EQ(with(column(0).buffers[1], static_cast<const void*>(nullptr)), "gave no values in column 1");
  EXPECT_EQ(with(column(0).buffers[0], static_cast<const void*>(nullptr)), "gave nulls without saying which in column 1");
  EXPECT_EQ(with(column(1).buffers[2], static_cast<const void*>(nullptr)), "gave texts without their bytes in column 2");
  EXPECT_EQ(with(column(1).n_buffers, std::int64_t{1}), "gave 1 buffers in column 2");
  EXPECT_EQ(with(column(0).null_count, std::int64_t{5}), "gave an impossible number of nulls in column 1");
}

TEST_F(BatchCheck, SeesTextsWhoseEndsFall) {
  alignas(8) const std::array<std::int32_t, 3> falling{0, 5, 3};
  EXPECT_EQ(with(column(1).buffers[1], static_cast<const void*>(falling.data())), "gave texts whose ends do not rise in column 2");
}

TEST_F(BatchCheck, SeesBytesThatAreNoText) {
  EXPECT_EQ(with(column(1).buffers[2], static_cast<const void*>("\xff\xfe\x80...")), "gave text that is not UTF-8 in column 2");
  alignas(8) const char umlauts[] = "\xc3\xa4\xc3\xa4\xc3\xa4";
  EXPECT_EQ(with(column(1).buffers[2], static_cast<const void*>(umlauts)), "gave text that is not UTF-8 in column 2")
      << "three of six bytes: a text that ends within a character";
}

TEST_F(BatchCheck, SeesBuffersThatAreNotAligned) {
  alignas(8) const std::array<char, 32> bytes{};
  EXPECT_EQ(with(column(0).buffers[1], static_cast<const void*>(bytes.data() + 4)),
            "gave a buffer that is not aligned to 8 bytes in column 1");
}

TEST_F(BatchCheck, SeesRowsThatAreNull) {
  EXPECT_EQ(with(array().null_count, std::int64_t{2}), "gave an array whose rows are null; only values are");
  EXPECT_EQ(with(array().null_count, std::int64_t{-1}), "") << "not counted";
}

TEST_F(BatchCheck, SeesIndicesOutsideTheDictionary) {
  alignas(8) const std::array<std::int32_t, 2> indices{0, 2};
  auto& coded = column(0);
  const void* const before = coded.buffers[1];
  coded.buffers[1] = indices.data();
  coded.dictionary = &column(1);
  EXPECT_EQ(check(), "") << "the second row is null, whatever its index";
  coded.null_count = 0;
  EXPECT_EQ(check(), "gave an index outside its dictionary in column 1");
  coded.null_count = 1, coded.dictionary = nullptr, coded.buffers[1] = before;
}

TEST_F(BatchCheck, SeesAColumnInAnotherFormThanTheSchemaSays) {
  EXPECT_EQ(check_types(*array_, {{{"n", Type::int64}, {"t", Type::int64}}}), "gave column 2 in another form than its schema says (int64)");
  EXPECT_EQ(check_types(*array_, {{{"n", Type::int64}}}), "gave 2 columns, its schema has 1");
}

TEST(SchemaCheck, SeesColumnsThatAreNotThere) {
  ArrowSchema schema{};
  schema.n_children = 1;
  EXPECT_EQ(check_schema(schema), "gave a schema without its columns");
  ArrowSchema* none[] = {nullptr};
  schema.children = none;
  EXPECT_EQ(check_schema(schema), "gave a schema without column 1");
  schema.n_children = -1;
  EXPECT_EQ(check_schema(schema), "gave a schema of -1 columns");
}

}  // namespace
}  // namespace qonduit::host
