// The host, killed at any moment while it delivers into a database, and a reader that looks at the table all the while: it sees whole
// deliveries, always. One test for each mode of each database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <tuple>

#include "tests/integration/kill_while_delivering.hpp"
#include "tests/integration/sql_targets.hpp"

namespace qonduit::integration {
namespace {

struct Mode {
  std::string name;
  std::map<std::string, std::string> options;
  std::string where;              // which rows are those of the last delivery
  bool keeps_all = false;         // of the deliveries before, too
  bool may_appear_later = false;  // as above, of this mode alone
};

void PrintTo(const Mode& mode, std::ostream* out) { *out << mode.name; }

class SqlKills : public ::testing::TestWithParam<std::tuple<Target, Mode>> {
 protected:
  SqlKills() {
    host_.set("pipeline.p.sinks", "db").set("pipeline.p.objects", "object:table-customers").set("sink.db.table", "customers");
    for (const auto& [name, value] : mode_.options) host_.set("sink.db." + name, value);
    database_ = target_.make(host_);
  }
  // What is not so: every run that is seen is whole, and there is one, or all that landed.
  std::string wrong() const {
    const auto row = target_.query(database_, "SELECT min(n), max(n), count(*) FROM (SELECT count(*) AS n FROM customers " + mode_.where +
                                                  " GROUP BY \"Run\") runs")[0];
    const auto seen = row[0].value_or("no") + " to " + row[1].value_or("no") + " rows of each of " + *row[2] + " runs";
    const bool right = row[0] == "1200" && row[1] == "1200" && (mode_.keeps_all || row[2] == "1");
    return right ? "" : seen;
  }
  // Whether a reader may see this run where it saw `before` and the host that delivers `number` has died.
  bool may_be_seen(const std::string& seen, const std::string& before, int number) const {
    if (seen == before || seen == std::to_string(number)) return true;
    return (mode_.may_appear_later || target_.may_appear_later) && std::stoi(seen) > std::stoi(before) && std::stoi(seen) < number;
  }
  std::string last_run() const { return target_.query(database_, "SELECT max(\"Run\") FROM customers")[0][0].value_or("none"); }

  const Target target_ = std::get<0>(GetParam());
  const Mode mode_ = std::get<1>(GetParam());
  Host host_{demo_engine().url()};
  std::string database_;
};

TEST_P(SqlKills, AReaderSeesWholeDeliveriesAlways) {
  int number = 1;
  set_run(host_, number);
  const auto first = host_.run();
  ASSERT_EQ(first.exit_code, 0) << first.out << first.err;
  ASSERT_EQ(wrong(), "");
  set_run(host_, ++number);
  const auto begin = std::chrono::steady_clock::now();
  const auto second = host_.run();
  ASSERT_EQ(second.exit_code, 0) << second.out << second.err;
  Killer killer(std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin));
  ASSERT_EQ(wrong(), "");

  std::atomic<int> looks = 0;
  std::string wrong_once;
  std::jthread reader([&](const std::stop_token& stop) {
    try {
      for (; !stop.stop_requested(); ++looks) {
        if (const auto now = wrong(); !now.empty()) wrong_once = now;
      }
    } catch (const std::exception& error) {
      wrong_once = error.what();
    }
  });
  for (std::string before = last_run(); killer.goes_on();) {
    set_run(host_, ++number);
    const bool finished = killer.finishes(host_.command({"run", "--json"}));
    const auto after = last_run();
    if (finished) {
      EXPECT_EQ(after, std::to_string(number)) << killer.moment();
    } else {
      EXPECT_TRUE(may_be_seen(after, before, number)) << killer.moment() << ": run " << after << " behind " << before;
    }
    if (!finished && after != before) killer.had_delivered();
    before = after;
  }
  set_run(host_, ++number);
  const auto last = host_.run();
  EXPECT_EQ(last.exit_code, 0) << "a host that was killed hinders none after it: " << last.out << last.err;
  reader.request_stop();
  reader.join();
  EXPECT_EQ(wrong_once, "");
  EXPECT_GT(looks, 0);
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(last_run(), std::to_string(number));
}

// Rows of a query, with SQLite's own library; throws with its words.
Rows query_file(const std::string& file, const std::string& sql) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open(file.c_str(), &opened);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection(opened, sqlite3_close);
  sqlite3_busy_timeout(opened, 30'000);
  Rows rows;
  const auto take = [](void* out, int count, char** cells, char**) {
    auto& row = static_cast<Rows*>(out)->emplace_back();
    for (int i = 0; i < count; ++i) row.push_back(cells[i] == nullptr ? qonduit::testing::Cell() : cells[i]);
    return 0;
  };
  if (code != SQLITE_OK || sqlite3_exec(opened, sql.c_str(), take, &rows, nullptr) != SQLITE_OK)
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(opened));
  return rows;
}

Target sqlite() {
  return {"Sqlite",
          [](Host& host) {
            const auto file = (host.folder().path() / "warehouse.db").string();
            host.set("sink.db.type", "sqlite").set("sink.db.file", file);
            return file;
          },
          // A commit is in the write-ahead log before it is in the index of that log, from which others read. Whoever opens the file when
          // no one else is left makes the index anew.
          query_file, true};
}

const Mode kAppend{"Append", {{"mode", "append"}}, "", true};
const Mode kRewrite{"Replace", {{"mode", "replace"}}, "", false};
const Mode kSwap{"Swap", {{"mode", "replace"}, {"method", "swap"}}, "", false};
const Mode kView{"View", {{"mode", "replace"}, {"method", "view"}}, "", false};
const Mode kTruncate{"Truncate", {{"mode", "truncate"}}, "", false};
const Mode kMerge{"Merge", {{"mode", "merge"}, {"key", "No."}}, "", false};
const Mode kHistory{"History", {{"mode", "history"}, {"key", "No."}}, "WHERE \"current\"", false};

const auto kName = [](const auto& test) { return std::get<0>(test.param).name + std::get<1>(test.param).name; };

INSTANTIATE_TEST_SUITE_P(Transactional, SqlKills,
                         ::testing::Combine(::testing::Values(postgresql(), sqlite()),
                                            ::testing::Values(kAppend, kRewrite, kSwap, kView, kTruncate, kMerge, kHistory)),
                         kName);
// MariaDB's TRUNCATE commits, and so does every RENAME and CREATE.
const Mode kSwapInTwoSteps{"Swap", {{"mode", "replace"}, {"method", "swap"}}, "", false, true};
const Mode kViewInTwoSteps{"View", {{"mode", "replace"}, {"method", "view"}}, "", false, true};
INSTANTIATE_TEST_SUITE_P(Odbc, SqlKills,
                         ::testing::Combine(::testing::Values(mariadb()),
                                            ::testing::Values(kAppend, kRewrite, kSwapInTwoSteps, kViewInTwoSteps, kMerge, kHistory)),
                         kName);

}  // namespace
}  // namespace qonduit::integration
