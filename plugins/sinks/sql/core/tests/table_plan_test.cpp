#include "plugins/sinks/sql/core/table_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <qonduit/hidden_titles.hpp>

#include "plain_dialect.hpp"
#include "plugins/sinks/sql/core/statements.hpp"

namespace qonduit::sql {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class TablePlanTest : public ::testing::Test {
 protected:
  TablePlanTest() {
    run_.run_id = "run-1";
    run_.app = "Sales";
    run_.object_id = "obj";
    run_.title = "By region";
    run_.sheet = "Overview";
    run_.started_at = "2026-01-31T06:00:00.000Z";
    run_.reload_time = "2026-01-30T23:00:00.250Z";
  }

  Result<TablePlan> plan() const { return plan_table(options_, dialect_, run_, schema_); }
  TablePlan planned() const {
    auto made = plan();
    EXPECT_TRUE(made) << made.error().message();
    return std::move(*made);
  }
  std::string refusal() const {
    const auto made = plan();
    return made ? "planned" : made.error().message();
  }
  static std::vector<std::string> types(const TablePlan& plan) {
    std::vector<std::string> types;
    for (const auto& column : plan.all_columns())
      types.push_back(column.name + ": " + column.type + (column.nullable ? "" : ", never null"));
    return types;
  }

  testing::PlainDialect dialect_;
  SqlOptions options_;
  qonduit::Run run_;
  Schema schema_{{{"Region", Type::utf8, true, {{"qlik.title", "Region"}}},
                  {"Year", Type::int64, false, {}},
                  {"Sales", Type::float64, true, {{"qlik.expression", "Sum(Sales)"}}}}};
};

TEST_F(TablePlanTest, TypesFollowTheKinds) {
  EXPECT_THAT(types(planned()), ElementsAre("Region: text", "Year: integer, never null", "Sales: real"));
  options_.type = {{"real", "real too"}};
  options_.column_type = {{"Region", "text of my own"}};
  options_.text_length = 9;
  EXPECT_THAT(types(planned()), ElementsAre("Region: text of my own", "Year: integer 9, never null", "Sales: real too"));
}

TEST_F(TablePlanTest, KeysAreBoundedAndNeverNullInAPrimaryKey) {
  options_.mode = Mode::merge;
  options_.key = {"Region", "Year"};
  const auto plan = planned();
  EXPECT_THAT(plan.primary_key, ElementsAre("Region", "Year"));
  EXPECT_THAT(types(plan), ElementsAre("Region: text bounded, never null", "Year: integer bounded, never null", "Sales: real"));
  EXPECT_THAT(plan.compared(), ElementsAre("Sales"));
}

TEST_F(TablePlanTest, MetadataAndCommentsSayWhereRowsComeFrom) {
  options_.metadata = {"run_id", "delivered_at", "reload_time"};
  const auto plan = planned();
  EXPECT_THAT(plan.names(), ElementsAre("Region", "Year", "Sales", "_run_id", "_delivered_at", "_reload_time"));
  EXPECT_EQ(plan.columns[3].load.constant, "run-1");
  EXPECT_EQ(plan.columns[4].load.constant, "2026-01-31T06:00:00") << "a fraction that is zero is none";
  EXPECT_EQ(plan.columns[5].load.constant, "2026-01-30T23:00:00.250");
  EXPECT_THAT(plan.compared(), ElementsAre("Region", "Year", "Sales")) << "metadata is no change of a row";
  EXPECT_EQ(plan.comment, "By region (Sales, Overview)");
  EXPECT_EQ(plan.columns[2].spec.comment, "Sales: Sum(Sales)");
  run_.reload_time = "";
  EXPECT_EQ(planned().columns[5].load.constant, std::nullopt) << "not known is null";
}

TEST_F(TablePlanTest, HistoryHasColumnsForValidity) {
  options_.mode = Mode::history;
  options_.key = {"Region"};
  EXPECT_THAT(types(planned()), ElementsAre("Region: text bounded", "Year: integer, never null", "Sales: real",
                                            "valid_from: timestamp, never null", "valid_to: timestamp", "current: boolean, never null"));
  schema_.fields[1].name = "Current";
  EXPECT_THAT(refusal(), AllOf(HasSubstr("'current'"), HasSubstr("'Current'"), HasSubstr("rename")));
  options_.naming = Naming::snake_case;
  options_.key = {"region"};
  schema_.fields[1].name = "Valid to";
  EXPECT_EQ(refusal(), "mode = history adds a column 'valid_to', and column 'Valid to' of the delivery has that name; rename it");
}

TEST_F(TablePlanTest, RealsAsTextAreTextColumns) {
  options_.non_finite = NonFinite::text;
  const auto plan = planned();
  EXPECT_EQ(plan.columns[2].spec.type, "text");
  EXPECT_EQ(plan.columns[2].load.kind, Kind::real) << "what the batch holds";
}

TEST_F(TablePlanTest, SaysWhatIsWrongWithTheOptions) {
  options_.index = {{"by_region", {"Regoin"}}};
  EXPECT_THAT(refusal(), AllOf(HasSubstr("index.by_region"), HasSubstr("'Regoin'"), HasSubstr("Region")));
  options_.index = {{"none", {}}};
  EXPECT_THAT(refusal(), HasSubstr("names no column"));
  options_.index.clear();
  options_.type = {{"number", "x"}};
  EXPECT_THAT(refusal(), HasSubstr("type.number"));
  options_.type.clear();
  options_.column_type = {{"Sales", "integer"}};
  EXPECT_THAT(refusal(), AllOf(HasSubstr("'Sales'"), HasSubstr("integer"), HasSubstr("losing")));
  options_.column_type = {{"Salse", "real"}};
  EXPECT_THAT(refusal(), HasSubstr("column-type.Salse"));
  options_.column_type.clear();
  options_.metadata = {"runid"};
  EXPECT_THAT(refusal(), HasSubstr("'runid'"));
  options_.metadata.clear();
  schema_.fields.clear();
  EXPECT_EQ(plan().error().code(), Code::unsupported);
}

TEST_F(TablePlanTest, ColumnsOfOneNameAreToldApartByTheirTitles) {
  schema_.fields = {{"Sales", Type::int64}, {"sales", Type::int64}, {"Sales_2", Type::int64}, {std::string(30, 'x'), Type::int64}};
  const auto names = planned().names();
  EXPECT_THAT(names, ElementsAre("Sales_" + short_hash("Sales").substr(0, 8), "sales_" + short_hash("sales").substr(0, 8), "Sales_2",
                                 ::testing::SizeIs(20)));
}

// Two columns of one title have names with something of their own behind it.
TEST_F(TablePlanTest, ATitleOfSeveralColumnsIsTheNameOfNone) {
  const auto titled = [](const char* name, const char* role) {
    return Field{name, Type::utf8, true, {{"qlik.title", "Größe"}, {"qlik.role", role}}};
  };
  options_.mode = Mode::merge;
  options_.key = {"Größe"};
  schema_.fields = {titled("Größe_a1", "dimension"), titled("Größe_a1_text", "text"), titled("Größe_b2", "measure")};
  EXPECT_EQ(refusal(), "key: 'Größe' is the title of two columns: 'Größe_a1', 'Größe_b2'; name one of them by its name");
  options_.key = {"Größe_b2"};
  EXPECT_THAT(planned().key, ElementsAre("Größe_b2"));
  options_.index = {{"by_size", {"Größe"}}};
  EXPECT_THAT(refusal(), HasSubstr("index.by_size: 'Größe' is the title of two columns"));
  options_.index.clear();
  options_.column_type = {{"Größe", "text"}};
  EXPECT_THAT(refusal(), HasSubstr("column-type.Größe: 'Größe' is the title of two columns"));
  options_.column_type.clear();
  options_.key = {"Größe"};
  schema_.fields.pop_back();
  EXPECT_EQ(refusal(), "key: 'Größe' is the title of column 'Größe_a1'; write its name");
  tell_hidden_titles(schema_, {"Größe"});
  schema_.fields.pop_back();
  EXPECT_EQ(refusal(), "key: 'Größe' is the title of two columns, of which 1 is not shown; name the other one by its name: 'Größe_a1'");
}

TEST_F(TablePlanTest, NotesNamesThatTheRuleAloneDoesNotMake) {
  const auto notes = [&](Naming naming) {
    options_.naming = naming;
    return notes_of_names(planned(), naming, dialect_.limits());
  };
  EXPECT_THAT(notes(Naming::as_is), IsEmpty());
  schema_.fields = {{"Größe Net", Type::int64}, {"Größe net", Type::int64}, {std::string(30, 'x'), Type::int64}};
  options_.metadata = {"run_id"};
  const auto hash = [](std::string_view title) { return short_hash(title).substr(0, 8); };
  const auto grosse = [&](std::string_view title) {
    return "column '" + std::string(title) + "' is called 'grosse_net_" + hash(title) + "' in the table";
  };
  EXPECT_THAT(notes(Naming::snake_case),
              ElementsAre(grosse("Größe Net"), grosse("Größe net"), HasSubstr("xxx_" + hash(std::string(30, 'x')))));
  schema_.fields.clear();
  for (char c = 'a'; c <= 'm'; ++c) schema_.fields.push_back({std::string(30, c), Type::int64});
  const auto many = notes(Naming::as_is);
  ASSERT_EQ(many.size(), 11u);
  EXPECT_EQ(many.back(), "and so on for 3 columns more");
}

class AdaptTest : public TablePlanTest {
 protected:
  AdaptTest() { table_.columns = {{"region", "text", true, false}, {"Year", "integer", false, false}, {"Sales", "real", true, false}}; }
  Result<Adaptation> adapted(SchemaChange change) {
    options_.schema_change = change;
    plan_ = planned();
    return adapt(options_, dialect_, table_, plan_);
  }

