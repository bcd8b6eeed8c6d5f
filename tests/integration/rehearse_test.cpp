// Rehearsals: the pipeline as it is configured, a recording in place of the engine, and a day that goes wrong.
#include <gtest/gtest.h>

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <tuple>

#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

namespace qonduit::integration {
namespace {

namespace fs = std::filesystem;
using Poco::JSON::Array;
using Poco::JSON::Object;

const std::string kRehearsed = "sheet:Customers & Products/*";

class RehearseTest : public testing::Test {
 protected:
  // The engine that was recorded is gone by the time of a rehearsal.
  static const fs::path& cassette() {
    static const TempFolder folder;
    static const fs::path file = [] {
      Simulator engine({"--app", demo_app().string()});
      Host host(engine.url());
      host.set("pipeline.p.objects", kRehearsed);
      const auto outcome = host.run({"record", "--to", (folder.path() / "one.cassette").string()});
      EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
      return folder.path() / "one.cassette";
    }();
    return file;
  }

  RehearseTest() : host_("wss://nowhere.invalid:4747/app") { host_.set("pipeline.p.objects", kRehearsed); }

  Outcome rehearse(const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"rehearse", "--cassette", cassette().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return host_.run(arguments);
  }

  static Object::Ptr day(const Outcome& outcome, unsigned index = 0) {
    return Poco::JSON::Parser().parse(outcome.out).extract<Array::Ptr>()->getObject(index);
  }
  static Object::Ptr pipeline(const Outcome& outcome) { return day(outcome)->getArray("pipelines")->getObject(0); }

