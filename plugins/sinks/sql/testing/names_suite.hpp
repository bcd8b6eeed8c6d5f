// Which table and which column a value lands in, whatever the order and whatever else there is. Part of modes_suite.hpp.
#pragma once

#include <qonduit/own_name.hpp>
#include <qonduit/text.hpp>

#include "modes_fixture.hpp"

namespace qonduit::sql::testing {

using ::testing::AllOf;

// Where a delivery of the object goes: its table, as the sink says it.
class SqlNames : public SqlModes {
 protected:
  void has(std::vector<SampleRun::Object> objects) { run_.objects = std::move(objects); }
  std::string goes_to(SinkDriver& sink, const std::string& id, const std::string& title, const std::vector<Sale>& rows) {
    run_.object_id = id, run_.title = title;
    const auto said = sink.plan(run_, schema());
    const auto status = deliver(sink, rows);
    EXPECT_TRUE(status.ok()) << status.message();
    const auto target = sink.delivery()->target;
    EXPECT_EQ(said ? said->target : said.error().message(), target) << "said before";
    return target.substr(target.find(", table ") + 8);
  }
  void next_run() { run_.run_id = "run-" + std::to_string(++runs_); }
  // The table's name without the schema it may have.
  static std::string bare(const std::string& table) { return table.substr(table.find('.') == std::string::npos ? 0 : table.find('.') + 1); }

