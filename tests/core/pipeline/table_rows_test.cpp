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
    misfit = {99, {}};
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
  const auto piece = decode(
      R"({"qValue":[{"qText":"1","qIsNumeric":true,"qNumber":1},{"qText":"1899-12-30","qIsNumeric":true,"qNumber":0},{"qText":""}]})");
  ASSERT_TRUE(piece) << piece.error().message();
  const auto schema = schema_of(kTable, columns);
  const BatchView view(schema, *piece->array);
  EXPECT_FALSE(view.column(2).is_null(0));
  EXPECT_EQ(view.column(2).text(0), "");
}

TEST_F(TableRows, SayWhatWouldHoldAValueThatDoesNotFit) {
  const auto with_id = [](const std::string& cell) {
    return R"({"qValue":[)" + cell + R"(,{"qText":"1899-12-30","qIsNumeric":true,"qNumber":0},{"qText":"a"}]})";
  };
  ASSERT_FALSE(decode(with_id(R"({"qText":"1,5","qIsNumeric":true,"qNumber":1.5})")));
  EXPECT_EQ(misfit.met[0], cell::bit(cell::Kind::real));
  ASSERT_FALSE(decode(with_id(R"({"qText":"unknown"})")));
  EXPECT_EQ(misfit.met[0], cell::bit(cell::Kind::text));
  ASSERT_FALSE(decode(with_id(R"({"qText":"Jan","qIsNumeric":true,"qNumber":1})"))) << "the text of a dual would be lost";
  EXPECT_EQ(misfit.met[0], cell::bit(cell::Kind::text));
  ASSERT_FALSE(decode(with_id(R"({"qText":"120 kr","qIsNumeric":true,"qNumber":120})"))) << "no money of this app";
  Locale swedish;
  swedish.money = "# ##0,00 kr";
  columns = plan_table(kTable, swedish);
  ASSERT_TRUE(decode(with_id(R"({"qText":"120 kr","qIsNumeric":true,"qNumber":120})")));
}

// One start over for all fields: the reply says what each of them is.
TEST_F(TableRows, AreWhatTheirTextsSayTaggedOrNot) {
  const engine::TableInfo people{"People",
                                 2,
                                 {field("born", {"$numeric", "$integer"}), field("postcode", {"$numeric", "$integer"}),
                                  field("alarm", {"$numeric"}), field("месяц", {"$numeric", "$integer"})}};
  const auto rows = std::string(
      R"({"qValue":[{"qText":"1975-03-01","qNumber":27454,"qIsNumeric":true},{"qText":"02625","qNumber":2625,"qIsNumeric":true},)"
      R"({"qText":"10:00:00","qNumber":45656.4166666667,"qIsNumeric":true},{"qText":"янв","qNumber":1,"qIsNumeric":true}]},)"
      R"({"qValue":[{"qText":"1990-12-24","qNumber":33231,"qIsNumeric":true},{"qText":"10115","qNumber":10115,"qIsNumeric":true},)"
      R"({"qText":"06:30:00","qNumber":0.270833333333333,"qIsNumeric":true},{"qText":"фев","qNumber":2,"qIsNumeric":true}]})");
  columns = plan_table(people);
  ASSERT_FALSE(decode(rows));
  TableKinds kinds;
  for (std::size_t i = 0; i < columns.size(); ++i) kinds[columns[i].name] = misfit.met[i];
  columns = plan_table(people, {}, {}, kinds);
  const auto piece = decode(rows);
  ASSERT_TRUE(piece) << piece.error().message();
  const auto schema = schema_of(people, columns);
  const BatchView view(schema, *piece->array);
  EXPECT_EQ(view.column(0).date32(0), 27454 - 25569);
  EXPECT_EQ(view.column(1).text(0), "02625");
  EXPECT_EQ(view.column(1).text(1), "10115");
  EXPECT_EQ(view.column(2).int64(0), 36'000'000) << "a time of day, whatever its day";
  EXPECT_EQ(schema.fields[2].find("qlik.logical"), "time");
  EXPECT_EQ(view.column(3).text(1), "фев");
}

TEST_F(TableRows, KeepNumbersInFullBesideATextOrDeliverItAsNull) {
  const engine::TableInfo table{"T", 2, {field("net", {"$numeric"})}};
  Locale german;
  german.decimal = ",", german.thousands = ".";
  const auto rows = std::string(R"({"qValue":[{"qText":"1.050,8","qNumber":1050.75,"qIsNumeric":true}]},{"qValue":[{"qText":"k. A."}]})");
  const TableKinds kinds = {{"net", static_cast<cell::Kinds>(cell::bit(cell::Kind::real) | cell::bit(cell::Kind::text))}};
  columns = plan_table(table, german, {}, kinds);
  const auto text = decode(rows);
  ASSERT_TRUE(text) << text.error().message();
  const auto texts = schema_of(table, columns);
  EXPECT_EQ(BatchView(texts, *text->array).column(0).text(0), "1050.75");
  EXPECT_EQ(BatchView(texts, *text->array).column(0).text(1), "k. A.");
  TableOptions options;
  options.on_mixed = TableMixed::null;
  columns = plan_table(table, german, options, kinds);
  const auto null = decode(rows);
  ASSERT_TRUE(null) << null.error().message();
  const auto numbers = schema_of(table, columns);
  EXPECT_EQ(BatchView(numbers, *null->array).column(0).float64(0), 1050.75);
  EXPECT_TRUE(BatchView(numbers, *null->array).column(0).is_null(1));
}