  Host host_;
  TempFolder folder_;
};

TEST_F(RehearseTest, SurvivesTheDaysThatCanBeSurvived) {
  for (const std::string profile : {"busy", "flaky", "bad-day"}) {
    const auto outcome = rehearse({"--profile", profile, "--json"});
    ASSERT_EQ(outcome.exit_code, 0) << profile << ": " << outcome.out << outcome.err;
    EXPECT_EQ(pipeline(outcome)->getValue<std::string>("outcome"), "right");
    std::uint64_t rows = 0;
    const auto datasets = pipeline(outcome)->getArray("datasets");
    for (unsigned i = 0; i < datasets->size(); ++i) {
      const auto dataset = datasets->getObject(i);
      rows += dataset->getValue<std::uint64_t>("delivered");
      EXPECT_EQ(dataset->getValue<std::uint64_t>("delivered"), dataset->getValue<std::uint64_t>("expected"));
      for (const auto* wrong : {"lost", "duplicated", "altered"}) EXPECT_EQ(dataset->getValue<int>(wrong), 0);
      EXPECT_GT(dataset->getValue<int>("calls"), 0);
    }
    EXPECT_EQ(rows, 1200u + 240 + 5 + 16);
    if (profile != "flaky") {
      EXPECT_GT(day(outcome)->getObject("faults")->size(), 0u) << profile;
    }
  }
}

TEST_F(RehearseTest, TellsWhatWasRetried) {
  const auto profile = folder_.write("aborts.properties", "abort.every = 2\npages.short = 50\n");
  const auto outcome = rehearse({"--profile", profile.string(), "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  std::int64_t retries = 0;
  const auto datasets = pipeline(outcome)->getArray("datasets");
  for (unsigned i = 0; i < datasets->size(); ++i) retries += datasets->getObject(i)->getValue<std::int64_t>("retries");
  EXPECT_GT(retries, 5);
  EXPECT_GT(day(outcome)->getObject("faults")->getValue<int>("abort.every"), 5);
  EXPECT_GT(day(outcome)->getObject("faults")->getValue<int>("pages.short"), 5);
}

TEST_F(RehearseTest, TellsOfConnectionsTakenUpAgain) {
  const auto profile = folder_.write("drop.properties", "drop.after = 1\n");
  const auto outcome = rehearse({"--profile", profile.string(), "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(pipeline(outcome)->getValue<int>("reconnects"), 1);
}

TEST_F(RehearseTest, FailsWithTheReasonOnADayThatCannotBeSurvived) {
  const auto profile = folder_.write("hopeless.properties", "abort.every = 1\n");
  host_.set("pipeline.p.attempts", "1");
  const auto outcome = rehearse({"--profile", profile.string()});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("failed, and delivered nothing wrong"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("Request aborted"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("abort.every"), std::string::npos) << outcome.out;
}

TEST_F(RehearseTest, NeverTouchesAConfiguredSink) {
  const auto outcome = rehearse({"--profile", "calm", "--json"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(day(outcome)->getObject("faults")->size(), 0u);
  EXPECT_TRUE(host_.files().empty());
}

TEST_F(RehearseTest, RunsAsManyDaysAsAskedEachWithItsSeed) {
  const auto outcome = rehearse({"--profile", "calm", "--times", "3", "--seed", "7", "--json"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(day(outcome, 0)->getValue<int>("seed"), 7);
  EXPECT_EQ(day(outcome, 2)->getValue<int>("seed"), 9);
}

// An engine that serves other rows on the bad day, and says nothing: what a run calls done is then not what there is.
TEST_F(RehearseTest, SaysSixWhenARunThatIsDoneHasOtherRows) {
  auto text = read_text(cassette());
  const std::string mark = "\"qMatrix\":[[{\"qText\":\"";
  const auto page = text.find("\"page\":\"GetHyperCubeData\",\"of\":\"object:table-customers\"");
  const auto at = text.find(mark, page) + mark.size();
  ASSERT_NE(page, std::string::npos);
  text[at] = text[at] == 'x' ? 'y' : 'x';
  folder_.write("two.cassette", text);
  const auto program =
      folder_.write("simulator", std::string("#!/bin/sh\ncase \"$*\" in *'--profile calm'*) exec ") + paths::program("qonduit-simulator") +
                                     " \"$@\";; esac\nexec " + paths::program("qonduit-simulator") + " $(echo \"$@\" | sed 's#" +
                                     cassette().string() + "#" + (folder_.path() / "two.cassette").string() + "#')\n");
  fs::permissions(program, fs::perms::owner_all);
  const auto outcome = rehearse({"--simulator", program.string(), "--profile", folder_.write("late.properties", "latency = 1\n").string()});
  EXPECT_EQ(outcome.exit_code, 6) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("WRONG ROWS"), std::string::npos) << outcome.out;
}

// For machines: one object says why no day was rehearsed, as with every command.
TEST_F(RehearseTest, SaysAsJsonWhyItCannotBegin) {
  const auto broken = folder_.write("Σπασμένη.cassette", "no recording\n").string();
  const auto file = cassette().string();
  for (const auto& [arguments, code, why] :
       {std::tuple(std::vector<std::string>{"rehearse", "--cassette", "Άγνωστη.cassette"}, 2, "there is no recording 'Άγνωστη.cassette'"),
        {{"rehearse", "--cassette", broken}, 1, "Σπασμένη.cassette"},
        {{"rehearse", "--cassette", file, "--simulator", "/nonexistent/simulator"}, 1, "--simulator"},
        {{"rehearse", "--cassette", file, "--profile", "terrible"}, 1, "neither a file nor one of calm"},
        {{"-D", "pipeline.p.objects=object:Άγνωστο", "rehearse", "--cassette", file}, 1, "the calm run, which says what is right, failed"},
        {{"rehearse", "nix", "--cassette", file}, 3, "there is no pipeline 'nix'"}}) {
    auto with_json = arguments;
    with_json.emplace_back("--json");
    const auto outcome = host_.run(with_json);
    EXPECT_EQ(outcome.exit_code, code) << outcome.err;
    const auto object = Poco::JSON::Parser().parse(outcome.out).extract<Object::Ptr>();
    EXPECT_FALSE(object->getValue<bool>("ok"));
    EXPECT_EQ(object->getValue<int>("exit_code"), code);
    ASSERT_EQ(object->getArray("problems")->size(), 1u) << outcome.out;
    EXPECT_NE(object->getArray("problems")->getObject(0)->getValue<std::string>("problem").find(why), std::string::npos) << outcome.out;
  }
}

TEST_F(RehearseTest, SaysWhatIsWrongWithTheSimulatorOrTheProfile) {
  const auto missing = rehearse({"--simulator", "/nonexistent/simulator"});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_NE(missing.err.find("--simulator"), std::string::npos) << missing.err;
  const auto profile = rehearse({"--profile", "terrible"});
  EXPECT_EQ(profile.exit_code, 1);
  EXPECT_NE(profile.err.find("neither a file nor one of calm"), std::string::npos) << profile.err;
}

}  // namespace
}  // namespace qonduit::integration
