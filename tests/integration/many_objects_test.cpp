// Many objects at once: what is delivered and told is what one after the other gives, in fewer waits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <filesystem>
#include <functional>
#include <map>
#include <sstream>
#include <string>

#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using Poco::JSON::Array;
using Poco::JSON::Object;

struct Delivered {
  Object::Ptr report;
  std::map<std::string, std::string> files;

  [[nodiscard]] std::int64_t number(const char* key) const { return report->getValue<std::int64_t>(key); }
  [[nodiscard]] std::string not_tried() const {
    std::ostringstream text;
    if (const auto left = report->getArray("not_tried"); !left.isNull()) left->stringify(text);
    return text.str();
  }
  // What the report says of each dataset, without what depends on time and on the way there.
  [[nodiscard]] std::vector<std::string> datasets() const {
    std::vector<std::string> texts;
    for (const auto& one : *report->getArray("datasets")) {
      auto dataset = one.extract<Object::Ptr>();
      dataset->remove("seconds");
      dataset->remove("targets");
      std::ostringstream text;
      dataset->stringify(text);
      texts.push_back(text.str());
    }
    return texts;
  }
};

// before: what is done with the host's folders.
Delivered deliver(
    const Simulator& engine, const std::map<std::string, std::string>& keys, const std::function<void(Host&)>& before = [](Host&) {},
    const std::string& app = "gallery") {
  Host host(engine.url());
  before(host);
  host.set("pipeline.p.app", app).set("pipeline.p.on-error", "continue");
  for (const auto& [key, value] : keys) host.set("pipeline.p." + key, value);
  const auto outcome = host.run({"run", "--json"});
  EXPECT_EQ(outcome.exit_code, app == "gallery" ? 1 : 0) << "some of the gallery cannot be read" << outcome.err;
  auto report = outcome.out;
  const auto& folder = host.folder().path().string();
  for (auto at = report.find(folder); at != std::string::npos; at = report.find(folder)) report.replace(at, folder.size(), "FOLDER");
  Delivered delivered{Poco::JSON::Parser().parse(report).extract<Array::Ptr>()->getObject(0), {}};
  // What stands beside a file says when it was made.
  for (const auto& file : host.files()) delivered.files[file] = file.ends_with(".csv") ? read_text(host.out() / file) : "";
  return delivered;
}

TEST(ManyObjects, AreDeliveredAsOneAfterTheOther) {
  const auto one = deliver(gallery_engine(), {{"parallel", "1"}});
  EXPECT_GT(one.files.size(), 40u);
  for (const auto* parallel : {"2", "64"}) {
    const auto many = deliver(gallery_engine(), {{"parallel", parallel}});
    EXPECT_EQ(many.files, one.files);
    EXPECT_EQ(many.datasets(), one.datasets());
  }
  EXPECT_EQ(deliver(gallery_engine(), {{"window", "1"}}).files, one.files);
}

// The engine counts, too: the way to the app, and an app that is not there, included.
TEST(ManyObjects, CountEveryCall) {
  const TempFolder folder;
  const auto heard = folder.path() / "heard.json";
  for (const auto* app : {"gallery", "missing"}) {
    Simulator engine({"--gallery", "--fault-report", heard.string()});
    Host host(engine.url());
    const auto outcome = host.set("pipeline.p.app", app).set("pipeline.p.on-error", "continue").run({"run", "--json"});
    engine.stop();
    std::int64_t calls = 0;
    const auto counted = Poco::JSON::Parser().parse(read_text(heard)).extract<Object::Ptr>()->getObject("calls");
    for (const auto& [method, count] : *counted) calls += count.convert<std::int64_t>();
    const auto report = Poco::JSON::Parser().parse(outcome.out).extract<Array::Ptr>()->getObject(0);
    EXPECT_GT(calls, 0) << app;
    EXPECT_EQ(report->getValue<std::int64_t>("engine_calls"), calls) << app;
  }
}

// With each reply late it is waits that cost: some for finding what there is, and then a few for all, not a few for each. So it is where
// selections are made, too: that they hold is proven for all of them at once.
TEST(ManyObjects, WaitTogether) {
  const Simulator engine({"--gallery", "--latency", "10"});
  for (const auto& keys : {std::map<std::string, std::string>(), {{"select.Region", "South"}, {"on-filter-mismatch", "warn"}}}) {
    auto alone = keys;
    alone["parallel"] = "1";
    const auto one = deliver(engine, alone);
    const auto many = deliver(engine, keys);
    EXPECT_GT(one.files.size(), 40u);
    EXPECT_EQ(many.files, one.files);
    EXPECT_LT(4 * many.number("waits"), one.number("waits"));
    EXPECT_LE(many.number("engine_calls"), one.number("engine_calls"));
  }
}

// A lost connection makes none of them wait alone: what was seen over it is looked at again, together.
TEST(ManyObjects, WaitTogetherAfterALostConnection) {
  const auto one = deliver(gallery_engine(), {{"parallel", "1"}});
  const Simulator engine({"--gallery", "--latency", "10", "--drop-after", "20"});
  const auto many = deliver(engine, {});
  EXPECT_EQ(many.number("reconnects"), 1);
  EXPECT_EQ(many.files, one.files);
  EXPECT_LT(2 * many.number("waits"), one.number("waits"));
}

