// Sessions on an engine in memory.
#include "core/engine/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/config/selector.hpp"
#include "core/engine/catalog.hpp"
#include "core/engine/session_url.hpp"
#include "tests/core/engine/scripted_transport.hpp"

namespace qonduit::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::UnorderedElementsAre;

const std::string kCreated = R"({"jsonrpc":"2.0","method":"OnConnected","params":{"qSessionState":"SESSION_CREATED"}})";
const std::string kAttached = R"({"jsonrpc":"2.0","method":"OnConnected","params":{"qSessionState":"SESSION_ATTACHED"}})";

std::string object_return(const std::string& type, int handle, const std::string& id) {
  return R"({"qReturn":{"qType":")" + type + R"(","qHandle":)" + std::to_string(handle) + R"(,"qGenericType":"x","qGenericId":")" + id +
         "\"}}";
}

std::string without_space(std::string json) {
  std::erase_if(json, [](char c) { return c == ' ' || c == '\n'; });
  return json;
}

// An engine with one app, two sheets and four objects.
class Engine {
 public:
  TransportFactory factory() {
    return [this](const config::Connection&, const std::string& url) -> Result<std::unique_ptr<Transport>> {
      urls.push_back(url);
      if (!refuse.ok()) return refuse;
      wire = std::make_shared<Wire>();
      wire->answer_with([this](const Request& request) { return answer(request); });
      const auto greeting = urls.size() <= greetings.size() ? greetings[urls.size() - 1] : kCreated;
      if (!greeting.empty()) wire->push(greeting);
      return std::unique_ptr<Transport>(std::make_unique<ScriptedTransport>(wire));
    };
  }

  std::vector<std::string> greetings;  // one for each connection; created after that
  std::vector<std::string> urls;
  Status refuse;
  bool without_data = false;
  bool tells_sheets = true;
  int doc = 1;
  std::shared_ptr<Wire> wire;
  std::vector<std::string> methods;
  std::vector<std::string> opened;  // parameters of GetObject
  std::size_t together = 0;         // so many calls of GetObject are answered when all of them have come

 private:
  std::vector<std::string> answer(const Request& request) {
    methods.push_back(request.method);
    const auto result = [&](const std::string& json) { return std::vector{Wire::result(request.id, json)}; };
    if (request.method == "OpenDoc" || request.method == "GetActiveDoc") return result(object_return("Doc", doc, "app"));
    if (request.method == "GetAppLayout") {
      return result(std::string(R"({"qLayout":{"qTitle":"Sales","qLastReloadTime":"2026-01-01T00:00:00Z")") +
                    (without_data ? R"(,"qIsOpenedWithoutData":true)" : "") + "}}");
    }
    if (request.method == "GetDocList") {
      return result(R"({"qDocList":[{"qDocId":"1","qTitle":"Sales"},{"qDocId":"2","qTitle":"Twice"},{"qDocId":"3","qTitle":"Twice"}]})");
    }
    if (request.method == "CreateSessionObject") return result(object_return("GenericObject", doc * 100 + 9, "list"));
    if (request.method == "GetObjects" && tells_sheets) {
      return result(R"({"qList":[{"qInfo":{"qId":"s2","qType":"sheet"},"qMeta":{"title":"Detail"}},)"
                    R"({"qInfo":{"qId":"s1","qType":"sheet"},"qMeta":{"title":"Overview / Total"}}]})");
    }
    if (request.method == "GetObjects") return {Wire::error(request.id, -32601)};
    if (request.method == "GetObject" && together > 0) {
      for (auto& answer : find(request)) held_.push_back(std::move(answer));
      return held_.size() < together ? std::vector<std::string>() : std::exchange(held_, {});
    }
    if (request.method == "GetObject") return find(request);
    if (request.method == "GetLayout") {
      switch (request.handle % 100) {
        case 9:
          return result(
              R"({"qLayout":{"qAppObjectList":{"qItems":[{"qInfo":{"qId":"s2"},"qMeta":{"title":"Detail"},"qData":{"rank":2}},)"
              R"({"qInfo":{"qId":"s1"},"qMeta":{"title":"Overview / Total"},"qData":{"rank":1,"cells":[{"name":"a","type":"barchart"},)"
              R"({"name":"box","type":"container"},{"name":"c","type":"kpi"}]}},{"qInfo":{"qId":"s3"},"qData":{"rank":null}}]}}})");
        case 1:
          return result(
              R"({"qLayout":{"cells":[{"name":"b","type":"table","row":1,"col":0},{"name":"a","type":"barchart","row":0,"col":0}],)"
              R"("qChildList":{"qItems":[{"qInfo":{"qId":"a","qType":"barchart"},"qData":{"title":"By region"}},{"qInfo":{"qId":"c","qType":"kpi"}}]}}})");
        default: return result(R"({"qLayout":{"cells":[{"name":"d","type":"table","row":0,"col":0}]}})");
      }
    }
    return result("{}");
  }

