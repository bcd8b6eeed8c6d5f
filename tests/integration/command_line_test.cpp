// What the commands print and answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <csignal>

#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

namespace qonduit::integration {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(CommandLine, AnswersTwoForAWrongCommand) {
  const auto unknown = integration::run({paths::program("qonduit"), "frobnicate"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("qonduit: there is no command 'frobnicate'"));
  EXPECT_THAT(unknown.out, IsEmpty());
  const auto none = integration::run({paths::program("qonduit")});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.out, IsEmpty());
  EXPECT_THAT(none.err, HasSubstr("Usage: qonduit [OPTIONS] SUBCOMMAND"));
}

TEST(CommandLine, ShowsAnExampleInTheHelpOfEveryCommand) {
  for (const auto* command : {"run", "explain", "init", "check", "config", "plugins", "serve", "apps", "sheets", "objects", "describe",
                              "preview", "eval", "fields", "model"}) {
    const auto outcome = integration::run({paths::program("qonduit"), command, "--help"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("Example: qonduit")) << command;
  }
}

TEST(CommandLine, ReportsAllMistakesOfAConfigurationAtOnce) {
  Host host("wss://localhost:1/app");
  host.set("connection.c.urll", "x").set("pipeline.p.sinks", "nowhere").set("pipeline.p.window", "0");
  const auto outcome = host.run({"check"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("connection.c.urll: is unknown (did you mean 'url'?)"));
  EXPECT_THAT(outcome.err, HasSubstr("there is no sink 'nowhere'"));
  EXPECT_THAT(outcome.err, HasSubstr("pipeline.p.window: '0' is not between 1 and 64"));
  EXPECT_THAT(outcome.err, HasSubstr("qonduit.properties:"));
}

TEST(CommandLine, ChecksTheOptionsOfASinkAgainstItsPlugin) {
  Host host("wss://localhost:1/app");
  const auto outcome = host.set("sink.f.delimeter", ";").set("sink.f.formula", "maybe").run({"check"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("did you mean 'delimiter'"));
  EXPECT_THAT(outcome.err, HasSubstr("'maybe' is none of: off, escape, reject"));
}

TEST(CommandLine, ChecksWithoutTouchingTheNetwork) {
  Host host("wss://localhost:1/app");
  EXPECT_EQ(host.run({"check"}).exit_code, 0);
}

TEST(CommandLine, ProbesEngineAndTargetsAndChangesNothing) {
  Host host(demo_engine().url());
  const auto outcome = host.run({"check", "--probe"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("ok      sink 'f'"));
  EXPECT_THAT(host.files(), IsEmpty());
}

TEST(CommandLine, ProbeAnswersFourWhenTheEngineIsAway) {
  Host host("wss://localhost:1/app");
  const auto outcome = host.run({"check", "--probe"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("failed  connection 'c'"), HasSubstr("nobody listens")));
}

TEST(CommandLine, RefusesAKeyThatOthersCanRead) {
  Host host("wss://localhost:1/app");
  const auto key = host.folder().write("key.pem", read_text(certificates() / "client_key.pem"));
  ::chmod(key.c_str(), 0644);
  const auto outcome = host.set("connection.c.client-key", key.string()).run({"check"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("chmod 600"));
}

TEST(CommandLine, ListsTheEffectiveConfigurationWithoutSecrets) {
  Host host("wss://localhost:1/app");
  const auto secret = host.folder().write("pass", "correct horse battery");
  ::chmod(secret.c_str(), 0600);
  const auto outcome = host.set("connection.c.key-passphrase", "${file:" + secret.string() + "}").run({"config"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, ::testing::ContainsRegex("connection.c.key-passphrase +=  ?[*]{8}  "));
  EXPECT_THAT(outcome.out, ::testing::ContainsRegex("pipeline.p.window +=  ?auto +# default"));
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("correct horse")));
}

TEST(CommandLine, ListsAndDescribesPlugins) {
  Host host("wss://localhost:1/app");
  const auto list = host.run({"plugins"});
  EXPECT_EQ(list.exit_code, 0);
  EXPECT_THAT(list.out, HasSubstr("csv  sink  csv 0.1.0"));
  EXPECT_THAT(list.out, HasSubstr("table  adapter  table 0.1.0"));
  const auto one = host.run({"plugins", "describe", "csv"});
  EXPECT_EQ(one.exit_code, 0);
  EXPECT_THAT(one.out, HasSubstr("sink.NAME.directory = "));
  const auto misspelt = host.run({"plugins", "describe", "cvs"});
  EXPECT_EQ(misspelt.exit_code, 2);
  EXPECT_THAT(misspelt.err, HasSubstr("there is no sink or adapter 'cvs' (did you mean 'csv'?)"));
}

TEST(CommandLine, ListsPluginsWithoutAConfiguration) {
  const auto list = integration::run({paths::program("qonduit"), "-D", "plugins.path=" + plugins(), "plugins"});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  EXPECT_THAT(list.out, HasSubstr("csv  sink"));
  const auto run = integration::run({paths::program("qonduit"), "--config", "/nonexistent/qonduit.properties", "run"});
  EXPECT_EQ(run.exit_code, 3) << "a run needs one";
  EXPECT_THAT(run.err, HasSubstr("cannot read the configuration: No such file"));
}

TEST(CommandLine, AnswersFiveForAPluginThatIsRefused) {
  Host host("wss://localhost:1/app");
  TempFolder folder;
  ::chmod(folder.path().c_str(), 0755);
  folder.write("nonsense.so", "this is no library");
  const auto outcome = host.set("plugins.path", plugins() + ", " + folder.path().string()).run({"plugins"});
  EXPECT_EQ(outcome.exit_code, 5);
  EXPECT_THAT(outcome.err, HasSubstr("nonsense.so"));
  EXPECT_THAT(outcome.out, HasSubstr("csv  sink")) << "the good ones are there all the same";
}

TEST(CommandLine, IsNotEndedByAPluginAsIfAllWereWell) {
  for (const std::string name : {"exits.so", "quick-exits.so"}) {
    Host host("wss://localhost:1/app");
    TempFolder folder;
    ::chmod(folder.path().c_str(), 0755);
    std::filesystem::copy(paths::build("tests/abi/broken_plugins/made/" + name), folder.path() / name);
    ::chmod((folder.path() / name).c_str(), 0644);
    const auto outcome = host.set("plugins.path", folder.path().string()).run({"run"});
    EXPECT_EQ(outcome.exit_code, 1) << name;
    EXPECT_THAT(outcome.err, HasSubstr("ended the process by exit()")) << name;
  }
}

TEST(CommandLine, ShowsNoSecretWhereverItStandsInTheConfiguration) {
  Host host("wss://localhost:1/app");
  const auto secret = host.folder().write("secret", "CANARY-two:with/%25&=#x");
  ::chmod(secret.c_str(), 0600);
  const auto reference = "${file:" + secret.string() + "}";
  const std::vector<std::pair<std::string, std::string>> places = {{"sink.f.directory", reference},
                                                                   {"sink.f.type", reference},
                                                                   {"sink.f.file", "{" + reference + "}"},
                                                                   {"connection.c.url", "wss://" + reference + "/app"},
                                                                   {"pipeline.p.objects", "object:" + reference},
                                                                   {"pipeline.p.window", reference}};
  const std::vector<std::vector<std::string>> commands = {{"run", "--json"},   {"run"},    {"check", "--probe"},
                                                          {"check", "--json"}, {"config"}, {"explain"}};
  for (const auto& [key, value] : places) {
    for (const auto& command : commands) {
      Host one("wss://localhost:1/app");
      const auto outcome =
          one.set("connection.c.connect-timeout", "1s").set("connection.c.reconnect-attempts", "0").set(key, value).run(command);
      EXPECT_THAT(outcome.out + outcome.err, ::testing::Not(HasSubstr("CANARY"))) << key << ": " << command[0];
    }
  }
}

TEST(CommandLine, ServesByScheduleUntilToldToStop) {
  const Simulator engine({"--synthetic", "--rows", "500"});
  Host host(engine.url());
  host.set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table").set("pipeline.p.schedule", "every 1s");
  Process service(host.command({"serve"}));
  const auto manifest = host.out() / "Synthetic/Synthetic/Synthetic.csv.manifest.json";
  service.wait_until("the first run has delivered", [&] { return std::filesystem::exists(manifest); });
  service.signal(SIGTERM);
  const auto outcome = service.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

TEST(CommandLine, RefusesToServeWithoutASchedule) {
  Host host("wss://localhost:1/app");
  const auto outcome = host.run({"serve"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("schedule"));
}

}  // namespace
}  // namespace qonduit::integration
