// The sources of a pipeline in properties: what is understood, and what is said of every mistake.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/config/cube_keys.hpp"
#include "core/config/expression_text.hpp"
#include "core/config/loader.hpp"
#include "core/config/selector.hpp"

namespace qonduit::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string texts(const LoadResult& result) {
  std::string all;
  for (const auto& problem : result.problems) all += problem.text() + "\n";
  return all;
}

// A pipeline of these keys and no objects.
LoadResult load_pipeline(std::vector<std::string> keys) {
  std::vector<std::string> overrides = {"connection.c.url=wss://q:4747/app",
                                        "connection.c.user=UserDirectory=A; UserId=b",
                                        "connection.c.certificates=/certs",
                                        "sink.f.type=csv",
                                        "pipeline.p.connection=c",
                                        "pipeline.p.app=A",
                                        "pipeline.p.sinks=f"};
  for (auto& key : keys) overrides.push_back("pipeline.p." + key);
  return load("", overrides);
}

std::string problems_of(std::vector<std::string> keys) { return texts(load_pipeline(std::move(keys))); }

TEST(ExpressionText, IsCutAtCommasOutsideOfBracketsAndQuotes) {
  EXPECT_THAT(split_expressions("Sum(A, B), [x, y] , Concat(City, ', '), \"a,b\", Sum({<Y={1,2}>} Z)"),
              ElementsAre("Sum(A, B)", "[x, y]", "Concat(City, ', ')", "\"a,b\"", "Sum({<Y={1,2}>} Z)"));
  EXPECT_THAT(split_expressions("a,,b"), ElementsAre("a", "", "b"));
  EXPECT_THAT(unclosed("Sum(A"), HasSubstr("'('"));
  EXPECT_THAT(unclosed("Sum A)"), HasSubstr("')'"));
  EXPECT_THAT(unclosed("[a]]"), HasSubstr("'['"));
  EXPECT_EQ(unclosed("'it''s' & [a]]b]"), "");
  EXPECT_EQ(split_at_word("Sum(as as x) AS Label", "as")->right, "Label");
  EXPECT_FALSE(split_at_word("Basis", "as"));
  EXPECT_EQ(unquoted("[a]]b]"), "a]b");
  EXPECT_EQ(unquoted("'a' & 'b'"), "'a' & 'b'") << "two texts are no name";
}

TEST(CubeKeys, UnderstandDimensionsMeasuresAndSort) {
  const auto result =
      load_pipeline({"cube.sales.dimensions=Region, [Order, Date], =Year([Order Date]) as Year, master:Where",
                     "cube.sales.measures=Sum(A * (1 - B)) as Net format money '#,##0.00', =Count(DISTINCT C), master:[Gross, net]",
                     "cube.sales.sort=Net desc, Year by text, Region by =Sum(A) desc, Where by load order", "cube.sales.limit=100",
                     "cube.sales.suppress=zero, null", "cube.sales.state=Other", "cube.sales.set={<Year={2024}>}"});
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  const auto& cube = result.config.find_pipeline("p")->cubes.at(0);
  EXPECT_EQ(cube.name, "sales");
  ASSERT_THAT(cube.dimensions, SizeIs(4));
  EXPECT_EQ(cube.dimensions[1].source, "Order, Date");
  EXPECT_EQ(cube.dimensions[2].kind, CubeColumn::Kind::expression);
  EXPECT_EQ(cube.dimensions[2].source, "Year([Order Date])");
  EXPECT_EQ(cube.dimensions[3].kind, CubeColumn::Kind::master);
  ASSERT_THAT(cube.measures, SizeIs(3));
  EXPECT_EQ(cube.measures[0].label, "Net");
  EXPECT_EQ(cube.measures[0].source, "Sum(A * (1 - B))");
  EXPECT_EQ(cube.measures[0].format.type, FormatType::money);
  EXPECT_EQ(cube.measures[0].format.pattern, "#,##0.00");
  EXPECT_EQ(cube.measures[1].name(), "Count(DISTINCT C)");
  EXPECT_EQ(cube.measures[2].source, "Gross, net");
  ASSERT_THAT(cube.sort, SizeIs(4));
  EXPECT_EQ(cube.sort[0].column, 4u);
  EXPECT_TRUE(cube.sort[0].descending);
  EXPECT_EQ(cube.sort[1].by, CubeSort::By::text);
  EXPECT_EQ(cube.sort[2].by, CubeSort::By::expression);
  EXPECT_EQ(cube.sort[2].expression, "Sum(A)");
  EXPECT_TRUE(cube.sort[2].descending);
  EXPECT_EQ(cube.sort[3].by, CubeSort::By::load_order);
  EXPECT_EQ(cube.limit, 100);
  EXPECT_TRUE(cube.suppress_zero && cube.suppress_null && !cube.suppress_missing);
}

