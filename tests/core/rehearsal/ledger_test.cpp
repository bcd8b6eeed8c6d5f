#include "tests/core/rehearsal/ledgers.hpp"

namespace qonduit::rehearsal {
namespace {

class LedgerTest : public LedgerFolder {
 protected:
  Comparison compared(const std::vector<std::string>& truth, const std::vector<std::string>& delivered) {
    keep(folder_ / "truth", truth);
    keep(folder_ / "delivered", delivered);
    auto comparison = compare(folder_ / "truth", folder_ / "delivered");
    EXPECT_TRUE(comparison);
    EXPECT_EQ(comparison->expected, truth.size());
    EXPECT_EQ(comparison->delivered, delivered.size());
    return *comparison;
  }
};

TEST_F(LedgerTest, FindsNothingWhereTheRowsAreTheSame) {
  EXPECT_TRUE(compared({"a", "b", "", "a"}, {"a", "b", "", "a"}).same());
  EXPECT_TRUE(compared({}, {}).same());
}

TEST_F(LedgerTest, CountsRowsThatAreLost) {
  const auto made = compared({"a", "b", "c", "a"}, {"a", "b"});
  EXPECT_EQ(made.lost, 2u);
  EXPECT_EQ(made.duplicated + made.altered, 0u);
  EXPECT_FALSE(made.same());
}

TEST_F(LedgerTest, CountsRowsThatCameMoreThanOnceAlsoFromThePartThatIsAlike) {
  const auto made = compared({"a", "b", "c"}, {"a", "b", "a", "b", "c"});
  EXPECT_EQ(made.duplicated, 2u);
  EXPECT_EQ(made.lost + made.altered, 0u);
}

TEST_F(LedgerTest, CountsARowThatStandsForAnotherAsAltered) {
  const auto made = compared({"a", "b", "c"}, {"a", "x", "c"});
  EXPECT_EQ(made.altered, 1u);
  EXPECT_EQ(made.lost + made.duplicated, 0u);
}

TEST_F(LedgerTest, SeesThatANullIsNoEmptyText) {
  const Schema schema{{{"c", Type::utf8}}};
  keep(folder_ / "truth", {""});
  auto writer = LedgerWriter::create(folder_ / "delivered", schema);
  std::vector<Column> columns;
  columns.emplace_back(Type::utf8);
  columns[0].append_text("");
  arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  ASSERT_TRUE((*writer)->write(BatchView(schema, *array)).ok());
  ASSERT_TRUE((*writer)->commit().ok());
  EXPECT_EQ(compare(folder_ / "truth", folder_ / "delivered")->altered, 1u);
}

TEST_F(LedgerTest, SeesAnotherOrder) {
  const auto made = compared({"a", "b", "c"}, {"a", "c", "b"});
  EXPECT_TRUE(made.reordered);
  EXPECT_EQ(made.lost + made.duplicated + made.altered, 0u);
}

TEST_F(LedgerTest, SeesOtherColumns) {
  keep(folder_ / "truth", {"a"}, "one");
  keep(folder_ / "delivered", {"a"}, "two");
  EXPECT_TRUE(compare(folder_ / "truth", folder_ / "delivered")->other_schema);
}

TEST_F(LedgerTest, LeavesNothingUntilItIsCommitted) {
  {
    const Schema schema{{{"c", Type::utf8}}};
    auto writer = LedgerWriter::create(folder_ / "one", schema);
    fill(**writer, schema, {"a"});
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

}  // namespace
}  // namespace qonduit::rehearsal
