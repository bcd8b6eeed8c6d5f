// The real transport against a peer that says exactly what a test tells it to: frames, closings, upgrades and TLS, right and wrong.
#include "core/engine/websocket_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "raw_server.hpp"

namespace qonduit::engine {
namespace {

using testing::close_frame;
using testing::frame;
using ::testing::HasSubstr;
using testing::Identity;
using testing::kBinary;
using testing::kClose;
using testing::kContinuation;
using testing::kFin;
using testing::kPing;
using testing::kPong;
using testing::kText;
using testing::make_identity;
using testing::Peer;
using testing::RawServer;
using testing::text_frame;
using Clock = Transport::Clock;

constexpr auto kLong = std::chrono::seconds(20);

config::Connection connection_to(const RawServer& server, const std::string& scheme = "ws") {
  config::Connection connection;
  connection.name = "c";
  connection.auth = config::Auth::none;
  connection.url = scheme + "://localhost:" + std::to_string(server.port()) + "/app";
  connection.handshake_timeout = kLong;
  connection.max_message_bytes = 1 << 20;
  return connection;
}

Result<std::unique_ptr<Transport>> connect(const config::Connection& connection) { return connect_websocket(connection, connection.url); }

// The next message as text, or the failure behind a '!'.
std::string next(Transport& transport) {
  const auto got = transport.receive(Clock::now() + kLong);
  if (!got) return "!" + std::string(to_string(got.error().code())) + ": " + got.error().message();
  return *got ? std::string((*got)->text()) : "nothing";
}

// Connects, and answers what comes of what the server sends behind the upgrade.
std::vector<std::string> received(const std::string& bytes, int messages) {
  RawServer server([&](Peer& peer) {
    peer.upgrade();
    peer.send(bytes);
    peer.wait_for_end();
  });
  auto transport = connect(connection_to(server));
  if (!transport) return {"!" + transport.error().message()};
  std::vector<std::string> all;
  for (int i = 0; i < messages; ++i) all.push_back(next(**transport));
  return all;
}
std::string first(const std::string& bytes) { return received(bytes, 1).front(); }

TEST(WebSocketTransport, ReceivesMessagesOfEveryLength) {
  for (const std::size_t size : {0u, 1u, 125u, 126u, 127u, 65'535u, 65'536u, 300'000u}) {
    const std::string text(size, 'x');
    EXPECT_TRUE(first(text_frame(text)) == text) << size;
  }
}

TEST(WebSocketTransport, JoinsAMessageInPieces) {
  std::string bytes = frame(kText, "{\"a\":");
  for (int i = 0; i < 100; ++i) bytes += frame(kContinuation, std::to_string(i) + ",");
  const auto got = received(bytes + frame(kFin | kContinuation, "end}") + text_frame("next"), 2);
  EXPECT_TRUE(got[0].starts_with("{\"a\":0,1,2,") && got[0].ends_with("99,end}")) << got[0];
  EXPECT_EQ(got[1], "next");
}

TEST(WebSocketTransport, ReadsWhatComesByteByByte) {
  RawServer server([](Peer& peer) {
    peer.upgrade();
    peer.send_slowly(text_frame("slow but whole") + frame(kText, "in ") + frame(kFin | kContinuation, "pieces"));
    peer.wait_for_end();
  });
  auto transport = connect(connection_to(server));
  ASSERT_TRUE(transport);
  EXPECT_EQ(next(**transport), "slow but whole");
  EXPECT_EQ(next(**transport), "in pieces");
}

TEST(WebSocketTransport, AnswersAPingBetweenThePiecesOfAMessage) {
  std::promise<testing::Frame> answer;
  RawServer server([&](Peer& peer) {
    peer.upgrade();
    peer.send(frame(kText, "one ") + frame(kFin | kPing, "payload") + frame(kFin | kPong, "") + frame(kFin | kContinuation, "message"));
    answer.set_value(peer.receive());
    peer.wait_for_end();
  });
  auto transport = connect(connection_to(server));
  ASSERT_TRUE(transport);
  EXPECT_EQ(next(**transport), "one message");
  const auto pong = answer.get_future().get();
  EXPECT_EQ(pong.opcode, kPong);
  EXPECT_EQ(pong.payload, "payload");
  EXPECT_TRUE(pong.masked);
}

TEST(WebSocketTransport, RefusesWhatBreaksTheProtocol) {
  const std::string half(2, '\x01');
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {frame(kFin | 0x40 | kText, "x"), "reserved bits"},
      {frame(kFin | 0x10 | kText, "x"), "reserved bits"},
      {std::string("\x81\x81mask", 6) + "x", "masked frame"},
      {frame(kFin | 3, "x"), "unknown kind of frame"},
      {frame(kFin | 11, "x"), "unknown kind of control frame"},
      {frame(kFin | kContinuation, "x"), "out of order"},
      {frame(kText, "a") + text_frame("b"), "out of order"},
      {frame(kPing, "in pieces"), "control frame"},
      {frame(kFin | kPing, std::string(126, 'x')), "control frame"},
      {frame(kFin | kBinary, "x"), "binary"},
      {frame(kFin | kText, std::string((1 << 20) + 1, 'x')), "raise max-message"},
      {frame(kText, std::string(1 << 19, 'x')) + frame(kContinuation, std::string(1 << 19, 'x')) + frame(kFin | kContinuation, "x"),
       "raise max-message"},
      {std::string("\x81\x7F\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10), "2 GiB"},
  };
  for (const auto& [bytes, why] : wrong) {
    const auto got = first(bytes);
    EXPECT_THAT(got, ::testing::StartsWith("!bad_data")) << why;
    EXPECT_THAT(got, HasSubstr(why));
  }
}

TEST(WebSocketTransport, SaysWhatACloseCodeMeans) {
  EXPECT_THAT(first(close_frame(4005)), HasSubstr("!forbidden"));
  EXPECT_THAT(first(close_frame(4005)), HasSubstr("limit of sessions"));
  EXPECT_THAT(first(close_frame(4204, "gone")), HasSubstr("!not_found"));
  EXPECT_THAT(first(close_frame(1001)), HasSubstr("!unavailable"));
  EXPECT_THAT(first(close_frame(4321, "because")), HasSubstr("unknown close code (4321): because"));
  EXPECT_THAT(first(frame(kFin | kClose, "")), HasSubstr("no code given"));
}

TEST(WebSocketTransport, AnswersAClose) {
  std::promise<testing::Frame> answer;
  RawServer server([&](Peer& peer) {
    peer.upgrade();
    peer.send(close_frame(1001));
    answer.set_value(peer.receive());
  });
  auto transport = connect(connection_to(server));
  ASSERT_TRUE(transport);
  EXPECT_THAT(next(**transport), HasSubstr("going away"));
  const auto close = answer.get_future().get();
  EXPECT_EQ(close.opcode, kClose);
  EXPECT_EQ(close.payload, std::string("\x03\xE9", 2));
  EXPECT_THAT(next(**transport), HasSubstr("going away")) << "it stays dead";
  EXPECT_FALSE((*transport)->send("x").ok());
}

TEST(WebSocketTransport, SaysThatTheConnectionWasCut) {
  const auto cut = [](const std::string& bytes, bool reset) {
    RawServer server([&](Peer& peer) {
      peer.upgrade();
      peer.send(bytes);
      if (reset) peer.reset();
    });
    auto transport = connect(connection_to(server));
    if (!transport) return std::string("!") + transport.error().message();
    return next(**transport);
  };
  const auto whole = text_frame("0123456789");
  for (const std::size_t size : {0u, 1u, 2u, 7u}) {
    EXPECT_THAT(cut(whole.substr(0, size), false), ::testing::StartsWith("!unavailable")) << size;
    EXPECT_THAT(cut(whole.substr(0, size), true), ::testing::StartsWith("!unavailable")) << size;
  }
}

TEST(WebSocketTransport, WakesAReceiveThatWaits) {
  RawServer server([](Peer& peer) {
    peer.upgrade();
    peer.wait_for_end();
  });
  auto transport = connect(connection_to(server));
  ASSERT_TRUE(transport);
  (*transport)->wake();
  EXPECT_EQ(next(**transport), "nothing") << "a wake before the receive counts";
  auto waiting = std::async(std::launch::async, [&] { return next(**transport); });
  (*transport)->wake();
  EXPECT_EQ(waiting.get(), "nothing");
  const auto past = (*transport)->receive(Clock::now());
  ASSERT_TRUE(past);
  EXPECT_FALSE(past->has_value());
}

TEST(WebSocketTransport, SendsMaskedMessagesOfEveryLengthAndSaysGoodBye) {
  std::promise<std::vector<testing::Frame>> got;
  RawServer server([&](Peer& peer) {
    peer.upgrade();
    std::vector<testing::Frame> frames;
    for (int i = 0; i < 6; ++i) frames.push_back(peer.receive());
    got.set_value(frames);
  });
  auto transport = connect(connection_to(server));
  ASSERT_TRUE(transport);
  for (const std::size_t size : {0u, 125u, 126u, 70'000u}) EXPECT_TRUE((*transport)->send(std::string(size, 'y')).ok());
  EXPECT_TRUE((*transport)->ping().ok());
  (*transport)->close(4003);
  (*transport)->close(1000);
  const auto frames = got.get_future().get();
  const std::size_t sizes[] = {0, 125, 126, 70'000};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(frames[static_cast<std::size_t>(i)].payload, std::string(sizes[i], 'y'));
    EXPECT_TRUE(frames[static_cast<std::size_t>(i)].masked && frames[static_cast<std::size_t>(i)].final);
  }
  EXPECT_EQ(frames[4].opcode, kPing);
  EXPECT_EQ(frames[5].opcode, kClose);
  EXPECT_EQ(frames[5].payload, std::string("\x0F\xA3", 2)) << "4003, once";
}

// An engine answers each call, and loses those it has not read when its answer meets a socket that is closed.
TEST(WebSocketTransport, LosesNoLastCallForAnswersThatNobodyReads) {
  constexpr int kCalls = 200;
  std::promise<int> got;
  RawServer server([&](Peer& peer) {
    peer.upgrade();
    int calls = 0;
    for (auto frame = peer.receive(); frame.opcode == kText; frame = peer.receive()) {
      ++calls;
      peer.send(text_frame(std::string(1000, 'y')));
    }
    got.set_value(calls);
  });
  {
    auto transport = connect(connection_to(server));
    ASSERT_TRUE(transport);
    for (int i = 0; i < kCalls; ++i) EXPECT_TRUE((*transport)->send("DestroySessionObject").ok());
  }
  EXPECT_EQ(got.get_future().get(), kCalls);
}

std::string upgrade_refused(const std::string& response, std::chrono::milliseconds timeout = kLong, bool stay = false) {
  RawServer server([&](Peer& peer) {
    peer.read_request();
    peer.send(response);
    if (stay) peer.wait_for_end();
  });
  auto connection = connection_to(server);
  connection.handshake_timeout = timeout;
  const auto transport = connect(connection);
  if (transport) return "connected";
  return std::string(to_string(transport.error().code())) + ": " + transport.error().message();
}

TEST(WebSocketTransport, SaysWhyAnUpgradeIsRefused) {
  const auto http = [](const std::string& status, const std::string& more = {}) {
    return upgrade_refused("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n" + more + "\r\n");
  };
  EXPECT_THAT(http("401 Unauthorized"), HasSubstr("unauthenticated: "));
  EXPECT_THAT(http("403 Forbidden"), HasSubstr("forbidden: "));
  EXPECT_THAT(http("404 Not Found"), HasSubstr("there is no engine at this path"));
  EXPECT_THAT(http("302 Found", "Location: https://idp.example/login\r\n"), HasSubstr("log-in at https://idp.example/login"));
  EXPECT_THAT(http("503 Service Unavailable"), HasSubstr("unavailable: "));
  EXPECT_THAT(http("200 OK"), HasSubstr("is this the engine's port?"));
  EXPECT_THAT(http("101 Switching Protocols", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: d3Jvbmc=\r\n"),
              HasSubstr("not to this WebSocket"));
  EXPECT_THAT(upgrade_refused("SSH-2.0-OpenSSH_9.2\r\n"), Not(HasSubstr("connected")));
  EXPECT_THAT(upgrade_refused(""), HasSubstr("unavailable: "));
}

TEST(WebSocketTransport, DoesNotWaitForeverForAnUpgrade) {
  EXPECT_THAT(upgrade_refused("", std::chrono::milliseconds(150), true), HasSubstr("timeout: "));
  EXPECT_THAT(upgrade_refused("HTTP/1.1 101 Switching Protocols\r\nUpgrade: web", std::chrono::milliseconds(150), true),
              HasSubstr("timeout: "));
}

TEST(WebSocketTransport, DoesNotWaitForeverForAConnection) {
  // A queue of one that is full: the kernel drops what comes then, as a firewall would.
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 0), 0);
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  const int first = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::connect(first, reinterpret_cast<sockaddr*>(&address), size), 0);
  config::Connection connection;
  connection.auth = config::Auth::none;
  connection.url = "ws://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/app";
  connection.connect_timeout = std::chrono::milliseconds(150);
  const auto transport = connect(connection);
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().code(), Code::timeout);
  EXPECT_THAT(transport.error().message(), HasSubstr("firewall"));
  ::close(first);
  ::close(listener);
}

// Threat S5: a peer that is not whom it should be.
class WebSocketTls : public ::testing::Test {
 protected:
  WebSocketTls() {
    auto pattern = (std::filesystem::temp_directory_path() / "qonduit-tls-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~WebSocketTls() override { std::filesystem::remove_all(folder_); }

  config::Connection trusting(const RawServer& server, const Identity& root) {
    auto connection = connection_to(server, "wss");
    std::ofstream(folder_ / "root.pem") << root.certificate;
    connection.root_certificate = folder_ / "root.pem";
    return connection;
  }
  std::string outcome(const config::Connection& connection) {
    const auto transport = connect(connection);
    if (transport) return "connected";
    return std::string(to_string(transport.error().code())) + ": " + transport.error().message();
  }
  static RawServer::Script friendly() {
    return [](Peer& peer) {
      peer.upgrade();
      peer.send(text_frame("hello"));
      peer.wait_for_end();
    };
  }

  static constexpr long kYear = 365 * 86'400;
  std::filesystem::path folder_;
  const Identity good_ = make_identity(-60, kYear);
};

TEST_F(WebSocketTls, ConnectsToWhomItTrusts) {
  RawServer server(friendly(), good_);
  auto transport = connect(trusting(server, good_));
  ASSERT_TRUE(transport) << transport.error().message();
  EXPECT_EQ(next(**transport), "hello");
}

TEST_F(WebSocketTls, RefusesAnotherAuthority) {
  RawServer server(friendly(), good_);
  EXPECT_THAT(outcome(trusting(server, make_identity(-60, kYear))), HasSubstr("unauthenticated: "));
}

TEST_F(WebSocketTls, RefusesAnotherHostName) {
  RawServer server(friendly(), good_);
  auto connection = trusting(server, good_);
  connection.url = "wss://127.0.0.1:" + std::to_string(server.port()) + "/app";
  EXPECT_THAT(outcome(connection), HasSubstr("unauthenticated: "));
}

TEST_F(WebSocketTls, RefusesAnExpiredServer) {
  const auto expired = make_identity(-kYear, -60);
  RawServer server(friendly(), expired);
  auto connection = trusting(server, good_);
  std::ofstream(folder_ / "root.pem", std::ios::app) << expired.certificate;
  EXPECT_THAT(outcome(connection), HasSubstr("unauthenticated: "));
}

TEST_F(WebSocketTls, RefusesAServerWithoutModernTls) {
  RawServer server(friendly(), good_, TLS1_1_VERSION);
  EXPECT_THAT(outcome(trusting(server, good_)), HasSubstr("speaks no TLS 1.2 or newer"));
}

TEST_F(WebSocketTls, SaysThatACertificateIsWanted) {
  RawServer server(friendly(), good_, TLS1_2_VERSION, true);
  EXPECT_THAT(outcome(trusting(server, good_)), HasSubstr("did not accept the client certificate"));
}

TEST_F(WebSocketTls, DoesNotTakeAPlainServerForASecureOne) {
  RawServer server([](Peer& peer) {
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.wait_for_end();
  });
  EXPECT_THAT(outcome(trusting(server, good_)), HasSubstr("speaks no TLS on this port"));
}

}  // namespace
}  // namespace qonduit::engine
