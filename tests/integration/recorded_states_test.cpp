// Recordings of pipelines that select, loop, set variables, apply bookmarks and read what no object shows: none of it tells a value, and
// each can be rehearsed.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

namespace qonduit::integration {
namespace {

namespace fs = std::filesystem;
using Keys = std::map<std::string, std::string>;

constexpr const char* kPoleis = R"json({"id": "poleis", "title": "Πόλεις", "states": ["Άλλη", "My State"],
  "variables": [{"name": "vΈτος", "definition": "2023"}, {"name": "vΠόλη", "definition": "Θεσσαλονίκη"},
                {"name": "v Σύνολο", "definition": "Sum({<Έτος={$(vΈτος)}, Πόλη={'$(vΠόλη)', Αθήνα}>} Ποσό)"}],
  "bookmarks": [{"id": "b-1", "title": "Νότος", "selections": {"Πόλη": ["Ηράκλειο", "Χανιά, Κρήτη"]}},
                {"id": "b-2", "title": "Βορράς", "selections": {"Πόλη": ["Θεσσαλονίκη"]}}],
  "measures": [{"id": "mm", "title": "Σύνολο", "expression": "Sum(Ποσό)"}],
  "tables": [{"name": "Πωλήσεις", "csv": "Πόλη,Έτος,Ποσό,Μέρα\nΗράκλειο,2023,1200.5,2023-01-31\n\"Χανιά, Κρήτη\",2023,-17.25,2023-02-28\nΘεσσαλονίκη,2024,88,2024-03-05\nΑθήνα,2024,4711,2024-03-05\nΑθήνα,2023,15,2023-07-01\n",
              "fields": [{"name": "Πόλη", "type": "text"}, {"name": "Έτος", "type": "integer"}, {"name": "Ποσό", "type": "real"},
                         {"name": "Μέρα", "type": "date"}]}],
  "sheets": [{"id": "s", "title": "Φύλλο", "objects": [
    {"id": "ο1", "type": "table", "title": "Ποσά", "dimensions": [{"field": "Πόλη"}, {"field": "Έτος"}, {"field": "Μέρα"}],
     "measures": [{"label": "Μ", "expression": "Sum(Ποσό)"}]},
    {"id": "ο2", "type": "table", "title": "Άλλα", "dimensions": [{"field": "Πόλη"}], "qStateName": "Άλλη",
     "measures": [{"label": "Μ", "expression": "Sum(Ποσό)"}]}]}]})json";

class RecordedStatesTest : public testing::Test {
 protected:
  static const Simulator& poleis() {
    static const TempFolder folder;
    static const Simulator engine([] {
      folder.write("app.json", kPoleis);
      return std::vector<std::string>{"--app", folder.path().string()};
    }());
    return engine;
  }

  static bool is_source(const std::string& key) {
    static const std::set<std::string> others = {"objects", "field", "table", "model", "list"};
    return others.contains(key) || key.starts_with("cube.") || key.starts_with("expression.");
  }

  // The recording of a pipeline with these keys, in their order behind all others with `given`: -D and so on.
  fs::path record(const Keys& keys, const std::string& scramble, std::vector<std::string> given = {}) {
    Host host(poleis().url());
    host.set("pipeline.p.app", "poleis");
    const bool other = std::any_of(keys.begin(), keys.end(), [](const auto& key) { return is_source(key.first); });
    host.set("pipeline.p.objects", other ? "" : "object:ο1");
    for (const auto& [key, value] : keys) host.set("pipeline.p." + key, value);
    const auto file = folder_.path() / (scramble + ".cassette");
    given.insert(given.end(), {"record", "--to", file.string(), "--scramble", scramble, "--overwrite"});
    const auto outcome = host.run(given);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
    return file;
  }