// Replies out of order, aborted calls and a lost connection meet what is read ahead as they meet what is read in its turn.
TEST(ManyObjects, AreWholeOnABadDay) {
  const auto calm = deliver(gallery_engine(), {});
  for (const auto& faults :
       {std::vector<std::string>{"--out-of-order"}, {"--abort-every", "7"}, {"--drop-after", "20"}, {"--short-pages", "2"}}) {
    std::vector<std::string> options{"--gallery"};
    options.insert(options.end(), faults.begin(), faults.end());
    const Simulator engine(options);
    const auto bad = deliver(engine, {});
    EXPECT_EQ(bad.files, calm.files) << faults.front();
  }
}

// Deliveries overlap, and what a run leaves, and says, when one of them fails does not depend on it.
TEST(ManyObjects, FailAsOneAfterTheOther) {
  for (const auto* decision : {"fail", "continue"}) {
    const auto run = [&](const char* parallel) {
      return deliver(gallery_engine(),
                     {{"parallel", parallel},
                      {"on-error", decision},
                      {"objects", "object:g-table, object:g-bar, object:g-line, object:g-pie, object:g-kpi, object:g-map"}},
                     [](Host& host) {
                       const auto charts = host.out() / "Gallery" / "Charts";
                       std::filesystem::create_directories(charts / "Line.csv" / "in the way");
                       // One is refused when its file is opened, not when it is published.
                       host.set("sink.f.on-exists", "fail");
                       std::filesystem::create_directories(charts / "Pie.csv");
                     });
    };
    const auto one = run("1");
    EXPECT_EQ(one.files.size(), std::string(decision) == "fail" ? 4u : 10u);
    for (const auto* parallel : {"3", "64"}) {
      const auto many = run(parallel);
      EXPECT_EQ(many.files, one.files);
      EXPECT_EQ(many.datasets(), one.datasets());
      EXPECT_EQ(many.not_tried(), one.not_tried());
    }
  }
}

// An app of more objects than are looked at together, each with an expression of its own.
class ManyGroups : public ::testing::Test {
 protected:
  ManyGroups() {
    std::string app = R"({"id":"many","title":"Many","tables":[{"name":"T","csv":"Region,Amount\nNorth,1\nSouth,2\nEast,3\n",)"
                      R"("fields":[{"name":"Region","type":"text"},{"name":"Amount","type":"integer"}]}],"sheets":[)";
    for (int i = 0; i < kObjects; ++i) {
      const auto number = std::to_string(i);
      app += i % 30 != 0 ? "," : (i == 0 ? "" : "]},") + (R"({"id":"s)" + number + R"(","title":"S)" + number + R"(","objects":[)");
      app += R"({"id":"o)" + number + R"(","type":"table","title":"Table )" + number +
             R"(","dimensions":[{"field":"Region"}],"measures":[{"label":"Sum","expression":"Sum(Amount)+)" + number + R"("}]})";
    }
    folder_.write("app.json", app + "]}]}");
  }
  [[nodiscard]] Simulator engine(std::vector<std::string> options) const {
    options.insert(options.end(), {"--app", folder_.path().string()});
    return Simulator(options);
  }
  static Delivered deliver_many(const Simulator& engine, const std::map<std::string, std::string>& keys) {
    return deliver(
        engine, keys, [](Host&) {}, "many");
  }
  static constexpr int kObjects = 150;

 private:
  TempFolder folder_;
};

TEST_F(ManyGroups, WaitForEachOtherHardlyAtAll) {
  const auto engine = this->engine({"--latency", "3"});
  const auto one = deliver_many(engine, {{"parallel", "1"}});
  const auto many = deliver_many(engine, {});
  EXPECT_EQ(one.files.size(), 2u * kObjects);
  EXPECT_EQ(many.files, one.files);
  EXPECT_EQ(many.datasets(), one.datasets());
  EXPECT_LT(12 * many.number("waits"), one.number("waits"));
}

TEST_F(ManyGroups, AreWholeOnABadDay) {
  const auto calm = deliver_many(engine({}), {});
  // After a lost connection the selections are made anew: what was seen before is of another state.
  const std::map<std::string, std::string> selected{{"select.Region", "South"}};
  const auto south = deliver_many(engine({"--drop-after", "100", "--latency", "5"}), selected);
  EXPECT_EQ(south.number("reconnects"), 1);
  EXPECT_EQ(south.files, deliver_many(engine({}), selected).files);
  for (const auto& faults :
       {std::vector<std::string>{"--drop-after", "30"}, {"--drop-after", "100"}, {"--abort-every", "7"}, {"--change-after", "80"}}) {
    auto options = faults;
    options.insert(options.end(), {"--latency", "5"});
    const auto bad = deliver_many(engine(options), {});
    EXPECT_EQ(bad.files.size(), calm.files.size()) << faults.front();
    // Rows are others after a change: that all of an object are of one time, traps_test shows.
    if (faults.front() == "--change-after") continue;
    EXPECT_EQ(bad.files, calm.files) << faults.front();
  }
}

// A budget of cells holds what is read ahead, too: what does not fit is not read at all.
TEST(ManyObjects, KeepABudget) {
  const auto one = deliver(gallery_engine(), {{"parallel", "1"}, {"budget.cells", "300"}});
  const auto many = deliver(gallery_engine(), {{"budget.cells", "300"}});
  EXPECT_LT(many.files.size(), 40u);
  EXPECT_EQ(many.files, one.files);
  EXPECT_EQ(many.datasets(), one.datasets());
}

}  // namespace
}  // namespace qonduit::integration