// The text is the value in the objects over this table too.
TEST_F(TableRows, DeliverAnEmptyTextWithANumberBehindItAsTheEmptyText) {
  const engine::TableInfo table{"T", 2, {field("Größe", {"$numeric", "$integer"})}};
  columns = plan_table(table);
  const auto rows = std::string(R"({"qValue":[{"qText":"","qNumber":5,"qIsNumeric":true}]},{"qValue":[{"qNumber":7,"qIsNumeric":true}]})");
  ASSERT_FALSE(decode(rows));
  columns = plan_table(table, {}, {}, {{"Größe", cell::bit(cell::Kind::text)}});
  const auto piece = decode(rows);
  ASSERT_TRUE(piece) << piece.error().message();
  const auto schema = schema_of(table, columns);
  EXPECT_FALSE(BatchView(schema, *piece->array).column(0).is_null(0));
  EXPECT_EQ(BatchView(schema, *piece->array).column(0).text(0), "");
  EXPECT_EQ(BatchView(schema, *piece->array).column(0).text(1), "");
}

TEST_F(TableRows, DeliverTheDigitsOfIdsBeyondTheExactNumbers) {
  const engine::TableInfo table{"T", 2, {field("код", {"$numeric", "$integer"})}};
  const auto rows = std::string(R"({"qValue":[{"qText":"12345678901234568","qNumber":12345678901234568,"qIsNumeric":true}]},)") +
                    R"({"qValue":[{"qText":"7","qNumber":7,"qIsNumeric":true}]})";
  const TableKinds kinds = {{"код", static_cast<cell::Kinds>(cell::bit(cell::Kind::integer) | cell::bit(cell::Kind::long_integer))}};
  for (const auto mode : {TableMixed::text, TableMixed::null, TableMixed::fail}) {
    TableOptions options;
    options.on_mixed = mode;
    columns = plan_table(table, {}, options);
    ASSERT_FALSE(decode(rows));
    columns = plan_table(table, {}, options, kinds);
    const auto piece = decode(rows);
    ASSERT_TRUE(piece) << piece.error().message();
    const auto schema = schema_of(table, columns);
    EXPECT_EQ(BatchView(schema, *piece->array).column(0).text(0), "12345678901234568");
    EXPECT_EQ(BatchView(schema, *piece->array).column(0).text(1), "7");
  }
}

TEST_F(TableRows, DeliverOfADualWhatTheUserAsksFor) {
  const engine::TableInfo table{"T", 1, {field("месяц", {"$numeric", "$integer"})}};
  const auto row = std::string(R"({"qValue":[{"qText":"янв","qNumber":1,"qIsNumeric":true}]})");
  TableOptions options;
  options.dual_of["месяц"] = TableDual::both;
  columns = plan_table(table, {}, options);
  const auto both = decode(row);
  ASSERT_TRUE(both) << both.error().message();
  const auto schema = schema_of(table, columns);
  ASSERT_EQ(schema.fields.size(), 2u);
  EXPECT_EQ(BatchView(schema, *both->array).column(0).int64(0), 1);
  EXPECT_EQ(BatchView(schema, *both->array).column(1).text(0), "янв");
  options.dual_of["месяц"] = TableDual::number;
  columns = plan_table(table, {}, options);
  EXPECT_TRUE(decode(row));
}

TEST_F(TableRows, AreRefusedWhenTheyAreNotWhatWasAsked) {
  const std::string row =
      R"({"qValue":[{"qText":"1","qIsNumeric":true,"qNumber":1},{"qText":"1899-12-30","qIsNumeric":true,"qNumber":0},{"qText":"a"}]})";
  EXPECT_THAT(decode(row + "," + row, 1).error().message(), HasSubstr("more rows than asked for"));
  EXPECT_THAT(decode(R"({"qValue":[{"qText":"1","qIsNumeric":true,"qNumber":1}]})").error().message(), HasSubstr("has 1 values"));
  EXPECT_THAT(decode(R"({"qValue":[{"qIsNumeric":true,"qNumber":"NaN"}]})").error().message(), HasSubstr("has no number"));
  EXPECT_THAT(decode("{}").error().message(), HasSubstr("no qValue"));
  EXPECT_EQ(decode("[1").error().code(), Code::bad_data);
  EXPECT_EQ(decode(R"({"qValue":[{"qText":)").error().code(), Code::bad_data);
}

}  // namespace
}  // namespace qonduit::pipeline
