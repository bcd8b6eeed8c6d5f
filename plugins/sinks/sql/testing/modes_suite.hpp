// What every SQL sink does in every mode, as a GoogleTest suite: QONDUIT_SQL_MODES(Postgresql, target()). The same rows are delivered
// through the plugin's C table and looked at by the database's own means.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "sql_target.hpp"

namespace qonduit::sql::testing {

using qonduit::testing::SampleRun;
using qonduit::testing::SinkDriver;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
using Line = std::vector<qonduit::testing::Cell>;

// Region, Year, Sales: what the tests deliver.
struct Sale {
  std::optional<std::string> region;
  std::optional<std::int64_t> year;
  std::optional<double> sales;
};

class SqlModes : public ::testing::TestWithParam<SqlTarget> {
 protected:
  SqlModes() {
    auto pattern = (std::filesystem::temp_directory_path() / "qonduit-sql-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    folder_ = pattern;
    base_ = GetParam().make(folder_);
    auto plugin = qonduit::testing::load_plugin(GetParam().plugin);
    if (!plugin) throw std::runtime_error(plugin.error().message());
    api_ = qonduit::testing::find_component(**plugin, GetParam().sink, false)->sink;
    run_.run_id = "run-1";
    run_.title = "sales";
  }
  ~SqlModes() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  SinkDriver create(const Options& more) const {
    auto options = base_;
    options.insert(options.end(), more.begin(), more.end());
    auto sink = SinkDriver::create(*api_, options);
    if (!sink) throw std::runtime_error(sink.error().message());
    return std::move(*sink);
  }

  [[nodiscard]] Status create_status(const Options& more) const {
    auto options = base_;
    options.insert(options.end(), more.begin(), more.end());
    return SinkDriver::create(*api_, options).status();
  }

  static Schema schema() {
    return {{{"Region", Type::utf8, true, {{"qlik.title", "Region"}}},
             {"Year", Type::int64},
             {"Sales", Type::float64, true, {{"qlik.expression", "Sum(Sales)"}}}}};
  }
  static qonduit::arrow::ArrayHandle batch(const std::vector<Sale>& sales) {
    std::vector<Column> columns;
    for (const auto type : {Type::utf8, Type::int64, Type::float64}) columns.emplace_back(type);
    for (const auto& [region, year, amount] : sales) {
      region ? columns[0].append_text(*region) : columns[0].append_null();
      year ? columns[1].append_int64(*year) : columns[1].append_null();
      amount ? columns[2].append_float64(*amount) : columns[2].append_null();
    }
    qonduit::arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    return array;
  }
  Status deliver(SinkDriver& sink, const std::vector<Sale>& sales) { return deliver(sink, schema(), *batch(sales)); }
  Status deliver(SinkDriver& sink, const Schema& columns, const ArrowArray& rows) {
    auto status = sink.open(run_, columns);
    if (status.ok()) status = sink.write(rows);
    if (status.ok()) status = sink.commit();
    if (!status.ok()) static_cast<void>(sink.abort());
    return status;
  }
  // A delivery of the next run, by a sink of its own.
  Status next(const Options& options, const std::vector<Sale>& sales) {
    run_.run_id = "run-" + std::to_string(++runs_);
    auto sink = create(options);
    return deliver(sink, sales);
  }

  Rows query(const std::string& sql) const { return GetParam().query(folder_, sql); }
  Rows sales(const std::string& table = "sales") const {
    return query("SELECT \"Region\", \"Year\", \"Sales\" FROM \"" + table + "\" ORDER BY 1, 2, 3");
  }

  std::filesystem::path folder_;
  Options base_;
  const qonduit_sink_api* api_ = nullptr;
  SampleRun run_;
  int runs_ = 1;
};

#define QONDUIT_SQL_OK(expression)                                                                            \
  do {                                                                                                        \
    const ::qonduit::Status qonduit_status = (expression);                                                    \
    ASSERT_TRUE(qonduit_status.ok()) << to_string(qonduit_status.code()) << ": " << qonduit_status.message(); \
  } while (false)

TEST_P(SqlModes, AppendAddsRows) {
  QONDUIT_SQL_OK(next({}, {{"North", 2024, 1.5}}));
  QONDUIT_SQL_OK(next({}, {{"South", 2025, 2.5}, {{}, {}, {}}}));
  EXPECT_THAT(sales(), UnorderedElementsAre(Line{"North", "2024", "1.5"}, Line{"South", "2025", "2.5"}, Line{{}, {}, {}}));
}

TEST_P(SqlModes, AppendDeliversARunOnce) {
  auto sink = create({});
  QONDUIT_SQL_OK(deliver(sink, {{"North", 2024, 1.5}}));
  QONDUIT_SQL_OK(deliver(sink, {{"North", 2024, 1.5}}));
  EXPECT_THAT(sink.delivery()->note, HasSubstr("delivered before"));
  EXPECT_EQ(sink.delivery()->rows, 1u) << "they are counted as rows it was given";
  auto another = create({});
  QONDUIT_SQL_OK(deliver(another, {{"North", 2024, 1.5}}));
  EXPECT_THAT(sales(), ElementsAre(Line{"North", "2024", "1.5"}));
}

TEST_P(SqlModes, ReplaceShowsTheLastDeliveryOnly) {
  for (const std::string method : {"rewrite", "swap", "view"}) {
    if (method == "swap" && !GetParam().swaps) continue;
    run_.title = method;
    const Options options = {{"mode", "replace"}, {"method", method}};
    for (int year = 2024; year < 2028; ++year) {
      QONDUIT_SQL_OK(next(options, {{"North", year, 1.5}, {"South", year, {}}}));
      EXPECT_THAT(sales(method), ElementsAre(Line{"North", std::to_string(year), "1.5"}, Line{"South", std::to_string(year), {}}))
          << method;
    }
  }
}

TEST_P(SqlModes, RewriteKeepsWhatHangsOnTheTable) {
  QONDUIT_SQL_OK(next({{"mode", "replace"}}, {{"North", 2024, 1.5}}));
  query("CREATE VIEW report AS SELECT \"Region\" FROM sales");
  QONDUIT_SQL_OK(next({{"mode", "replace"}}, {{"South", 2024, 1.5}}));
  EXPECT_THAT(query("SELECT * FROM report"), ElementsAre(Line{"South"}));
}

TEST_P(SqlModes, SwapIsRefusedWhereAViewHangsOnTheTable) {
  if (!GetParam().swaps) GTEST_SKIP() << "this database does not tell what hangs on a table";
  const Options options = {{"mode", "replace"}, {"method", "swap"}};
  QONDUIT_SQL_OK(next(options, {{"North", 2024, 1.5}}));
  query("CREATE VIEW report AS SELECT \"Region\" FROM sales");
  const auto status = next(options, {{"South", 2024, 1.5}});
  EXPECT_EQ(status.code(), Code::invalid_config);
  EXPECT_THAT(status.message(), HasSubstr("report"));
  EXPECT_THAT(sales(), ElementsAre(Line{"North", "2024", "1.5"}));
}

TEST_P(SqlModes, SwapDoesNotMindAViewThatOnlyHasAColumnOfTheName) {
  if (!GetParam().swaps) GTEST_SKIP() << "this database does not tell what hangs on a table";
  const Options options = {{"mode", "replace"}, {"method", "swap"}};
  QONDUIT_SQL_OK(next(options, {{"North", 2024, 1.5}}));
  query("CREATE TABLE other (sales INTEGER)");
  query("CREATE VIEW report AS SELECT sales FROM other");
  QONDUIT_SQL_OK(next(options, {{"South", 2024, 1.5}}));
  EXPECT_THAT(sales(), ElementsAre(Line{"South", "2024", "1.5"}));
}

TEST_P(SqlModes, ViewKeepsGenerations) {
  const Options options = {{"mode", "replace"}, {"method", "view"}, {"generations", "2"}};
  for (int year = 2020; year < 2025; ++year) QONDUIT_SQL_OK(next(options, {{"North", year, 1.0}}));
  EXPECT_THAT(sales(), ElementsAre(Line{"North", "2024", "1"}));
  EXPECT_THAT(sales("sales__5"), ElementsAre(Line{"North", "2024", "1"}));
  EXPECT_THAT(sales("sales__4"), ElementsAre(Line{"North", "2023", "1"})) << "the generation before is there to compare";
  EXPECT_THROW(sales("sales__3"), std::exception);
}

TEST_P(SqlModes, AViewFollowsItsColumns) {
  const Options options = {{"mode", "replace"}, {"method", "view"}, {"schema-change", "evolve"}};
  const auto deliver_field = [&](const Field& field, const std::function<void(Column&)>& append) {
    run_.run_id = "run-" + std::to_string(++runs_);
    std::vector<Column> columns;
    columns.emplace_back(field.type);
    append(columns[0]);
    qonduit::arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    auto sink = create(options);
    return deliver(sink, {{field}}, *array);
  };
  QONDUIT_SQL_OK(deliver_field({"n", Type::int64}, [](Column& column) { column.append_int64(7); }));
  QONDUIT_SQL_OK(deliver_field({"n", Type::float64}, [](Column& column) { column.append_float64(0.5); }));
  EXPECT_THAT(query("SELECT * FROM sales"), ElementsAre(Line{"0.5"}));
  QONDUIT_SQL_OK(deliver_field({"m", Type::utf8}, [](Column& column) { column.append_text("x"); }));
  EXPECT_THAT(query("SELECT n, m FROM sales"), ElementsAre(Line{{}, "x"}));
}

TEST_P(SqlModes, MergeUpdatesInsertsAndDeletes) {
  const Options options = {{"mode", "merge"}, {"key", "Region, Year"}};
  QONDUIT_SQL_OK(next(options, {{"North", 2024, 1.5}, {"South", 2024, 2.5}}));
  QONDUIT_SQL_OK(next(options, {{"North", 2024, 9.5}, {"West", 2024, {}}}));
  EXPECT_THAT(sales(), ElementsAre(Line{"North", "2024", "9.5"}, Line{"South", "2024", "2.5"}, Line{"West", "2024", {}}));
  auto deleting = options;
  deleting.emplace_back("delete-missing", "true");
  QONDUIT_SQL_OK(next(deleting, {{"North", 2024, 9.5}, {"West", 2024, 3.0}}));
  EXPECT_THAT(sales(), ElementsAre(Line{"North", "2024", "9.5"}, Line{"West", "2024", "3"}));
}

// Turns of foreach share a table: what one turn does not have may be another's.
TEST_P(SqlModes, WhatIsMissingFromATurnIsDeletedOfThatTurnOnly) {
  auto columns = schema();
  columns.fields[0].metadata.emplace_back("qlik.role", "loop");
  const auto turn = [&](const Options& options, const std::string& region, const std::vector<Sale>& rows) {
    run_.run_id = "run-" + std::to_string(++runs_);
    run_.loop = {{"Region", region}};
    run_.dataset = "Region=" + region;
    auto sink = create(options);
    return deliver(sink, columns, *batch(rows));
  };
  Options options = {{"mode", "merge"}, {"key", "Region, Year"}, {"delete-missing", "true"}};
  QONDUIT_SQL_OK(turn(options, "Nord \xc3\xb6", {{"Nord \xc3\xb6", 2024, 1.5}, {"Nord \xc3\xb6", 2025, 1.0}}));
  QONDUIT_SQL_OK(turn(options, "South", {{"South", 2024, 2.5}, {"South", 2025, 3.5}}));
  QONDUIT_SQL_OK(turn(options, "South", {{"South", 2025, 4.5}}));
  QONDUIT_SQL_OK(turn(options, "Nord \xc3\xb6", {}));
  EXPECT_THAT(sales(),
              UnorderedElementsAre(Line{"Nord \xc3\xb6", "2024", "1.5"}, Line{"Nord \xc3\xb6", "2025", "1"}, Line{"South", "2025", "4.5"}));

  options[0].second = "history";
  options.emplace_back("table", "kept");
  const auto current = [&] { return query("SELECT 1 FROM kept WHERE valid_to IS NULL").size(); };
  QONDUIT_SQL_OK(turn(options, "North", {{"North", 2024, 1.5}, {"North", 2025, 1.0}}));
  QONDUIT_SQL_OK(turn(options, "South", {{"South", 2024, 2.5}}));
  EXPECT_EQ(current(), 3u);
  QONDUIT_SQL_OK(turn(options, "North", {{"North", 2025, 1.0}}));
  EXPECT_EQ(current(), 2u);
}

TEST_P(SqlModes, ATurnWhoseColumnIsNotDeliveredCannotSayWhatIsMissing) {
  run_.loop = {{"Country", "Sweden"}};
  run_.dataset = "Country=Sweden";
  const auto status = next({{"mode", "merge"}, {"key", "Year"}, {"delete-missing", "true"}}, {{"North", 2024, 1.5}});
  EXPECT_EQ(status.code(), Code::invalid_config) << status.message();
  EXPECT_THAT(status.message(), ::testing::AllOf(HasSubstr("delete-missing"), HasSubstr("turn")));
}

TEST_P(SqlModes, ARefusedRowIsNotMissing) {
  const auto file = folder_ / "rejects.jsonl";
  for (const auto* mode : {"merge", "history"}) {
    const Options options = {{"mode", mode},       {"key", "Year"}, {"delete-missing", "true"}, {"reject", "skip-to " + file.string()},
                             {"text-length", "5"}, {"table", mode}};
    QONDUIT_SQL_OK(next(options, {{"old", 2024, 1.0}, {"old", 2025, 1.0}, {"old", 2026, 1.0}}));
    QONDUIT_SQL_OK(next(options, {{"new", 2024, 1.0}, {"far too long", 2025, 1.0}}));
    const auto open = std::string(mode) == "merge" ? "" : " WHERE valid_to IS NULL";
    EXPECT_THAT(query("SELECT \"Year\", \"Region\" FROM \"" + std::string(mode) + "\"" + open + " ORDER BY 1"),
                ElementsAre(Line{"2024", "new"}, Line{"2025", "old"}))
        << mode << ": 2025 was there and was refused, 2026 was not there";
  }
}

// Which row was refused cannot be told where its key is what was refused.
TEST_P(SqlModes, NothingIsMissingWhereTheKeyOfARefusedRowIsNotKnown) {
  const auto file = folder_ / "rejects.jsonl";
  const Options options = {
      {"mode", "merge"}, {"key", "Region"}, {"delete-missing", "true"}, {"reject", "skip-to " + file.string()}, {"text-length", "5"}};
  QONDUIT_SQL_OK(next(options, {{"North", 2024, 1.0}, {"South", 2024, 1.0}}));
  run_.run_id = "run-" + std::to_string(++runs_);
  auto sink = create(options);
  QONDUIT_SQL_OK(deliver(sink, {{"North", 2025, 1.0}, {std::string("So\0th", 5), 2025, 1.0}}));
  EXPECT_THAT(sales(), ElementsAre(Line{"North", "2025", "1"}, Line{"South", "2024", "1"}));
  EXPECT_THAT(sink.delivery()->note, HasSubstr("were not deleted"));
}

TEST_P(SqlModes, ADeliveryWithoutRowsDoesNotEmptyATable) {
  const auto file = folder_ / "rejects.jsonl";
  std::vector<Options> kinds = {{{"mode", "replace"}},
                                {{"mode", "replace"}, {"reject", "skip-to " + file.string()}, {"text-length", "5"}},
                                {{"mode", "merge"}, {"key", "Year"}, {"delete-missing", "true"}}};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    auto& options = kinds[i];
    const auto table = "t" + std::to_string(i);
    options.emplace_back("table", table);
    QONDUIT_SQL_OK(next(options, {}));
    QONDUIT_SQL_OK(next(options, {{"North", 2024, 1.5}}));
    std::vector<Sale> none;
    if (i == 1) none.push_back({"far too long", 2024, 1.5});
    const auto status = next(options, none);
    EXPECT_EQ(status.code(), Code::bad_data) << table;
    EXPECT_THAT(status.message(), ::testing::AllOf(HasSubstr("no rows"), HasSubstr("allow-empty"))) << table;
    EXPECT_EQ(sales(table).size(), 1u) << table;
    options.emplace_back("allow-empty", "true");
    QONDUIT_SQL_OK(next(options, none));
    EXPECT_EQ(sales(table).size(), 0u) << table;
  }
}

// A title is what the author of an app wrote: it must not lead to the sink's own tables.
TEST_P(SqlModes, ATitleIsNeverTheNameOfATableOfTheSink) {
  run_.title = "_qonduit_deliveries";
  QONDUIT_SQL_OK(next({{"mode", "replace"}}, {{"North", 2024, 1.5}}));
  run_.run_id = "run-" + std::to_string(++runs_);
  auto sink = create({{"mode", "replace"}});
  QONDUIT_SQL_OK(deliver(sink, {{"South", 2024, 1.5}}));
  EXPECT_THAT(sink.delivery()->target, HasSubstr("table qonduit_deliveries_"));
  const auto status = create_status({{"table", "_QONDUIT_mine"}});
  EXPECT_EQ(status.code(), Code::invalid_config);
  EXPECT_THAT(status.message(), HasSubstr("_qonduit_"));
}

TEST_P(SqlModes, MergeNamesTheKeyThatIsNone) {
  const Options options = {{"mode", "merge"}, {"key", "Region, Year"}};
  QONDUIT_SQL_OK(next(options, {{"North", 2024, 1.5}}));
  auto status = next(options, {{"East", 2024, 1.0}, {"South", 2025, 1.0}, {"South", 2025, 2.0}});
  EXPECT_EQ(status.code(), Code::bad_data) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("Region = 'South', Year = '2025' occurs 2 times"));
  status = next(options, {{"East", 2024, 1.0}, {"South", {}, 1.0}});
  EXPECT_EQ(status.code(), Code::bad_data) << status.message();
  EXPECT_THAT(status.message(), ::testing::AllOf(HasSubstr("Year"), HasSubstr("null")));
  EXPECT_THAT(sales(), ElementsAre(Line{"North", "2024", "1.5"})) << "nothing of it was delivered";
}

