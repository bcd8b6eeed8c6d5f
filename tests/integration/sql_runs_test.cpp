// Whole runs into databases on servers: deliveries that overlap leave what one after the other leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "tests/integration/sql_targets.hpp"

namespace qonduit::integration {
namespace {

struct Method {
  std::string name;
  std::map<std::string, std::string> options;
};

void PrintTo(const Method& method, std::ostream* out) { *out << method.name; }

class SqlRuns : public ::testing::TestWithParam<std::tuple<Target, Method>> {
 protected:
  // Every table of the database with its rows, sorted; without the sink's own.
  [[nodiscard]] std::map<std::string, Rows> tables(const std::string& database) const {
    std::map<std::string, Rows> found;
    for (const auto& row : target_.query(database, "SELECT table_name FROM information_schema.tables WHERE table_schema IN ('public', '" +
                                                       database + "') AND table_name NOT LIKE '\\_qonduit%' ORDER BY 1")) {
      auto& rows = found[*row[0]];
      rows = target_.query(database, "SELECT * FROM \"" + *row[0] + "\"");
      std::sort(rows.begin(), rows.end());
    }
    return found;
  }
  // All of the app, twice, with so many objects at a time.
  std::map<std::string, Rows> deliver(const Simulator& engine, const std::string& app, int exit_code, const std::string& parallel) {
    Host host(engine.url());
    const auto database = target_.make(host);
    host.set("pipeline.p.app", app).set("pipeline.p.on-error", "continue").set("pipeline.p.sinks", "db");
    host.set("pipeline.p.parallel", parallel).set("pipeline.p.attempts", "1");
    for (const auto& [name, value] : method_.options) host.set("sink.db." + name, value);
    for (int run = 0; run < 2; ++run) {
      const auto outcome = host.run({"run", "--json"});
      EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
      reports_.push_back(std::count(outcome.out.begin(), outcome.out.end(), '\n'));
    }
    return tables(database);
  }

  const Target target_ = std::get<0>(GetParam());
  const Method method_ = std::get<1>(GetParam());
  std::vector<std::ptrdiff_t> reports_;  // lines of each
};

TEST_P(SqlRuns, OverlapAsOneAfterTheOther) {
  constexpr int kSomeCannotBeRead = 1;
  const auto one = deliver(gallery_engine(), "gallery", kSomeCannotBeRead, "1");
  EXPECT_GT(one.size(), 40u);
  EXPECT_EQ(deliver(gallery_engine(), "gallery", kSomeCannotBeRead, "16"), one);
  EXPECT_EQ(std::count(reports_.begin(), reports_.end(), reports_.front()), 4);
}

// An object's id behind a title makes a name that is another's title: which of them gets it depends on who is first, in each run alike.
TEST_P(SqlRuns, DoNotWaitForEachOtherOverANameThatTwoMayGet) {
  const TempFolder folder;
  folder.write("app.json", R"json({"id": "ventes", "title": "Ventes",
    "tables": [{"name": "T", "csv": "Région,Montant\nNord,1\nSud,2\n",
                "fields": [{"name": "Région", "type": "text"}, {"name": "Montant", "type": "integer"}]}],
    "sheets": [{"id": "s", "title": "Feuille", "objects": [
      {"id": "o3", "type": "table", "title": "T_o1", "dimensions": [{"field": "Région"}], "measures": [{"label": "m", "expression": "3"}]},
      {"id": "o4", "type": "table", "title": "t_O2", "dimensions": [{"field": "Région"}], "measures": [{"label": "m", "expression": "4"}]},
      {"id": "o1", "type": "table", "title": "T", "dimensions": [{"field": "Région"}], "measures": [{"label": "m", "expression": "1"}]},
      {"id": "o2", "type": "table", "title": "T", "dimensions": [{"field": "Région"}], "measures": [{"label": "m", "expression": "2"}]}]}]})json");
  const Simulator engine({"--app", folder.path().string()});
  const auto one = deliver(engine, "Ventes", 0, "1");
  EXPECT_EQ(one.size(), 4u);
  EXPECT_EQ(deliver(engine, "Ventes", 0, "4"), one);
}

// A database that may be connected to only so often: as many tables are written at a time as it takes, and none fails for it.
TEST(SqlRunsOfOneDatabase, DoWithTheConnectionsThereAre) {
  Host host(gallery_engine().url());
  const auto target = postgresql();
  const auto database = target.make(host);
  target.query(database, "ALTER DATABASE " + database + " CONNECTION LIMIT 2");
  host.set("pipeline.p.app", "gallery").set("pipeline.p.sinks", "db").set("pipeline.p.parallel", "6").set("pipeline.p.attempts", "1");
  host.set("pipeline.p.objects", "object:g-table, object:g-bar, object:g-line, object:g-pie, object:g-kpi, object:g-map");
  host.set("sink.db.mode", "replace").set("sink.db.connect-wait", "0ms").set("logging.level", "warn");
  const auto outcome = host.run();
  target.query(database, "ALTER DATABASE " + database + " CONNECTION LIMIT -1");  // other tests use it, too
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, ::testing::HasSubstr(R"("delivered": 7)"));
  EXPECT_THAT(outcome.err, ::testing::HasSubstr("delivers fewer datasets at a time than parallel says"));
}

const Method kReplace{"Replace", {{"mode", "replace"}}};
const Method kSwap{"Swap", {{"mode", "replace"}, {"method", "swap"}}};
const auto kName = [](const auto& test) { return std::get<0>(test.param).name + std::get<1>(test.param).name; };

INSTANTIATE_TEST_SUITE_P(Servers, SqlRuns,
                         ::testing::Combine(::testing::Values(postgresql(), mariadb()), ::testing::Values(kReplace, kSwap)), kName);

}  // namespace
}  // namespace qonduit::integration