  std::vector<std::string> find(const Request& request) {
    opened.push_back(without_space(request.params));
    for (const auto& [id, number] : {std::pair{"s1", 1}, {"s2", 2}, {"a", 3}, {"loose", 4}, {"s3", 5}}) {
      if (request.params.find(std::string("\"") + id + "\"") != std::string::npos)
        return {Wire::result(request.id, object_return("GenericObject", doc * 100 + number, id))};
    }
    return {Wire::result(request.id, R"({"qReturn":{"qType":null,"qHandle":null}})")};
  }

  std::vector<std::string> held_;
};

config::Connection connection() {
  config::Connection connection;
  connection.name = "c";
  connection.url = "wss://qlik.example.com:4747/app";
  connection.handshake_timeout = std::chrono::milliseconds(20);
  connection.keepalive = std::chrono::milliseconds(0);
  connection.reconnect_attempts = 3;
  return connection;
}

TEST(SessionUrl, HoldsAppIdentityAndTimeToLive) {
  EXPECT_EQ(session_url(connection(), "a b/c", "ID"), "wss://qlik.example.com:4747/app/a%20b%2Fc/identity/ID/ttl/5");
  auto bare = connection();
  bare.url = "wss://h/p/app/?x=1";
  bare.ttl = std::chrono::seconds(0);
  EXPECT_EQ(session_url(bare, "", "ID"), "wss://h/p/app/engineData/identity/ID?x=1");
}

TEST(Session, AsksForASessionOfItsOwn) {
  Engine engine;
  const auto first = Session::open(connection(), "app", engine.factory());
  const auto second = Session::open(connection(), "app", engine.factory());
  ASSERT_TRUE(first && second);
  EXPECT_THAT(engine.urls[0], MatchesRegex("wss://qlik.example.com:4747/app/app/identity/[-0-9a-f]+/ttl/5"));
  EXPECT_NE(engine.urls[0], engine.urls[1]);
}

TEST(Session, RefusesToShareASessionThatExists) {
  Engine engine;
  engine.greetings = {kAttached, kAttached};
  EXPECT_EQ(Session::open(connection(), "app", engine.factory()).error().code(), Code::inconsistent);
  engine.urls.clear();
  engine.greetings = {kAttached};
  EXPECT_TRUE(Session::open(connection(), "app", engine.factory())) << "a new identity is tried once";
}

