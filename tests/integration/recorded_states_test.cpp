// Recordings of pipelines that select, loop, set variables, apply bookmarks and read what no object shows: none of it tells a value, and
// each can be rehearsed.
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

  static Outcome rehearse(const fs::path& cassette) {
    return run({paths::program("qonduit"), "-D", "plugins.path=" + paths::build("plugins"), "-D", "logging.level=warn", "rehearse",
                "--cassette", cassette.string(), "--profile", "calm"});
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

}  // namespace
}  // namespace qonduit::integration
