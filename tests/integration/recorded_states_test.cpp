// Recordings of pipelines that select, loop, set variables, apply bookmarks and read what no object shows: none of it tells a value, and
// each can be rehearsed.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

namespace qonduit::integration {
namespace {

namespace fs = std::filesystem;
using Keys = std::map<std::string, std::string>;

constexpr const char* kPoleis = R"json({"id": "poleis", "title": "Πόλεις", "states": ["Άλλη", "My State"],
  "variables": [{"name": "vΈτος", "definition": "2023"}, {"name": "vΠόλη", "definition": "Θεσσαλονίκη"}],
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

  // The recording of a pipeline with these keys.
  fs::path record(const Keys& keys, const std::string& scramble) {
    Host host(poleis().url());
    host.set("pipeline.p.app", "poleis").set("pipeline.p.objects", "object:ο1");
    for (const auto& [key, value] : keys) host.set("pipeline.p." + key, value);
    const auto file = folder_.path() / (scramble + ".cassette");
    const auto outcome = host.run({"record", "--to", file.string(), "--scramble", scramble, "--overwrite"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
    return file;
  }

  // How many datasets of how many rows a calm rehearsal delivers, from nothing but the recording and what lies beside it.
  static std::pair<std::size_t, std::int64_t> rehearse(const fs::path& cassette) {
    const auto outcome = run({paths::program("qonduit"), "-D", "plugins.path=" + paths::build("plugins"), "-D", "logging.level=warn",
                              "rehearse", "--cassette", cassette.string(), "--profile", "calm", "--json"});
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
                    Recorded{"OverNumbersOfAVariable", {{"foreach", "variable(vΈτος; 1..12)"}}, 12, 60},
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

}  // namespace
}  // namespace qonduit::integration