TEST(Session, SaysWhyTheProxyWantsALogIn) {
  Engine engine;
  engine.greetings = {
      R"({"jsonrpc":"2.0","method":"OnAuthenticationInformation","params":{"loginUri":"https://h/login","mustAuthenticate":true}})"};
  const auto session = Session::open(connection(), "app", engine.factory());
  EXPECT_EQ(session.error().code(), Code::unauthenticated);
  EXPECT_THAT(session.error().message(), HasSubstr("https://h/login"));
}

TEST(Session, SaysWhichStateTheEngineRefusedIt) {
  Engine engine;
  engine.greetings = {R"({"jsonrpc":"2.0","method":"OnConnected","params":{"qSessionState":"SESSION_ERROR_NO_LICENSE"}})"};
  EXPECT_EQ(Session::open(connection(), "app", engine.factory()).error().code(), Code::forbidden);
}

TEST(Session, RefusesAnAppWithoutItsData) {
  Engine engine;
  engine.without_data = true;
  auto session = Session::open(connection(), "app", engine.factory());
  ASSERT_TRUE(session);
  EXPECT_EQ((*session)->open_app("app").error().code(), Code::inconsistent);
}

TEST(Session, ConnectsAgainAndGivesHandlesTheirNewNumbers) {
  Engine engine;
  auto session = Session::open(connection(), "app", engine.factory());
  ASSERT_TRUE((*session)->open_app("app"));
  const auto object = (*session)->get_object("a");
  ASSERT_EQ(object->number(), 103);
  engine.wire->fail({Code::unavailable, "cut"});
  while ((*session)->health().ok()) static_cast<void>((*session)->call(object->number(), "GetNothing"));
  engine.doc = 2;
  engine.greetings = {kCreated, kAttached};
  ASSERT_TRUE((*session)->reconnect({}).ok());
  EXPECT_EQ(engine.urls[0], engine.urls[1]) << "the same identity, so that the session may still be there";
  EXPECT_EQ(object->number(), 203);
}

// One after the other, each of them would wait for the way to the engine and back.
TEST(Session, RenewsAllHandlesTogether) {
  Engine engine;
  auto session = Session::open(connection(), "app", engine.factory());
  ASSERT_TRUE((*session)->open_app("app"));
  const auto a = (*session)->get_object("a"), loose = (*session)->get_object("loose"), sheet = (*session)->get_object("s1");
  engine.wire->fail({Code::unavailable, "cut"});
  while ((*session)->health().ok()) static_cast<void>((*session)->call(a->number(), "GetNothing"));
  engine.doc = 2;
  engine.together = 3;
  const auto before = (*session)->traffic();
  ASSERT_TRUE((*session)->reconnect({}).ok());
  EXPECT_EQ(a->number(), 203);
  EXPECT_EQ(loose->number(), 204);
  EXPECT_EQ(sheet->number(), 201);
  const auto after = (*session)->traffic();
  EXPECT_EQ(after.calls - before.calls, 5) << "the app, three objects, the reload time";
  EXPECT_EQ(after.waits - before.waits, 3);
}

TEST(Session, GivesWhatWasOpenedAheadOnceAndAsksForItOnce) {
  Engine engine;
  auto session = Session::open(connection(), "app", engine.factory());
  ASSERT_TRUE((*session)->open_app("app"));
  (*session)->open_ahead({"a", "missing"});
  (*session)->open_ahead({"a", "loose"});
  EXPECT_EQ((*session)->get_object("a")->number(), 103);
  EXPECT_EQ((*session)->get_object("missing").error().code(), Code::not_found);
  EXPECT_EQ((*session)->get_object("loose")->number(), 104);
  EXPECT_THAT(engine.opened, ElementsAre(R"(["a"])", R"(["missing"])", R"(["loose"])"));
  EXPECT_EQ((*session)->get_object("a")->number(), 103);
  EXPECT_EQ(engine.opened.size(), 4u);
}

TEST(Session, ForgetsWhatWasOpenedAheadWithTheConnection) {
  Engine engine;
  auto session = Session::open(connection(), "app", engine.factory());
  ASSERT_TRUE((*session)->open_app("app"));
  (*session)->open_ahead({"a"});
  engine.wire->wait_for("GetObject");
  engine.wire->fail({Code::unavailable, "cut"});
  while ((*session)->health().ok()) static_cast<void>((*session)->call(1, "GetNothing"));
  engine.doc = 2;
  ASSERT_TRUE((*session)->reconnect({}).ok());
  EXPECT_EQ((*session)->get_object("a")->number(), 203);
}

TEST(Session, RestoresTheStateBeforeItIsConnectedAgain) {
  Engine engine;
  auto session = Session::open(connection(), "app", engine.factory());
  ASSERT_TRUE((*session)->open_app("app"));
  const auto object = (*session)->get_object("a");
  std::vector<Status> answers{{Code::unavailable, "not yet"}, {}};
  std::vector<int> seen;
  (*session)->restore_with([&](const std::stop_token&) {
    seen.push_back(object->number());
    return std::exchange(answers.at(seen.size() - 1), Status());
  });
  engine.wire->fail({Code::unavailable, "cut"});
  while ((*session)->health().ok()) static_cast<void>((*session)->call(object->number(), "GetNothing"));
  engine.doc = 2;
  ::testing::internal::CaptureStderr();
  const auto status = (*session)->reconnect({});
  const auto log = ::testing::internal::GetCapturedStderr();
  ASSERT_TRUE(status.ok());
  EXPECT_THAT(log, MatchesRegex("[^\n]* warn the connection to the engine was lost, connecting again [^\n]*attempt=\"1 of 3\"[^\n]*\n"
                                "[^\n]* warn the connection to the engine was lost, connecting again [^\n]*attempt=\"2 of 3\"[^\n]*\n"
                                "[^\n]* warn connected again [^\n]*attempts=2\n"))
      << "what is said has happened";
  EXPECT_THAT(seen, ElementsAre(203, 203)) << "handles are renewed, each time";
  EXPECT_EQ(engine.urls.size(), 3u) << "what could not be restored is not read from";
}

TEST(Session, ThatCannotBeRestoredIsNeverReadFromAgain) {
  Engine engine;
  auto session = Session::open(connection(), "app", engine.factory());
  ASSERT_TRUE((*session)->open_app("app"));
  (*session)->restore_with([](const std::stop_token&) { return Status(Code::not_found, "no value 'North'"); });
  engine.wire->fail({Code::unavailable, "cut"});
  while ((*session)->health().ok()) static_cast<void>((*session)->call(-1, "GetNothing"));
  EXPECT_EQ((*session)->reconnect({}).code(), Code::not_found);
  EXPECT_EQ((*session)->health().code(), Code::not_found);
  EXPECT_FALSE((*session)->call(-1, "GetNothing").ok());
  EXPECT_EQ((*session)->reconnect({}).code(), Code::not_found);
}

TEST(Session, DoesNotConnectAgainWhenThatCannotHelp) {
  Engine engine;
  auto session = Session::open(connection(), "app", engine.factory());
  engine.wire->fail({Code::forbidden, "licence"});
  while ((*session)->health().ok()) static_cast<void>((*session)->call(-1, "GetNothing"));
  EXPECT_EQ((*session)->reconnect({}).code(), Code::forbidden);
  EXPECT_EQ(engine.urls.size(), 1u);
}

TEST(Session, DestroysItsSessionObjects) {
  Engine engine;
  auto session = Session::open(connection(), "app", engine.factory());
  ASSERT_TRUE((*session)->open_app("app"));
  { const auto object = (*session)->create_session_object(R"({"qInfo":{"qType":"t"}})"); }
  session->reset();
  EXPECT_THAT(engine.methods, ::testing::Contains("DestroySessionObject"));
}

class CatalogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    session = std::move(*Session::open(connection(), "app", engine.factory()));
    ASSERT_TRUE(session->open_app("app"));
  }
  std::vector<std::string> ids(const std::vector<std::string>& selectors) {
    const auto objects = Catalog(*session).resolve(selectors);
    if (!objects) return {objects.error().message()};
    std::vector<std::string> out;
    for (const auto& object : *objects) out.push_back(object.id);
    return out;
  }
  Engine engine;
  std::unique_ptr<Session> session;
};

