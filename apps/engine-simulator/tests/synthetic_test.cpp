#include "apps/synthetic_app.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace qonduit::simulator {
namespace {

JsonArray page(const Matrix& matrix, Area area) {
  std::string text;
  append_page(text, matrix, clip(matrix, area));
  return array_member(as_object(parse_json(text)), "qMatrix");
}

TEST(SyntheticCube, NumbersEveryRowOnceAcrossItsPool) {
  SyntheticShape shape;
  shape.rows = 40'000;
  const SyntheticMatrix matrix(shape, 0);
  for (const std::int64_t top : {std::int64_t{0}, std::int64_t{16'380}, std::int64_t{39'990}}) {
    const auto rows = page(matrix, {0, top, 8, 10});
    ASSERT_EQ(rows->size(), 10U);
    for (unsigned i = 0; i < rows->size(); ++i) {
      const auto number = as_object(as_array(rows->get(i))->get(3));
      EXPECT_EQ(int_member(number, "qNum"), top + i + 1);
      EXPECT_EQ(int_member(number, "qElemNumber"), top + i);
    }
  }
}

TEST(SyntheticCube, IsTheSameForTheSameSeedAndAnotherForAnother) {
  SyntheticShape shape;
  shape.rows = 100;
  const Area all{0, 0, 8, 100};
  const std::string first = to_text(page(SyntheticMatrix(shape, 0), all));
  EXPECT_EQ(to_text(page(SyntheticMatrix(shape, 0), all)), first);
  shape.seed = 2;
  EXPECT_NE(to_text(page(SyntheticMatrix(shape, 0), all)), first);
}

TEST(SyntheticCube, CutsPagesAnywhereToTheSameCells) {
  SyntheticShape shape;
  shape.rows = 50;
  const SyntheticMatrix matrix(shape, 0);
  const auto whole = page(matrix, {0, 0, 8, 50});
  for (std::int64_t left = 0; left < 8; ++left) {
    for (std::int64_t width = 1; left + width <= 8; ++width) {
      const auto part = page(matrix, {left, 7, width, 3});
      for (unsigned row = 0; row < 3; ++row)
        for (unsigned column = 0; column < width; ++column)
          ASSERT_EQ(to_text(as_array(part->get(row))->get(column)),
                    to_text(as_array(whole->get(row + 7))->get(static_cast<unsigned>(left) + column)));
    }
  }
}

TEST(SyntheticCube, HasTheColumnsAskedFor) {
  using enum SyntheticKind;
  EXPECT_EQ(synthetic_columns({1, 8, 2, 1}), (std::vector<SyntheticKind>{text, text, date, row_number, integer, real, money, real}));
  EXPECT_EQ(synthetic_columns({1, 1, 2, 1}), (std::vector<SyntheticKind>{text}));
  SyntheticShape wide;
  wide.rows = 20;
  wide.columns = 12'000;
  const SyntheticMatrix matrix(wide, 0);
  EXPECT_EQ(as_array(page(matrix, {0, 19, 12'000, 1})->get(0))->size(), 12'000U);
}

TEST(Matrix, ClipsPagesToTheData) {
  SyntheticShape shape;
  shape.rows = 5;
  const SyntheticMatrix matrix(shape, 0);
  EXPECT_EQ(clip(matrix, {0, 3, 8, 10}).height, 2);
  EXPECT_EQ(clip(matrix, {6, 0, 8, 10}).width, 2);
  EXPECT_EQ(clip(matrix, {0, 5, 8, 10}).height, 0) << "beyond the last row";
  EXPECT_EQ(clip(matrix, {8, 0, 8, 10}).height, 0) << "beyond the last column";
  EXPECT_EQ(clip(matrix, {0, 0, 8, 10}, 3).height, 3);
}

}  // namespace
}  // namespace qonduit::simulator