  TableInfo table_;
  TablePlan plan_;
};

TEST_F(AdaptTest, TheTableSpellsTheNamesAndTypes) {
  const auto change = adapted(SchemaChange::fail);
  ASSERT_TRUE(change) << change.error().message();
  EXPECT_TRUE(change->empty());
  EXPECT_THAT(plan_.names(), ElementsAre("region", "Year", "Sales"));
}

TEST_F(AdaptTest, ANewColumnFailsIsAddedOrLeftOut) {
  table_.columns.pop_back();
  EXPECT_THAT(adapted(SchemaChange::fail).error().message(), AllOf(HasSubstr("'Sales'"), HasSubstr("evolve")));
  auto change = adapted(SchemaChange::evolve);
  ASSERT_TRUE(change);
  ASSERT_EQ(change->add.size(), 1u);
  EXPECT_EQ(change->add[0].name, "Sales");
  EXPECT_TRUE(change->add[0].nullable) << "older rows have none";
  change = adapted(SchemaChange::ignore);
  ASSERT_TRUE(change);
  EXPECT_TRUE(change->empty());
  EXPECT_THAT(plan_.names(), ElementsAre("region", "Year"));
  EXPECT_THAT(change->notes, ElementsAre(HasSubstr("left out")));
}

TEST_F(AdaptTest, AKeyIsNeitherAddedNorLeftOut) {
  options_.mode = Mode::merge;
  options_.key = {"Sales"};
  table_.columns.pop_back();
  for (const auto change : {SchemaChange::evolve, SchemaChange::ignore})
    EXPECT_THAT(adapted(change).error().message(), HasSubstr("'Sales'"));
  EXPECT_THAT(adapted(SchemaChange::fail).error().message(), AllOf(HasSubstr("by hand"), Not(HasSubstr("evolve")))) << "it would not help";
}

TEST_F(AdaptTest, AdvisesToEvolveWhereThatHelps) {
  const auto advice = [&] { return adapted(SchemaChange::fail).error().message(); };
  table_.columns[2].type = "integer";
  EXPECT_THAT(advice(), HasSubstr("schema-change = evolve"));
  table_.columns.push_back({"Margin", "real", true, false});
  EXPECT_THAT(advice(), HasSubstr("schema-change = evolve"));
  table_.columns.back().nullable = false;
  EXPECT_THAT(advice(), Not(HasSubstr("evolve"))) << "one of two problems stays";
  table_.columns.pop_back();
  table_.columns[2].type = "date";
  EXPECT_THAT(advice(), AllOf(HasSubstr("by hand"), Not(HasSubstr("evolve"))));
}

TEST_F(AdaptTest, TypesWidenOnlyWhereNothingIsLost) {
  table_.columns[2].type = "integer";
  EXPECT_FALSE(adapted(SchemaChange::fail));
  EXPECT_FALSE(adapted(SchemaChange::ignore));
  auto change = adapted(SchemaChange::evolve);
  ASSERT_TRUE(change) << change.error().message();
  ASSERT_EQ(change->widen.size(), 1u);
  EXPECT_EQ(change->widen[0].type, "real");
  EXPECT_THAT(change->whole_as_real, ElementsAre("Sales"));
  table_.columns[2].type = "date";
  EXPECT_THAT(adapted(SchemaChange::evolve).error().message(), AllOf(HasSubstr("'Sales'"), HasSubstr("by hand")));
}

TEST_F(AdaptTest, AColumnTheDeliveryHasNotMustTakeNulls) {
  table_.columns.push_back({"Margin", "real", true, false});
  EXPECT_FALSE(adapted(SchemaChange::fail));
  auto change = adapted(SchemaChange::evolve);
  ASSERT_TRUE(change);
  EXPECT_THAT(change->notes, ElementsAre(AllOf(HasSubstr("'Margin'"), HasSubstr("null"))));
  table_.columns.back().nullable = false;
  EXPECT_THAT(adapted(SchemaChange::evolve).error().message(), HasSubstr("takes no nulls"));
  table_.columns.back().has_default = true;
  change = adapted(SchemaChange::fail);
  ASSERT_TRUE(change) << "a default fills it";
  EXPECT_THAT(change->notes, IsEmpty());
}

TEST_F(AdaptTest, SaysWhatBecomesOfAColumnTheDeliveryHasNot) {
  table_.columns.push_back({"Margin", "real", true, false});
  for (const auto& name : {"valid_from", "valid_to"}) table_.columns.push_back({name, "timestamp", true, true});
  table_.columns.push_back({"current", "boolean", true, true});
  const auto note = [this](Mode mode) {
    options_.mode = mode;
    const auto change = adapted(SchemaChange::ignore);
    return change && change->notes.size() == 1 ? change->notes.front() : "no note";
  };
  const std::string missing = "column 'Margin' of the table is not in the delivery";
  EXPECT_EQ(note(Mode::append), missing + " and is null in its rows");
  EXPECT_EQ(note(Mode::replace), missing + " and is null");
  EXPECT_EQ(note(Mode::truncate), missing + " and is null");
  options_.key = {"Region"};
  EXPECT_EQ(note(Mode::merge), missing + ": rows keep the value they have, new rows have null");
  EXPECT_EQ(note(Mode::history), missing + ": versions keep the value they have, new versions have null");
}

TEST_F(TablePlanTest, StatementsOfAMerge) {
  options_.mode = Mode::merge;
  options_.key = {"Region"};
  const auto plan = planned();
  const TableName table{"s", "t"}, stage{{}, "x"};
  EXPECT_EQ(table_definition(dialect_, plan.all_columns(), plan.primary_key),
            R"("Region" text bounded NOT NULL, "Year" integer NOT NULL, "Sales" real, PRIMARY KEY ("Region"))");
  EXPECT_EQ(update_changed(dialect_, table, stage, plan),
            R"(UPDATE "s"."t" AS t SET "Year" = s."Year", "Sales" = s."Sales" FROM "x" AS s WHERE t."Region" = s."Region" )"
            R"(AND (t."Year" <> s."Year" OR t."Sales" <> s."Sales"))");
  EXPECT_EQ(insert_new(dialect_, table, stage, plan),
            R"(INSERT INTO "s"."t" ("Region", "Year", "Sales") SELECT s."Region", s."Year", s."Sales" FROM "x" s )"
            R"(WHERE NOT EXISTS (SELECT 1 FROM "s"."t" t WHERE t."Region" = s."Region"))");
  EXPECT_EQ(delete_missing(dialect_, table, stage, plan, {}),
            R"(DELETE FROM "s"."t" AS t WHERE NOT EXISTS (SELECT 1 FROM "x" s WHERE t."Region" = s."Region"))");
  EXPECT_EQ(delete_missing(dialect_, table, stage, plan, {TableName{{}, "r"}}),
            R"(DELETE FROM "s"."t" AS t WHERE NOT EXISTS (SELECT 1 FROM "x" s WHERE t."Region" = s."Region") )"
            R"(AND NOT EXISTS (SELECT 1 FROM "r" s WHERE t."Region" = s."Region"))");
  EXPECT_EQ(null_keys(dialect_, stage, plan), R"(SELECT "Region" FROM "x" WHERE "Region" IS NULL)");
  EXPECT_EQ(repeated_keys(dialect_, stage, plan), R"(SELECT "Region", COUNT(*) FROM "x" GROUP BY "Region" HAVING COUNT(*) > 1)");
}

TEST_F(TablePlanTest, AMergeOfKeysAloneChangesNothing) {
  options_.mode = Mode::merge;
  options_.key = {"Region", "Year", "Sales"};
  EXPECT_EQ(update_changed(dialect_, {{}, "t"}, {{}, "x"}, planned()), "");
}

TEST_F(TablePlanTest, StatementsOfAHistory) {
  options_.mode = Mode::history;
  options_.key = {"Region"};
  const auto plan = planned();
  EXPECT_EQ(close_versions(dialect_, {{}, "t"}, {{}, "x"}, plan, Missing{}, "?"),
            R"(UPDATE "t" AS t SET "valid_to" = ?, "current" = FALSE WHERE t."current" = TRUE AND (EXISTS (SELECT 1 FROM "x" s WHERE )"
            R"(t."Region" = s."Region" AND (t."Year" <> s."Year" OR t."Sales" <> s."Sales")) OR (NOT EXISTS (SELECT 1 FROM "x" s WHERE )"
            R"(t."Region" = s."Region"))))");
  EXPECT_EQ(
      open_versions(dialect_, {{}, "t"}, {{}, "x"}, plan, "?"),
      R"(INSERT INTO "t" ("Region", "Year", "Sales", "valid_from", "valid_to", "current") SELECT s."Region", s."Year", s."Sales", ?, )"
      R"(NULL, TRUE FROM "x" s WHERE NOT EXISTS (SELECT 1 FROM "t" t WHERE t."current" = TRUE AND t."Region" = s."Region"))");
}

TEST_F(TablePlanTest, ATurnOfALoopDeletesItsOwnRows) {
  options_.mode = Mode::merge;
  options_.key = {"Year"};
  schema_.fields[0].metadata.emplace_back("qlik.role", "loop");
  EXPECT_EQ(delete_missing(dialect_, {{}, "t"}, {{}, "x"}, planned(), {}),
            R"(DELETE FROM "t" AS t WHERE NOT EXISTS (SELECT 1 FROM "x" s WHERE t."Year" = s."Year") )"
            R"(AND EXISTS (SELECT 1 FROM "x" s WHERE NOT (t."Region" <> s."Region")))");
}

TEST_F(TablePlanTest, IndexesAreNamedForTheirTable) {
  options_.index = {{"by \"region\"", {"Region"}}};
  const auto plan = planned();
  const auto one = create_indexes(dialect_, {{}, "a"}, plan), other = create_indexes(dialect_, {{}, "b"}, plan);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_THAT(one[0], AllOf(HasSubstr("CREATE INDEX \"by \"\"reg"), HasSubstr(" ON \"a\" (\"Region\")")));
  EXPECT_NE(one[0].substr(0, one[0].find(" ON")), other[0].substr(0, other[0].find(" ON")))
      << "some databases want them unique in a schema";
}

}  // namespace
}  // namespace qonduit::sql
