#include "apps/synthetic_app.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "apps/synthetic_trees.hpp"

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
}

JsonObject pivot_page(const Pages& pages, Area area) {
  std::string text;
  pages.append_page(text, area);
  return as_object(parse_json(text));
}

TEST(SyntheticTrees, CutPivotsAnywhereToTheSameNodesAndValues) {
  const auto cube = synthetic_tree_cube("P", 2500, 1);
  EXPECT_EQ(cube.layout.rows, 2500);
  const auto page = pivot_page(*cube.pages, {0, 990, 2, 20});
  const auto left = array_member(page, "qLeft");
  ASSERT_EQ(left->size(), 2U) << "the page touches two blocks";
  EXPECT_EQ(int_member(as_object(left->get(0)), "qUp"), 990);
  EXPECT_EQ(int_member(as_object(left->get(1)), "qDown"), 990);
  const auto data = array_member(page, "qData");
  ASSERT_EQ(data->size(), 20U);
  for (unsigned row = 0; row < 20; ++row)
    for (unsigned measure = 0; measure < 2; ++measure)
      EXPECT_EQ(as_object(as_array(data->get(row))->get(measure))->getValue<double>("qNum"), synthetic_value(990 + row, measure, 1));
  EXPECT_EQ(array_member(pivot_page(*cube.pages, {0, 2490, 2, 100}), "qData")->size(), 10U);
}

TEST(SyntheticTrees, CutStacksBetweenOutermostMembersAndTreesByRows) {
  const auto stack = synthetic_tree_cube("K", 2500, 1);
  const auto root = as_object(array_member(pivot_page(*stack.pages, {0, 1, 1, 1}), "qData")->get(0));
  EXPECT_EQ(int_member(root, "qUp"), 1);
  EXPECT_EQ(int_member(root, "qDown"), 1);
  const auto blocks = array_member(root, "qSubNodes");
  ASSERT_EQ(blocks->size(), 1U);
  const auto rows = array_member(as_object(blocks->get(0)), "qSubNodes");
  ASSERT_EQ(rows->size(), 1000U);
  EXPECT_EQ(int_member(as_object(rows->get(0)), "qRow"), 1000);
  const auto values = array_member(as_object(rows->get(0)), "qSubNodes");
  EXPECT_EQ(as_object(values->get(1))->getValue<double>("qValue"), synthetic_value(1000, 1, 1));
  const auto tree = synthetic_tree_cube("T", 2500, 1);
  std::string text;
  tree.tree->append_nodes(text, {0, 0, -1, {{0, 1, 1, 1}, {0, 10, 1, 5}}});
  const auto nodes = array_member(as_object(as_array(parse_json(text))->get(0)), "qNodes");
  ASSERT_EQ(nodes->size(), 1U);
  const auto inside = array_member(as_object(nodes->get(0)), "qNodes");
  ASSERT_EQ(inside->size(), 5U);
  EXPECT_EQ(text_member(as_object(inside->get(0)), "qText"), "1011");
  text.clear();
  tree.tree->append_nodes(text, {100, 0, -1, {}});
  EXPECT_EQ(text, "[]");
}

TEST(SyntheticTrees, TenMillionRowsCostNothing) {
  for (const char* mode : {"P", "K"}) {
    const auto cube = synthetic_tree_cube(mode, 10'000'000, 1);
    std::string text;
    cube.pages->append_page(text, mode[0] == 'P' ? Area{0, 9'999'000, 2, 1000} : Area{0, 9'999, 1, 1});
    EXPECT_GT(text.size(), 100'000U);
    EXPECT_LT(text.size(), 2'000'000U);
  }
}

}  // namespace
}  // namespace qonduit::simulator
