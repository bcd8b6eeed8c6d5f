#include "core/fetch/batch_join.hpp"

#include <gtest/gtest.h>

namespace qonduit::fetch {
namespace {

arrow::ArrayHandle column_of(std::initializer_list<std::int64_t> values) {
  std::vector<Column> columns;
  columns.emplace_back(Type::int64);
  for (const auto value : values) columns.back().append_int64(value);
  arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  return array;
}

TEST(BatchJoin, PutsTheColumnsOfAllPiecesSideBySide) {
  std::vector<arrow::ArrayHandle> pieces;
  pieces.push_back(column_of({1, 2}));
  pieces.push_back(column_of({3, 4}));
  pieces.push_back(column_of({5, 6}));
  auto joined = join_columns(std::move(pieces));
  ASSERT_TRUE(joined);
  const Schema schema{{{"a", Type::int64}, {"b", Type::int64}, {"c", Type::int64}}};
  const BatchView view(schema, **joined);
  ASSERT_EQ(view.rows(), 2);
  EXPECT_EQ(view.column(0).int64(1), 2);
  EXPECT_EQ(view.column(1).int64(0), 3);
  EXPECT_EQ(view.column(2).int64(1), 6);
}

TEST(BatchJoin, RefusesPiecesOfDifferentLengths) {
  std::vector<arrow::ArrayHandle> pieces;
  pieces.push_back(column_of({1, 2}));
  pieces.push_back(column_of({3}));
  EXPECT_EQ(join_columns(std::move(pieces)).error().code(), Code::bad_data);
}

TEST(BatchJoin, HandsASinglePieceThrough) {
  std::vector<arrow::ArrayHandle> pieces;
  pieces.push_back(column_of({7}));
  const auto* array = pieces.front().get();
  auto joined = join_columns(std::move(pieces));
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->get(), array);
}

}  // namespace
}  // namespace qonduit::fetch
