// What signals do to a host that runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

namespace qonduit::integration {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

bool holds(const fs::path& file, const std::string& text) { return fs::exists(file) && read_text(file).find(text) != std::string::npos; }

// A service that runs every second and logs to a file.
class Served : public ::testing::Test {
 protected:
  Served() : engine_({"--synthetic", "--rows", "50"}), host_(engine_.url()), log_(host_.folder().path() / "Protokoll.log") {
    host_.set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table").set("pipeline.p.schedule", "every 1s");
    host_.set("logging.level", "info").set("logging.file", log_.string());
  }
  Simulator engine_;
  Host host_;
  fs::path log_;
};

TEST_F(Served, OpensItsLogAnewAtSighupAndGoesOn) {
  Process service(host_.command({"serve"}));
  service.wait_until("a run is done", [&] { return holds(log_, "run done"); });
  fs::rename(log_, log_.string() + ".1");
  service.signal(SIGHUP);
  service.wait_until("a run is done in the new log", [&] { return holds(log_, "run done"); });
  service.signal(SIGHUP);
  service.signal(SIGTERM);
  const auto outcome = service.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(read_text(log_), HasSubstr("service stopped"));
}

TEST_F(Served, SaysWhenItStartsAndWhenItIsToldToStop) {
  Process service(host_.command({"serve"}));
  service.wait_until("a run is done", [&] { return holds(log_, "run done"); });
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait().exit_code, 0);
  const auto log = read_text(log_);
  EXPECT_THAT(log, HasSubstr("service started"));
  EXPECT_THAT(log, HasSubstr("\"version\":\"qonduit 0."));
  EXPECT_THAT(log, HasSubstr("\"schedule\":\"every 1s\""));
  EXPECT_THAT(log, HasSubstr("\"rows\":50,"));
  EXPECT_THAT(log, HasSubstr("service stops"));
}

TEST_F(Served, IsNotKilledBySighupWithoutALogFileEither) {
  host_.set("logging.file", "");
  Process service(host_.command({"serve"}));
  const auto manifest = host_.out() / "Synthetic/Synthetic/Synthetic.csv.manifest.json";
  service.wait_until("the first run has delivered", [&] { return fs::exists(manifest); });
  service.signal(SIGHUP);
  fs::remove(manifest);
  service.wait_until("it runs again", [&] { return fs::exists(manifest); });
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait().exit_code, 0);
}

// The terminal of a run is closed: the run is not.
TEST(Signals, ARunOutlivesItsTerminal) {
  const Simulator engine({"--synthetic", "--rows", "3000", "--latency", "20"});
  Host host(engine.url());
  const auto log = host.folder().path() / "log";
  host.set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table").set("pipeline.p.page-cells", "500");
  host.set("logging.level", "info").set("logging.file", log.string());
  Process run(host.command({"run"}));
  run.wait_until("it has begun", [&] { return holds(log, "run started"); });
  run.signal(SIGHUP);
  const auto outcome = run.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("done: 1 delivered"));
}

TEST(Signals, AnInterruptedRunSaysThatTheTargetsAreAsTheyWere) {
  const Simulator engine({"--synthetic", "--rows", "100000", "--latency", "50"});
  Host host(engine.url());
  const auto log = host.folder().path() / "log";
  host.set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table").set("pipeline.p.page-cells", "100");
  host.set("logging.level", "info").set("logging.file", log.string());
  Process run(host.command({"run"}));
  run.wait_until("it has begun", [&] { return holds(log, "run started"); });
  run.signal(SIGINT);
  const auto outcome = run.wait();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(outcome.err, "qonduit: pipeline 'p': interrupted; what it had not delivered is in the targets as it was before\n");
  EXPECT_THAT(read_text(log), HasSubstr("run interrupted"));
  EXPECT_THAT(host.files(), ::testing::IsEmpty());
}

// Whatever it has asked: the engine is told that nobody waits for the answer.
TEST(Signals, ARunThatWaitsForTheEngineEndsAtOnce) {
  const Simulator engine({"--gallery", "--latency", "400"});
  for (const std::string asked : {"GetDocList", "GetAppLayout", "GetLayout"}) {
    Host host(engine.url());
    const auto log = host.folder().path() / "log";
    host.set("pipeline.p.app", "gallery").set("logging.level", "trace").set("logging.file", log.string());
    Process run(host.command({"run", "--json"}));
    run.wait_until(asked + " is asked", [&] { return holds(log, "\"" + asked); });
    run.signal(SIGTERM);
    const auto outcome = run.wait();
    EXPECT_EQ(outcome.exit_code, 130) << asked << outcome.err;
    EXPECT_THAT(read_text(log), HasSubstr("CancelRequest")) << asked;
    EXPECT_THAT(outcome.out, HasSubstr("\"outcome\": \"interrupted\"")) << asked;
    EXPECT_THAT(outcome.out, HasSubstr("\"failed\": 0")) << asked << " failed nothing";
    EXPECT_THAT(outcome.out, ::testing::Not(HasSubstr("'p': \""))) << asked << ": the reason is said";
    EXPECT_THAT(host.files(), ::testing::IsEmpty()) << asked;
  }
}

// Beyond the limit, writing fails as on a full disk; the signal that the system sends then would kill.
TEST(Signals, ALimitOnFileSizesFailsARunAndDoesNotKillIt) {
  Host host(demo_engine().url());
  host.set("pipeline.p.objects", "object:table-orders");
  auto command = host.command({"run"});
  command.insert(command.begin(), {"/bin/sh", "-c", "ulimit -f 64; exec \"$@\"", "sh"});
  const auto outcome = integration::run(command);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("File too large"));
  EXPECT_THAT(host.files(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace qonduit::integration