TEST_F(CatalogTest, FindsAppsByIdOrUniqueTitle) {
  Catalog catalog(*session);
  EXPECT_EQ(catalog.find_app("Sales")->id, "1");
  EXPECT_EQ(catalog.find_app("2")->title, "Twice");
  EXPECT_THAT(catalog.find_app("Twice").error().message(), HasSubstr("2, 3"));
  EXPECT_THAT(catalog.find_app("Saless").error().message(), HasSubstr("did you mean 'Sales'"));
}

TEST_F(CatalogTest, SortsSheetsByRankAndObjectsByPlace) {
  const auto sheets = Catalog(*session).sheets();
  ASSERT_TRUE(sheets);
  ASSERT_EQ(sheets->size(), 3u);
  EXPECT_EQ((*sheets)[1].title, "Overview / Total");
  const auto objects = Catalog(*session).objects_on({(*sheets)[1]});
  ASSERT_TRUE(objects);
  ASSERT_EQ(objects->size(), 1u);
  ASSERT_EQ(objects->front().size(), 3u);
  EXPECT_EQ(objects->front()[0].title, "By region");
  EXPECT_EQ(objects->front()[2].id, "c") << "a child without a cell is there too";
}

TEST_F(CatalogTest, ResolvesSelectorsEachObjectOnce) {
  EXPECT_THAT(ids({"sheet:Overview / Total/*"}), ElementsAre("a", "b", "c"));
  EXPECT_THAT(ids({"object:By region", "sheet:s1/a"}), ElementsAre("a"));
  EXPECT_THAT(ids({"sheet:Over*/b", "object:loose"}), ElementsAre("b", "loose"));
}