  // How many datasets of how many rows a calm rehearsal delivers, from nothing but the recording and what lies beside it.
  static std::pair<std::size_t, std::int64_t> rehearse(const fs::path& cassette) {
    const auto outcome = run({paths::program("qonduit"), "-D", "plugins.path=" + plugins(), "-D", "logging.level=warn", "rehearse",
                              "--cassette", cassette.string(), "--profile", "calm", "--json"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out << read_text(cassette.string() + ".properties");
    if (outcome.exit_code != 0) return {};
    const auto days = Poco::JSON::Parser().parse(outcome.out).extract<Poco::JSON::Array::Ptr>();
    const auto datasets = days->getObject(0)->getArray("pipelines")->getObject(0)->getArray("datasets");
    std::int64_t rows = 0;
    for (unsigned i = 0; i < datasets->size(); ++i) rows += datasets->getObject(i)->getValue<std::int64_t>("delivered");
    return {datasets->size(), rows};
  }

  TempFolder folder_;
};

TEST_F(RecordedStatesTest, KeepNoValueThatWasSelectedOrSet) {
  for (const Keys& keys :
       {Keys{{"select.Πόλη", "Ηράκλειο, \"Χανιά, Κρήτη\""}}, Keys{{"bookmark", "Νότος"}},
        Keys{{"foreach", "field(Πόλη; only: Ηράκλειο, Θ*, Αθήνα)"}}, Keys{{"foreach", "variable(vΠόλη; Ηράκλειο, Αθήνα)"}},
        Keys{{"variable.vΠόλη", "Χανιά"}, {"variable.vΈτος", "48151623"}}}) {
    for (const std::string scramble : {"values", "names"}) {
      const auto cassette = record(keys, scramble);
      const auto text = read_text(cassette) + read_text(cassette.string() + ".properties");
      for (const std::string gone : {"Ηράκλειο", "Χανιά", "Κρήτη", "Θεσσαλονίκη", "Αθήνα", "48151623"})
        EXPECT_EQ(text.find(gone), std::string::npos) << scramble << " " << keys.begin()->second << ": " << gone;
      EXPECT_EQ(text.find("Πόλη") != std::string::npos, scramble == "values");
    }
  }
}

struct Recorded {
  const char* name;
  Keys keys;
  std::size_t datasets;
  std::int64_t rows;
};

// Each selection leads on from what was selected before it.
TEST_F(RecordedStatesTest, SelectInTheOrderThatWasWritten) {
  for (const std::string scramble : {"none", "values", "names"}) {
    const auto cassette = record({}, scramble, {"-D", "pipeline.p.select.Πόλη=Αθήνα", "-D", "pipeline.p.select.Έτος=2024"});
    EXPECT_EQ(rehearse(cassette), std::pair(std::size_t{1}, std::int64_t{1})) << scramble;
  }
}

TEST_F(RecordedStatesTest, KeepNoLiteralOfCubesAndExpressions) {
  for (const std::string scramble : {"values", "names"}) {
    const auto cassette = record({{"expression.Πρώτο", "Sum({<Πόλη={Αθήνα}>} Ποσό) format money"},
                                  {"expression.Δεύτερο", "If(Sum(Ποσό) > 48151623, 'Ηράκλειο', 'Χανιά')"},
                                  {"cube.a.dimensions", "=If(Πόλη='Αθήνα', 'Θεσσαλονίκη', Πόλη) as Χ"},
                                  {"cube.a.measures", "Count(1) as Ν"},
                                  {"cube.a.set", "{<Πόλη={'Αθήνα', 'Χανιά, Κρήτη'}>}"}},
                                 scramble);
    const auto text = read_text(cassette) + read_text(cassette.string() + ".properties");
    for (const std::string gone : {"Ηράκλειο", "Χανιά", "Κρήτη", "Θεσσαλονίκη", "Αθήνα", "48151623"})
      EXPECT_EQ(text.find(gone), std::string::npos) << scramble << ": " << gone;
    for (const std::string name : {"Πόλη", "Ποσό", "Πρώτο", "Δεύτερο"})
      EXPECT_EQ(text.find(name) != std::string::npos, scramble == "values") << scramble << ": " << name;
    EXPECT_EQ(rehearse(cassette).first, 2u) << scramble;
  }
}

TEST_F(RecordedStatesTest, NameNoPipelineThatReadNothing) {
  const auto text = read_text(record({{"select.Πόλη", "Λάρισα"}, {"on-filter-mismatch", "skip"}}, "values").string() + ".properties");
  EXPECT_NE(text.find("# pipeline p read nothing"), std::string::npos) << text;
  EXPECT_EQ(text.find("\npipeline."), std::string::npos) << text;
}

class RehearsedStatesTest : public RecordedStatesTest, public testing::WithParamInterface<Recorded> {};

TEST_P(RehearsedStatesTest, DeliverWhatWasRecorded) {
  for (const std::string scramble : {"none", "values", "names"}) {
    const auto made = rehearse(record(GetParam().keys, scramble));
    EXPECT_EQ(made.first, GetParam().datasets) << scramble;
    EXPECT_EQ(made.second, GetParam().rows) << scramble;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Loops, RehearsedStatesTest,
    testing::Values(Recorded{"OverAField", {{"foreach", "field(Πόλη)"}}, 4, 5},
                    Recorded{"OverSomeValuesOfAField", {{"foreach", "field(Πόλη; only: Ηράκλειο, Θ*)"}}, 2, 2},
                    Recorded{"OverAFieldInAState", {{"foreach", "field(Πόλη@Άλλη; only: Θ*, Αθήνα)"}, {"objects", "object:ο2"}}, 2, 2},
                    Recorded{"OverNumbersOfAVariable", {{"foreach", "variable(vΈτος; 1..9)"}}, 9, 45},
                    Recorded{"OverTextsOfAVariable", {{"foreach", "variable(vΠόλη; 01..02, Πάτρα, \"Βόλος, 2\", \"7\")"}}, 5, 25},
                    Recorded{"OverAllBookmarks", {{"foreach", "bookmark(*)"}}, 2, 3},
                    Recorded{"OverSomeBookmarks", {{"foreach", "bookmark(Ν*, b-2)"}}, 2, 3},
                    Recorded{"OverTwoFields", {{"foreach", "field(Έτος) x field(Πόλη)"}}, 5, 5},
                    Recorded{"OverAFieldAndAVariable", {{"foreach", "field(Έτος) x variable(vΠόλη; α, β)"}}, 4, 10},
                    Recorded{"OverBookmarksAndAField", {{"foreach", "bookmark(*) x field(Πόλη)"}}, 3, 3},
                    Recorded{"UnderASelection", {{"foreach", "field(Πόλη)"}, {"select.Έτος", "2024"}, {"variable.vΈτος", "7"}}, 2, 2}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    States, RehearsedStatesTest,
    testing::Values(
        Recorded{"ABookmark", {{"bookmark", "Νότος"}}, 1, 2},
        Recorded{"ABookmarkAndAField", {{"bookmark", "b-1"}, {"select.Έτος", "2023"}}, 1, 2},
        Recorded{"ASelectionInAState", {{"select.Πόλη@Άλλη", "Αθήνα"}, {"objects", "object:ο2"}}, 1, 1},
        Recorded{"AnAlternateState",
                 {{"alternate-state", "Άλλη"}, {"select.Πόλη", "Αθήνα"}, {"select.Έτος@$", "2024"}, {"objects", "object:ο1, object:ο2"}},
                 2,
                 3},
        Recorded{"RangesAndSearches", {{"select.Έτος", "2023.."}, {"select.Πόλη", "Θ*, *α, !Αθήνα"}}, 1, 1},
        Recorded{"NumbersAndDates", {{"select.Ποσό", "-17.25, 1200.5, >1000"}, {"select.Μέρα", "2023-01-01..2024-06-30"}}, 1, 3},
        Recorded{"AValueThatIsNotThere", {{"select.Πόλη", "Αθήνα, Λάρισα"}, {"on-filter-mismatch", "warn"}}, 1, 2},
        Recorded{"ColumnsOfSelections", {{"select.Πόλη", "Αθήνα"}, {"selection-columns", "Πόλη, Έτος"}}, 1, 2}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Sources, RehearsedStatesTest,
    testing::Values(
        Recorded{"Expressions", {{"expression.Α", "Sum(Ποσό)"}, {"expression.Β", "Max(Μέρα) format date"}}, 1, 1},
        Recorded{"ExpressionsWithLiterals", {{"expression.Α", "Sum({<Πόλη={Αθήνα}>} Ποσό)"}}, 1, 1},
        Recorded{"ExpressionsWithVariables", {{"expression.Α", "Sum({<Έτος={$(vΈτος)}>} Ποσό)"}}, 1, 1},
        Recorded{
            "VariablesThatNameVariables", {{"expression.Α", "$(v Σύνολο)"}, {"expression.Β", "Sum({<Έτος={$(=Max(Έτος))}>} Ποσό)"}}, 1, 1},
        Recorded{"ExpressionsOfEachTurn", {{"expression.Α", "Concat(DISTINCT Πόλη, ', ')"}, {"foreach", "field(Έτος)"}}, 2, 2},
        Recorded{"Fields", {{"field", "Πόλη, Έ*"}}, 2, 6}, Recorded{"Tables", {{"table", "*"}}, 1, 5},
        Recorded{"ACube",
                 {{"cube.z.dimensions", "=Year(Μέρα) as [Έ τος], [Πόλη] as Π"},
                  {"cube.z.measures", "Sum({<Έτος={2024}>} Ποσό) as Σ format money '#,##0.00', master:Σύνολο"},
                  {"cube.z.sort", "Σ desc, Π by text"},
                  {"cube.z.limit", "3"}},
                 1,
                 3},
        Recorded{"CubesOfTwoKinds",
                 {{"cube.z.dimensions", "Πόλη"},
                  {"cube.z.measures", "Sum(Ποσό)/100 as x"},
                  {"cube.z.set", "{<Πόλη={Αθήνα}>}"},
                  {"cube.a.dimensions", "Πόλη, Έτος"},
                  {"cube.a.measures", "Sum(Ποσό)"},
                  {"cube.a.mode", "pivot"}},
                 2,
                 6},
        Recorded{"ACubeInAState",
                 {{"cube.s.dimensions", "Πόλη"}, {"cube.s.measures", "Sum(Ποσό)"}, {"cube.s.state", "Άλλη"}, {"select.Πόλη@Άλλη", "Αθήνα"}},
                 1,
                 1},
        Recorded{"TheModelAndLists", {{"model", "tables, fields, keys"}, {"list", "sheets, objects, fields, variables, bookmarks"}}, 9, 23},
        Recorded{"EverythingAtOnce",
                 {{"objects", "sheet:*/*"},
                  {"field", "Πόλη"},
                  {"table", "Πωλήσεις"},
                  {"cube.c.dimensions", "Πόλη"},
                  {"cube.c.measures", "Sum(Ποσό)"},
                  {"expression.Α", "Sum(Ποσό)"},
                  {"model", "tables"},
                  {"list", "fields"}},
                 8,
                 28}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace qonduit::integration
