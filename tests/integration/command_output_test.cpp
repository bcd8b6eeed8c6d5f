// Where the configuration is looked for, and what is printed: once, whole, valid, and no more than asked for.
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

namespace qonduit::integration {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

Outcome qonduit(std::vector<std::string> arguments, const std::map<std::string, std::string>& environment = {}) {
  arguments.insert(arguments.begin(), paths::program("qonduit"));
  return integration::run(arguments, environment);
}

// The command, by a shell: "cd elsewhere", "> /dev/full".
Outcome in_shell(std::vector<std::string> command, const std::string& script) {
  command.insert(command.begin(), {"/bin/sh", "-c", script, "sh"});
  return integration::run(command);
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

Poco::JSON::Object::Ptr json_object(const std::string& text) { return Poco::JSON::Parser().parse(text).extract<Poco::JSON::Object::Ptr>(); }

TEST(Words, ThatNameNoCommandAreNamedWithWhatIsNear) {
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"rnu"}, "there is no command 'rnu' (did you mean 'run'?)"},
      {{"-c", "some.properties", "chekc", "--probe"}, "there is no command 'chekc' (did you mean 'check'?)"},
      {{"plugins", "describ", "csv"}, "there is no command 'plugins describ' (did you mean 'describe'?)"},
      {{"dead-letter", "lsit"}, "there is no command 'dead-letter lsit' (did you mean 'list'?)"},
      {{"run", "--jsno"}, "run: there is no option '--jsno' (did you mean '--json'?)"},
      {{"preview", "App", "Größe", "--row=3"}, "preview: there is no option '--row' (did you mean '--rows'?)"},
      {{"--confg", "x", "run"}, "there is no option '--confg' (did you mean '--config'?)"},
      {{"help", "explian"}, "there is no command 'explian' (did you mean 'explain'?)"},
      {{"help", "run", "sales"}, "there is no command 'run sales': 'run' has no subcommands"},
      {{"record", "--to", "x", "--scramble", "vales"}, "there is no 'vales' (did you mean 'values'?)"}};
  for (const auto& [words, message] : cases) {
    const auto outcome = qonduit(words);
    EXPECT_EQ(outcome.exit_code, 2) << message;
    EXPECT_THAT(outcome.err, HasSubstr(message));
    EXPECT_EQ(times(outcome.err, "\n"), 1u) << outcome.err;
  }
}

TEST(Words, AskForTheVersionInThreeWays) {
  for (const auto* way : {"-V", "--version", "version"}) {
    const auto outcome = qonduit({way});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out, ::testing::ContainsRegex("^qonduit [0-9]+\\.[0-9]+\\.[0-9]+ \\(.*plugin boundary 0\\)"));
  }
}

TEST(Words, AskForHelpWithoutControlBytes) {
  for (const std::string command :
       {"",     "run",    "record",  "rehearse", "explain", "check", "config", "plugins", "dead-letter", "serve",
        "apps", "sheets", "objects", "describe", "preview", "eval",  "fields", "model",   "init",        "help"}) {
    const auto outcome = command.empty() ? qonduit({"help"}) : qonduit({"help", command});
    EXPECT_EQ(outcome.exit_code, 0) << command;
    EXPECT_THAT(outcome.out, HasSubstr("Usage: qonduit " + command)) << command;
    for (const char c : outcome.out) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << command << ": " << int(c);
    if (!command.empty()) {
      EXPECT_EQ(outcome.out, qonduit({command, "--help"}).out);
    }
  }
  EXPECT_THAT(qonduit({"help"}).out, HasSubstr("rehearse"));
}

TEST(ConfigurationFile, IsTheOneInTheWorkingFolderWhenNoneIsNamed) {
  Host host("wss://localhost:1/app");
  static_cast<void>(host.command({}));  // writes it
  const auto there = in_shell({paths::program("qonduit"), "check"}, "cd '" + host.folder().path().string() + "' && exec \"$@\"");
  EXPECT_EQ(there.exit_code, 0) << there.err;
}

TEST(ConfigurationFile, IsTheOneThatTheEnvironmentNames) {
  Host host("wss://localhost:1/app");
  const auto file = host.command({})[2];
  EXPECT_EQ(qonduit({"check"}, {{"QONDUIT_CONFIG", file}}).exit_code, 0);
  EXPECT_EQ(qonduit({"-c", "/nonexistent/a", "check"}, {{"QONDUIT_CONFIG", file}}).exit_code, 3) << "the command line wins";
  const auto missing = qonduit({"check"}, {{"QONDUIT_CONFIG", "/nonexistent/größe.properties"}});
  EXPECT_EQ(missing.exit_code, 3);
  EXPECT_THAT(missing.err, HasSubstr("/nonexistent/größe.properties"));
}