  const Options replace_ = {{"mode", "replace"}};
};

TEST_P(SqlNames, ObjectsOfOneTitleHaveTheirIdsWhateverTheirOrder) {
  has({{"a", "sales", "One"}, {"b", "sales", "One"}, {"c", "costs", "One"}});
  auto sink = create(replace_);
  EXPECT_EQ(bare(goes_to(sink, "b", "sales", {{"B", 1, 1.0}})), "sales_b");
  EXPECT_EQ(bare(goes_to(sink, "a", "sales", {{"A", 1, 1.0}})), "sales_a");
  EXPECT_EQ(bare(goes_to(sink, "c", "costs", {{"C", 1, 1.0}})), "costs");
  next_run();
  has({{"b", "sales", "One"}});
  EXPECT_EQ(bare(goes_to(sink, "b", "sales", {{"B", 2, 1.0}})), "sales_b") << "the other one is gone from the app";
  next_run();
  has({{"c", "costs", "One"}, {"d", "costs", "One"}});
  EXPECT_EQ(bare(goes_to(sink, "d", "costs", {{"D", 1, 1.0}})), "costs_d") << "a second one came";
  EXPECT_EQ(bare(goes_to(sink, "c", "costs", {{"C", 2, 1.0}})), "costs");
}

// What is said before all deliveries is what becomes of them.
TEST_P(SqlNames, PlansTheNamesThatDeliveriesGet) {
  has({{"aB", "sales", "One"}, {"ab", "sales", "One"}, {"x", "sales_ab", "One"}});
  auto sink = create(replace_);
  std::vector<std::string> planned, got;
  for (int again = 0; again < 2; ++again) {
    planned.clear();
    for (const auto& object : run_.objects) {
      run_.object_id = object.id, run_.title = object.title;
      const auto said = sink.plan(run_, schema());
      ASSERT_TRUE(said) << said.error().message();
      planned.push_back(said->target.substr(said->target.find(", table ") + 8));
    }
  }
  for (const auto& object : std::vector(run_.objects)) got.push_back(goes_to(sink, object.id, object.title, {{"A", 1, 1.0}}));
  EXPECT_EQ(planned, got);
  EXPECT_EQ(std::set(got.begin(), got.end()).size(), 3u);
}

// A chart that is called otherwise, or stands on another sheet.
TEST_P(SqlNames, ATableThatIsLeftIsNamedOnce) {
  has({{"a", "sales", "One"}});
  auto sink = create(replace_);
  goes_to(sink, "a", "sales", {{"A", 1, 1.0}});
  EXPECT_EQ(sink.delivery()->note, "");
  for (const auto& [title, before] : {std::pair<std::string, std::string>("выручка", "sales"), {"umsatz", "выручка"}}) {
    next_run();
    run_.started_at = "2026-02-0" + std::to_string(runs_) + "T06:00:00.000Z";
    has({{"a", title, "One"}});
    goes_to(sink, "a", title, {{"A", 2, 1.0}});
    EXPECT_EQ(sink.delivery()->note, "its rows went into table '" + before + "' before, which stays as it is");
    next_run();
    goes_to(sink, "a", title, {{"A", 3, 1.0}});
    EXPECT_EQ(sink.delivery()->note, "");
  }
  auto dated = replace_;
  dated.emplace_back("table", "{title}_{run}");
  auto daily = create(dated);
  goes_to(daily, "a", "umsatz", {{"A", 4, 1.0}});
  EXPECT_EQ(daily.delivery()->note, "") << "each run has a table of its own";
}

// Where the database takes their ids for one, a number tells them apart, and that stays, too.
TEST_P(SqlNames, ObjectsWhoseIdsDifferInTheirLettersStayWhereTheyWere) {
  has({{"aB", "sales", "One"}, {"ab", "sales", "One"}, {"AB", "sales", "One"}});
  auto sink = create(replace_);
  const auto first = goes_to(sink, "aB", "sales", {{"A", 1, 1.0}}), second = goes_to(sink, "ab", "sales", {{"B", 1, 1.0}}),
             third = goes_to(sink, "AB", "sales", {{"C", 1, 1.0}});
  EXPECT_EQ(bare(first), "sales_aB");
  for (const auto& [id, table] : {std::pair<std::string, std::string>("ab", second), {"AB", third}, {"aB", first}}) {
    next_run();
    has({{id, "sales", "One"}});
    EXPECT_EQ(goes_to(sink, id, "sales", {{id, 2, 1.0}}), table) << "the others are gone from the app";
    EXPECT_EQ(sink.delivery()->note, "");
  }
}

// Turns whose names the database takes for one.
TEST_P(SqlNames, ATurnWhoseTableIsAnotherTurnsSaysSoOnce) {
  const Options options = {{"mode", "replace"}, {"naming", "snake_case"}};
  auto sink = create(options);
  const auto turn = [&](const std::string& value) {
    run_.loop = {{"R", value}}, run_.turn = "R=" + value;
    const auto table = bare(goes_to(sink, "o", "T", {{value, 1, 1.0}}));
    return std::pair(table, sink.delivery()->note);
  };
  const auto first = turn("Acme");
  EXPECT_EQ(first.second, "");
  const auto second = turn("ACME");
  EXPECT_EQ(second.first, first.first + "_o");
  EXPECT_EQ(second.second, "table '" + first.first + "' is another turn's of foreach: turn R = ACME has one of its own");
  next_run();
  EXPECT_EQ(turn("ACME"), std::pair(second.first, std::string()));
  const auto third = turn("acme");
  EXPECT_EQ(third.first, first.first + "_o_2");
  EXPECT_EQ(third.second, "table '" + first.first +
                              "' is another turn's of foreach, which this pipeline delivered before: turn R = acme has one of its own");
  next_run();
  EXPECT_EQ(turn("acme"), std::pair(third.first, std::string()));
}

TEST_P(SqlNames, TitlesThatBecomeOneNameHaveTheirIds) {
  has({{"a", "Net Sales", "One"}, {"b", "net-sales", "One"}, {"c", "Продажи", "One"}, {"d", "ПРОДАЖИ", "One"}, {"e", "Закупки", "One"}});
  auto options = replace_;
  options.emplace_back("naming", "snake_case");
  auto sink = create(options);
  EXPECT_EQ(bare(goes_to(sink, "b", "net-sales", {{"B", 1, 1.0}})), "net_sales_b");
  EXPECT_EQ(bare(goes_to(sink, "a", "Net Sales", {{"A", 1, 1.0}})), "net_sales_a");
  EXPECT_EQ(bare(goes_to(sink, "d", "ПРОДАЖИ", {{"D", 1, 1.0}})), "продажи_d");
  EXPECT_EQ(bare(goes_to(sink, "c", "Продажи", {{"C", 1, 1.0}})), "продажи_c");
  EXPECT_EQ(bare(goes_to(sink, "e", "Закупки", {{"E", 1, 1.0}})), "закупки");
}

TEST_P(SqlNames, ATableOfAnotherPipelineIsRefusedUnlessItIsTakenOver) {
  run_.pipeline = "north", run_.object_id = "t";
  QONDUIT_SQL_OK(next(replace_, {{"North", 2024, 1.5}}));
  run_.pipeline = "south";
  for (const Options& options : {replace_, Options{{"mode", "merge"}, {"key", "Region"}, {"delete-missing", "true"}}}) {
    const auto status = next(options, {{"South", 2024, 2.5}});
    EXPECT_EQ(status.code(), Code::forbidden);
    EXPECT_THAT(status.message(), AllOf(HasSubstr("delivered by pipeline 'north' (object 't')"), HasSubstr("pipeline 'south'"),
                                        HasSubstr("{pipeline}"), HasSubstr("run --takeover")));
    auto sink = create(options);
    EXPECT_EQ(sink.plan(run_, schema()).status().code(), Code::forbidden);
  }
  EXPECT_THAT(sales(), ElementsAre(Line{"North", "2024", "1.5"}));
  run_.takeover = true;
  QONDUIT_SQL_OK(next(replace_, {{"South", 2024, 2.5}}));
  run_.takeover = false;
  QONDUIT_SQL_OK(next(replace_, {{"South", 2025, 2.5}}));
  EXPECT_THAT(sales(), ElementsAre(Line{"South", "2025", "2.5"}));
  run_.pipeline = "north";
  EXPECT_EQ(next(replace_, {{"North", 2025, 1.5}}).code(), Code::forbidden) << "it is the other one's now";
}

TEST_P(SqlNames, PipelinesThatOnlyAddShareATable) {
  const Options append = {{"mode", "append"}};
  run_.pipeline = "north", run_.object_id = "t";
  QONDUIT_SQL_OK(next(append, {{"North", 2024, 1.5}}));
  run_.pipeline = "south", run_.object_id = "u";
  QONDUIT_SQL_OK(next(append, {{"South", 2024, 2.5}}));
  run_.pipeline = "north", run_.object_id = "t";
  QONDUIT_SQL_OK(next(append, {{"North", 2025, 3.5}}));
  EXPECT_THAT(sales(), ElementsAre(Line{"North", "2024", "1.5"}, Line{"North", "2025", "3.5"}, Line{"South", "2024", "2.5"}));
  const Options merge = {{"mode", "merge"}, {"key", "Region, Year"}, {"table", "merged"}};
  QONDUIT_SQL_OK(next(merge, {{"North", 2024, 1.5}}));
  run_.pipeline = "south", run_.object_id = "u";
  QONDUIT_SQL_OK(next(merge, {{"South", 2024, 2.5}}));
  EXPECT_EQ(sales("merged").size(), 2u);
}

TEST_P(SqlNames, ExpressionsOfTwoPipelinesAreTwoObjects) {
  run_.object_id = "expression", run_.title = "expressions", run_.pipeline = "north";
  QONDUIT_SQL_OK(next(replace_, {{"North", 2024, 1.5}}));
  run_.pipeline = "south";
  EXPECT_EQ(next(replace_, {{"South", 2024, 2.5}}).code(), Code::forbidden);
  QONDUIT_SQL_OK(next({{"mode", "replace"}, {"table", "{pipeline}_{title}"}}, {{"South", 2024, 2.5}}));
  EXPECT_THAT(sales("expressions"), ElementsAre(Line{"North", "2024", "1.5"}));
  EXPECT_THAT(sales("south_expressions"), ElementsAre(Line{"South", "2024", "2.5"}));
}

TEST_P(SqlNames, AnAppThatWasImportedAgainGoesOnWhereItWas) {
  run_.app_id = "first";
  QONDUIT_SQL_OK(next(replace_, {{"North", 2024, 1.5}}));
  run_.app_id = "second";
  QONDUIT_SQL_OK(next(replace_, {{"North", 2025, 2.5}}));
  EXPECT_THAT(sales(), ElementsAre(Line{"North", "2025", "2.5"}));
}

// What some databases call columns of their own, in every table.
TEST_P(SqlNames, ColumnsCalledAsThoseOfTheDatabaseAreDelivered) {
  Schema columns;
  std::vector<Column> values;
  for (const char* title : {"ctid", "xmin", "tableoid", "rowid", "oid"}) {
    columns.fields.push_back({title, Type::int64});
    values.emplace_back(Type::int64).append_int64(static_cast<std::int64_t>(values.size()));
  }
  qonduit::arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(values, array.get());
  for (int run = 0; run < 2; ++run) {
    next_run();
    auto sink = create({{"mode", "replace"}});
    QONDUIT_SQL_OK(deliver(sink, columns, *array));
  }
  EXPECT_THAT(query("SELECT count(*) FROM sales"), ElementsAre(Line{"1"}));
}

// The author of a sheet moves columns whose titles become one name in the database, and hides one.
TEST_P(SqlNames, AColumnKeepsItsValuesWhereverItStands) {
  const Options options = {{"mode", "append"}, {"naming", "snake_case"}, {"schema-change", "evolve"}};
  const auto net = "net_sales_" + short_hash("Net Sales").substr(0, 8), dashed = "net_sales_" + short_hash("Net-Sales").substr(0, 8);
  const auto add = [&](const std::vector<std::pair<std::string, std::int64_t>>& cells) {
    next_run();
    Schema columns;
    std::vector<Column> values;
    for (const auto& [title, value] : cells) {
      columns.fields.push_back({title, Type::int64});
      values.emplace_back(Type::int64).append_int64(value);
    }
    qonduit::arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(values, array.get());
    auto sink = create(options);
    return deliver(sink, columns, *array);
  };
  QONDUIT_SQL_OK(add({{"Net Sales", 10}, {"Net-Sales", 77}}));
  QONDUIT_SQL_OK(add({{"Net-Sales", 77}, {"Net Sales", 10}}));
  QONDUIT_SQL_OK(add({{"Net-Sales", 77}}));
  EXPECT_THAT(query("SELECT \"" + net + "\", \"" + dashed + "\" FROM sales ORDER BY 1"),
              UnorderedElementsAre(Line{"10", "77"}, Line{"10", "77"}, Line{std::nullopt, "77"}));
}

// One row of whole numbers for a delivery, each in a column with a title and, where the adapter tells one, an own name.
class SqlColumns : public SqlNames {
 protected:
  struct Cell {
    std::string title, own_name;
    std::int64_t value = 0;
    bool by_members = false;  // a month in shape wide
  };
  Status add(const std::vector<Cell>& cells, const Options& more = {}) {
    next_run();
    Options options = {{"mode", "append"}, {"schema-change", "evolve"}};
    options.insert(options.end(), more.begin(), more.end());
    Schema columns;
    std::vector<Column> values;
    for (const auto& [title, own, value, by_members] : cells) {
      columns.fields.push_back({title, Type::int64});
      if (!own.empty()) columns.fields.back().metadata.emplace_back(kOwnName, own);
      if (by_members) tell_named_by(columns.fields.back(), {"Month"});
      values.emplace_back(Type::int64).append_int64(value);
    }
    qonduit::arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(values, array.get());
    auto sink = create(options);
    return deliver(sink, columns, *array);
  }
  Rows columns(const std::string& one, const std::string& other) const {
    return query("SELECT \"" + one + "\", \"" + other + "\" FROM sales ORDER BY 1, 2");
  }
  static std::string hashed(const std::string& name, const std::string& title) { return name + "_" + short_hash(title).substr(0, 8); }

