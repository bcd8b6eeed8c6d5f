#include "core/config/loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <concepts>
#include <cstdlib>
#include <fstream>
#include <ostream>

#include "core/config/keys.hpp"

namespace qonduit::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

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
  EXPECT_THAT(result.config.find_pipeline("p")->objects, ElementsAre("sheet:Overview/*", "object:a, b"));
  ASSERT_EQ(result.config.find_sink("f")->options.size(), 1u);
  EXPECT_EQ(result.config.find_sink("f")->options[0].value.reveal(), "/data");
}

TEST_F(Loader, SaysFileAndLineOfAnUnknownKeyAndWhatWasMeant) {
  const auto result = load(kGood + "pipeline.p.obects = x\nlogging.levl = info\n");
  EXPECT_THAT(texts(result), HasSubstr("main.properties:10: pipeline.p.obects: is unknown (did you mean 'objects'?)"));
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
  const auto printed = effective_text(result) + effective_json(result);
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

TEST_F(Loader, SaysThatTheFileIsNotThere) {
  const auto result = config::load((folder_ / "none.properties").string(), {});
  EXPECT_THAT(texts(result), HasSubstr("No such file"));
}

TEST(Lists, KeepCommasInsideQuotes) {
  EXPECT_THAT(split_list(R"( a ,"b, c", d e ,)"), ElementsAre("a", "b, c", "d e"));
  EXPECT_THAT(split_list(""), IsEmpty());
}

TEST(Examples, HaveNoProblems) {
  int seen = 0;
  for (const auto* folder : {"/config/examples", "/config/demo"}) {
    for (const auto& entry : fs::directory_iterator(std::string(QONDUIT_SOURCE_DIR) + folder)) {
      const auto result = load(entry.path().string(), {});
      for (const auto& problem : result.problems) ADD_FAILURE() << problem.text();
      ++seen;
    }
  }
  EXPECT_GE(seen, 4);
}

TEST(Reference, IsTheTableOfKeys) {
  std::ifstream file(QONDUIT_SOURCE_DIR "/docs/reference/configuration.md");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_EQ(text, reference_markdown()) << "run: cmake --build BUILD --target reference";
}

}  // namespace
}  // namespace qonduit::config