TEST(ConfigurationFile, SaysWhereItWasLookedForAndWhatToDo) {
  TempFolder empty;
  const auto outcome = in_shell({paths::program("qonduit"), "run"}, "cd '" + empty.path().string() + "' && exec \"$@\"");
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("./qonduit.properties"), HasSubstr("QONDUIT_CONFIG"), HasSubstr("qonduit init")));
}

TEST(ConfigurationFile, OfARehearsalIsNotBlamedForARecordingThatIsNotThere) {
  const auto outcome = qonduit({"rehearse", "--cassette", "/nonexistent/nix.cassette"});
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("there is no recording '/nonexistent/nix.cassette'"), Not(HasSubstr(".properties"))));
}

TEST(Json, HoldsTheProblemsOfAConfiguration) {
  Host host("wss://localhost:1/app");
  const auto outcome = host.set("pipeline.p.window", "0").set("connection.c.urll", "Größe").run({"run", "--json"});
  EXPECT_EQ(outcome.exit_code, 3);
  const auto said = json_object(outcome.out);
  EXPECT_FALSE(said->getValue<bool>("ok"));
  EXPECT_EQ(said->getValue<int>("exit_code"), 3);
  const auto problems = said->getArray("problems");
  ASSERT_EQ(problems->size(), 2u);
  EXPECT_EQ(problems->getObject(0)->getValue<std::string>("key"), "connection.c.urll");
  EXPECT_GT(problems->getObject(0)->getValue<int>("line"), 0);
  EXPECT_THAT(problems->getObject(1)->getValue<std::string>("problem"), HasSubstr("not between 1 and 64"));
}

// What the host refuses and what a plugin refuses, in one go, each with its key and line.
TEST(Json, HoldsTheProblemsOfPluginsBesideThoseOfTheHost) {
  Host host("wss://localhost:1/app");
  const auto keys = [&](const Outcome& outcome) {
    EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
    std::vector<std::string> found;
    const auto problems = json_object(outcome.out)->getArray("problems");
    for (unsigned i = 0; i < problems->size(); ++i) {
      found.push_back(problems->getObject(i)->getValue<std::string>("key"));
      EXPECT_GT(problems->getObject(i)->optValue("line", 0), 0) << found.back();
    }
    return found;
  };
  host.set("sink.f.delimter", ";").set("sink.f.file-mode", "888");
  EXPECT_THAT(keys(host.run({"check", "--json"})), ElementsAre("sink.f.delimter"));
  host.set("pipeline.p.window", "0").set("connection.c.urll", "x");
  EXPECT_THAT(keys(host.run({"check", "--json"})), UnorderedElementsAre("connection.c.urll", "pipeline.p.window", "sink.f.delimter"));
  host.set("sink.f.delimter", "");
  EXPECT_THAT(keys(host.run({"check", "--json"})), UnorderedElementsAre("connection.c.urll", "pipeline.p.window", "sink.f.file-mode"));
}

TEST(Json, OfACheckIsOneObjectWithAndWithoutTheNetwork) {
  Host host(demo_engine().url());
  for (const auto& command : {std::vector<std::string>{"check", "--json"}, {"check", "--probe", "--json"}}) {
    const auto outcome = host.run(command);
    const auto said = json_object(outcome.out);
    EXPECT_TRUE(said->getValue<bool>("ok")) << outcome.out;
    EXPECT_EQ(said->getValue<int>("sinks"), 1);
    EXPECT_EQ(said->has("probed"), command.size() == 3);
  }
}

TEST(Json, IsValidWhenASecretLooksLikeAPartOfIt) {
  for (const std::string secret : {"true", "\"ok\"", "null"}) {
    Host host("wss://localhost:1/app");
    const auto file = host.folder().write("secret", secret);
    ::chmod(file.c_str(), 0600);
    host.set("pipeline.p.mask-key", "").set("connection.c.key-passphrase", "${file:" + file.string() + "}");
    const auto outcome = host.run({"check", "--json"});
    EXPECT_NO_THROW(EXPECT_TRUE(json_object(outcome.out)->getValue<bool>("ok"))) << outcome.out;
  }
}