TEST_P(SqlModes, HistoryKeepsEveryVersion) {
  Options options = {{"mode", "history"}, {"key", "Region, Year"}};
  run_.started_at = "2026-01-01T00:00:00Z";
  QONDUIT_SQL_OK(next(options, {{"North", 2024, 1.5}, {"South", 2024, {}}}));
  run_.started_at = "2026-01-02T00:00:00Z";
  QONDUIT_SQL_OK(next(options, {{"North", 2024, 2.5}, {"South", 2024, {}}}));
  options.emplace_back("delete-missing", "true");
  run_.started_at = "2026-01-03T00:00:00Z";
  QONDUIT_SQL_OK(next(options, {{"North", 2024, 2.5}}));
  const auto rows = query("SELECT \"Region\", \"Sales\", valid_from, valid_to, \"current\" FROM sales ORDER BY 1, 3");
  ASSERT_EQ(rows.size(), 3u);
  const auto day = [](const qonduit::testing::Cell& cell) { return cell ? cell->substr(0, 10) : std::string("open"); };
  std::vector<std::string> seen;
  for (const auto& row : rows) {
    seen.push_back(*row[0] + " " + row[1].value_or("null") + " " + day(row[2]) + " " + day(row[3]) +
                   (row[4] == GetParam().yes ? " current" : ""));
  }
  EXPECT_THAT(seen,
              ElementsAre("North 1.5 2026-01-01 2026-01-02", "North 2.5 2026-01-02 open current", "South null 2026-01-01 2026-01-03"));
}

