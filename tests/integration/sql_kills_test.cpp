// The host, killed at any moment while it delivers into a real server, and a reader that looks at the table all the while: it sees one
// whole delivery, always. QONDUIT_KILLS says how often (scripts/endurance).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <random>
#include <thread>

#include "plugins/sinks/sql/testing/mariadb_server.hpp"
#include "plugins/sinks/sql/testing/postgresql_server.hpp"
#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using mariadb_server = odbc::testing::MariadbServer;
using postgresql_server = postgresql::testing::PostgresqlServer;
using Rows = qonduit::testing::Rows;

struct Target {
  std::string name;
  // Makes an empty database, and sets the keys of sink.db.
  std::function<std::string(Host& host)> make;
  std::function<Rows(const std::string& database, const std::string& sql)> query;
};

void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

class SqlKills : public ::testing::TestWithParam<Target> {
 protected:
  SqlKills() {
    host_.set("pipeline.p.sinks", "db").set("pipeline.p.objects", "object:table-customers");
    host_.set("sink.db.table", "customers").set("sink.db.mode", "replace").set("sink.db.metadata", "run_id");
    database_ = GetParam().make(host_);
  }
  // Rows, and how many runs they are of.
  std::string seen() const {
    const auto row = GetParam().query(database_, "SELECT count(*), count(DISTINCT \"_run_id\") FROM customers")[0];
    return *row[0] + " rows of " + *row[1] + " run";
  }
  std::string run_in_table() const { return *GetParam().query(database_, "SELECT max(\"_run_id\") FROM customers")[0][0]; }

  Simulator engine_{{"--app", demo_app().string()}};
  Host host_{engine_.url()};
  std::string database_;
};

constexpr const char* kWhole = "1200 rows of 1 run";

TEST_P(SqlKills, AReaderSeesOneWholeDeliveryAlways) {
  const auto begin = std::chrono::steady_clock::now();
  const auto first = host_.run();
  ASSERT_EQ(first.exit_code, 0) << first.out << first.err;
  const auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
  ASSERT_EQ(seen(), kWhole);

  std::atomic<bool> done = false;
  std::atomic<int> looks = 0;
  std::string wrong;
  std::thread reader([&] {
    for (; !done; ++looks) {
      if (const auto now = seen(); now != kWhole && wrong.empty()) wrong = now;
    }
  });
  const char* wished = std::getenv("QONDUIT_KILLS");
  const int kills = wished == nullptr ? 40 : std::atoi(wished);
  std::mt19937 random(7);
  int died = 0;
  for (int kill = 0; kill < kills; ++kill) {
    const auto before = run_in_table();
    auto command = host_.command({"run", "--json"});
    // The moment at which the host dies is what varies.
    const auto delay = static_cast<double>(random() % static_cast<unsigned>(longest) + 1) / 1000;
    const std::vector<std::string> killer = {"/usr/bin/env", "timeout", "-s", "KILL", std::to_string(delay)};
    command.insert(command.begin(), killer.begin(), killer.end());
    const bool finished = integration::run(command).exit_code == 0;
    died += finished ? 0 : 1;
    EXPECT_TRUE(!finished || run_in_table() != before) << "what was reported delivered is there";
  }
  EXPECT_GT(died, kills / 4) << "the moments were too late";
  EXPECT_EQ(host_.run().exit_code, 0) << "a host that was killed hinders none after it";
  done = true;
  reader.join();
  EXPECT_EQ(wrong, "");
  EXPECT_GT(looks, kills);
  EXPECT_EQ(seen(), kWhole);
}

Target postgresql() {
  return {"Postgresql",
          [](Host& host) {
            auto& server = postgresql_server::shared();
            const auto database = server.new_database();
            host.set("sink.db.type", "postgresql").set("sink.db.url", server.url(database));
            host.set("sink.db.password", postgresql_server::password());
            return database;
          },
          [](const std::string& database, const std::string& sql) { return postgresql_server::shared().query(database, sql); }};
}

Target mariadb() {
  return {"Mariadb",
          [](Host& host) {
            auto& server = mariadb_server::shared();
            const auto database = server.new_database();
            host.set("sink.db.type", "odbc").set("sink.db.connection", server.connection(database)).set("sink.db.user", "etl");
            host.set("sink.db.password", mariadb_server::password());
            return database;
          },
          [](const std::string& database, const std::string& sql) { return mariadb_server::shared().query(database, sql); }};
}

INSTANTIATE_TEST_SUITE_P(Servers, SqlKills, ::testing::Values(postgresql(), mariadb()), [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace qonduit::integration
