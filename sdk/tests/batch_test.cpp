#include <qonduit/batch.hpp>
#include <qonduit/testing/rows.hpp>
#include <qonduit/testing/sample_batches.hpp>

#include <gtest/gtest.h>

namespace qonduit {
namespace {

using testing::Cell;
using testing::Rows;

Rows rows_of(const Schema& schema, const ArrowArray& array) {
  Rows rows;
  testing::append_rows(rows, schema, array);
  return rows;
}

arrow::ArrayHandle finish(std::vector<Column>& columns) {
  arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  return array;
}

TEST(Column, LaysTextOutAsArrowDoes) {
  Column column(Type::utf8);
  column.append_text("ab");
  column.append_null();
  column.append_text("");
  column.append_text("c");
  ArrowArray array{};
  column.finish(&array);
  ASSERT_EQ(array.n_buffers, 3);
  EXPECT_EQ(array.length, 4);
  EXPECT_EQ(array.null_count, 1);
  const auto* ends = static_cast<const std::int32_t*>(array.buffers[1]);
  EXPECT_EQ(std::vector<std::int32_t>(ends, ends + 5), (std::vector<std::int32_t>{0, 2, 2, 2, 3}));
  EXPECT_EQ(std::string_view(static_cast<const char*>(array.buffers[2]), 3), "abc");
  EXPECT_EQ(*static_cast<const std::uint8_t*>(array.buffers[0]), 0b1101);
  array.release(&array);
  EXPECT_EQ(array.release, nullptr);
  EXPECT_EQ(column.rows(), 0);
}

TEST(Column, NeedsNoValidityWithoutNulls) {
  Column column(Type::float64);
  column.append_float64(1.5);
  ArrowArray array{};
  column.finish(&array);
  EXPECT_EQ(array.buffers[0], nullptr);
  EXPECT_EQ(array.null_count, 0);
  array.release(&array);
}

TEST(Column, MarksTheFirstNullWhereverItIs) {
  for (int before = 0; before < 20; ++before) {
    const Schema schema{{{"b", Type::boolean}}};
    std::vector<Column> columns;
    columns.emplace_back(Type::boolean);
    Rows expected;
    for (int i = 0; i < before; ++i) columns[0].append_boolean(i % 2 == 0), expected.push_back({Cell(i % 2 == 0 ? "true" : "false")});
    columns[0].append_null(), expected.push_back({Cell()});
    for (int i = 0; i < 9; ++i) columns[0].append_boolean(true), expected.push_back({Cell("true")});
    const auto array = finish(columns);
    EXPECT_EQ(testing::array_problem(schema, *array), "");
    EXPECT_EQ(rows_of(schema, *array), expected) << before;
  }
}

TEST(Column, ForgetsTruncatedRowsAndTheirNulls) {
  for (const auto type : {Type::int64, Type::boolean, Type::utf8, Type::date32}) {
    const Schema schema{{{"x", type}}};
    std::vector<Column> columns;
    columns.emplace_back(type);
    const auto append = [&](int i) {
      switch (type) {
        case Type::boolean: columns[0].append_boolean(i % 2 == 0); break;
        case Type::utf8: columns[0].append_text(std::to_string(i)); break;
        case Type::date32: columns[0].append_date32(i); break;
        default: columns[0].append_int64(i); break;
      }
    };
    for (int i = 0; i < 10; ++i) append(i);
    columns[0].append_null();
    columns[0].truncate(9);
    columns[0].truncate(5);
    for (int i = 5; i < 12; ++i) append(i);
    columns[0].append_null();
    columns[0].truncate(12);
    const auto array = finish(columns);
    EXPECT_EQ(testing::array_problem(schema, *array), "");
    const auto rows = rows_of(schema, *array);
    ASSERT_EQ(rows.size(), 12u);
    for (const auto& row : rows) EXPECT_TRUE(row[0].has_value());
  }
}

TEST(Column, IsUsableAfterFinish) {
  Column column(Type::utf8);
  column.append_text("first");
  ArrowArray first{};
  column.finish(&first);
  column.append_text("second");
  ArrowArray second{};
  column.finish(&second);
  EXPECT_EQ(second.length, 1);
  EXPECT_EQ(ColumnView(second, Type::utf8, 0, 1).text(0), "second");
  first.release(&first), second.release(&second);
}

TEST(Batch, LeavesAChildThatWasMovedOutAlone) {
  std::vector<Column> columns;
  columns.emplace_back(Type::int64);
  columns[0].append_int64(5);
  auto array = finish(columns);
  ArrowArray moved = *array->children[0];
  array->children[0]->release = nullptr;
  array.reset();
  EXPECT_EQ(*static_cast<const std::int64_t*>(moved.buffers[1]), 5);
  moved.release(&moved);
}

TEST(Batch, OfEverySampleIsWellFormed) {
  for (const auto& sample : testing::sample_batches()) {
    for (std::size_t i = 0; i < std::min<std::size_t>(sample.batch_count, 3); ++i) {
      EXPECT_EQ(testing::array_problem(sample.schema, *sample.make(i)), "") << sample.name;
    }
  }
}

TEST(Batch, SlicedShowsTheRowsOfTheSlice) {
  const auto whole = testing::sample_batches_named("SomeNull");
  const auto sliced = testing::sample_batches_named("Sliced");
  const auto all = rows_of(whole.schema, *whole.make(0));
  EXPECT_EQ(rows_of(sliced.schema, *sliced.make(0)), Rows(all.begin() + 13, all.begin() + 22));
}

TEST(Schema, ComesBackAsItWasExported) {
  const Schema schema{{{"Sales", Type::float64, false, {{"qlik.title", "Sales"}, {"empty", ""}}},
                       {"", Type::utf8},
                       {"Region", Type::utf8, true, {}, true},
                       {"d", Type::date32},
                       {"t", Type::timestamp},
                       {"i", Type::duration},
                       {"b", Type::boolean},
                       {"n", Type::int64}}};
  ArrowSchema exported{};
  arrow::export_schema(schema, &exported);
  const auto imported = arrow::import_schema(exported);
  exported.release(&exported);
  ASSERT_TRUE(imported);
  ASSERT_EQ(imported->fields.size(), schema.fields.size());
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    EXPECT_EQ(imported->fields[i].name, schema.fields[i].name);
    EXPECT_EQ(imported->fields[i].type, schema.fields[i].type);
    EXPECT_EQ(imported->fields[i].nullable, schema.fields[i].nullable);
    EXPECT_EQ(imported->fields[i].metadata, schema.fields[i].metadata);
    EXPECT_EQ(imported->fields[i].dictionary, schema.fields[i].dictionary);
  }
}

TEST(Schema, TellsNamesApartThatDifferBehindANul) {
  ArrowSchema exported;
  const Schema schema{{{"a", Type::utf8, true, {}, false}, {std::string("a\0b", 3), Type::utf8, true, {}, false}}};
  arrow::export_schema(schema, &exported);
  EXPECT_STREQ(exported.children[0]->name, "a");
  EXPECT_STREQ(exported.children[1]->name, "a\uFFFDb");
  exported.release(&exported);
}

TEST(Schema, OfATypeNobodyKnowsIsRefusedWithItsColumn) {
  ArrowSchema exported{};
  arrow::export_schema({{{"good", Type::int64}, {"odd", Type::int64}}}, &exported);
  exported.children[1]->format = "+l";
  const auto imported = arrow::import_schema(exported);
  exported.release(&exported);
  ASSERT_FALSE(imported);
  EXPECT_EQ(imported.error().code(), Code::bad_data);
  EXPECT_NE(imported.error().message().find("'odd'"), std::string::npos);
}

TEST(Rows, ReadDatesBefore1970) {
  EXPECT_EQ(testing::detail::date_text(-1), "1969-12-31");
  EXPECT_EQ(testing::detail::timestamp_text(-1), "1969-12-31T23:59:59.999");
  EXPECT_EQ(testing::detail::timestamp_text(253'402'300'799'999), "9999-12-31T23:59:59.999");
}

TEST(Rows, NoticeTextThatIsNotUtf8) {
  std::vector<Column> columns;
  columns.emplace_back(Type::utf8);
  columns[0].append_text("ok");
  columns[0].append_text("\xC0\x80");
  const auto array = finish(columns);
  EXPECT_NE(testing::array_problem({{{"t", Type::utf8}}}, *array), "");
}

}  // namespace
}  // namespace qonduit