TEST_P(SqlModes, TablesOfARunAppearTogether) {
  if (!GetParam().transactional_ddl) GTEST_SKIP() << "this database commits with every CREATE";
  auto sink = create({{"atomic", "run"}});
  run_.title = "first";
  run_.object_id = "a";
  QONDUIT_SQL_OK(deliver(sink, {{"North", 2024, 1.5}}));
  run_.title = "second";
  run_.object_id = "b";
  QONDUIT_SQL_OK(deliver(sink, {{"South", 2024, 1.5}}));
  EXPECT_THROW(sales("first"), std::exception) << "committed, and not visible before the run is";
  QONDUIT_SQL_OK(sink.end_run(run_.run_id, true));
  EXPECT_EQ(sales("first").size(), 1u);
  EXPECT_EQ(sales("second").size(), 1u);

  run_.run_id = "run-2";
  QONDUIT_SQL_OK(deliver(sink, {{"South", 2025, 1.5}}));
  QONDUIT_SQL_OK(sink.open(run_, schema()));
  QONDUIT_SQL_OK(sink.abort());
  QONDUIT_SQL_OK(sink.end_run(run_.run_id, false));
  EXPECT_EQ(sales("second").size(), 1u) << "a run that failed leaves nothing";
  EXPECT_EQ(*sink.committed("run-1"), Committed::yes);
  EXPECT_EQ(*sink.committed("run-2"), Committed::no);
}