  const Options snake_ = {{"naming", "snake_case"}};
};

// A column whose title is a name that another one was given.
TEST_P(SqlColumns, ANewcomerDoesNotTakeWhatWasGiven) {
  for (const auto& [old, name] : {std::pair<std::string, std::string>("Net Sales", "net_sales"), {"Чистая Сумма", "чистая_сумма"}}) {
    run_.object_id = name;
    QONDUIT_SQL_OK(add({{old, old + "_a1", 10}}, {{"naming", "snake_case"}, {"table", name}}));
    QONDUIT_SQL_OK(add({{name, name + "_b2", 99}, {old, old + "_a1", 10}}, {{"naming", "snake_case"}, {"table", name}}));
    QONDUIT_SQL_OK(add({{name, name + "_b2", 99}}, {{"naming", "snake_case"}, {"table", name}}));
    EXPECT_THAT(query("SELECT \"" + name + "\", \"" + hashed(name, name) + "\" FROM \"" + name + "\""),
                UnorderedElementsAre(Line{"10", std::nullopt}, Line{"10", "99"}, Line{std::nullopt, "99"}))
        << "the first one is gone at the end";
  }
}

// One member alone, two of one text, the other one alone: months of two years.
TEST_P(SqlColumns, AColumnStaysThatOfItsOwnName) {
  QONDUIT_SQL_OK(add({{"Ιαν", "Ιαν_11111111", 23}}));
  QONDUIT_SQL_OK(add({{"Ιαν_11111111", "Ιαν_11111111", 23}, {"Ιαν_22222222", "Ιαν_22222222", 24}}));
  QONDUIT_SQL_OK(add({{"Ιαν", "Ιαν_22222222", 24}}));
  EXPECT_THAT(columns("Ιαν", "Ιαν_22222222"), UnorderedElementsAre(Line{"23", std::nullopt}, Line{"23", "24"}, Line{std::nullopt, "24"}));
}

// Each of three years alone: none takes the column of another for its own.
TEST_P(SqlColumns, AMonthOfAnotherYearIsAnotherColumn) {
  QONDUIT_SQL_OK(add({{"Ιαν_11111111", "Ιαν_11111111", 23, true}, {"Ιαν_22222222", "Ιαν_22222222", 24, true}}));
  QONDUIT_SQL_OK(add({{"Ιαν", "Ιαν_22222222", 24, true}}));
  QONDUIT_SQL_OK(add({{"Ιαν", "Ιαν_33333333", 25, true}}));
  QONDUIT_SQL_OK(add({{"Ιαν", "Ιαν_44444444", 26, true}}));
  QONDUIT_SQL_OK(add({{"Ιαν_22222222", "Ιαν_22222222", 24, true}, {"Ιαν_33333333", "Ιαν_33333333", 25, true}}));
  EXPECT_THAT(query("SELECT \"Ιαν_11111111\", \"Ιαν_22222222\", \"Ιαν\", \"Ιαν_44444444\" FROM sales"),
              UnorderedElementsAre(Line{"23", "24", std::nullopt, std::nullopt}, Line{std::nullopt, "24", std::nullopt, std::nullopt},
                                   Line{std::nullopt, std::nullopt, "25", std::nullopt},
                                   Line{std::nullopt, std::nullopt, std::nullopt, "26"}, Line{std::nullopt, "24", "25", std::nullopt}));
}

// The records may be gone, or be older than this: the name in the table tells.
TEST_P(SqlColumns, AColumnGoesWhereItsOwnNameIsInTheTable) {
  QONDUIT_SQL_OK(add({{"N_a1", "N_a1", 1}, {"N_b2", "N_b2", 100}}));
  query("DELETE FROM \"_qonduit_columns\"");
  QONDUIT_SQL_OK(add({{"N", "N_b2", 100}}));
  EXPECT_THAT(columns("N_a1", "N_b2"), UnorderedElementsAre(Line{"1", "100"}, Line{std::nullopt, "100"}));
}

// What tells a column may change: an expression is mended, a title is written in other letters.
TEST_P(SqlColumns, AColumnThatIsEditedKeepsItsPlace) {
  QONDUIT_SQL_OK(add({{"Net Sales", "Net Sales_a1", 1}, {"Qty", "Qty_b2", 2}}, snake_));
  QONDUIT_SQL_OK(add({{"Net Sales", "Net Sales_c3", 3}, {"qty", "qty_b2", 4}}, snake_));
  EXPECT_THAT(columns("net_sales", "qty"), UnorderedElementsAre(Line{"1", "2"}, Line{"3", "4"}));
}

TEST_P(SqlColumns, ATableThatIsMadeAgainBeginsAnew) {
  QONDUIT_SQL_OK(add({{"Net Sales", "Net Sales_a1", 1}}, snake_));
  query("DROP TABLE sales");
  QONDUIT_SQL_OK(add({{"net_sales", "net_sales_b2", 2}}, snake_));
  EXPECT_THAT(query("SELECT net_sales FROM sales"), ElementsAre(Line{"2"}));
  QONDUIT_SQL_OK(add({{"net_sales", "net_sales_b2", 3}, {"Net Sales", "Net Sales_a1", 4}}, snake_));
  EXPECT_THAT(columns("net_sales", hashed("net_sales", "Net Sales")), UnorderedElementsAre(Line{"2", std::nullopt}, Line{"3", "4"}));
}

// A delivery that fails leaves no word of the columns it would have had.
TEST_P(SqlColumns, OfAFailedDeliveryAreNotRecorded) {
  QONDUIT_SQL_OK(add({{"Year", "Year_a1", 1}}));
  const auto records = [this] { return query("SELECT column_name, title, own_name FROM \"_qonduit_columns\""); };
  const auto before = records();
  EXPECT_THAT(before, ElementsAre(Line{"Year", "Year", "Year_a1"}));
  EXPECT_FALSE(add({{"Year", "Year_c3", 2}, {"Région", "Région_b2", 2}}, {{"schema-change", "fail"}}).ok());
  EXPECT_EQ(records(), before);
}

}  // namespace qonduit::sql::testing