TEST(Output, ThatCannotBeWrittenIsNotDone) {
  Host host("wss://localhost:1/app");
  for (const auto& arguments : {std::vector<std::string>{"config"}, {"plugins"}, {"check"}, {"check", "--json"}}) {
    const auto command = host.command(arguments);
    const auto full = in_shell(command, "exec \"$@\" > /dev/full");
    EXPECT_EQ(full.exit_code, 1) << arguments[0];
    EXPECT_THAT(full.err, HasSubstr("standard output cannot be written: No space left")) << arguments[0];
  }
  const auto help = in_shell({paths::program("qonduit"), "help"}, "exec \"$@\" > /dev/full");
  EXPECT_EQ(help.exit_code, 1);
}

TEST(Output, OfAQuietRunIsNothing) {
  Host host(demo_engine().url());
  const auto outcome = host.set("logging.level", "info").run({"run", "--quiet"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "");
  host.set("pipeline.p.objects", "object:Größe");
  const auto failed = host.run({"-q", "run"});
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_THAT(failed.err, HasSubstr("'object:Größe' matches no object"));
}

TEST(Output, SaysWhyARunFailedOnce) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "gallery").set("logging.level", "info").set("pipeline.p.on-error", "continue");
  const std::pair<std::string, std::string> cases[] = {{"object:g-condition, object:g-table", "calculation condition not met"},
                                                       {"object:nope", "matches no object"},
                                                       {"object:g-table", ""}};
  for (const auto& [objects, reason] : cases) {
    const auto outcome = host.set("pipeline.p.objects", objects).run({"run"});
    const auto all = outcome.out + outcome.err;
    EXPECT_EQ(outcome.exit_code, reason.empty() ? 0 : 1) << all;
    if (!reason.empty()) {
      EXPECT_EQ(times(all, reason), 1u) << all;
    }
    EXPECT_THAT(outcome.err, Not(HasSubstr("connection 'c': connection"))) << all;
  }
  const auto nobody = host.set("connection.c.url", "wss://localhost:1/app").set("connection.c.reconnect-attempts", "0").run({"run"});
  EXPECT_EQ(nobody.exit_code, 4);
  EXPECT_EQ(times(nobody.out + nobody.err, "nobody listens"), 1u) << nobody.out << nobody.err;
  EXPECT_THAT(nobody.out, Not(HasSubstr("object  "))) << "a table of nothing";
}

TEST(Output, OfARunHasTotals) {
  Host host(demo_engine().url());
  const auto outcome = host.run({"run"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("\ntotal "), HasSubstr("\ndone: "), HasSubstr("target")));
  const auto runs = Poco::JSON::Parser().parse(host.run().out).extract<Poco::JSON::Array::Ptr>();
  const auto datasets = runs->getObject(0)->getArray("datasets");
  std::int64_t rows = 0;
  for (unsigned i = 0; i < datasets->size(); ++i) rows += datasets->getObject(i)->getValue<std::int64_t>("rows");
  EXPECT_EQ(runs->getObject(0)->getObject("totals")->getValue<std::int64_t>("rows"), rows);
}

TEST(Output, OfARunFitsTheWidthThatColumnsSays) {
  Host host(demo_engine().url());
  for (const std::size_t width : {60u, 80u}) {
    const auto outcome = integration::run(host.command({"run"}), {{"COLUMNS", std::to_string(width)}});
    std::size_t begin = outcome.out.find("\n\n") + 2;
    for (int line = 0; line < 4; ++line) {
      const auto end = outcome.out.find('\n', begin);
      std::size_t characters = 0;  // the demo has no wide ones
      for (auto i = begin; i < end; ++i) characters += (static_cast<unsigned char>(outcome.out[i]) & 0xC0) != 0x80;
      EXPECT_LE(characters, width) << outcome.out;
      begin = end + 1;
    }
  }
}

TEST(Output, IsNoProgressOfWhatIsOverAtOnceWhereNobodyLooks) {
  Host host(demo_engine().url());
  EXPECT_EQ(host.run({"run"}).err, "");
}

TEST(LogFiles, ThatCannotBeWrittenAreAConfigurationMistake) {
  Host host("wss://localhost:1/app");
  const auto folder = host.folder().path();
  for (const auto& [path, why] :
       {std::pair(folder.string(), "Is a directory"), std::pair((folder / "keiner/da/x.log").string(), "folder is not there"),
        std::pair(std::string("/proc/x.log"), "cannot be written")}) {
    const auto outcome = host.set("logging.file", path).run({"check"});
    EXPECT_EQ(outcome.exit_code, 3) << path;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(path), HasSubstr(why)));
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "keiner"));
}

