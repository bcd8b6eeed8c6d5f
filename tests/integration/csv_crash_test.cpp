// The host killed, or its disk failing, at each step of a delivery into a CSV file. strace injects the fault into the real process; what
// readers find is the old file whole or the new file whole, and the next run repairs the rest. reliability: D4, D6.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>

#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct DiskFault {
  const char* name;
  const char* inject;  // strace's words
  bool kills;
};
void PrintTo(const DiskFault& fault, std::ostream* out) { *out << fault.name; }

class CsvDespite : public ::testing::TestWithParam<DiskFault> {};

std::vector<std::string> partial_files(const Host& host) {
  auto files = host.files();
  std::erase_if(files, [](const std::string& name) { return !name.ends_with(".partial"); });
  return files;
}

// Rows of Customers.csv, of a file that reads to its end.
std::size_t customers(const Host& host) { return read_csv(host.out() / "Customers.csv").size() - 1; }

TEST_P(CsvDespite, IsOldOrNewButWhole) {
  Host host(demo_engine().url());
  host.set("pipeline.p.objects", "object:table-customers").set("sink.f.file", "{title}");
  ASSERT_EQ(host.run({"-D", "sink.f.header=true", "run", "--json"}).exit_code, 0);
  ASSERT_EQ(customers(host), 1200u);
  const auto before = read_text(host.out() / "Customers.csv");
  const auto manifest_before = read_text(host.out() / "Customers.csv.manifest.json");

  // The next delivery is told from this one by its line ends.
  auto command = host.command({"-D", "sink.f.line-ending=lf", "run", "--json"});
  const std::vector<std::string> strace = {"/usr/bin/env", "strace",
                                           "-f",           "-qq",
                                           "-o",           (host.folder().path() / "trace").string(),
                                           "-e",           std::string("inject=") + GetParam().inject};
  command.insert(command.begin(), strace.begin(), strace.end());
  // The leak checker cannot run under a tracer.
  const auto outcome = integration::run(command, {{"ASAN_OPTIONS", "detect_leaks=0"}});
  if (GetParam().kills) {
    EXPECT_EQ(outcome.exit_code, 128 + SIGKILL);
  } else {
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("Customers.csv"), HasSubstr("Input/output error")));
    EXPECT_THAT(partial_files(host), IsEmpty()) << "a host that lives cleans up";
  }
  const auto after = read_text(host.out() / "Customers.csv");
  const bool old = after == before;
  EXPECT_TRUE(old || (after.find('\r') == std::string::npos && std::count(after.begin(), after.end(), '\n') == 1201)) << "neither";
  if (read_text(host.out() / "Customers.csv.manifest.json") != manifest_before) {
    EXPECT_FALSE(old) << "a manifest of the new file beside the old one";
  }

  const auto repaired = host.run({"-D", "sink.f.line-ending=lf", "run", "--json"});
  EXPECT_EQ(repaired.exit_code, 0) << repaired.out;
  EXPECT_THAT(partial_files(host), IsEmpty());
  const auto text = read_text(host.out() / "Customers.csv");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1201);
  const auto manifest =
      Poco::JSON::Parser().parse(read_text(host.out() / "Customers.csv.manifest.json")).extract<Poco::JSON::Object::Ptr>();
  EXPECT_EQ(manifest->getValue<std::size_t>("bytes"), text.size());
}

INSTANTIATE_TEST_SUITE_P(Faults, CsvDespite,
                         ::testing::Values(DiskFault{"KilledBeforeTheFirstFsync", "fsync:signal=KILL:when=1", true},
                                           DiskFault{"KilledBeforeTheSecondFsync", "fsync:signal=KILL:when=2", true},
                                           DiskFault{"KilledBeforeTheFirstRename", "renameat,renameat2:signal=KILL:when=1", true},
                                           DiskFault{"KilledBetweenTheRenames", "renameat,renameat2:signal=KILL:when=2", true},
                                           DiskFault{"KilledBeforeTheFolderIsSynced", "fsync:signal=KILL:when=3", true},
                                           DiskFault{"TheFirstFsyncFails", "fsync:error=EIO:when=1", false},
                                           DiskFault{"TheSecondFsyncFails", "fsync:error=EIO:when=2", false},
                                           DiskFault{"TheFirstRenameFails", "renameat,renameat2:error=EIO:when=1", false}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace qonduit::integration