TEST_P(SqlModes, SchemaChangesFailByDefaultAndSayHow) {
  QONDUIT_SQL_OK(next({}, {{"North", 2024, 1.5}}));
  auto wider = schema();
  wider.fields.push_back({"Margin", Type::float64});
  std::vector<Column> columns;
  for (const auto& field : wider.fields) columns.emplace_back(field.type);
  columns[0].append_text("South"), columns[1].append_int64(2025), columns[2].append_float64(2), columns[3].append_float64(0.25);
  ArrowArray array{};
  finish_batch(columns, &array);
  const qonduit::arrow::ArrayHandle owner(new ArrowArray(array));

  run_.run_id = "run-w1";
  auto strict = create({});
  auto status = deliver(strict, wider, array);
  EXPECT_EQ(status.code(), Code::invalid_config);
  EXPECT_THAT(status.message(), HasSubstr("'Margin'"));
  run_.run_id = "run-w2";
  auto ignoring = create({{"schema-change", "ignore"}});
  QONDUIT_SQL_OK(deliver(ignoring, wider, array));
  EXPECT_THAT(ignoring.delivery()->note, HasSubstr("'Margin'"));
  run_.run_id = "run-w3";
  auto evolving = create({{"schema-change", "evolve"}});
  QONDUIT_SQL_OK(deliver(evolving, wider, array));
  EXPECT_THAT(query("SELECT \"Year\", \"Margin\" FROM sales ORDER BY 1, 2"),
              UnorderedElementsAre(Line{"2024", {}}, Line{"2025", {}}, Line{"2025", "0.25"}));
}

