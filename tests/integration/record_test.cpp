// Recordings: what was read from one engine, played by another, is the same data, and never the original values.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>
#include <tuple>

#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

namespace qonduit::integration {
namespace {

namespace fs = std::filesystem;

const std::string kRecorded = "sheet:Customers & Products/*, sheet:Overview/*";

// The demo app, served, and a host that has recorded from it.
class RecordTest : public testing::Test {
 protected:
  RecordTest() : host_(demo_engine().url()) { host_.set("pipeline.p.objects", kRecorded); }

  fs::path record(const std::string& scramble) {
    const auto file = folder_.path() / (scramble + ".cassette");
    const auto outcome = host_.run({"record", "--to", file.string(), "--scramble", scramble});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return file;
  }

  // Runs the same pipeline against the recording; delivers into a host of its own.
  static void play(const fs::path& cassette, Host& into) {
    Simulator player({"--cassette", cassette.string()});
    into.set("connection.c.url", player.url()).set("pipeline.p.objects", kRecorded);
    const auto outcome = into.run();
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  }

  TempFolder folder_;
  Host host_;
};

// The files of data; a manifest of each tells of its run.
std::vector<std::string> tables(const Host& host) {
  auto files = host.files();
  std::erase_if(files, [](const std::string& file) { return !file.ends_with(".csv"); });
  return files;
}

// The names and types a manifest tells of.
std::vector<std::string> schema_of(const fs::path& table) {
  const auto text = read_text(table.string() + ".manifest.json");
  static const std::regex column(R"(\{"name": "[^"]*", "type": "[^"]*")");
  return {std::sregex_token_iterator(text.begin(), text.end(), column), {}};
}

// Every text that stands in a member of the recording.
std::set<std::string> texts_of(const std::string& cassette) {
  std::set<std::string> texts;
  const std::string mark = "\"qText\":\"";
  for (auto at = cassette.find(mark); at != std::string::npos; at = cassette.find(mark, at + 1)) {
    const auto begin = at + mark.size();
    texts.insert(cassette.substr(begin, cassette.find('"', begin) - begin));
  }
  return texts;
}

bool is_telling(const std::string& text) {
  return std::count_if(text.begin(), text.end(), [](unsigned char c) { return std::isalpha(c) != 0; }) >= 6;
}

TEST_F(RecordTest, PlaysTheVeryDataWhenNothingWasScrambled) {
  ASSERT_EQ(host_.run().exit_code, 0);
  Host replayed("wss://localhost:1/app");
  play(record("none"), replayed);
  ASSERT_EQ(tables(replayed), tables(host_));
  ASSERT_EQ(tables(host_).size(), 7u);
  for (const auto& file : tables(host_)) EXPECT_EQ(read_text(replayed.out() / file), read_text(host_.out() / file)) << file;
}

TEST_F(RecordTest, KeepsTheShapeOfTheDataAndNoneOfItsTexts) {
  ASSERT_EQ(host_.run().exit_code, 0);
  const auto cassette = record("values");
  Host replayed("wss://localhost:1/app");
  play(cassette, replayed);
  ASSERT_EQ(tables(replayed), tables(host_)) << "names are kept";
  const auto recorded = texts_of(read_text(cassette));
  std::size_t telling = 0;
  for (const auto& file : tables(host_)) {
    EXPECT_EQ(schema_of(replayed.out() / file), schema_of(host_.out() / file)) << file;
    EXPECT_FALSE(schema_of(host_.out() / file).empty());
    const auto before = read_csv(host_.out() / file);
    const auto after = read_csv(replayed.out() / file);
    ASSERT_EQ(before.size(), after.size()) << file;
    for (std::size_t row = 0; row < before.size(); ++row) {
      ASSERT_EQ(before[row].size(), after[row].size());
      for (std::size_t column = 0; column < before[row].size(); ++column) {
        const auto& one = before[row][column];
        const auto& other = after[row][column];
        EXPECT_EQ(one.text.empty() && !one.quoted, other.text.empty() && !other.quoted) << file << " row " << row << ": nulls stay";
        if (row == 0) {
          EXPECT_EQ(one.text, other.text) << "the columns";
        } else if (is_telling(one.text) && one.text != "Others" && one.text != "others" && one.text != "value") {
          EXPECT_FALSE(recorded.contains(one.text)) << one.text;
          ++telling;
        }
      }
    }
  }
  EXPECT_GT(telling, 1000u);
}

TEST_F(RecordTest, KeepsNeitherUserNorHostNorNames) {
  const auto text = read_text(record("names"));
  for (const std::string gone : {"reader", "TEST", "localhost", "Consumer Sales", "Customers", "Products", "Budget", "consumer-sales"}) {
    EXPECT_EQ(text.find(gone), std::string::npos) << gone;
  }
}

TEST_F(RecordTest, ComesWithAConfigurationThatFits) {
  for (const std::string scramble : {"values", "names"}) {
    const auto cassette = record(scramble);
    EXPECT_TRUE(fs::exists(cassette.string() + ".properties"));
    const auto outcome = run({paths::program("qonduit"), "-D", "plugins.path=" + plugins(), "-D", "logging.level=warn", "rehearse",
                              "--cassette", cassette.string(), "--profile", "calm"});
    EXPECT_EQ(outcome.exit_code, 0) << scramble << outcome.out << outcome.err;
  }
}

// The configuration beside a recording tells no more than the recording itself.
TEST_F(RecordTest, ComesWithAConfigurationThatTellsNoValueAndNoName) {
  host_.set("pipeline.p.objects", "sheet:Orders/*").set("pipeline.p.select.Region", "Nordics");
  host_.set("pipeline.p.object.table-orders.filter", "Channel != \"Geheim\"").set("pipeline.p.constant.Kunde", "Müller GmbH");
  host_.set("pipeline.p.object.table-orders.null.Discount", "0.4711").set("pipeline.p.object.Orders.columns", "OrderID, Channel, *");
  host_.set("pipeline.p.object.table-orders.type?.Quantity", "text").set("pipeline.p.object.table-orders.adapter.table.on-mixed", "null");
  host_.set("pipeline.p.object.table-orders.mask?.Customer", "redact")
      .set("pipeline.p.expression.Ряд", "Sum({<Region={'Nordics'}>} Amount)");
  const std::vector<std::string> values = {"Nordics", "Geheim", "Müller", "Kunde", "0.4711"};
  const std::vector<std::string> names = {"table-orders", "OrderID", "Quantity", "Customer", "Region", "Ряд", "Channel"};
  for (const std::string scramble : {"values", "names"}) {
    const auto cassette = record(scramble);
    const auto text = read_text(cassette.string() + ".properties");
    for (const auto& value : values) EXPECT_EQ(text.find(value), std::string::npos) << scramble << " " << value << "\n" << text;
    for (const auto& name : names) {
      if (name == "Ряд" || name == "Region" || name == "Customer" || name == "Channel") continue;
      EXPECT_EQ(text.find(name) != std::string::npos, scramble == "values") << scramble << " " << name << "\n" << text;
    }
    EXPECT_NE(text.find("# pipeline.p.object.*.filter was left out: it may hold what is scrambled"), std::string::npos) << text;
    EXPECT_NE(text.find(".adapter.table.on-mixed = null"), std::string::npos) << text;
    const auto outcome = run({paths::program("qonduit"), "-D", "plugins.path=" + plugins(), "-D", "logging.level=warn", "rehearse",
                              "--cassette", cassette.string(), "--profile", "calm"});
    EXPECT_EQ(outcome.exit_code, 0) << scramble << outcome.out << outcome.err << text;
  }
}

TEST_F(RecordTest, SetsVariablesToWhatTheRecordingHas) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "Gallery").set("pipeline.p.objects", "object:g-table");
  host.set("pipeline.p.variable.vTop", "4711").set("pipeline.p.variable.vRegion", "Südstadt");
  for (const std::string scramble : {"values", "names"}) {
    const auto cassette = folder_.path() / (scramble + ".cassette");
    const auto outcome = host.run({"record", "--to", cassette.string(), "--scramble", scramble});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto text = read_text(cassette.string() + ".properties");
    const auto recorded = read_text(cassette);
    static const std::regex variable("\npipeline\\.p\\.variable\\.(\\w+) = \"?([^\"\n]+)\"?");
    int variables = 0;
    for (std::sregex_iterator at(text.begin(), text.end(), variable), end; at != end; ++at, ++variables) {
      EXPECT_TRUE((*at)[2] != "4711" && (*at)[2] != "Südstadt") << text;
      EXPECT_EQ(((*at)[1] == "vTop" || (*at)[1] == "vRegion"), scramble == "values") << text;
      EXPECT_NE(recorded.find((*at)[2].str()), std::string::npos) << "what the recording has been set to: " << (*at)[2];
      EXPECT_NE(recorded.find("\"" + (*at)[1].str() + "\""), std::string::npos) << (*at)[1];
    }
    EXPECT_EQ(variables, 2) << text;
  }
}

