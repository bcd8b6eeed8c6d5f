#include "core/engine/rpc.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "tests/core/engine/scripted_transport.hpp"

namespace qonduit::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RpcTest : public ::testing::Test {
 protected:
  void start(RpcOptions options = {}) {
    Rpc::Listeners listeners;
    listeners.handles = [this](const HandleChanges& changes) {
      changed.insert(changed.end(), changes.changed.begin(), changes.changed.end());
    };
    listeners.ended = [this](const Status& why) { ended.set_value(why); };
    rpc = std::make_unique<Rpc>(std::make_unique<ScriptedTransport>(wire), options, std::move(listeners));
  }
  void TearDown() override {
    if (rpc) rpc->close(1000);
  }

  std::shared_ptr<Wire> wire = std::make_shared<Wire>();
  std::vector<int> changed;
  std::promise<Status> ended;
  std::unique_ptr<Rpc> rpc;
};

TEST_F(RpcTest, SendsWhatTheEngineExpects) {
  wire->answer_with([](const Request& request) { return std::vector{Wire::result(request.id, R"({"qVersion":{}})")}; });
  start();
  const auto reply = rpc->call({-1, "EngineVersion", "[]", {}});
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply.result, R"({"qVersion":{}})");
  EXPECT_EQ(wire->requests()[0].text, R"({"jsonrpc":"2.0","delta":false,"method":"EngineVersion","handle":-1,"id":1,"params":[]})");
}

TEST_F(RpcTest, MakesWhatParsersDoNotReadReadable) {
  wire->answer_with([&](const Request& request) {
    return std::vector{Wire::result(request.id, R"({"qText":"Merci \ud83d","qMin":12345678901234567168})")};
  });
  start();
  for (const std::string method : {"GetLayout", "GetHyperCubeData", "GetListObjectData"}) {
    const auto reply = rpc->call({1, method, "[]", {}});
    EXPECT_EQ(reply.result, R"({"qText":"Merci \ufffd","qMin":12345678901234567e03})") << method;
    EXPECT_EQ(reply.repaired, 1U) << method;
  }
}

TEST_F(RpcTest, MatchesRepliesByIdInWhateverOrder) {
  start();
  std::latch both(2);
  std::string first, second;
  rpc->send({1, "A", "[]", {}}, [&](const Reply& reply) { first = std::string(reply.result), both.count_down(); });
  rpc->send({1, "B", "[]", {}}, [&](const Reply& reply) { second = std::string(reply.result), both.count_down(); });
  wire->wait_for("B");
  wire->push(Wire::result(2, R"({"n":2})"));
  wire->push(Wire::result(1, R"({"n":1})"));
  both.wait();
  EXPECT_EQ(first, R"({"n":1})");
  EXPECT_EQ(second, R"({"n":2})");
}

TEST_F(RpcTest, WaitsForNothingAfterAStopRequest) {
  std::stop_source stop;
  RpcOptions options;
  options.stop = stop.get_token();
  start(options);
  std::promise<Status> under_way, parting;
  rpc->send({1, "GetLayout", "[]", {}}, [&](const Reply& reply) { under_way.set_value(reply.status); });
  rpc->send({1, "DestroySessionObject", "[]", {}, true}, [&](const Reply& reply) { parting.set_value(reply.status); });
  wire->wait_for("DestroySessionObject");
  stop.request_stop();
  EXPECT_EQ(under_way.get_future().get().code(), Code::cancelled);
  wire->wait_for("CancelRequest");
  EXPECT_THAT(wire->requests().back().text, HasSubstr(R"("params":[1])"));
  EXPECT_EQ(rpc->call({1, "GetLayout", "[]", {}}).status.code(), Code::cancelled);
  wire->push(Wire::result(2, "{}"));
  EXPECT_TRUE(parting.get_future().get().ok()) << "who leaves is heard";
  EXPECT_TRUE(rpc->health().ok());
}

TEST_F(RpcTest, SaysWhatTheEngineReports) {
  wire->answer_with([](const Request& request) { return std::vector{Wire::error(request.id, 15)}; });
  start();
  const auto reply = rpc->call({2, "GetLayout", "[]", {}});
  EXPECT_EQ(reply.engine_code, 15);
  EXPECT_EQ(reply.status.code(), Code::unavailable);
  EXPECT_EQ(reply.status.message(), "GetLayout: m (engine error 15 GENERIC_ABORTED: p)");
}

TEST_F(RpcTest, TimesOutTellsTheEngineAndDropsTheLateReply) {
  start();
  const auto reply = rpc->call({2, "GetLayout", "[]", std::chrono::milliseconds(20)});
  EXPECT_EQ(reply.status.code(), Code::timeout);
  wire->wait_for("CancelRequest");
  EXPECT_THAT(wire->requests()[1].text, HasSubstr(R"("method":"CancelRequest","handle":-1,"id":2,"params":[1])"));
  wire->push(Wire::result(1, "{}"));
  wire->answer_with([](const Request& request) { return std::vector{Wire::result(request.id, R"({"fresh":1})")}; });
  EXPECT_EQ(rpc->call({2, "GetLayout", "[]", {}}).result, R"({"fresh":1})");
}

