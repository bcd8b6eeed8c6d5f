#include "core/config/loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <concepts>
#include <cstdlib>
#include <fstream>
#include <ostream>

#include "core/config/keys.hpp"
#include "qonduit/list.hpp"
#include "tests/paths.hpp"

namespace qonduit::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

namespace fs = std::filesystem;

template <typename T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!Streamable<Secret>, "a secret must not be printable by accident");
static_assert(!std::convertible_to<Secret, std::string> && !std::convertible_to<Secret, std::string_view>);

const std::string kGood = R"(connection.c.url = wss://qlik.example.com:4747/app
connection.c.user = UserDirectory=CORP; UserId=svc
connection.c.certificates = /etc/certs
pipeline.p.connection = c
pipeline.p.app = Sales
pipeline.p.objects = sheet:Overview/*, "object:a, b"
pipeline.p.sinks = f
sink.f.type = csv
sink.f.directory = /data
)";

class Loader : public ::testing::Test {
 protected:
  Loader() {
    std::string pattern = (fs::temp_directory_path() / "qonduit-config-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Loader() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    ::chmod((folder_ / name).c_str(), mode);
    return folder_ / name;
  }
  LoadResult load(const std::string& text, const std::vector<std::string>& overrides = {}) {
    return config::load(write("main.properties", text).string(), overrides);
  }
  static std::string texts(const LoadResult& result) {
    std::string all;
    for (const auto& problem : result.problems) all += problem.text() + "\n";
    return all;
  }
  static std::string effective(const LoadResult& result, const std::string& key) {
    for (const auto& entry : result.effective) {
      if (entry.key == key) return entry.value + " from " + entry.origin.text();
    }
    return "nothing";
  }

  fs::path folder_;
};

TEST_F(Loader, ReadsACompleteConfiguration) {
  const auto result = load(kGood);
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  const auto* connection = result.config.find_connection("c");
  ASSERT_NE(connection, nullptr);
  EXPECT_EQ(connection->root_certificate, "/etc/certs/root.pem");
  EXPECT_EQ(connection->client_key, "/etc/certs/client_key.pem");
  EXPECT_THAT(result.config.find_pipeline("p")->objects, ElementsAre("sheet:Overview/*", "\"object:a, b\""));
  ASSERT_EQ(result.config.find_sink("f")->options.size(), 1u);
  EXPECT_EQ(result.config.find_sink("f")->options[0].value.reveal(), "/data");
}

TEST_F(Loader, SaysFileAndLineOfAnUnknownKeyAndWhatWasMeant) {
  const auto result = load(kGood + "pipeline.p.obects = x\nlogging.levl = info\n");
  EXPECT_THAT(texts(result), HasSubstr("main.properties:10: pipeline.p.obects: is unknown (did you mean 'objects'?)"));
  EXPECT_THAT(texts(load(kGood, {"pipeline.p.selects.Group=a"})), HasSubstr("(did you mean 'select.'?)"));
  EXPECT_THAT(texts(result), HasSubstr("main.properties:11: logging.levl: is unknown (did you mean 'logging.level'?)"));
}

TEST_F(Loader, ReportsEveryProblemAtOnce) {
  const auto result = load(
      "connection.c.url = http://x\nconnection.c.keepalive = soon\npipeline.p.connection = d\npipeline.p.window = 65\npipeline.p.sinks = "
      "nowhere\n"
      "pipeline.p.app = A\npipeline.p.objects = x\n");
  const auto all = texts(result);
  for (const auto* part : {"wss:// URL", "'soon' is not a duration", "there is no connection 'd'", "'65' is not between 1 and 64",
                           "there is no sink 'nowhere'"}) {
    EXPECT_THAT(all, HasSubstr(part));
  }
}

TEST_F(Loader, NamesWhatIsMissing) {
  const auto result = load("connection.c.user = x\npipeline.p.app = A\n");
  for (const auto* part : {"connection.c.url: is missing", "pipeline.p.connection: is missing", "pipeline.p.objects: is missing",
                           "pipeline.p.sinks: is missing"}) {
    EXPECT_THAT(texts(result), HasSubstr(part));
  }
}

TEST_F(Loader, RefusesAKeyThatIsSetTwiceInOneFile) {
  const auto result = load(kGood + "pipeline.p.app = Other\n");
  EXPECT_THAT(texts(result), HasSubstr("main.properties:10: pipeline.p.app: is set twice in this file, first in line 5"));
}

TEST_F(Loader, TakesNamesWithAnEqualsSignInOverrides) {
  const std::string key = "pipeline.p.select.\"a=b=c\"";
  EXPECT_EQ(override_of(key, "x = y"), "pipeline.p.select.\"a\\=b\\=c\"=x = y");
  const auto result = load(kGood, {override_of(key, "x")});
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  const auto& selections = result.config.find_pipeline("p")->state.selections;
  ASSERT_THAT(selections, SizeIs(1));
  EXPECT_EQ(selections[0].name.field, "a=b=c");
  EXPECT_THAT(texts(load(kGood, {"pipeline.p.window\\=4"})), HasSubstr("expects KEY=VALUE"));
}

TEST_F(Loader, LetsConfDWinOverTheMainFileAndOverridesOverBoth) {
  write("conf.d/20-b.properties", "pipeline.p.app = Twenty\npipeline.p.window = 8\n");
  write("conf.d/10-a.properties", "pipeline.p.app = Ten\n");
  write("conf.d/readme.txt", "pipeline.p.app = Ignored\n");
  const auto result = load(kGood, {"pipeline.p.queue=9"});
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  const auto* pipeline = result.config.find_pipeline("p");
  EXPECT_EQ(pipeline->app, "Twenty");
  EXPECT_EQ(pipeline->window, 8);
  EXPECT_EQ(pipeline->queue, 9);
  EXPECT_THAT(effective(result, "pipeline.p.app"), HasSubstr("20-b.properties:1"));
  EXPECT_EQ(effective(result, "pipeline.p.queue"), "9 from -D");
  EXPECT_EQ(effective(result, "pipeline.p.attempts"), "3 from default");
}

TEST_F(Loader, ExpandsOtherKeysAndTheFolderOfTheConfiguration) {
  const auto result = load(kGood + "sink.f.file = ${pipeline.p.app}\nsink.f.null = ${application.configDir}x\n");
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  EXPECT_THAT(effective(result, "sink.f.file"), HasSubstr("Sales from"));
  EXPECT_THAT(effective(result, "sink.f.null"), HasSubstr(folder_.string() + "/x from"));
}

TEST_F(Loader, WritesOneSlashBehindTheFolderOfTheConfiguration) {
  const auto result = load(kGood +
                           "sink.f.a = ${application.configDir}/Ausgabe/Größe\n"
                           "sink.f.b = x:${application.configDir}/\n"
                           "sink.f.c = ${application.configDir}//server/Отчёт\n"
                           "sink.f.d = ${sink.f.b}/y\n"
                           "sink.f.e = ${application.configDir}\n");
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  EXPECT_THAT(effective(result, "sink.f.a"), HasSubstr(folder_.string() + "/Ausgabe/Größe from"));
  EXPECT_THAT(effective(result, "sink.f.b"), HasSubstr("x:" + folder_.string() + "/ from"));
  EXPECT_THAT(effective(result, "sink.f.c"), HasSubstr(folder_.string() + "//server/Отчёт from")) << "what is written twice is meant";
  EXPECT_THAT(effective(result, "sink.f.d"), HasSubstr("x:" + folder_.string() + "//y from")) << "no folder of ours";
  EXPECT_THAT(effective(result, "sink.f.e"), HasSubstr(folder_.string() + "/ from"));
}

TEST_F(Loader, ReportsReferencesThatLeadNowhereOrInCircles) {
  EXPECT_THAT(texts(load(kGood + "sink.f.a = ${no.such.key}\n")), HasSubstr("refers to nothing"));
  EXPECT_THAT(texts(load(kGood + "sink.f.a = ${sink.f.b}\nsink.f.b = ${sink.f.a}\n")), HasSubstr("circle"));
  EXPECT_THAT(texts(load(kGood + "sink.f.a = ${open\n")), HasSubstr("without '}'"));
}

TEST_F(Loader, ReadsSecretsFromFilesAndTheEnvironmentAndNeverShowsThem) {
  const auto file = write("secret", "hunter2hunter2\n");
  ::setenv("QONDUIT_TEST_SECRET", "swordfish", 1);
  const auto result = load(kGood + "sink.f.password = ${file:" + file.string() + "}\nsink.f.token = ${env:QONDUIT_TEST_SECRET}\n");
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  const auto& options = result.config.find_sink("f")->options;
  EXPECT_EQ(options[1].value.reveal(), "hunter2hunter2");
  EXPECT_TRUE(options[1].secret);
  EXPECT_EQ(options[2].value.reveal(), "swordfish");
  const auto printed = effective_text(result.effective);
  EXPECT_THAT(printed, Not(HasSubstr("hunter2")));
  EXPECT_THAT(printed, Not(HasSubstr("swordfish")));
}

TEST_F(Loader, RefusesSecretsThatEverybodyCanReadOrThatAreNotThere) {
  EXPECT_THAT(texts(load(kGood + "sink.f.a = ${file:" + write("open", "x", 0644).string() + "}\n")), HasSubstr("chmod 600"));
  EXPECT_THAT(texts(load(kGood + "sink.f.a = ${file:/no/such/secret}\n")), HasSubstr("cannot be read: No such file"));
  EXPECT_THAT(texts(load(kGood + "sink.f.a = ${env:QONDUIT_NOT_SET}\n")), HasSubstr("no variable 'QONDUIT_NOT_SET'"));
}

TEST_F(Loader, RefusesAPassphraseThatIsWrittenOut) {
  EXPECT_THAT(texts(load(kGood + "connection.c.key-passphrase = abc\n")), HasSubstr("must be a reference"));
}

TEST_F(Loader, RefusesLineBreaksInWhatGoesIntoHeaders) {
  EXPECT_THAT(texts(load(kGood, {"connection.c.user=UserDirectory=A; UserId=b\r\nX-Evil: 1"})), HasSubstr("control characters"));
}

TEST_F(Loader, InsistsOnEncryptionWhereCredentialsAreSent) {
  EXPECT_THAT(texts(load(kGood, {"connection.c.url=ws://localhost:4848/app"})), HasSubstr("not encrypted"));
  const auto result = load(kGood, {"connection.c.url=ws://localhost:4848/app", "connection.c.auth=none"});
  EXPECT_THAT(result.problems, IsEmpty()) << texts(result);
}

TEST_F(Loader, ReadsSchedules) {
  EXPECT_EQ(load(kGood, {"pipeline.p.schedule=every 15m"}).config.find_pipeline("p")->every, std::chrono::minutes(15));
  EXPECT_EQ(load(kGood).config.find_pipeline("p")->every.count(), 0);
  EXPECT_THAT(texts(load(kGood, {"pipeline.p.schedule=sometimes"})), HasSubstr("every 15m"));
}

TEST_F(Loader, GivesAdaptersTheirOptions) {
  const auto result = load(kGood + "pipeline.p.adapter.table.dual.Order\\ Date = both\npipeline.p.adapter.table.dual = text\n");
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  const auto& adapters = result.config.find_pipeline("p")->adapter_options;
  ASSERT_EQ(adapters.size(), 1u);
  EXPECT_EQ(adapters[0].first, "table");
  EXPECT_EQ(adapters[0].second[0].key, "dual.Order Date");
}

TEST_F(Loader, KeepsRulesForColumnsInTheOrderWritten) {
  const auto key = write("mask.key", "0123456789abcdef").string();
  const auto result = load(kGood + "pipeline.p.mask?.Order\\: Date = hash\npipeline.p.mask-key = ${file:" + key +
                           "}\npipeline.p.object.\"a. b\".columns = x\npipeline.p.filter = a \\\n  = 1\n");
  EXPECT_THAT(result.problems, IsEmpty()) << texts(result);
  const auto& rules = result.config.find_pipeline("p")->transforms;
  ASSERT_THAT(rules, SizeIs(4));
  EXPECT_EQ(rules[0].key, "mask?.Order: Date");
  EXPECT_TRUE(rules[1].secret);
  EXPECT_EQ(rules[2].key, "object.\"a. b\".columns");
  EXPECT_EQ(rules[3].value.reveal(), "a   = 1");
  EXPECT_THAT(effective_text(result.effective), Not(HasSubstr("0123456789abcdef")));
  EXPECT_THAT(texts(load(kGood + "pipeline.p.masks.Customer = hash\n")), HasSubstr("did you mean 'mask.'?"));
  EXPECT_THAT(texts(load(kGood + "pipeline.p.filters = a = 1\n")), HasSubstr("did you mean 'filter'?"));
  EXPECT_THAT(effective_text(load(kGood + "pipeline.p.mask-key = written out\n").effective), Not(HasSubstr("written out")));
}

TEST_F(Loader, SaysThatTheFileIsNotThere) {
  const auto result = config::load((folder_ / "none.properties").string(), {});
  EXPECT_THAT(texts(result), HasSubstr("No such file"));
}

TEST_F(Loader, ReportsWhatIsEmptyAsMissing) {
  const auto all = texts(load(kGood, {"pipeline.p.app=", "pipeline.p.connection=", "sink.f.type=", "pipeline.p.sinks="}));
  for (const auto* key : {"pipeline.p.app", "pipeline.p.connection", "sink.f.type", "pipeline.p.sinks"}) {
    EXPECT_THAT(all, HasSubstr(std::string(key) + ": is empty"));
  }
}

TEST_F(Loader, ReportsEachMistakeOnce) {
  const auto result = load(kGood + "sink.f.password = ${env:QONDUIT_NOT_SET}\n",
                           {"connection.c.url=http://x", "connection.c.user=${no.such}", "pipeline.p.connection=d"});
  EXPECT_THAT(result.problems, SizeIs(4)) << texts(result);
}

TEST_F(Loader, AsksForNoCertificatesWhileTheWayInIsUnknown) {
  const auto result = load("connection.c.url = wss://h/app\nconnection.c.auth = heder\nconnection.c.trust = system\n");
  EXPECT_THAT(result.problems, SizeIs(1)) << texts(result);
}

TEST_F(Loader, RefusesKeysWithoutAValueAndTextThatIsNotUtf8) {
  const auto all = texts(load(kGood + "sink.f.lost\nsink.f.latin = caf\xe9\n = x\n"));
  EXPECT_THAT(all, HasSubstr("main.properties:10: sink.f.lost: has no value"));
  EXPECT_THAT(all, HasSubstr("main.properties:11: sink.f.latin: is not UTF-8"));
  EXPECT_THAT(all, HasSubstr("main.properties:12: a line without a key"));
  EXPECT_THAT(load(kGood + "sink.f.name = caf\xc3\xa9 \xf0\x9f\x8e\x89\n").problems, IsEmpty());
}

TEST_F(Loader, SuggestsTheSectionThatWasMeant) {
  EXPECT_THAT(texts(load(kGood, {"pipelines.p.app=x"})), HasSubstr("did you mean 'pipeline.p.app'?"));
  EXPECT_THAT(texts(load(kGood, {"nothing=x"})), HasSubstr("keys begin with connection.NAME."));
  EXPECT_THAT(texts(load(kGood, {"pipeline.p q.app=x"})), HasSubstr("write pipeline.NAME.KEY"));
}

TEST_F(Loader, SuggestsConnectionsAndSinksOfSimilarNames) {
  const auto all = texts(load(kGood + "sink.warehouse.type = csv\n", {"pipeline.p.sinks=f, warehose"}));
  EXPECT_THAT(all, HasSubstr("there is no sink 'warehose' (did you mean 'warehouse'?)"));
}

TEST_F(Loader, RefusesValuesOutsideTheirRange) {
  for (const auto* pair :
       {"pipeline.p.window=0", "pipeline.p.window=65", "pipeline.p.page-cells=10001", "pipeline.p.page-cells=0",
        "pipeline.p.budget.cells=0", "pipeline.p.budget.cells=1e6", "pipeline.p.window=4x", "pipeline.p.window=99999999999999999999",
        "connection.c.connect-timeout=0s", "connection.c.call-timeout=400d", "connection.c.max-message=4GiB", "connection.c.ttl=500ms",
        "connection.c.keepalive=-1s", "pipeline.p.schedule=every 10ms"}) {
    EXPECT_THAT(load(kGood, {pair}).problems, SizeIs(1)) << pair;
  }
  EXPECT_THAT(texts(load(kGood, {"pipeline.p.window=65"})), HasSubstr("-D: pipeline.p.window: '65' is not between 1 and 64"));
}

TEST_F(Loader, RefusesUrlsThatAreNotAnEngines) {
  for (const auto* url : {"https://h/app", "wss://", "wss://:4747/app", "wss://h:0/app", "wss://h:99999/app", "wss://h:/app",
                          "wss://h x/app", "wss://me:word@h/app", "wss://h/app#x", "h:4747"}) {
    EXPECT_THAT(load(kGood, {std::string("connection.c.url=") + url}).problems, SizeIs(1)) << url;
  }
  for (const auto* url : {"wss://h/app", "wss://h:4747/app", "wss://h/prefix/app?a=b", "wss://[::1]:4747/app", "wss://10.0.0.1:1/app/"}) {
    EXPECT_THAT(load(kGood, {std::string("connection.c.url=") + url}).problems, IsEmpty()) << url;
  }
}

TEST_F(Loader, InsistsOnTheFormOfTheUser) {
  for (const auto* user : {"svc", "UserDirectory=A", "UserId=b; UserDirectory=A", "UserDirectory=; UserId=b",
                           "UserDirectory=A; UserId=", "UserDirectory=A; UserId=b; UserId=c"}) {
    EXPECT_THAT(texts(load(kGood, {std::string("connection.c.user=") + user})), HasSubstr("is not of the form UserDirectory=CORP")) << user;
  }
  EXPECT_THAT(load(kGood, {"connection.c.user=UserDirectory=A;UserId=b"}).problems, IsEmpty());
}

TEST_F(Loader, AsksOfEveryWayInWhatItNeeds) {
  EXPECT_THAT(texts(load("connection.h.url = wss://h/app\nconnection.h.auth = header\n")), HasSubstr("the value of the header"));
  EXPECT_THAT(texts(load("connection.h.url = wss://h/app\nconnection.h.auth = header\nconnection.h.user = me\n")),
              HasSubstr("nobody is trusted"));
  EXPECT_THAT(
      load("connection.h.url = wss://h/app\nconnection.h.auth = header\nconnection.h.user = me\nconnection.h.trust = system\n").problems,
      IsEmpty());
  EXPECT_THAT(texts(load(kGood, {"connection.c.user-header=X Y:"})), HasSubstr("is not the name of a header"));
}

TEST_F(Loader, RefusesObjectsAndSinksThatCannotBe) {
  EXPECT_THAT(texts(load(kGood, {"pipeline.p.objects=sheet:Overview"})), HasSubstr("'sheet:Overview' names no object"));
  EXPECT_THAT(texts(load(kGood, {"pipeline.p.objects=sheet:Overview/*, \"object:a"})), HasSubstr("a quote is not closed"));
  EXPECT_THAT(texts(load(kGood, {"pipeline.p.objects=object:Pivot, collapsed"})),
              HasSubstr("; a name with a comma is written in quotes: \"object:Pivot, collapsed\""));
  EXPECT_THAT(texts(load(kGood, {"pipeline.p.objects="})), HasSubstr("names nothing"));
  EXPECT_THAT(texts(load(kGood, {"pipeline.p.sinks=f, f"})), HasSubstr("names 'f' twice"));
}

TEST_F(Loader, LetsExplicitCertificatesWinOverTheFolder) {
  const auto result = load(kGood + "connection.c.client-key = /elsewhere/key.pem\n");
  EXPECT_EQ(result.config.find_connection("c")->client_key, "/elsewhere/key.pem");
  EXPECT_EQ(result.config.find_connection("c")->client_certificate, "/etc/certs/client.pem");
}

TEST_F(Loader, HasTheSameDefaultsAsTheStructs) {
  const auto result = load(kGood);
  const auto& connection = *result.config.find_connection("c");
  const Connection plain;
  EXPECT_EQ(connection.auth, plain.auth);
  EXPECT_EQ(connection.user_header, plain.user_header);
  EXPECT_EQ(connection.system_trust, plain.system_trust);
  EXPECT_EQ(connection.connect_timeout, plain.connect_timeout);
  EXPECT_EQ(connection.handshake_timeout, plain.handshake_timeout);
  EXPECT_EQ(connection.call_timeout, plain.call_timeout);
  EXPECT_EQ(connection.keepalive, plain.keepalive);
  EXPECT_EQ(connection.ping, plain.ping);
  EXPECT_EQ(connection.ttl, plain.ttl);
  EXPECT_EQ(connection.max_message_bytes, plain.max_message_bytes);
  EXPECT_EQ(connection.reconnect_attempts, plain.reconnect_attempts);
  const auto& pipeline = *result.config.find_pipeline("p");
  const Pipeline none;
  EXPECT_EQ(pipeline.on_error, none.on_error);
  EXPECT_EQ(pipeline.window, none.window);
  EXPECT_EQ(pipeline.page_cells, none.page_cells);
  EXPECT_EQ(pipeline.queue, none.queue);
  EXPECT_EQ(pipeline.attempts, none.attempts);
  EXPECT_EQ(pipeline.retry_delay, none.retry_delay);
  EXPECT_EQ(pipeline.schedule, none.schedule);
  EXPECT_EQ(result.config.logging.level, Logging().level);
  EXPECT_EQ(result.config.logging.format, Logging().format);
}

TEST_F(Loader, ResolvesReferencesOnTheCommandLineToo) {
  ::setenv("QONDUIT_TEST_SECRET", "swordfish", 1);
  const auto result =
      load(kGood, {"sink.f.token=${env:QONDUIT_TEST_SECRET}", " sink.f.file = ${pipeline.p.app}-x ", "sink.f.here=${application.dir}"});
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  EXPECT_EQ(effective(result, "sink.f.token"), "******** from -D");
  EXPECT_EQ(effective(result, "sink.f.file"), "Sales-x from -D");
  EXPECT_EQ(effective(result, "sink.f.here"), fs::read_symlink("/proc/self/exe").parent_path().string() + "/ from -D");
  EXPECT_THAT(texts(load(kGood, {"hunter2"})), Not(HasSubstr("hunter2")));
}

TEST_F(Loader, CarriesASecretThroughAReferenceToItsKey) {
  ::setenv("QONDUIT_TEST_SECRET", "swordfish", 1);
  const auto result = load(kGood + "sink.f.token = ${env:QONDUIT_TEST_SECRET}\nsink.f.header = Bearer ${sink.f.token}\n");
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  EXPECT_THAT(effective(result, "sink.f.header"), HasSubstr("******** from"));
  ASSERT_FALSE(result.config.logging.secrets.empty());
  EXPECT_EQ(result.config.logging.secrets[0].reveal(), "swordfish");
}

TEST_F(Loader, NeverRepeatsASecretInAProblem) {
  ::setenv("QONDUIT_TEST_SECRET", "swordfish", 1);
  for (const auto* key : {"connection.c.url", "connection.c.auth", "connection.c.user", "connection.c.trust", "connection.c.ttl",
                          "connection.c.max-message", "pipeline.p.connection", "pipeline.p.sinks", "pipeline.p.objects",
                          "pipeline.p.window", "pipeline.p.schedule", "pipeline.p.on-error", "logging.level"}) {
    const auto result = load(kGood, {std::string(key) + "=${env:QONDUIT_TEST_SECRET}"});
    EXPECT_THAT(result.problems, Not(IsEmpty())) << key;
    EXPECT_THAT(texts(result), Not(HasSubstr("swordfish"))) << key;
  }
}

TEST_F(Loader, RefusesSecretsThatWouldBecomeDataOrNames) {
  ::setenv("QONDUIT_TEST_SECRET", "Таллинн", 1);
  for (const auto* key : {"select.Linn", "variable.vKurss", "foreach", "bookmark", "cube.c.measures", "expression.Kokku"}) {
    const auto result = load(kGood, {"pipeline.p." + std::string(key) + "=${env:QONDUIT_TEST_SECRET}"});
    EXPECT_THAT(texts(result), HasSubstr("pipeline.p." + std::string(key) + ": must not come from a secret")) << key;
    EXPECT_THAT(texts(result), Not(HasSubstr("Таллинн"))) << key;
  }
}

TEST_F(Loader, MasksPasswordsThatAreWrittenOut) {
  const auto printed = effective_text(load(kGood + "sink.f.password = hunter2\nsink.f.dsn = postgresql://etl:hunter2@db/x\n").effective);
  EXPECT_THAT(printed, Not(HasSubstr("hunter2")));
  EXPECT_THAT(printed, ::testing::ContainsRegex("sink.f.dsn +=  ?[*]{8} "));
}

TEST_F(Loader, WarnsOfSecretsThatAGroupCanRead) {
  const auto file = write("secret", "hunter2", 0640);
  // Group root is how service managers hand over credentials, and not worth a word.
  if (::geteuid() == 0) {
    EXPECT_THAT(load(kGood + "sink.f.a = ${file:" + file.string() + "}\n").warnings, IsEmpty());
    ASSERT_EQ(::chown(file.c_str(), 0, 1), 0);
  }
  const auto result = load(kGood + "sink.f.a = ${file:" + file.string() + "}\n");
  EXPECT_THAT(result.problems, IsEmpty()) << texts(result);
  ASSERT_THAT(result.warnings, SizeIs(1));
  EXPECT_THAT(result.warnings[0].text(), HasSubstr("main.properties:10: sink.f.a: the secret"));
  EXPECT_THAT(result.warnings[0].text(), HasSubstr("by its group: chmod 600 it"));
}

TEST_F(Loader, RefusesSecretsThatAreTooLargeEmptyOrNoFile) {
  EXPECT_THAT(texts(load(kGood + "sink.f.a = ${file:" + write("big", std::string(70'000, 'x')).string() + "}\n")), HasSubstr("64 KiB"));
  EXPECT_THAT(texts(load(kGood + "sink.f.a = ${file:" + write("none", "\n").string() + "}\n")), HasSubstr("is empty"));
  EXPECT_THAT(texts(load(kGood + "sink.f.a = ${file:" + folder_.string() + "}\n")), HasSubstr("is not a file"));
  const auto pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(texts(load(kGood + "sink.f.a = ${file:" + pipe.string() + "}\n")), HasSubstr("is not a file"));
}

TEST_F(Loader, ReadsConfDInLexicalOrderAndLeavesEditorsFilesAlone) {
  write("conf.d/.10-a.properties", "no.such.key = x\n");
  write("conf.d/10-a.properties~", "no.such.key = x\n");
  EXPECT_THAT(load(kGood).problems, IsEmpty());
  write("conf.d/10-a.properties", "no.such.key = x\n");
  EXPECT_THAT(texts(load(kGood)), HasSubstr("conf.d/10-a.properties:1: no.such.key: is unknown"));
}

TEST_F(Loader, ListsEveryEntryOnOneLineAsItIsWritten) {
  const auto result = load(kGood + "sink.f.null = a\\tb\\nc\\\\d\n");
  EXPECT_THAT(effective_text(result.effective), ::testing::ContainsRegex(R"(sink\.f\.null +=  ?a\\tb\\nc\\\\d    # )"));
}

class StateKeys : public ::testing::Test {
 protected:
  static LoadResult load_with(const std::vector<std::string>& more) {
    std::vector<std::string> keys = {"connection.c.url=wss://qlik.example.com:4747/app",
                                     "connection.c.user=UserDirectory=CORP; UserId=svc",
                                     "connection.c.certificates=/etc/certs",
                                     "pipeline.p.connection=c",
                                     "pipeline.p.app=Sales",
                                     "pipeline.p.objects=object:x",
                                     "pipeline.p.sinks=f",
                                     "sink.f.type=csv"};
    keys.insert(keys.end(), more.begin(), more.end());
    return load("", keys);
  }
  static std::string problems(const LoadResult& result) {
    std::string all;
    for (const auto& problem : result.problems) all += problem.text() + "\n";
    return all;
  }
};

TEST_F(StateKeys, AreReadInTheOrderWritten) {
  const auto result = load_with({"pipeline.p.select.Year=2024", "pipeline.p.select.Order Date=2024-01-01..", "pipeline.p.select.A@Other=x",
                                 "pipeline.p.alternate-state=Mine", "pipeline.p.variable.vTop=3", "pipeline.p.clear=false",
                                 "pipeline.p.on-filter-mismatch=skip", "pipeline.p.foreach=field(Region)"});
  ASSERT_EQ(problems(result), "");
  const auto& state = result.config.pipelines.at(0).state;
  ASSERT_EQ(state.selections.size(), 3u);
  EXPECT_EQ(state.selections[0].name.field, "Year");
  EXPECT_EQ(state.selections[0].name.state, "Mine");
  EXPECT_EQ(state.selections[1].name.field, "Order Date");
  EXPECT_EQ(state.selections[2].name.state, "Other");
  EXPECT_EQ(state.variables.at(0).number, 3);
  EXPECT_EQ(state.foreach.at(0).field.state, "Mine");
  EXPECT_FALSE(state.clear);
  EXPECT_EQ(state.on_mismatch, OnMismatch::skip);
}

TEST_F(Loader, RefusesSecretsInsideOfValuesAndShowsNone) {
  for (const std::string value :
       {"client-settings = client.id=q, ssl.key.password=hunter7", "client-settings = sasl.oauthbearer.config=secret=hunter7",
        "url = postgresql://u@db/d?sslpassword=hunter7", "connection = Driver=x;PWD=hunter7;Port=1",
        "url = host=Größe password=hunter7 dbname=d", "client-settings = ssl.key.pem=hunter7"}) {
    const auto result = load(kGood + "sink.f." + value + "\n");
    EXPECT_THAT(texts(result), HasSubstr("is a secret and must be a reference")) << value;
    EXPECT_THAT(texts(result) + effective_text(result.effective), Not(HasSubstr("hunter7"))) << value;
  }
  const auto secret = write("Schlüssel", "hunter7");
  const auto result = load(kGood + "sink.f.client-settings = client.id=q, ssl.key.password=${file:" + secret.string() + "}\n");
  EXPECT_THAT(result.problems, IsEmpty()) << texts(result);
  EXPECT_THAT(effective_text(result.effective), Not(HasSubstr("hunter7")));
  const auto part = load(kGood + "sink.f.client-settings = a.id=${file:" + secret.string() + "}, ssl.key.password=hunter8\n");
  EXPECT_THAT(texts(part), HasSubstr("'ssl.key.password' is a secret")) << "another one is by reference";
  const auto column = load(kGood + "pipeline.p.filter = Password = \"x\"\n");
  EXPECT_THAT(column.problems, IsEmpty()) << texts(column);
}

// Two ways to write one name: of the two values one would not be used.
TEST_F(StateKeys, ThatNameOneThingInTwoWaysAreRefusedWithBothPlaces) {
  EXPECT_THAT(problems(load_with({"pipeline.p.variable.vTop=1", "pipeline.p.variable.\"vTop\"=2"})),
              HasSubstr("pipeline.p.variable.\"vTop\": says the same as pipeline.p.variable.vTop (-D): keep one"));
  EXPECT_THAT(problems(load_with({"pipeline.p.expression.\"Gewinn\"=1", "pipeline.p.expression.Gewinn=2"})),
              HasSubstr("pipeline.p.expression.Gewinn: says the same as pipeline.p.expression.\"Gewinn\" (-D): keep one"));
  EXPECT_THAT(problems(load_with({"pipeline.p.select.Οδός=a", "pipeline.p.select.\"Οδός\"=b"})),
              HasSubstr("says the same as pipeline.p.select.Οδός (-D): keep one"));
  EXPECT_THAT(problems(load_with({"pipeline.p.select.Year=2024", "pipeline.p.select.Year@$=2025"})),
              HasSubstr("pipeline.p.select.Year@$: says the same as pipeline.p.select.Year (-D): keep one"));
  EXPECT_THAT(problems(load_with({"pipeline.p.alternate-state=Mine", "pipeline.p.select.Year@Mine=1", "pipeline.p.select.Year=2"})),
              HasSubstr("keep one"));
  EXPECT_EQ(problems(load_with({"pipeline.p.alternate-state=Mine", "pipeline.p.select.Year@$=1", "pipeline.p.select.Year=2",
                                "pipeline.p.variable.v=1", "pipeline.p.variable.V=2"})),
            "");
  EXPECT_EQ(problems(load_with({"pipeline.p.variable.v=1", "pipeline.p.expression.v=1", "pipeline.p.select.v=1"})), "");
}

TEST_F(StateKeys, AreRefusedWithTheirPlace) {
  EXPECT_THAT(problems(load_with({"pipeline.p.select.Region="})), HasSubstr("pipeline.p.select.Region: selects nothing"));
  EXPECT_THAT(problems(load_with({"pipeline.p.select.Region=>=x"})), HasSubstr("a number or a date"));
  EXPECT_THAT(problems(load_with({"pipeline.p.select.=x"})), HasSubstr("names no field"));
  EXPECT_THAT(problems(load_with({"pipeline.p.foreach=Region"})), HasSubstr("write field(NAME)"));
  EXPECT_THAT(problems(load_with({"pipeline.p.on-filter-mismatch=ignore"})), HasSubstr("one of: fail, warn, skip"));
  EXPECT_THAT(problems(load_with({"pipeline.p.foreach=variable(v; 1..2)", "pipeline.p.variable.v=3"})),
              HasSubstr("is set by foreach already"));
  EXPECT_THAT(problems(load_with({"pipeline.p.foreach=bookmark(*)", "pipeline.p.bookmark=b"})), HasSubstr("is set by foreach already"));
}

std::vector<std::string> list_of(std::string_view text) {
  const auto items = parse_list(text);
  return items ? *items : std::vector<std::string>{"refused: " + items.error().message()};
}

TEST(Lists, KeepQuotedBlanksAndDoubledQuotes) {
  EXPECT_THAT(list_of(R"("a ", " b" , "say ""c""", "" )"), ElementsAre("a ", " b", "say \"c\"", ""));
}

TEST(Lists, KeepCommasInsideQuotes) {
  EXPECT_THAT(list_of(R"( a ,"b, c", d e)"), ElementsAre("a", "b, c", "d e"));
  EXPECT_THAT(list_of(""), IsEmpty());
  EXPECT_THAT(list_of(" \t"), IsEmpty());
}

TEST(Lists, RefuseCommasTooManyAndQuotesThatDoNotClose) {
  for (const auto* text : {"a,,b", "a,", ","}) EXPECT_THAT(list_of(text), ElementsAre(HasSubstr("a comma too many"))) << text;
  for (const auto* text : {"\"a", "a\"", "a, \"b\" c", "地域, \"売", "x\"y\""})
    EXPECT_THAT(list_of(text), ElementsAre(HasSubstr("refused"))) << text;
}

TEST_F(Loader, NamesTheLineTheKeyAndTheWayToWriteAnEscapeThatMeansNothing) {
  const auto said = texts(load(kGood + "sink.f.null = \\N\nconnection.c.user-header = X\\s\npipeline.p.select.Stra\\xe = \\ü\n"));
  EXPECT_THAT(said, HasSubstr("main.properties:10: sink.f.null: '\\N' is no escape: write \\\\N for a backslash and N"));
  EXPECT_THAT(said, HasSubstr("main.properties:11: connection.c.user-header: '\\s' is no escape: write \\\\s"));
  EXPECT_THAT(said, HasSubstr("'\\x' is no escape"));
  EXPECT_THAT(said, HasSubstr("'\\ü' is no escape: write \\\\ü"));
}

TEST_F(Loader, TakesQuotesOffATextAndKeepsItsBlanks) {
  const auto result = load(kGood + "pipeline.p.bookmark = \" two blanks \"\npipeline.p.alternate-state = \"say \"\"x\"\"\"\n");
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  EXPECT_EQ(result.config.pipelines.at(0).state.bookmark, " two blanks ");
  EXPECT_EQ(result.config.pipelines.at(0).state.alternate_state, "say \"x\"");
  EXPECT_THAT(texts(load(kGood + "pipeline.p.bookmark = \"open\n")), HasSubstr("pipeline.p.bookmark: a quote is not closed"));
  EXPECT_THAT(texts(load(kGood + "pipeline.p.app = \"\"\n")), HasSubstr("is set twice"));
}

TEST_F(Loader, LeavesTheQuotesOfASecretAlone) {
  write("pass", "\"quoted\"\n");
  auto result = load(kGood + "connection.c.key-passphrase = ${file:pass}\n");
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  EXPECT_EQ(result.config.connections.at(0).key_passphrase->reveal(), "\"quoted\"");
  result = load(kGood + "connection.c.key-passphrase = \" ${file:pass} \"\n");
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  EXPECT_EQ(result.config.connections.at(0).key_passphrase->reveal(), " \"quoted\" ");
}

TEST_F(Loader, ReadsDollarDollarBraceAsABraceThatRefersToNothing) {
  const auto result = load(kGood + "pipeline.p.bookmark = $${no.key} ${pipeline.p.app} $x $$ ${sink.f.type}\n");
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  EXPECT_EQ(result.config.pipelines.at(0).state.bookmark, "${no.key} Sales $x $$ csv");
  EXPECT_THAT(effective_text(result.effective), HasSubstr(" = $${no.key} Sales")) << "can be pasted";
  for (const auto& entry : result.effective) {
    if (entry.key != "pipeline.p.bookmark") continue;
    EXPECT_EQ(entry.portable, "$${no.key} Sales $x $$ csv");
  }
  EXPECT_THAT(texts(load(kGood + "pipeline.p.bookmark = ${no.key}\n")), HasSubstr("is written $${"));
}

TEST_F(Loader, ReadsNamesInQuotesBehindKeys) {
  const auto result = load(kGood +
                           "pipeline.p.select.\"Trail \" = x\npipeline.p.select.Other\\  = y\npipeline.p.select.\"e@mail\" = z\n"
                           "pipeline.p.variable.\"v \" = 01\npipeline.p.expression.\"a.b\" = Sum(X)\n"
                           "pipeline.p.select.Stra\\u00dfe = w\npipeline.p.select.\\uD83D\\uDE00 = v\n");
  ASSERT_THAT(result.problems, IsEmpty()) << texts(result);
  const auto& pipeline = result.config.pipelines.at(0);
  std::vector<std::string> fields;
  for (const auto& selection : pipeline.state.selections) fields.push_back(selection.name.field);
  EXPECT_THAT(fields, ElementsAre("Trail ", "Other ", "e@mail", "Straße", "😀"));
  EXPECT_EQ(pipeline.state.variables.at(0).name, "v ");
  EXPECT_EQ(pipeline.expressions.at(0).name, "a.b");
  EXPECT_THAT(texts(load(kGood + "pipeline.p.select.\"open = x\n")), HasSubstr("a quote in the name is not closed"));
}

TEST(Examples, HaveNoProblems) {
  int seen = 0;
  for (const auto* folder : {"/config/examples", "/config/demo"}) {
    for (const auto& entry : fs::directory_iterator(paths::source() + folder)) {
      const auto result = load(entry.path().string(), {});
      for (const auto& problem : result.problems) ADD_FAILURE() << problem.text();
      ++seen;
    }
  }
  EXPECT_GE(seen, 4);
}

TEST(Examples, TheTemplateIsValidAsItIsAndWithItsExamplesSwitchedOn) {
  const std::string path = paths::source("config/qonduit.properties");
  for (const auto& problem : load(path, {}).problems) ADD_FAILURE() << problem.text();

  std::ifstream file(path);
  std::vector<std::string> overrides;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#') && line.find(" = ") != std::string::npos && !line.starts_with("# ")) overrides.push_back(line.substr(1));
  }
  EXPECT_THAT(overrides, SizeIs(::testing::Ge(10u)));
  for (const auto& problem : load(path, overrides).problems) ADD_FAILURE() << problem.text();
}

TEST(Reference, IsTheTableOfKeys) {
  std::ifstream file(paths::source("docs/reference/configuration.md"));
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_EQ(text, reference_markdown()) << "run: cmake --build BUILD --target reference";
}

TEST(ListItem, IsReadBackAsItWas) {
  for (const std::string text : {"plain", "", " blanks ", "a, b", "say \"c\"", "\"", "back\\slash", "日本語"}) {
    EXPECT_THAT(list_of(list_item(text) + ", " + list_item("next")), ElementsAre(text, "next"));
  }
  EXPECT_EQ(list_item("sheet:x/*"), "sheet:x/*");
}

TEST_F(Loader, CarriesValuesToAnotherFileWithoutTheirSecrets) {
  const auto secret = write("pass", "correct horse\n");
  const auto result = load(kGood + "connection.c.key-passphrase = ${file:pass}\n");
  const auto portable = [](const LoadResult& loaded, const std::string& key) {
    for (const auto& entry : loaded.effective) {
      if (entry.key == key) return entry.portable;
    }
    return std::string("nothing");
  };
  EXPECT_EQ(portable(result, "connection.c.key-passphrase"), "${file:" + secret.string() + "}");
  const auto folder = load(kGood, {"connection.c.certificates=${application.configDir}certs", "sink.f.password=written out"});
  EXPECT_EQ(portable(folder, "connection.c.certificates"), (folder_ / "certs").string());
  EXPECT_EQ(portable(folder, "sink.f.password"), "");
  EXPECT_EQ(portable(folder, "pipeline.p.window"), "auto");
}

}  // namespace
}  // namespace qonduit::config
