// A sink that waits for ever, crashes or ends the process: the run ends all the same, and says which sink it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

namespace qonduit::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class MisbehavingSinks : public ::testing::Test {
 protected:
  MisbehavingSinks() : engine_({"--synthetic", "--rows", "500"}), host_(engine_.url()) {
    ::chmod(plugins_.path().c_str(), 0755);
    const auto file = plugins_.path() / "misbehaving.so";
    std::filesystem::copy(paths::build("tests/abi/broken_plugins/made/misbehaving.so"), file);
    ::chmod(file.c_str(), 0644);
    host_.set("plugins.path", plugins() + ", " + plugins_.path().string());
    host_.set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table").set("pipeline.p.sinks", "bad");
    host_.set("sink.bad.type", "misbehaving").set("sink.bad.mark", mark().string());
  }
  std::filesystem::path mark() const { return plugins_.path() / "mark"; }
  Host& does(const std::string& what, const std::string& in) { return host_.set("sink.bad.does", what).set("sink.bad.in", in); }

  Simulator engine_;
  TempFolder plugins_;
  Host host_;
};

TEST_F(MisbehavingSinks, EndTheRunWhenTheyAreToldTo) {
  for (const std::string function : {"open", "write", "commit"}) {
    std::filesystem::remove(mark());
    Process run(does("wait-for-cancel", function).command({"run", "--json"}));
    run.wait_until("the sink waits", [&] { return std::filesystem::exists(mark()); });
    run.signal(SIGTERM);
    const auto outcome = run.wait();
    EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("\"interrupted\"")) << "there is a report: it came to its end by itself";
    EXPECT_THAT(outcome.out + outcome.err, HasSubstr("was told to stop")) << function;
    EXPECT_THAT(outcome.err, Not(HasSubstr("ends without it"))) << function;
  }
}

TEST_F(MisbehavingSinks, AreLeftBehindWhereTheyDoNotEnd) {
  Process run(does("wait", "commit").command({"run"}));
  run.wait_until("the sink waits", [&] { return std::filesystem::exists(mark()); });
  run.signal(SIGINT);
  const auto outcome = run.wait();
  EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("qonduit: sink 'bad' (plugin 'misbehaving') has been in commit for"));
  EXPECT_THAT(outcome.err, HasSubstr("qonduit ends without it"));
}

TEST_F(MisbehavingSinks, AreLeftBehindAtOnceForWhoAsksTwice) {
  Process run(does("wait", "write").command({"run"}));
  run.wait_until("the sink waits", [&] { return std::filesystem::exists(mark()); });
  run.signal(SIGINT);
  run.signal(SIGTERM);
  const auto outcome = run.wait();
  EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("has been in write for"));
}

TEST_F(MisbehavingSinks, AreNamedWhenTheyCrash) {
  const auto outcome = does("abort", "write").run({"run"});
  EXPECT_EQ(outcome.exit_code, 128 + SIGABRT) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("qonduit: sink 'bad' (plugin 'misbehaving') crashed by SIGABRT in write, run "));
}

TEST_F(MisbehavingSinks, DoNotEndTheProcessAsIfAllWereWell) {
  const auto outcome = does("exit", "commit").run({"run"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("qonduit: sink 'bad' (plugin 'misbehaving') ended the process by exit() in commit"));
}

TEST_F(MisbehavingSinks, DoNotKeepAServiceFromStopping) {
  Process service(does("wait", "write").set("pipeline.p.schedule", "every 1s").command({"serve"}));
  service.wait_until("the sink waits", [&] { return std::filesystem::exists(mark()); });
  service.signal(SIGTERM);
  const auto outcome = service.wait();
  EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("has been in write for"));
}

TEST_F(MisbehavingSinks, AreOfNoConcernToARunThatDoesNotUseThem) {
  plugins_.write("nonsense.so", "this is no library");
  const auto outcome = host_.set("pipeline.p.sinks", "f").run({"run"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("nonsense.so")) << "it is named";
  const auto missing = host_.set("sink.f.type", "nonsense").run({"run"});
  EXPECT_EQ(missing.exit_code, 5) << "what is missing may be in it";
  EXPECT_THAT(missing.err, HasSubstr("there is no sink 'nonsense'"));
}

}  // namespace
}  // namespace qonduit::integration
