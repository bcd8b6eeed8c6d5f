// The traps that trip clients up, each by its name, against the simulator in that state: what the host delivers is complete and right, or
// the run fails with the reason and leaves nothing. Never a third thing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kSynthetic = "Synthetic/Synthetic/Synthetic.csv";

// Small enough for hundreds of runs, large enough for several pages.
std::vector<std::string> engine_arguments(const std::string& profile_path) {
  std::vector<std::string> arguments{"--synthetic", "--rows", "4000"};
  if (!profile_path.empty()) arguments.insert(arguments.end(), {"--profile", profile_path});
  return arguments;
}

struct Patience {
  const char* call_timeout;
  const char* attempts;
};
// Where an engine falls silent, the deadline of a call is what ends the silence: soon where the run fails by it, and where it goes on,
// later than a call takes on a slow machine, again and again. Elsewhere no machine is too slow for it.
constexpr Patience kSoon{"1s", "2"};
constexpr Patience kAgain{"3s", "20"};
constexpr Patience kLate{"60s", "2"};

void prepare_synthetic(Host& host, const Patience& patience = kLate) {
  host.set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table");
  host.set("connection.c.call-timeout", patience.call_timeout)
      .set("connection.c.reconnect-attempts", patience.attempts)
      .set("connection.c.handshake-timeout", "60s")
      .set("connection.c.max-message", "2MiB");
}

// What an engine without faults delivers.
const std::string& right_answer() {
  static const std::string text = [] {
    const Simulator engine(engine_arguments(""));
    Host host(engine.url());
    prepare_synthetic(host);
    if (host.run().exit_code != 0) throw std::runtime_error("the undisturbed run failed");
    return read_text(host.out() / kSynthetic);
  }();
  return text;
}

enum class Ending { complete, failed };

// Runs against a profile and checks that nothing is between complete and failed.
Ending run_once(const std::string& profile, std::string& said, const Patience& patience = kLate) {
  TempFolder folder;
  const Simulator engine(engine_arguments(folder.write("profile.properties", profile).string()));
  Host host(engine.url());
  prepare_synthetic(host, patience);
  const auto outcome = host.run();
  said = outcome.out + outcome.err;
  const auto files = host.files();
  if (outcome.exit_code == 0) {
    EXPECT_EQ(files, (std::vector<std::string>{kSynthetic, std::string(kSynthetic) + ".manifest.json"})) << profile;
    EXPECT_TRUE(read_text(host.out() / kSynthetic) == right_answer()) << profile << ": delivered, but not what the engine has";
    return Ending::complete;
  }
  EXPECT_THAT(files, IsEmpty()) << profile << ": failed, but something was left";
  EXPECT_THAT(said, HasSubstr("\"error\"")) << profile << ": failed without a reason";
  return Ending::failed;
}

struct Trap {
  const char* name;
  const char* profile;
  const char* reason;  // null: the run completes; else what the failure says
  Patience patience = kLate;

  friend void PrintTo(const Trap& trap, std::ostream* out) { *out << trap.name; }
};

class Traps : public ::testing::TestWithParam<Trap> {};

TEST_P(Traps, AreSurvivedOrNamed) {
  std::string said;
  const auto ending = run_once(GetParam().profile, said, GetParam().patience);
  if (GetParam().reason == nullptr) {
    EXPECT_EQ(ending, Ending::complete) << said;
  } else {
    EXPECT_EQ(ending, Ending::failed) << said;
    EXPECT_THAT(said, HasSubstr(GetParam().reason));
  }
}

