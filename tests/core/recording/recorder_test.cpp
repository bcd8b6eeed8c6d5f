// What a recorder makes of a conversation, on an engine in memory.
#include "core/recording/recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "tests/core/engine/scripted_transport.hpp"

namespace qonduit::recording {
namespace {

namespace fs = std::filesystem;
using engine::Request;
using engine::Wire;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class RecorderTest : public testing::Test {
 protected:
  RecorderTest() {
    auto pattern = (fs::temp_directory_path() / "qonduit-recorder-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    recorder_ = std::move(*Recorder::create(folder_ / "a.cassette", false, JsonScrambler(Scramble::none, Key{}), "1.2.3"));
    connection_.name = "c";
    connection_.keepalive = std::chrono::milliseconds(0);
  }
  ~RecorderTest() override { fs::remove_all(folder_); }

  std::unique_ptr<engine::Session> open() {
    const auto factory = recorder_->listen_to([this](const config::Connection&, const std::string&) {
      wire_ = std::make_shared<Wire>();
      wire_->answer_with([this](const Request& request) { return answer(request); });
      wire_->push(R"({"jsonrpc":"2.0","method":"OnConnected","params":{"qSessionState":"SESSION_CREATED"}})");
      return Result<std::unique_ptr<engine::Transport>>(std::make_unique<engine::ScriptedTransport>(wire_));
    });
    auto session = engine::Session::open(connection_, "app", factory);
    EXPECT_TRUE(session);
    EXPECT_TRUE((*session)->open_app("app"));
    return std::move(*session);
  }

  std::vector<std::string> lines() {
    EXPECT_TRUE(recorder_->finish().ok());
    std::ifstream file(folder_ / "a.cassette");
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  std::vector<std::string> answer(const Request& request) {
    const auto handed = [&](const std::string& type, const std::string& id) {
      return std::vector{Wire::result(request.id, R"({"qReturn":{"qType":")" + type + R"(","qHandle":)" + std::to_string(++handle_) +
                                                      R"(,"qGenericType":"table","qGenericId":")" + id + "\"}}")};
    };
    if (request.method == "OpenDoc") return handed("Doc", "app-id");
    if (request.method == "GetObject") return handed("GenericObject", "o1");
    if (request.method == "CreateSessionObject") return handed("GenericObject", "session-" + std::to_string(handle_));
    if (request.method == "GetField") return handed("Field", "");
    if (request.method == "GetAppLayout") return {Wire::result(request.id, R"({"qLayout":{"qTitle":"Sales","qLastReloadTime":"2026"}})")};
    if (request.method == "GetLayout") return {Wire::result(request.id, R"({"qLayout":{"qInfo":{"qId":"o1"}}})")};
    if (request.method == "GetListObjectData") {
      return {Wire::result(request.id, R"({"qDataPages":[{"qMatrix":[[{"qText":"Grüße \ud83d","qNum":12345678901234567168}]],)"
                                       R"("qArea":{"qLeft":0,"qTop":0,"qWidth":1,"qHeight":1}}]})")};
    }
    if (request.method == "GetHyperCubeData") {
      return {Wire::result(request.id, R"({"qDataPages":[{"qMatrix":[[]],"qArea":{"qLeft":0,"qTop":7,"qWidth":2,"qHeight":1}}]})")};
    }
    if (const auto failing = errors_.find(request.method); failing != errors_.end()) return {Wire::error(request.id, failing->second)};
    return {Wire::result(request.id, R"({"qReturn":true})")};
  }

  fs::path folder_;
  config::Connection connection_;
  std::unique_ptr<Recorder> recorder_;
  std::shared_ptr<Wire> wire_;
  std::map<std::string, int> errors_;
  int handle_ = 0;
};

TEST_F(RecorderTest, NamesThingsByWhatTheyAreAndNotByHandle) {
  {
    auto session = open();
    auto object = session->get_object("o1");
    (void)session->call(object->number(), "GetLayout");
    (void)session->call(object->number(), "GetHyperCubeData", R"(["/qHyperCubeDef",[{"qLeft":0,"qTop":7,"qWidth":2,"qHeight":9}]])");
  }
  EXPECT_THAT(
      lines(),
      ElementsAre(R"({"cassette":1,"made-by":"qonduit 1.2.3","scrambled":"none"})",
                  StartsWith(R"({"app":"app-id","layout":{"qTitle":"Sales")"), R"({"object":"o1","type":"table"})",
                  R"({"reply":"GetLayout","of":"object:o1","state":0,"params":[],"result":{"qLayout":{"qInfo":{"qId":"o1"}}}})",
                  StartsWith(R"({"page":"GetHyperCubeData","of":"object:o1","state":0,"path":"/qHyperCubeDef","left":0,"top":7,"width":2,)"
                             R"("height":1,"content":{"qMatrix":[[]])"),
                  R"({"end":5})"));
}

TEST_F(RecorderTest, WritesAnAnswerOnceAsLongAsItStaysTheSame) {
  {
    auto session = open();
    auto object = session->get_object("o1");
    for (int i = 0; i < 3; ++i) (void)session->call(object->number(), "GetLayout");
  }
  EXPECT_EQ(lines().size(), 5u);
}

TEST_F(RecorderTest, TellsSessionObjectsApartByDefinition) {
  {
    auto session = open();
    const auto first = session->create_session_object(R"({"qInfo":{"qType":"x"},"a":1})");
    const auto again = session->create_session_object(R"({"qInfo":{"qType":"x"},"a":1})");
    const auto other = session->create_session_object(R"({"qInfo":{"qType":"x"},"a":2})");
  }
  const auto all = lines();
  EXPECT_THAT(all, Contains(AllOf(HasSubstr(R"({"session":"session:1")"), HasSubstr(R"("a":1)"), Not(HasSubstr("qId")))));
  EXPECT_THAT(all, Contains(AllOf(HasSubstr(R"({"session":"session:2")"), HasSubstr(R"("a":2)"))));
  EXPECT_THAT(all, Not(Contains(HasSubstr("session:3"))));
}

TEST_F(RecorderTest, NumbersTheStatesThatSelectionsLeadTo) {
  {
    auto session = open();
    const auto doc = session->doc();
    const auto field = session->call(doc, "GetField", R"(["Region"])");
    const int handle = handle_;
    (void)session->call(handle, "SelectValues", R"([[{"qText":"North"}]])");
    auto object = session->get_object("o1");
    (void)session->call(object->number(), "GetLayout");
    (void)session->call(doc, "ClearAll");
    (void)session->call(object->number(), "GetLayout");
  }
  const auto all = lines();
  EXPECT_THAT(all,
              Contains(HasSubstr(R"({"handle":"GetField","of":"doc","state":0,"params":["Region"],"name":"handle:1","type":"Field"})")));
  EXPECT_THAT(all, Contains(HasSubstr(R"({"acted":"SelectValues","of":"handle:1","state":0,"params":[[{"qText":"North"}]],"then":1)")));
  EXPECT_THAT(all, Contains(HasSubstr(R"({"reply":"GetLayout","of":"object:o1","state":1)")));
  EXPECT_THAT(all, Contains(HasSubstr(R"({"acted":"ClearAll","of":"doc","state":1,"params":[],"then":0)")));
  EXPECT_THAT(all, Contains(HasSubstr(R"({"reply":"GetLayout","of":"object:o1","state":0)")));
}

TEST_F(RecorderTest, KeepsRefusalsButNotErrorsThatPass) {
  errors_ = {{"GetEffectiveProperties", 5}, {"GetProperties", 15}};
  {
    auto session = open();
    auto object = session->get_object("o1");
    (void)session->call(object->number(), "GetEffectiveProperties");
    (void)session->call(object->number(), "GetProperties");
  }
  const auto all = lines();
  EXPECT_THAT(all, Contains(R"({"refused":"GetEffectiveProperties","of":"object:o1","state":0,"params":[],"code":5})"));
  EXPECT_THAT(all, Not(Contains(HasSubstr(R"("GetProperties")"))));
}

TEST_F(RecorderTest, RecordsWhatParsersDoNotRead) {
  const auto session = open();
  const auto object = session->get_object("o1");
  const auto page = R"(["/qListObjectDef",[{"qLeft":0,"qTop":0,"qWidth":1,"qHeight":1}]])";
  EXPECT_EQ(session->call(object->number(), "GetListObjectData", page).repaired, 1U) << "the report tells of it, as in a run";
  EXPECT_THAT(lines(), Contains(AllOf(HasSubstr("Grüße \xEF\xBF\xBD"), HasSubstr("1.2345678901234567e+19"))));
}

TEST_F(RecorderTest, KeepsNothingOfUsersAndOtherApps) {
  {
    auto session = open();
    (void)session->call(engine::kGlobalHandle, "GetDocList");
    (void)session->call(engine::kGlobalHandle, "GetAuthenticatedUser");
  }
  for (const auto& line : lines()) EXPECT_THAT(line, Not(AllOf(HasSubstr("GetDocList"), HasSubstr("GetAuthenticatedUser"))));
  EXPECT_EQ(recorder_->app().title, "Sales");
}

TEST_F(RecorderTest, LeavesNoFileBehindWhenItIsNotFinished) {
  open().reset();
  recorder_.reset();
  EXPECT_TRUE(fs::is_empty(folder_));
}

}  // namespace
}  // namespace qonduit::recording
