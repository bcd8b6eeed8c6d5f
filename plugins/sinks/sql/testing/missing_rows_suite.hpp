// What is deleted, and what must stay, where a delivery lacks rows. Part of modes_suite.hpp.
#pragma once

#include "modes_fixture.hpp"

namespace qonduit::sql::testing {

// Turns of foreach share a table: what one turn does not have may be another's.
TEST_P(SqlModes, WhatIsMissingFromATurnIsDeletedOfThatTurnOnly) {
  auto columns = schema();
  columns.fields[0].metadata.emplace_back("qlik.role", "loop");
  const auto turn = [&](const Options& options, const std::string& region, const std::vector<Sale>& rows) {
    run_.run_id = "run-" + std::to_string(++runs_);
    run_.loop = {{"Region", region}};
    run_.turn = "Region=" + region;
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
  run_.turn = "Country=Sweden";
  const auto status = next({{"mode", "merge"}, {"key", "Year"}, {"delete-missing", "true"}}, {{"North", 2024, 1.5}});
  EXPECT_EQ(status.code(), Code::invalid_config) << status.message();
  EXPECT_THAT(status.message(), ::testing::AllOf(HasSubstr("delete-missing"), HasSubstr("turn")));
}

// Masked so that two turns look alike, each would delete, end or overwrite the rows of the other.
TEST_P(SqlModes, TurnsThatAreMaskedAlikeAreRefusedBeforeTheFirstRow) {
  const auto turn = [&](const Options& options, const std::string& mask) {
    auto columns = schema();
    columns.fields[0].metadata = {{"qlik.title", "Bölge"}, {"qlik.role", "loop"}};
    if (!mask.empty()) columns.fields[0].metadata.emplace_back("qlik.masked", mask);
    run_.run_id = "run-" + std::to_string(++runs_);
    run_.loop = {{"Bölge", "Güneybatı"}};
    run_.turn = "Bölge=Güneybatı";
    auto sink = create(options);
    return deliver(sink, columns, *batch({{"****batı", 2024, 1.5}}));
  };
  const auto refused = [&](const Options& options, const std::string& mask, const std::string& who) {
    const auto status = turn(options, mask);
    EXPECT_EQ(status.code(), Code::invalid_config) << status.message();
    EXPECT_THAT(status.message(), ::testing::AllOf(HasSubstr(who + ":"), HasSubstr("mask.Bölge = " + mask), HasSubstr("hash")));
  };
  refused({{"mode", "merge"}, {"key", "Year"}, {"delete-missing", "true"}, {"table", "a"}}, "last4", "delete-missing");
  refused({{"mode", "history"}, {"key", "Year"}, {"table", "b"}}, "redact", "mode = history");
  refused({{"mode", "merge"}, {"key", "Region, Year"}, {"table", "c"}}, "last4", "key");
  QONDUIT_SQL_OK(turn({{"mode", "merge"}, {"key", "Region, Year"}, {"delete-missing", "true"}, {"table", "d"}}, ""));
  QONDUIT_SQL_OK(turn({{"mode", "append"}, {"table", "e"}}, "redact"));
}

// The key does not say which turn a row is of: the later of two turns would take the place of the other's rows.
TEST_P(SqlModes, ARowThatTwoTurnsHaveFailsTheSecond) {
  auto columns = schema();
  columns.fields[0].metadata = {{"qlik.title", "Region"}, {"qlik.role", "loop"}};
  for (const std::string mode : {"merge", "history"}) {
    SCOPED_TRACE(mode);
    run_.run_id = "run-" + std::to_string(++runs_);
    auto sink = create({{"mode", mode}, {"key", "Year"}, {"table", "turns_" + mode}});
    const auto turn = [&](const std::string& region, const std::vector<Sale>& rows) {
      run_.loop = {{"Region", region}};
      run_.turn = "Region=" + region;
      return deliver(sink, columns, *batch(rows));
    };
    const auto years = [&] { return query("SELECT \"Region\", \"Year\" FROM turns_" + mode + " ORDER BY 2"); };
    QONDUIT_SQL_OK(turn("北", {{"北", 2023, 1.0}}));
    QONDUIT_SQL_OK(turn("南", {{"南", 2024, 2.0}}));
    const auto status = turn("東", {{"東", 2025, 3.0}, {"東", 2023, 4.0}});
    EXPECT_EQ(status.code(), Code::bad_data);
    EXPECT_THAT(status.message(),
                ::testing::AllOf(HasSubstr("Year = '2023'"), HasSubstr("another turn of foreach"), HasSubstr("key: Region")));
    EXPECT_THAT(years(), ElementsAre(Line{"北", "2023"}, Line{"南", "2024"}));
    QONDUIT_SQL_OK(turn("東", {{"東", 2025, 3.0}}));
    EXPECT_THAT(years(), ElementsAre(Line{"北", "2023"}, Line{"南", "2024"}, Line{"東", "2025"}));
    run_.run_id = "run-" + std::to_string(++runs_);
    QONDUIT_SQL_OK(turn("北", {{"北", 2023, 1.0}}));
    EXPECT_EQ(years().size(), 3u) << "another run has the same keys";
  }
}

// A column that is there twice does not stand for the one that is missing.
TEST_P(SqlModes, EveryLoopNeedsItsOwnColumn) {
  auto columns = schema();
  for (const std::size_t i : {0U, 1U}) columns.fields[i].metadata = {{"qlik.title", "Country"}, {"qlik.role", "loop"}};
  run_.loop = {{"Country", "Sweden"}, {"Shift", "1"}};
  run_.turn = "Country=Sweden, Shift=1";
  run_.run_id = "run-" + std::to_string(++runs_);
  auto sink = create({{"mode", "merge"}, {"key", "Year"}, {"delete-missing", "true"}});
  const auto status = deliver(sink, columns, *batch({{"Sweden", 2024, 1.5}}));
  EXPECT_EQ(status.code(), Code::invalid_config) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("'Shift'"));
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

}  // namespace qonduit::sql::testing