// Only what is wanted for sure, and nothing twice.
TEST_F(CatalogTest, OpensAheadWhatSelectorsName) {
  const std::vector<std::string> selectors{"sheet:s1/*", "!sheet:s1/c"};
  for (const bool told : {true, false}) {
    engine.tells_sheets = told;
    Catalog::begin_sheets(*session, selectors, 64);
    std::vector<Status> problems;
    const auto objects = Catalog(*session).resolve(selectors, problems, {64});
    ASSERT_TRUE(objects && problems.empty());
    EXPECT_EQ(session->get_object("a")->number() % 100, 3);
    EXPECT_THAT(std::exchange(engine.opened, {}), UnorderedElementsAre(R"(["s1"])", R"(["a"])"));
  }
}

// To look at an object costs the engine something: not where a title may take it out.
TEST_F(CatalogTest, TellsOfWhatIsChosenForSure) {
  const auto told = [&](const std::vector<std::string>& selectors) {
    std::vector<std::string> ids;
    std::vector<Status> problems;
    Catalog::Ahead ahead;
    ahead.found = [&](const std::vector<std::string>& found) {
      for (const auto& id : found) {
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
      }
    };
    EXPECT_TRUE(Catalog(*session).resolve(selectors, problems, ahead));
    return ids;
  };
  EXPECT_THAT(told({"sheet:s1/*"}), ElementsAre("a", "b", "c"));
  EXPECT_THAT(told({"sheet:s1/*", "!object:d"}), IsEmpty());
  EXPECT_THAT(told({"object:a"}), ElementsAre("a"));
  EXPECT_THAT(told({"object:By region"}), IsEmpty()) << "a title may be another yet";
}

TEST_F(CatalogTest, OpensSheetsBeforeTheyAreListed) {
  Catalog::begin_sheets(*session, {"sheet:Det*/*"}, 64);
  const auto opened = [&] {
    const auto requests = engine.wire->requests();
    return std::any_of(requests.begin(), requests.end(), [](const auto& request) { return without_space(request.params) == R"(["s2"])"; });
  };
  session->arrivals()->wait([&] {
    session->sheets_ahead().advance();
    return opened();
  });
  EXPECT_TRUE(session->get_object("s2"));
  EXPECT_THAT(engine.opened, ElementsAre(R"(["s2"])"));
}

TEST_F(CatalogTest, SaysWhatComesNearAnUnknownName) {
  EXPECT_THAT(ids({"sheet:Detial/*"})[0], HasSubstr("did you mean 'Detail'"));
  EXPECT_THAT(ids({"object:By regoin"})[0], HasSubstr("did you mean 'By region'"));
  EXPECT_THAT(ids({"nonsense"})[0], HasSubstr("names no object"));
}

TEST_F(CatalogTest, SaysWhatIsWrongWithEachSelector) {
  std::vector<Status> problems;
  const auto found =
      Catalog(*session).resolve({"object:By regoin", "sheet:Detial/*", "object:a", "object:Übersicht", "nonsense"}, problems, {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size(), 1U) << "the others are found";
  ASSERT_EQ(problems.size(), 4U);
  const auto all = ids({"object:By regoin", "sheet:Detial/*", "object:a", "object:Übersicht", "nonsense"})[0];
  for (const auto& problem : problems) EXPECT_THAT(all, HasSubstr(problem.message()));
  for (const auto* name : {"'object:By regoin'", "'sheet:Detial/*'", "'object:Übersicht'"}) EXPECT_THAT(all, HasSubstr(name));
}

TEST(Globs, MatchAsShellsDo) {
  EXPECT_TRUE(config::glob_matches("*", ""));
  EXPECT_TRUE(config::glob_matches("a*c?e", "abbbcde"));
  EXPECT_FALSE(config::glob_matches("a*c", "abcd"));
  EXPECT_TRUE(config::glob_matches("*ab*ab*", "xabyabz"));
}

}  // namespace
}  // namespace qonduit::engine
