// From a living app to a configuration, and from there to files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

namespace qonduit::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> csv_files(const std::filesystem::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".csv") files.push_back(entry.path().filename().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Outcome with(const std::filesystem::path& file, std::vector<std::string> arguments) {
  std::vector<std::string> command{paths::program("qonduit"), "--config", file.string(), "-D", "logging.level=warn"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return integration::run(command);
}

TEST(Init, WritesAConfigurationThatChecksAndDelivers) {
  Host host(demo_engine().url());
  TempFolder folder;
  const auto file = folder.path() / "sales.properties";
  const auto wrote = host.run({"init", "--app", "Consumer Sales", "--to", file.string()});
  ASSERT_EQ(wrote.exit_code, 0) << wrote.err;
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
  const auto text = read_text(file);
  EXPECT_THAT(text, HasSubstr("Orders (table): 50,000 rows × 9 columns"));
  EXPECT_THAT(text, HasSubstr("About (text-image): left out: holds no data"));
  EXPECT_THAT(text, HasSubstr("note: column 'Hidden' is hidden"));
  EXPECT_EQ(with(file, {"check"}).exit_code, 0);
  EXPECT_EQ(with(file, {"explain"}).exit_code, 0);
  const auto run = with(file, {"run"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(csv_files(folder.path() / "out").size(), 8u);
  EXPECT_EQ(read_csv(folder.path() / "out/Consumer Sales/Orders/Orders.csv").size(), 50'001u);

  const auto again = host.run({"init", "--app", "Consumer Sales", "--sheet", "Overview", "--to", file.string()});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.err, HasSubstr("is there already"));
  EXPECT_EQ(read_text(file), text);
  EXPECT_EQ(host.run({"init", "--app", "Consumer Sales", "--sheet", "Overview", "--to", file.string(), "--force"}).exit_code, 0);
  EXPECT_THAT(read_text(file), Not(HasSubstr("table-orders")));
}

// Texts as they come: nothing an app holds may end a comment, a list or a value.
constexpr const char* kAwkwardApp = R"json({
  "id": "awkward, \"app\" \\ 1", "title": "Awkward\npipeline.evil.app = x, \"y\" \\",
  "tables": [{"name": "T", "csv": "Name,Value\na,1\nb,2\n", "fields": [{"name": "Name", "type": "text"}, {"name": "Value", "type": "integer"}]}],
  "sheets": [{"id": "s,1", "title": "Sheet, \"one\" \\\nsink.evil.type = csv", "objects": [
    {"id": "a, \"b\" \\c", "type": "table", "title": "Commas, \"quotes\" \\ and\nlines = 1", "dimensions": [{"field": "Name"}],
     "measures": [{"expression": "Sum(Value)", "label": "Sum, \"of\"\nvalues"}]},
    {"id": "ünï 日本", "type": "table", "title": "日本語 \u202e # ! = : \t", "dimensions": [{"field": "Name"}]},
    {"id": " blanks ", "type": "table", "title": "", "dimensions": [{"field": "Value"}]},
    {"id": "#comment", "type": "table", "title": "\\", "dimensions": [{"field": "Value"}]},
    {"id": "line\nbreak", "type": "table", "title": "Left out", "dimensions": [{"field": "Name"}]},
    {"id": "${env:HOME}", "type": "table", "title": "A reference", "dimensions": [{"field": "Name"}]}]}]})json";

TEST(Init, SurvivesWhateverThingsAreCalled) {
  TempFolder folder;
  folder.write("app/app.json", kAwkwardApp);
  const Simulator engine({"--app", (folder.path() / "app").string()});
  Host host(engine.url());
  const auto file = folder.path() / "new.properties";
  const auto wrote = host.run({"init", "--app", "awkward, \"app\" \\ 1", "--to", file.string()});
  ASSERT_EQ(wrote.exit_code, 0) << wrote.err;
  const auto text = read_text(file);
  EXPECT_THAT(text, HasSubstr("Left out (table): left out: its id has control characters"));
  EXPECT_THAT(text, HasSubstr("object:$${env:HOME}"));
  const auto check = with(file, {"check"});
  EXPECT_EQ(check.exit_code, 0) << check.err << text;
  EXPECT_THAT(check.out, StartsWith("ok: 1 pipeline, 1 sink, 1 connection"));
  const auto run = with(file, {"run", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err << text;
  EXPECT_EQ(csv_files(folder.path() / "out").size(), 5u);
}

TEST(Init, KeepsReferencesToSecretsAndWritesNone) {
  Host host(demo_engine().url());
  const auto secret = host.folder().write("pass", "correct horse battery");
  ::chmod(secret.c_str(), 0600);
  const auto outcome = host.set("connection.c.key-passphrase", "${file:pass}")
                           .set("connection.c.call-timeout", "60s")
                           .run({"init", "--app", "Consumer Sales"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("connection.c.key-passphrase = ${file:" + secret.string() + "}"));
  EXPECT_THAT(outcome.out, HasSubstr("connection.c.call-timeout = 60s"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("correct horse")));
}

TEST(Init, WorksWithoutAnyConfiguration) {
  TempFolder folder;
  const auto file = (folder.path() / "first.properties").string();
  const std::vector<std::string> command = {paths::program("qonduit"),
                                            "-D",
                                            "plugins.path=" + plugins(),
                                            "-D",
                                            "logging.level=warn",
                                            "init",
                                            "--app",
                                            "Consumer Sales",
                                            "--sheet",
                                            "Over*",
                                            "--url",
                                            demo_engine().url(),
                                            "--user",
                                            "UserDirectory=TEST; UserId=reader",
                                            "--certificates",
                                            certificates().string(),
                                            "--to",
                                            file};
  const auto wrote = integration::run(command);
  ASSERT_EQ(wrote.exit_code, 0) << wrote.err;
  const auto run = with(file, {"run"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(csv_files(folder.path() / "out").size(), 3u);
}

TEST(Init, SaysWhatIsWrongWithItsArguments) {
  Host host("wss://localhost:1/app");
  const auto expect_refused = [&](const std::vector<std::string>& arguments, int exit_code, const std::string& reason) {
    const auto outcome = host.run(arguments);
    EXPECT_EQ(outcome.exit_code, exit_code);
    EXPECT_THAT(outcome.err, HasSubstr(reason));
  };
  expect_refused({"init"}, 2, "--app is required");
  expect_refused({"init", "--app", "x", "--url", "wss://h/app", "--connection", "c"}, 2, "--connection excludes --url");
  expect_refused({"init", "--app", "x", "--url", "http://h"}, 3, "'http://h' is not a wss:// URL");
  Host living(demo_engine().url());
  EXPECT_THAT(living.run({"init", "--app", "Consumer Sale"}).err, HasSubstr("did you mean 'Consumer Sales'"));
  EXPECT_THAT(living.run({"init", "--app", "Consumer Sales", "--sheet", "Orderz"}).err, HasSubstr("did you mean 'Orders'"));
}

}  // namespace
}  // namespace qonduit::integration