TEST_P(SqlModes, WholeNumbersBecomeRealsAndTextsWhereNothingIsLost) {
  const auto one = [](Type type, auto append) {
    std::vector<Column> columns;
    columns.emplace_back(type);
    append(columns[0]);
    qonduit::arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    return array;
  };
  const auto deliver_one = [&](Type type, auto append) {
    run_.run_id = "run-" + std::to_string(++runs_);
    auto sink = create({{"schema-change", "evolve"}});
    return deliver(sink, {{{"n", type}}}, *one(type, append));
  };
  QONDUIT_SQL_OK(deliver_one(Type::int64, [](Column& column) { column.append_int64(7); }));
  QONDUIT_SQL_OK(deliver_one(Type::float64, [](Column& column) { column.append_float64(0.1); }));
  QONDUIT_SQL_OK(deliver_one(Type::utf8, [](Column& column) { column.append_text("many"); }));
  EXPECT_THAT(query("SELECT n FROM sales"), UnorderedElementsAre(Line{"0.1"}, ::testing::AnyOf(Line{"7"}, Line{"7.0"}), Line{"many"}));

  run_.title = "big";
  QONDUIT_SQL_OK(deliver_one(Type::int64, [](Column& column) { column.append_int64(9'007'199'254'740'993); }));
  const auto status = deliver_one(Type::float64, [](Column& column) { column.append_float64(0.1); });
  EXPECT_EQ(status.code(), Code::bad_data) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("2^53"));
  EXPECT_THAT(query("SELECT n FROM big"), ElementsAre(Line{"9007199254740993"}));
}

TEST_P(SqlModes, ObjectsOfOneTitleKeepTheirTables) {
  const Options options = {{"mode", "replace"}};
  auto sink = create(options);
  run_.object_id = "a";
  QONDUIT_SQL_OK(deliver(sink, {{"A", 1, 1.0}}));
  run_.object_id = "b";
  QONDUIT_SQL_OK(deliver(sink, {{"B", 1, 1.0}}));
  EXPECT_THAT(sales(), ElementsAre(Line{"A", "1", "1"}));
  EXPECT_THAT(sales("sales_b"), ElementsAre(Line{"B", "1", "1"}));
  QONDUIT_SQL_OK(next(options, {{"B", 2, 1.0}}));
  EXPECT_THAT(sales("sales_b"), ElementsAre(Line{"B", "2", "1"})) << "also where the other one is not delivered";
  EXPECT_THAT(sales(), ElementsAre(Line{"A", "1", "1"}));
}

TEST_P(SqlModes, MetadataGoesWithEveryRow) {
  run_.started_at = "2026-01-31T23:59:59Z";
  QONDUIT_SQL_OK(next({{"metadata", "run_id, app, object, delivered_at, reload_time, selections"}}, {{"North", 2024, 1.5}}));
  const auto rows = query("SELECT \"_run_id\", \"_app\", \"_object\", \"_delivered_at\", \"_reload_time\", \"_selections\" FROM sales");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0][0], run_.run_id);
  EXPECT_EQ(rows[0][1], run_.app);
  EXPECT_EQ(rows[0][2], run_.object_id);
  EXPECT_EQ(rows[0][3]->substr(0, 19), "2026-01-31 23:59:59");
  EXPECT_EQ(rows[0][4]->substr(0, 19), "2026-01-31 06:00:00");
  EXPECT_EQ(rows[0][5], "{}");
}

TEST_P(SqlModes, SnakeCaseNames) {
  run_.title = "Sales by R\u00e9gion (net)";
  auto sink = create({{"naming", "snake_case"}});
  std::vector<Column> columns;
  columns.emplace_back(Type::int64), columns.emplace_back(Type::int64);
  columns[0].append_int64(1), columns[1].append_int64(2);
  qonduit::arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  QONDUIT_SQL_OK(deliver(sink, {{{"Order ID", Type::int64}, {"order-id", Type::int64}}}, *array));
  EXPECT_THAT(query("SELECT order_id, order_id_2 FROM sales_by_region_net"), ElementsAre(Line{"1", "2"}));
}

TEST_P(SqlModes, RefusedRowsGoToTheRejectFile) {
  const auto file = folder_ / "rejects.jsonl";
  const Options options = {{"reject", "skip-to " + file.string()}, {"reject-limit", "2"}, {"text-length", "5"}};
  QONDUIT_SQL_OK(next(options, {{"North", 2024, 1.5}, {"far too long", 2025, 2.0}, {"South", 2026, 3.0}}));
  EXPECT_THAT(sales(), ElementsAre(Line{"North", "2024", "1.5"}, Line{"South", "2026", "3"}));
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("\"row\":2,\"column\":\"Region\""));
  EXPECT_THAT(text.str(), HasSubstr("far too long"));
  const auto status = next(options, {{"far too long", 1, 1.0}, {"far too long", 2, 1.0}, {"far too long", 3, 1.0}});
  EXPECT_EQ(status.code(), Code::bad_data);
  EXPECT_THAT(status.message(), HasSubstr("reject-limit"));
  EXPECT_EQ(sales().size(), 2u);
}