// What a pipeline reads besides objects: tables of the data model, large numbers in them and in charts, and variables that it sets.
TEST_F(RecordTest, RecordsTablesAndVariablesSoThatTheyCanBeRehearsed) {
  folder_.write("app.json", R"json({"id": "suured", "title": "Suured", "variables": [{"name": "vKordaja", "definition": "3"}],
    "tables": [{"name": "Müügid", "csv": "Tähis,Maht\na,1.2e19\nb,3.5e18\nc,7\n",
                "fields": [{"name": "Tähis", "type": "text"}, {"name": "Maht", "type": "real"}]}],
    "sheets": [{"id": "s", "title": "Leht", "objects": [{"id": "o", "type": "table", "title": "Mahud",
      "dimensions": [{"field": "Tähis"}], "measures": [{"label": "M", "expression": "Sum(Maht)"}]}]}]})json");
  Simulator engine({"--app", folder_.path().string()});
  Host host(engine.url());
  host.set("pipeline.p.app", "Suured").set("pipeline.p.objects", "object:o").set("pipeline.p.table", "Müügid");
  host.set("pipeline.p.variable.vKordaja", "4").set("pipeline.p.page-cells", "4");
  for (const std::string scramble : {"none", "values", "names"}) {
    const auto cassette = folder_.path() / (scramble + ".cassette");
    const auto outcome = host.run({"record", "--to", cassette.string(), "--scramble", scramble});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto rehearsed = run({paths::program("qonduit"), "-D", "plugins.path=" + plugins(), "-D", "logging.level=warn", "rehearse",
                                "--cassette", cassette.string(), "--profile", "calm"});
    EXPECT_EQ(rehearsed.exit_code, 0) << scramble << rehearsed.out << rehearsed.err;
  }
}