TEST_F(RpcTest, SuspectsASocketOnWhichNothingIsHeard) {
  start();
  EXPECT_TRUE(rpc->health().ok());
  (void)rpc->call({2, "GetLayout", "[]", std::chrono::milliseconds(20)});
  EXPECT_EQ(rpc->health().code(), Code::unavailable);
  EXPECT_THAT(rpc->health().message(), HasSubstr("GetLayout: nothing was heard"));
  wire->wait_for("CancelRequest");
  // Anything that comes proves it alive.
  wire->answer_with([](const Request& request) { return std::vector{Wire::result(request.id, "{}")}; });
  EXPECT_TRUE(rpc->call({2, "GetInfo", "[]", {}}).ok());
  EXPECT_TRUE(rpc->health().ok());
}

TEST_F(RpcTest, CancelsACallAndTellsTheEngine) {
  start();
  std::promise<Status> outcome;
  const auto id = rpc->send({2, "GetLayout", "[]", {}}, [&](const Reply& reply) { outcome.set_value(reply.status); });
  rpc->cancel(id);
  EXPECT_EQ(outcome.get_future().get().code(), Code::cancelled);
  wire->wait_for("CancelRequest");
}

TEST_F(RpcTest, FailsEverythingPendingWhenTheSocketDrops) {
  start();
  std::latch both(2);
  std::vector<Code> codes(2);
  for (std::size_t i = 0; i < 2; ++i) {
    rpc->send({2, "GetLayout", "[]", {}}, [&, i](const Reply& reply) { codes[i] = reply.status.code(), both.count_down(); });
  }
  wire->wait_for("GetLayout", 2);
  wire->fail({Code::unavailable, "cut"});
  both.wait();
  EXPECT_THAT(codes, ElementsAre(Code::unavailable, Code::unavailable));
  EXPECT_EQ(ended.get_future().get().code(), Code::unavailable);
  EXPECT_EQ(rpc->call({2, "GetLayout", "[]", {}}).status.message(), "cut") << "and so does what comes later";
}

TEST_F(RpcTest, DeliversChangesBeforeTheReplyThatCarriesThem) {
  wire->answer_with([](const Request& request) { return std::vector{Wire::result(request.id, "{}", R"(,"change":[4,5])")}; });
  start();
  std::promise<std::size_t> seen;
  rpc->send({1, "SelectValues", "[]", {}}, [&](const Reply&) { seen.set_value(changed.size()); });
  EXPECT_EQ(seen.get_future().get(), 2u);
}

TEST_F(RpcTest, EndsTheSessionOnAFatalNotificationAndSaysWhy) {
  start();
  std::promise<Status> outcome;
  rpc->send({1, "GetLayout", "[]", {}}, [&](const Reply& reply) { outcome.set_value(reply.status); });
  wire->wait_for("GetLayout");
  wire->push(R"({"jsonrpc":"2.0","method":"OnMaxParallelSessionsExceeded","params":{"severity":"fatal","message":"five"}})");
  const auto status = outcome.get_future().get();
  EXPECT_EQ(status.code(), Code::unavailable) << "sessions of runs that ended linger: worth asking again";
  EXPECT_THAT(status.message(), HasSubstr("too many sessions"));
}

TEST_F(RpcTest, EndsTheSessionOnAnUnknownNotificationThatCallsItselfFatal) {
  start();
  wire->push(R"({"jsonrpc":"2.0","method":"OnSomethingNew","params":{"severity":"fatal","message":"because"}})");
  EXPECT_THAT(ended.get_future().get().message(), HasSubstr("OnSomethingNew: because"));
}

TEST_F(RpcTest, IgnoresNotificationsItDoesNotKnow) {
  wire->answer_with([](const Request& request) { return std::vector{Wire::result(request.id, "{}")}; });
  start();
  wire->push(R"({"jsonrpc":"2.0","method":"OnSomethingElse","params":{}})");
  EXPECT_TRUE(rpc->call({1, "GetLayout", "[]", {}}).ok());
}

TEST_F(RpcTest, RefusesADeltaNobodyAskedFor) {
  wire->answer_with([](const Request& request) { return std::vector{Wire::result(request.id, R"({"qLayout":[]})", ",\"delta\":true")}; });
  start();
  EXPECT_EQ(rpc->call({1, "GetLayout", "[]", {}}).status.code(), Code::bad_data);
}

TEST_F(RpcTest, EndsWhenTheEngineSpeaksNonsense) {
  start();
  wire->push("this is not JSON");
  EXPECT_EQ(ended.get_future().get().code(), Code::bad_data);
}

TEST_F(RpcTest, EndsWhenACallIsAnsweredThatWasNeverMade) {
  start();
  wire->push(Wire::result(77, "{}"));
  EXPECT_EQ(ended.get_future().get().code(), Code::bad_data);
}

TEST_F(RpcTest, KeepsAnIdleSessionAlive) {
  wire->answer_with([](const Request& request) { return std::vector{Wire::result(request.id, "{}")}; });
  RpcOptions options;
  options.keepalive = std::chrono::milliseconds(5);
  options.ping = std::chrono::milliseconds(3);
  start(options);
  wire->wait_for("EngineVersion", 3);
  EXPECT_GE(wire->pings(), 1);
}

TEST_F(RpcTest, SendsWhatIsQueuedBeforeItCloses) {
  start();
  rpc->send({1, "DestroySessionObject", "[]", {}}, [](const Reply&) {});
  rpc->close(1000);
  EXPECT_EQ(wire->requests().size(), 1u);
}

}  // namespace
}  // namespace qonduit::engine