TEST_P(SqlModes, ConstraintsOfTheTableAreNamedWithRowAndValue) {
  QONDUIT_SQL_OK(next({{"primary-key", "Region"}, {"text-length", "20"}}, {{"North", 2024, 1.5}}));
  const auto status = next({}, {{"South", 2024, 1.5}, {"North", 2025, 1.5}});
  EXPECT_EQ(status.code(), Code::bad_data) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("North"));
  EXPECT_THAT(status.message(), HasSubstr("row 2"));
  EXPECT_THAT(sales(), ElementsAre(Line{"North", "2024", "1.5"}));
  const auto file = folder_ / "rejects.jsonl";
  QONDUIT_SQL_OK(next({{"reject", "skip-to " + file.string()}}, {{"South", 2024, 1.5}, {"North", 2025, 1.5}, {"West", 2024, 1.5}}));
  EXPECT_EQ(sales().size(), 3u) << "the row that breaks the key is left out, the others are there";
}

TEST_P(SqlModes, RowsThatBreakAConstraintOfTheTargetAreRejectedBeforeItIsReplaced) {
  const auto file = folder_ / "rejects.jsonl";
  const Options options = {{"mode", "replace"}, {"reject", "skip-to " + file.string()}, {"text-length", "20"}};
  QONDUIT_SQL_OK(next({{"mode", "replace"}, {"primary-key", "Region"}, {"text-length", "20"}}, {{"North", 2024, 1.5}}));
  const auto status = next(options, {{"South", 2025, 1.5}, {"South", 2026, 1.5}, {"West", 2025, 1.5}});
  if (!GetParam().copies_constraints) {
    EXPECT_EQ(status.code(), Code::bad_data) << status.message();
    EXPECT_THAT(sales(), ElementsAre(Line{"North", "2024", "1.5"})) << "the table is as it was";
    return;
  }
  QONDUIT_SQL_OK(status);
  EXPECT_THAT(sales(), ElementsAre(Line{"South", "2025", "1.5"}, Line{"West", "2025", "1.5"}));
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("\"row\":2,"));
}