TEST_F(RecordTest, IsReadableByItsOwnerOnlyAndReplacedOnlyWhenAsked) {
  const auto file = record("values");
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const auto before = read_text(file);
  const auto refused = host_.run({"record", "--to", file.string()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("--overwrite"), std::string::npos) << refused.err;
  EXPECT_EQ(read_text(file), before);
  EXPECT_EQ(host_.run({"record", "--to", file.string(), "--overwrite"}).exit_code, 0);
  EXPECT_NE(read_text(file), before) << "another key each time";
}

TEST_F(RecordTest, LeavesNothingOfARecordingThatFails) {
  Simulator failing({"--app", demo_app().string(), "--abort-every", "1"});
  host_.set("connection.c.url", failing.url()).set("pipeline.p.attempts", "1").set("pipeline.p.objects", "object:Customers");
  const auto outcome = host_.run({"record", "--to", (folder_.path() / "a.cassette").string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("nothing was recorded"), std::string::npos) << outcome.err;
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

// For machines: one object says why nothing was begun, as with every command.
TEST_F(RecordTest, SaysAsJsonWhyItCannotBegin) {
  folder_.write("there", "");
  host_.set("pipeline.q.connection", "c")
      .set("pipeline.q.app", "gallery")
      .set("pipeline.q.objects", "sheet:*/*")
      .set("pipeline.q.sinks", "f");
  for (const auto& [arguments, code, why] :
       {std::tuple(std::vector<std::string>{"record", "p", "--to", "/nodir/Γάτα.cassette"}, 1, "/nodir/Γάτα.cassette"),
        {{"record", "p", "--to", (folder_.path() / "there").string()}, 1, "--overwrite"},
        {{"record", "--to", (folder_.path() / "one").string()}, 2, "these pipelines read 2 apps"},
        {{"record", "nix", "--to", (folder_.path() / "one").string()}, 3, "there is no pipeline 'nix'"}}) {
    auto with_json = arguments;
    with_json.emplace_back("--json");
    const auto outcome = host_.run(with_json);
    EXPECT_EQ(outcome.exit_code, code) << outcome.err;
    const auto object = Poco::JSON::Parser().parse(outcome.out).extract<Poco::JSON::Object::Ptr>();
    EXPECT_FALSE(object->getValue<bool>("ok"));
    EXPECT_EQ(object->getValue<int>("exit_code"), code);
    ASSERT_EQ(object->getArray("problems")->size(), 1u) << outcome.out;
    EXPECT_NE(object->getArray("problems")->getObject(0)->getValue<std::string>("problem").find(why), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.err.find(why), std::string::npos) << outcome.err;
    EXPECT_TRUE(host_.run(arguments).out.empty()) << "without --json nothing";
  }
}

TEST_F(RecordTest, DeliversToNoSink) {
  (void)record("values");
  EXPECT_TRUE(host_.files().empty());
}

TEST_F(RecordTest, RecordsOneAppPerFile) {
  host_.set("pipeline.q.connection", "c")
      .set("pipeline.q.app", "gallery")
      .set("pipeline.q.objects", "sheet:*/*")
      .set("pipeline.q.sinks", "f");
  const auto outcome = host_.run({"record", "--to", (folder_.path() / "a.cassette").string()});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("folder"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace qonduit::integration
