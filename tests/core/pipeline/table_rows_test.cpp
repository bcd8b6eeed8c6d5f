#include "core/pipeline/table_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/engine/message.hpp"

namespace qonduit::pipeline {
namespace {

using ::testing::HasSubstr;

engine::FieldInfo field(const std::string& name, std::vector<std::string> tags, bool has_null = false) {
  engine::FieldInfo info;
  info.name = name;
  info.tags = std::move(tags);
  info.has_null = has_null;
  return info;
}

const engine::TableInfo kTable{"T",
                               3,
                               {field("id", {"$numeric", "$integer"}), field("day", {"$numeric", "$integer", "$timestamp", "$date"}),
                                field("text", {"$ascii", "$text"}, true)}};

class TableRows : public ::testing::Test {
 protected:
  Result<fetch::Piece> decode(const std::string& rows, std::int64_t height = 3) {
    reply_ = R"({"qData":[)" + rows + "]}";
    text_ = reply_ + std::string(engine::Message::kPadding, ' ');
    misfit = {99, Type::utf8};
    return decode_table_rows(columns, {0, 0, 1, height}, std::string_view(text_).substr(0, reply_.size()), misfit);
  }
  std::vector<TableColumn> columns = plan_table(kTable);
  Misfit misfit;

 private:
  std::string reply_, text_;
};

TEST_F(TableRows, HaveTheTypesOfTheFieldsTags) {
  ASSERT_EQ(columns.size(), 3u);
  EXPECT_EQ(columns[0].type, Type::int64);
  EXPECT_EQ(columns[1].type, Type::date32);
  EXPECT_EQ(columns[2].type, Type::utf8);
}

TEST_F(TableRows, AreReadWithMembersInAnyOrderAndDefaultsLeftOut) {
  const auto piece = decode(
      R"({"qValue":[{"qText":"1","qIsNumeric":true,"qNumber":1},{"qNumber":45292,"qText":"01.01.2024","qIsNumeric":true},{"qText":"a"}]},)"
      R"({"qValue":[{"qText":"2","qNumber":2,"qIsNumeric":true},{"qText":"","qNumber":"NaN"},{"qText":"","qNumber":"NaN"}]})");
  ASSERT_FALSE(piece) << "day has no nulls, so an empty text there is no date";
  EXPECT_EQ(misfit.column, 1u);
  columns[1].has_null = true;
  const auto again = decode(
      R"({"qValue":[{"qText":"1","qIsNumeric":true,"qNumber":1},{"qNumber":45292,"qText":"01.01.2024","qIsNumeric":true},{"qText":"a"}]},)"
      R"({"qValue":[{"qText":"2","qNumber":2,"qIsNumeric":true},{"qText":"","qNumber":"NaN"},{"qText":"","qNumber":"NaN"}]})");
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->rows, 2);
  const auto schema = schema_of(kTable, columns);
  const BatchView view(schema, *again->array);
  EXPECT_EQ(view.column(0).int64(1), 2);
  EXPECT_EQ(view.column(1).date32(0), 19723);  // 2024-01-01
  EXPECT_TRUE(view.column(1).is_null(1));
  EXPECT_EQ(view.column(2).text(0), "a");
  EXPECT_TRUE(view.column(2).is_null(1));
}

TEST_F(TableRows, KeepEmptyTextsOfFieldsWithoutNulls) {
  columns[2].has_null = false;
  const auto piece = decode(R"({"qValue":[{"qIsNumeric":true,"qNumber":1},{"qIsNumeric":true,"qNumber":0},{"qText":""}]})");
  ASSERT_TRUE(piece) << piece.error().message();
  const auto schema = schema_of(kTable, columns);
  const BatchView view(schema, *piece->array);
  EXPECT_FALSE(view.column(2).is_null(0));
  EXPECT_EQ(view.column(2).text(0), "");
}

TEST_F(TableRows, SayWhatWouldHoldAValueThatDoesNotFit) {
  const auto with_id = [](const std::string& cell) {
    return R"({"qValue":[)" + cell + R"(,{"qIsNumeric":true,"qNumber":0},{"qText":"a"}]})";
  };
  ASSERT_FALSE(decode(with_id(R"({"qText":"1,5","qIsNumeric":true,"qNumber":1.5})")));
  EXPECT_EQ(misfit.needed, Type::float64);
  ASSERT_FALSE(decode(with_id(R"({"qText":"unknown"})")));
  EXPECT_EQ(misfit.needed, Type::utf8);
  ASSERT_FALSE(decode(with_id(R"({"qText":"Jan","qIsNumeric":true,"qNumber":1})"))) << "the text of a dual would be lost";
  EXPECT_EQ(misfit.needed, Type::utf8);
  ASSERT_TRUE(decode(with_id(R"({"qText":"120 kr","qIsNumeric":true,"qNumber":120})")));
}

TEST_F(TableRows, AreRefusedWhenTheyAreNotWhatWasAsked) {
  const std::string row = R"({"qValue":[{"qIsNumeric":true,"qNumber":1},{"qIsNumeric":true,"qNumber":0},{"qText":"a"}]})";
  EXPECT_THAT(decode(row + "," + row, 1).error().message(), HasSubstr("more rows than asked for"));
  EXPECT_THAT(decode(R"({"qValue":[{"qIsNumeric":true,"qNumber":1}]})").error().message(), HasSubstr("has 1 values"));
  EXPECT_THAT(decode(R"({"qValue":[{"qIsNumeric":true,"qNumber":"NaN"}]})").error().message(), HasSubstr("has no number"));
  EXPECT_THAT(decode("{}").error().message(), HasSubstr("no qValue"));
  EXPECT_EQ(decode("[1").error().code(), Code::bad_data);
  EXPECT_EQ(decode(R"({"qValue":[{"qText":)").error().code(), Code::bad_data);
}

}  // namespace
}  // namespace qonduit::pipeline
