// What every SQL sink does in every mode, as a GoogleTest suite: QONDUIT_SQL_MODES(Postgresql, target()). The same rows are delivered
// through the plugin's C table and looked at by the database's own means.
#pragma once

#include <array>

#include "missing_rows_suite.hpp"
#include "modes_fixture.hpp"
#include "names_suite.hpp"

namespace qonduit::sql::testing {

TEST_P(SqlModes, APlanSaysWhatADeliveryWouldDo) {
  const auto told = [&](const Options& options) {
    auto sink = create(options);
    const auto plan = sink.plan(run_, schema());
    return plan ? plan->before + " ... " + plan->after : plan.error().message();
  };
  EXPECT_THAT(told({{"mode", "append"}}), HasSubstr("makes table"));
  QONDUIT_SQL_OK(next({{"mode", "append"}}, {{"North", 2024, 1.5}}));
  EXPECT_THAT(told({{"mode", "append"}}), ::testing::MatchesRegex("adds ... to table .*sales\"$"));
  EXPECT_THAT(told({{"mode", "replace"}}), ::testing::MatchesRegex("replaces table .*sales\" with ... "));
  EXPECT_THAT(told({{"mode", "merge"}, {"key", "Region, Year"}}),
              ::testing::MatchesRegex("merges ... into table .*sales\" by key Region, Year"));
  EXPECT_THAT(told({{"mode", "merge"}, {"key", "Regoin"}}), HasSubstr("no column 'Regoin' (did you mean 'Region'?)"));
  EXPECT_THAT(told({{"mode", "append"}, {"column-type.Größe", "TEXT"}}), HasSubstr("column-type.Größe"));
  EXPECT_THAT(told({{"mode", "history"}, {"key", "Region"}}), HasSubstr("valid_from")) << "the table that is there has no versions";
}

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

TEST_P(SqlModes, AViewThatSomebodyElseMadeIsNotReplaced) {
  // The file of a database is made by the first delivery.
  QONDUIT_SQL_OK(next({{"mode", "replace"}, {"table", "others"}}, {{"North", 2024, 1.0}}));
  query("CREATE VIEW sales AS SELECT 1 AS mine");
  const auto status = next({{"mode", "replace"}, {"method", "view"}}, {{"North", 2024, 1.0}});
  // Where the user may not look at it either, that is said.
  EXPECT_TRUE(status.code() == Code::invalid_config || status.code() == Code::forbidden);
  EXPECT_THAT(status.message(),
              AnyOf(HasSubstr("a view of this name is there that no delivery has made"), HasSubstr("cannot look at 'sales'")));
  EXPECT_THAT(query("SELECT mine FROM sales"), ElementsAre(Line{"1"}));
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

// A title is what the author of an app wrote: it must not lead to the sink's own tables.
TEST_P(SqlModes, ATitleIsNeverTheNameOfATableOfTheSink) {
  run_.title = "_qonduit_deliveries";
  QONDUIT_SQL_OK(next({{"mode", "replace"}}, {{"North", 2024, 1.5}}));
  run_.run_id = "run-" + std::to_string(++runs_);
  auto sink = create({{"mode", "replace"}});
  QONDUIT_SQL_OK(deliver(sink, {{"South", 2024, 1.5}}));
  EXPECT_THAT(sink.delivery()->target, HasSubstr("table qonduit_deliveries_"));
  const auto status = try_to_create({{"table", "_QONDUIT_mine"}}).status();
  EXPECT_EQ(status.code(), Code::invalid_config);
  EXPECT_THAT(status.message(), HasSubstr("_qonduit_"));
}

TEST_P(SqlModes, AnOptionWithoutEffectIsRefused) {
  for (const auto& [option, value, wanted] : std::vector<std::array<const char*, 3>>{{"generations", "2", "method = view"},
                                                                                     {"reject-limit", "100", "skip-to"},
                                                                                     {"allow-empty", "true", "append"},
                                                                                     {"delete-missing", "true", "merge"}}) {
    const auto status = try_to_create({{"mode", "append"}, {option, value}}).status();
    EXPECT_EQ(status.code(), Code::invalid_config) << option;
    EXPECT_THAT(status.message(), ::testing::AllOf(HasSubstr(std::string(option) + ": "), HasSubstr(wanted)));
  }
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
  const auto first = "order_id_" + short_hash("Order ID").substr(0, 8), second = "order_id_" + short_hash("order-id").substr(0, 8);
  EXPECT_THAT(query("SELECT " + first + ", " + second + " FROM sales_by_region_net"), ElementsAre(Line{"1", "2"}));
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
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SqlNames);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SqlColumns);

}  // namespace qonduit::sql::testing

#define QONDUIT_SQL_MODES(prefix, ...)                                                                                            \
  namespace qonduit::sql::testing {                                                                                               \
  INSTANTIATE_TEST_SUITE_P(prefix, SqlModes, ::testing::Values(__VA_ARGS__), [](const auto& test) { return test.param.name; });   \
  INSTANTIATE_TEST_SUITE_P(prefix, SqlNames, ::testing::Values(__VA_ARGS__), [](const auto& test) { return test.param.name; });   \
  INSTANTIATE_TEST_SUITE_P(prefix, SqlColumns, ::testing::Values(__VA_ARGS__), [](const auto& test) { return test.param.name; }); \
  }                                                                                                                               \
  static_assert(true, "a semicolon follows")