INSTANTIATE_TEST_SUITE_P(Pages, Traps,
                         ::testing::Values(Trap{"OnlyTheFirstPageComesOut", "pages.short = 100\n", nullptr},
                                           Trap{"CalculationPagesTooLarge", "max-cells = 900\n", nullptr},
                                           Trap{"ResponseTooLarge", "max-reply-bytes = 60000\n", nullptr},
                                           Trap{"RequestAbortedNowAndThen", "abort.every = 3\n", nullptr},
                                           Trap{"AStormOfAborts", "abort.after = 1\nabort.count = 4\n", nullptr},
                                           Trap{"AReloadInProgress", "error.GetHyperCubeData = 1:11000, 2:11000\n", nullptr},
                                           Trap{"AnAbortThatNeverEnds", "abort.every = 1\n", "Request aborted"},
                                           Trap{"AnEmptyPageInTheMiddle", "pages.empty-every = 2\n", "no data at row"},
                                           Trap{"NothingButEmptyPages", "pages.empty-every = 1\n", "rows"},
                                           Trap{"APageTwice", "pages.duplicate-every = 2\n", "more than the one page"},
                                           Trap{"APageShifted", "pages.shift-every = 2\n", "another area"},
                                           Trap{"TheSizeSaysMoreRowsThanThereAre", "size.offset = 10\n", "rows"},
                                           Trap{"TheSizeSaysFewerRowsThanThereAre", "size.offset = -10\n", "rows"},
                                           Trap{"TheSizeSaysThatThereAreNoRows", "size.offset = -4000\n", "behind row 0"}),
                         [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(Connections, Traps,
                         ::testing::Values(Trap{"ADropInTheMiddle", "drop.after = 2\n", nullptr},
                                           Trap{"ASilentlyDeadSocket", "silent.after = 2\n", nullptr, kAgain},
                                           Trap{"AHalfClosedSocket", "half-close.after = 2\n", nullptr},
                                           Trap{"APingThatWedgesTheConnection", "wedge-on-ping = true\n", nullptr},
                                           Trap{"TooManyParallelSessions", "notify = OnMaxParallelSessionsExceeded\n", "too many sessions"},
                                           Trap{"NoLicence", "notify = OnLicenseAccessDenied\n", "licen"},
                                           Trap{"AnAppWithoutData", "no-data = true\n", "without its data"},
                                           Trap{"RepliesInAnotherOrder", "out-of-order = true\nlatency = 3\njitter = 10\n", nullptr},
                                           Trap{"ANarrowLine", "bandwidth = 6000000\n", nullptr},
                                           Trap{"FragmentedMessages", "fragment = 777\n", nullptr},
                                           Trap{"ASlowAwakening", "open.time = 500\n", nullptr},
                                           Trap{"AnAwakeningSlowerThanTheDeadline", "open.time = 60000\n", "no answer", kSoon},
                                           Trap{"AReloadWhileItIsRead", "change.after = 60\n", nullptr}),
                         [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(Frames, Traps,
                         ::testing::Values(Trap{"AMessageThatIsNotJson", "hostile.every = 1\n", "JSON"},
                                           Trap{"AMessageLargerThanAllowed", "oversize = 3000000\n", "max-message"},
                                           Trap{"AMemberNobodyAskedFor", "oversize = 2000\n", nullptr}),
                         [](const auto& test) { return test.param.name; });

// Every close code of the protocol in the middle of a run: those that Qlik's own client resumes after are survived, the others are named.
TEST(TrapsOfConnections, CloseCodesAreSurvivedOrNamed) {
  for (const int code : {1001, 1011, 4001, 4003, 4004, 4007, 4200, 4206}) {
    std::string said;
    (void)run_once("close.after = 2\nclose.code = " + std::to_string(code) + "\n", said);
    if (code == 4003 || code == 4004 || code == 4007) {
      EXPECT_THAT(said, HasSubstr("\"outcome\": \"done\"")) << code << said;
    }
  }
  for (const auto& [code, meaning] : {std::pair{4002, "licen"}, {4005, "session"}, {4006, "authenticat"}, {4203, "permission"}}) {
    std::string said;
    EXPECT_EQ(run_once("close.after = 2\nclose.code = " + std::to_string(code) + "\n", said), Ending::failed) << code;
    EXPECT_THAT(said, HasSubstr(meaning)) << code;
  }
}

// A session that was left alone too long is taken up again by what comes next.
TEST(TrapsOfConnections, AnIdleTimeOutIsNamedByTheProxy) {
  const Simulator engine({"--synthetic", "--rows", "10", "--profile",
                          [] {
                            static const TempFolder folder;
                            return folder.write("idle.properties", "idle.time = 300\nopen.time = 5000\n").string();
                          }(),
                          "--proxy", "--proxy-header", "X-Portal-User"});
  Host host("wss://localhost:" + std::to_string(engine.port()) + "/app");
  prepare_synthetic(host);
  host.set("connection.c.auth", "header").set("connection.c.user-header", "X-Portal-User").set("connection.c.user", "anna");
  host.set("connection.c.certificates", "").set("connection.c.root-certificate", (certificates() / "root.pem").string());
  const auto outcome = host.run();
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("timed out"));
  EXPECT_THAT(host.files(), IsEmpty());
}

// A proxy tells who the user is before the engine greets, or only once the client has spoken.
TEST(TrapsOfProxies, TheProxySpeaksFirstOrWhenSpokenTo) {
  for (const std::string tells : {"first", "after-call"}) {
    const Simulator engine({"--synthetic", "--rows", "4000", "--proxy", "--proxy-prefix", "portal", "--proxy-header", "X-Portal-User",
                            "--proxy-tells", tells});
    Host host("wss://localhost:" + std::to_string(engine.port()) + "/portal/app");
    prepare_synthetic(host);
    host.set("connection.c.auth", "header").set("connection.c.user-header", "X-Portal-User").set("connection.c.user", "anna");
    host.set("connection.c.certificates", "").set("connection.c.root-certificate", (certificates() / "root.pem").string());
    const auto outcome = host.run();
    ASSERT_EQ(outcome.exit_code, 0) << tells << outcome.out << outcome.err;
    EXPECT_TRUE(read_text(host.out() / kSynthetic) == right_answer()) << tells;
  }
}

// 401, 403 and the styled 400 of a proxy, each with what to do.
TEST(TrapsOfProxies, RefusalsAreNamed) {
  const Simulator engine(
      {"--synthetic", "--rows", "10", "--proxy", "--proxy-prefix", "portal", "--proxy-header", "X-Portal-User", "--proxy-csrf"});
  const auto said = [&](const std::string& prefix, const std::string& header) {
    Host host("wss://localhost:" + std::to_string(engine.port()) + prefix + "/app");
    prepare_synthetic(host);
    host.set("connection.c.auth", "header").set("connection.c.user-header", header).set("connection.c.user", "anna");
    host.set("connection.c.certificates", "").set("connection.c.root-certificate", (certificates() / "root.pem").string());
    const auto outcome = host.run();
    EXPECT_EQ(outcome.exit_code, 4);
    return outcome.out;
  };
  EXPECT_THAT(said("/portal", "X-Another-Header"), HasSubstr("HTTP 401"));
  EXPECT_THAT(said("/portal", "X-Portal-User"), HasSubstr("a cross-site request token is required"));
  EXPECT_THAT(said("/other", "X-Portal-User"), HasSubstr("the virtual proxy is not linked"));
}

// Every third message broken in one way or another, by different seeds.
TEST(TrapsOfFrames, HostileMessagesNeverMakeWrongData) {
  for (int seed = 1; seed <= 12; ++seed) {
    std::string said;
    (void)run_once("hostile.every = 3\nseed = " + std::to_string(seed) + "\n", said);
  }
}

// A socket cut after every single frame of a run, one run for each.
TEST(TrapsOfFrames, ACutAfterAnyFrameIsSurvived) {
  int frame = 1;
  int complete = 0;
  for (; frame <= 40; ++frame) {
    std::string said;
    if (run_once("drop.at-frame = " + std::to_string(frame) + "\n", said) == Ending::complete) {
      ++complete;
    } else {
      ADD_FAILURE() << "frame " << frame << ": " << said;
    }
  }
  EXPECT_EQ(complete, 40) << "reconnecting is enough wherever one cut falls";
}

// A run whose every call of one kind fails is a failed run with its reason, or a complete one: never an empty file, never a shorter one.
TEST(TrapsOfAnswers, AFailureIsNeverAnEmptyAnswer) {
  int complete = 0;
  int failed = 0;
  for (const std::string method :
       {"EngineVersion", "GetDocList", "OpenDoc", "GetAppLayout", "CreateSessionObject", "GetObject", "GetLayout", "GetFullPropertyTree",
        "GetEffectiveProperties", "GetHyperCubeData", "DestroySessionObject"}) {
    // Access denied, always; the engine's own failure, once; out of memory, later.
    for (const std::string errors : {"every 1:5", "1:-128", "2:6"}) {
      std::string said;
      (run_once("error." + method + " = " + errors + "\n", said) == Ending::complete ? complete : failed) += 1;
    }
  }
  EXPECT_GT(complete, 0) << "a reader without rights to definitions still reads";
  EXPECT_GT(failed, 0);
}

// Sessions that linger count against the user's quota of five: one run after the other must not use it up.
TEST(TrapsOfConnections, RunsInARowStayBelowTheLimitOfSessions) {
  const Simulator engine({"--synthetic", "--rows", "10", "--session-limit", "5"});
  for (int run = 1; run <= 5; ++run) {
    Host host(engine.url());
    prepare_synthetic(host);
    host.set("connection.c.ttl", "1s").set("connection.c.reconnect-attempts", "5");
    const auto outcome = host.run();
    ASSERT_EQ(outcome.exit_code, 0) << "run " << run << ": " << outcome.out;
  }
}

// A row wider than a call answers comes in several pages, each with its own left edge: floor(10000 / columns) is 0 here.
TEST(TrapsOfPages, ARowWiderThanAPageIsJoined) {
  const Simulator engine({"--synthetic", "--rows", "12", "--columns", "12345"});
  Host host(engine.url());
  prepare_synthetic(host);
  host.set("connection.c.max-message", "64MiB");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out;
  const auto rows = read_csv(host.out() / kSynthetic);
  ASSERT_EQ(rows.size(), 13U);
  for (const auto& row : rows) EXPECT_EQ(row.size(), 12345U);

  const Simulator narrow({"--synthetic", "--rows", "12", "--columns", "12345", "--max-cells", "7000"});
  Host again(narrow.url());
  prepare_synthetic(again);
  again.set("connection.c.max-message", "64MiB");
  ASSERT_EQ(again.run().exit_code, 0);
  EXPECT_TRUE(read_text(again.out() / kSynthetic) == read_text(host.out() / kSynthetic)) << "other pages, other bytes";
}

}  // namespace
}  // namespace qonduit::integration