TEST(LogFiles, HoldWhatIsAskedOfTheEngineAtLevelDebug) {
  Host host(demo_engine().url());
  const auto log = host.folder().path() / "log";
  host.set("logging.file", log.string()).set("logging.level", "debug").set("pipeline.p.objects", "object:table-customers");
  EXPECT_EQ(host.run({"run"}).exit_code, 0);
  EXPECT_THAT(read_text(log),
              AllOf(HasSubstr("\"method\":\"GetHyperCubeData\""), HasSubstr("\"method\":\"GetLayout\""), Not(HasSubstr("qMatrix"))));
}

// 26 hours apart: it is never the same day in both.
TEST(TimeZoneKey, SaysWhoseDayIsInNames) {
  std::vector<std::string> days;
  for (const auto* zone : {"Pacific/Kiritimati", "Etc/GMT+12"}) {
    Host host(demo_engine().url());
    host.set("time-zone", zone).set("sink.f.file", "{date}").set("pipeline.p.objects", "object:table-customers");
    EXPECT_EQ(host.run().exit_code, 0);
    const auto files = host.files();
    ASSERT_EQ(files.size(), 2u);
    days.push_back(files[0]);
    EXPECT_THAT(days.back(), ::testing::ContainsRegex("^20[0-9][0-9]-[0-9][0-9]-[0-9][0-9][.]csv"));
  }
  EXPECT_GT(days[0], days[1]);
}

TEST(TimeZoneKey, IsCheckedWithTheConfiguration) {
  Host host("wss://localhost:1/app");
  for (const auto& [zone, hint] :
       {std::pair("Europe/Berln", "did you mean 'Europe/Berlin'?"), std::pair("MESZ", "there is no time zone 'MESZ'"),
        std::pair("Москва", "names are like Europe/Berlin")}) {
    const auto outcome = host.set("time-zone", zone).run({"check"});
    EXPECT_EQ(outcome.exit_code, 3);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("time-zone: "), HasSubstr(hint)));
  }
  const auto listed = integration::run(host.set("time-zone", "").command({"config", "time-zone"}), {{"TZ", "Asia/Tokyo"}});
  EXPECT_THAT(listed.out, HasSubstr("time-zone = Asia/Tokyo    # default"));
}

TEST(ConfigCommand, PrintsASectionOfTheKeys) {
  Host host("wss://localhost:1/app");
  const auto sink = host.run({"config", "sink.f"});
  EXPECT_EQ(sink.exit_code, 0);
  EXPECT_THAT(sink.out, AllOf(HasSubstr("sink.f.directory = "), Not(HasSubstr("pipeline."))));
  const auto json = host.run({"config", "pipeline.p.window", "--json"});
  EXPECT_EQ(Poco::JSON::Parser().parse(json.out).extract<Poco::JSON::Array::Ptr>()->size(), 1u);
  EXPECT_EQ(host.run({"config", "snik"}).exit_code, 3);
}

TEST(Probe, NamesEveryMisspeltObjectOnALineOfItsOwn) {
  Host host(demo_engine().url());
  const auto outcome = host.set("pipeline.p.objects", "object:Ordres, object:Kundne, object:table-orders").run({"check", "--probe"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("'object:Ordres' matches no object"), HasSubstr("\nfailed  sources of pipeline 'p'"),
                                 HasSubstr("'object:Kundne' matches no object")));
  for (std::size_t begin = 0, end = 0; (end = outcome.out.find('\n', begin)) != std::string::npos; begin = end + 1)
    EXPECT_LT(end - begin, 400u) << outcome.out.substr(begin, end - begin);
}

TEST(CommandOutput, OfAMistakeInTheCommandLineIsJsonWhereThatIsAskedFor) {
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"rn", "--json"}, {"--json", "run", "--größe"}, {"preview", "--json", "App", "О", "--rows", "viel"}}) {
    auto command = wrong;
    command.insert(command.begin(), paths::program("qonduit"));
    const auto outcome = integration::run(command);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    const auto said = Poco::JSON::Parser().parse(outcome.out).extract<Poco::JSON::Object::Ptr>();
    EXPECT_FALSE(said->getValue<bool>("ok"));
    EXPECT_EQ(said->getValue<int>("exit_code"), 2);
    EXPECT_EQ(said->getArray("problems")->size(), 1u);
  }
}

}  // namespace
}  // namespace qonduit::integration