TEST_P(SqlModes, NulBytesAreRefusedByRowAndColumn) {
  const auto status = next({}, {{"North", 2024, 1.5}, {std::string("a\0b", 3), 2025, 1.5}});
  EXPECT_EQ(status.code(), Code::bad_data);
  EXPECT_THAT(status.message(), ::testing::AllOf(HasSubstr("row 2"), HasSubstr("'Region'"), HasSubstr("NUL")));
}

TEST_P(SqlModes, LongTextsArriveWhole) {
  const std::string text(3 << 20, 'x');
  QONDUIT_SQL_OK(next(GetParam().long_texts, {{text, 1, 1.0}, {text + "y", 2, 1.0}}));
  EXPECT_THAT(query("SELECT length(\"Region\") FROM sales ORDER BY 1"),
              ElementsAre(Line{std::to_string(text.size())}, Line{std::to_string(text.size() + 1)}));
}

TEST_P(SqlModes, IndexesAreMadeWithTheTable) {
  QONDUIT_SQL_OK(next({{"index.by_region", "Region, Year"}, {"text-length", "20"}}, {{"North", 2024, 1.5}}));
  const auto status = next({{"index.by_region", "Regoin"}}, {{"North", 2024, 1.5}});
  EXPECT_EQ(status.code(), Code::invalid_config);
  EXPECT_THAT(status.message(), ::testing::AllOf(HasSubstr("'Regoin'"), HasSubstr("Region")));
}

TEST_P(SqlModes, AHigherFenceKeepsTheTable) {
  run_.fence = 7;
  QONDUIT_SQL_OK(next({}, {{"North", 2024, 1.5}}));
  run_.fence = 6;
  const auto status = next({}, {{"South", 2024, 1.5}});
  EXPECT_EQ(status.code(), Code::forbidden);
  EXPECT_THAT(status.message(), HasSubstr("taken over"));
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SqlModes);

}  // namespace qonduit::sql::testing

#define QONDUIT_SQL_MODES(prefix, ...)                                                                                          \
  namespace qonduit::sql::testing {                                                                                             \
  INSTANTIATE_TEST_SUITE_P(prefix, SqlModes, ::testing::Values(__VA_ARGS__), [](const auto& test) { return test.param.name; }); \
  }                                                                                                                             \
  static_assert(true, "a semicolon follows")