struct Mistake {
  const char* name;
  const char* key;
  const char* said;
};
void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class CubeMistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(CubeMistakes, AreNamedWithTheirKey) {
  const auto said = problems_of({"cube.c.dimensions=Region", "cube.c.measures=Sum(A) as A", GetParam().key});
  EXPECT_THAT(said, HasSubstr(GetParam().said));
  EXPECT_THAT(said, HasSubstr("-D: pipeline.p.")) << "says where it was written";
}

INSTANTIATE_TEST_SUITE_P(
    All, CubeMistakes,
    ::testing::Values(
        Mistake{"AnUnknownKey", "cube.c.dimension=Region", "did you mean 'dimensions'"},
        Mistake{"AParenthesisLeftOpen", "cube.c.measures=Sum(A", "does not close a '('"},
        Mistake{"AnExpressionAsField", "cube.c.dimensions=Year(Day)", "begins with '='"},
        Mistake{"AnEmptyItem", "cube.c.dimensions=Region,, City", "is empty"},
        Mistake{"TheSameNameTwice", "cube.c.measures=Sum(A), Sum(A)", "two columns are called 'Sum(A)'"},
        Mistake{"AnUnknownFormat", "cube.c.measures=Sum(A) format mony", "did you mean 'money'"},
        Mistake{"AnUnquotedPattern", "cube.c.measures=Sum(A) format money #,##0.00", "must be in quotes"},
        Mistake{"ALabelForAMasterItem", "cube.c.measures=master:Sales as S", "brings its own label"},
        Mistake{"AMasterItemWithoutName", "cube.c.measures=master:", "names no master item"},
        Mistake{"SortByAColumnThatIsNotThere", "cube.c.sort=Regoin", "did you mean 'Region'"},
        Mistake{"SortByNothingKnown", "cube.c.sort=A by size", "is nothing to sort by"},
        Mistake{"LoadOrderOfAMeasure", "cube.c.sort=A by load order", "a measure has no load order"},
        Mistake{"SortTwice", "cube.c.sort=A, A desc", "twice"}, Mistake{"NoLimit", "cube.c.limit=0", "not a whole number above 0"},
        Mistake{"OthersOfNothing", "cube.c.others=true", "set top"}, Mistake{"OthersOfAKindUnknown", "cube.c.others=yes", "true, false"},
        Mistake{"SuppressWhat", "cube.c.suppress=zeros", "zero, missing, null"},
        Mistake{"NoSet", "cube.c.set=Year=2024", "is no set expression"}, Mistake{"NoMode", "cube.c.mode=table", "straight, pivot"},
        Mistake{"LeftOfAStraightCube", "cube.c.left-dimensions=1", "set mode = pivot"},
        Mistake{"ACubeWithoutAName", "cube.dimensions=A", "write pipeline.NAME.cube.CUBE.KEY"},
        Mistake{"AnExpressionWithALabel", "expression.Sales=Sum(A) as B", "its label is the last part of the key"},
        Mistake{"AnUnknownList", "list=feilds", "did you mean 'fields'"},
        Mistake{"AnUnknownPartOfTheModel", "model=table", "did you mean 'tables'"}, Mistake{"NoTable", "table=", "names nothing"},
        Mistake{"AFieldTwice", "field=A, A", "names 'A' twice"},
        Mistake{"NothingToTakeOutOf", "objects=!sheet:A/*", "names none to take them from"},
        Mistake{"AnEmptyType", "objects=sheet:A/*[type=]", "names no object"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CubeKeys, RefuseCombinationsThatMeanNothing) {
  EXPECT_THAT(problems_of({"cube.c.limit=5"}), HasSubstr("a cube has dimensions, measures or both"));
  EXPECT_THAT(problems_of({"cube.c.dimensions=A", "cube.c.top=5"}), HasSubstr("the cube needs both"));
  EXPECT_THAT(problems_of({"cube.c.dimensions=A", "cube.c.mode=pivot", "cube.c.limit=5"}), HasSubstr("is for straight cubes"));
  EXPECT_THAT(problems_of({"cube.c.dimensions=A", "cube.c.mode=pivot", "cube.c.left-dimensions=2"}), HasSubstr("more than the cube has"));
  EXPECT_THAT(problems_of({}), HasSubstr("pipeline.p.objects: is missing: name what to deliver"));
}

TEST(SourceKeys, AreKeptInTheOrderWritten) {
  const auto result = load_pipeline({"expression.Zeta=Sum(A) format integer", "expression.Alpha=Max(B)", "cube.z.dimensions=A",
                                     "cube.a.measures=Sum(B)", "table=*", "field=A, \"b, c\"", "model=keys, tables", "list=apps"});
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  const auto& pipeline = *result.config.find_pipeline("p");
  ASSERT_THAT(pipeline.expressions, SizeIs(2));
  EXPECT_EQ(pipeline.expressions[0].name, "Zeta");
  EXPECT_EQ(pipeline.expressions[0].format.type, FormatType::integer);
  EXPECT_EQ(pipeline.cubes.at(0).name, "z");
  ASSERT_THAT(pipeline.fields.items, SizeIs(2));
  EXPECT_EQ(pipeline.fields.items[0].text, "A");
  EXPECT_EQ(pipeline.fields.items[1].text, "b, c");
  EXPECT_TRUE(pipeline.fields.items[1].exact) << "in quotes";
  EXPECT_THAT(pipeline.model.items, ElementsAre("keys", "tables"));
}

TEST(Selectors, NameSheetsObjectsMastersTypesAndExclusions) {
  const auto selector = parse_selector("!sheet:A / B/x*[type=bar*]");
  ASSERT_TRUE(selector);
  EXPECT_TRUE(selector->excludes);
  EXPECT_EQ(selector->sheet.text, "A / B");
  EXPECT_EQ(selector->object.text, "x*");
  EXPECT_TRUE(selector->object.is_glob());
  EXPECT_EQ(selector->type, "bar*");
  EXPECT_EQ(parse_selector("master:Sales")->kind, Selector::Kind::master);
  EXPECT_EQ(parse_selector("object:a[1]")->object.text, "a[1]");
  for (const auto* text : {"", "!", "sheet:A", "sheet:/x", "object:", "master:", "chart:x", "object:\"a", "object:a\"b\"", "object:\"\""})
    EXPECT_FALSE(parse_selector(text)) << text;
}

TEST(Selectors, TakeANameInQuotesExactly) {
  const auto why = parse_selector("object:\"Why?\"");
  ASSERT_TRUE(why);
  EXPECT_FALSE(why->object.is_glob());
  EXPECT_TRUE(why->object.matches("Why?"));
  EXPECT_FALSE(why->object.matches("Why!"));
  EXPECT_TRUE(parse_selector("object:Why?")->object.matches("Why!"));
  const auto both = parse_selector("sheet:\"売上/地域\"/\"say \"\"*\"\"\"[type=kpi]");
  ASSERT_TRUE(both) << both.error().message();
  EXPECT_EQ(both->sheet.text, "売上/地域");
  EXPECT_EQ(both->object.text, "say \"*\"");
  EXPECT_EQ(both->type, "kpi");
}

TEST(Selectors, KeepCommasInQuotesAroundTheWholeAndGlobsToo) {
  const auto selector = parse_selector("\"sheet:Umsatz, netto/*\"");
  ASSERT_TRUE(selector);
  EXPECT_EQ(selector->sheet.text, "Umsatz, netto");
  EXPECT_TRUE(selector->object.is_glob());
  EXPECT_TRUE(parse_selector("\"!object:a, b\"")->excludes);
  EXPECT_EQ(parse_selector(R"("object:a, ""b"" c")")->object.text, "a, \"b\" c");
}

TEST(Selectors, CutAtTheLastSlashAndKnowTheOthers) {
  const auto selector = parse_selector("sheet:Overview/Actual/Budget");
  ASSERT_TRUE(selector);
  EXPECT_EQ(selector->sheet.text, "Overview/Actual");
  ASSERT_THAT(selector->otherwise, SizeIs(1));
  EXPECT_EQ(selector->otherwise[0].first.text, "Overview");
  EXPECT_EQ(selector->otherwise[0].second.text, "Actual/Budget");
  EXPECT_THAT(parse_selector("sheet:\"A/B\"/x")->otherwise, IsEmpty());
}

TEST(Selectors, OfAnObjectAreReadBack) {
  for (const std::string id : {"jgAJyu", "a, b", "Why?", "say \"x\"", " b", "x[type=y]", "日本 *"}) {
    const auto selector = parse_selector(object_selector(id));
    ASSERT_TRUE(selector) << id;
    EXPECT_EQ(selector->object.text, id);
    EXPECT_FALSE(selector->object.is_glob()) << id;
    EXPECT_EQ(selector->type, "*") << id;
  }
}

}  // namespace
}  // namespace qonduit::config
