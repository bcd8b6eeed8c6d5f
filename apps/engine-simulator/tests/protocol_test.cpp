// A client of a few lines talks to the server over real mutual TLS.
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/NetSSL.h>
#include <Poco/Net/WebSocket.h>
#include <Poco/StreamCopier.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "json.hpp"
#include "tests/paths.hpp"
#include "wire/server.hpp"

namespace qonduit::simulator {
namespace {

using Poco::Net::Context;
using Poco::Net::WebSocket;

class Wire : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    Poco::Net::initializeSSL();
    certs_ = std::filesystem::temp_directory_path() / ("qonduit-wire-" + std::to_string(::getpid()));
    ASSERT_EQ(std::system((paths::source("certs/make-dev-certs.sh") + " " + certs_.string()).c_str()), 0);
  }
  static void TearDownTestSuite() {
    std::filesystem::remove_all(certs_);
    Poco::Net::uninitializeSSL();
  }

  Wire() {
    options_.port = 0;
    options_.certificate = certs_ / "server.pem";
    options_.key = certs_ / "server_key.pem";
    options_.ca = certs_ / "root.pem";
    options_.synthetic = true;
    options_.shape.rows = 2000;
  }

  void serve() {
    server_ = std::make_unique<Server>(options_);
    server_->start();
  }

  static Context::Ptr client_context(bool with_certificate = true) {
    Context::Params params;
    if (with_certificate) {
      params.certificateFile = certs_ / "client.pem";
      params.privateKeyFile = certs_ / "client_key.pem";
    }
    params.caLocation = certs_ / "root.pem";
    params.verificationMode = Context::VERIFY_STRICT;
    return new Context(Context::TLS_CLIENT_USE, params);
  }

  WebSocket connect(const std::string& path, const std::string& user = "UserDirectory=CORP; UserId=svc") {
    if (!server_) serve();
    Poco::Net::HTTPSClientSession session("localhost", server_->port(), client_context());
    Poco::Net::HTTPRequest request(Poco::Net::HTTPRequest::HTTP_GET, path, "HTTP/1.1");
    if (!user.empty()) request.set("X-Qlik-User", user);
    response_ = {};
    WebSocket socket(session, request, response_);
    socket.setReceiveTimeout(Poco::Timespan(20, 0));
    return socket;
  }

  // The next message, its frames joined; pings are answered and counted. Null at a close frame or the end.
  JsonObject receive(WebSocket& socket) {
    std::string text;
    int flags = 0;
    frames_ = 0;
    while (true) {
      Poco::Buffer<char> buffer(0);
      const int size = socket.receiveFrame(buffer, flags);
      const int opcode = flags & WebSocket::FRAME_OP_BITMASK;
      if (opcode == WebSocket::FRAME_OP_CLOSE) {
        close_code_ = buffer.size() >= 2 ? static_cast<unsigned char>(buffer[0]) << 8 | static_cast<unsigned char>(buffer[1]) : 0;
        socket.shutdown();
        return {};
      }
      if (size == 0 && flags == 0) return {};
      if (opcode == WebSocket::FRAME_OP_PING) {
        ++pings_;
        if (text.empty() && wait_for_ping_) return {};
        continue;
      }
      ++frames_;
      text.append(buffer.begin(), buffer.size());
      if ((flags & WebSocket::FRAME_FLAG_FIN) != 0) return as_object(parse_json(text));
    }
  }

  void send(WebSocket& socket, int id, int handle, const std::string& method, const std::string& params) {
    const std::string text = R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"handle":)" + std::to_string(handle) +
                             R"(,"method":")" + method + R"(","params":)" + params + "}";
    socket.sendFrame(text.data(), static_cast<int>(text.size()), WebSocket::FRAME_TEXT);
  }

  JsonObject call(WebSocket& socket, int id, int handle, const std::string& method, const std::string& params) {
    send(socket, id, handle, method, params);
    return receive(socket);
  }

  // Opens the synthetic app and its table; returns the table's handle.
  int open_table(WebSocket& socket) {
    (void)receive(socket);  // OnConnected
    (void)call(socket, 1, -1, "OpenDoc", R"(["synthetic"])");
    const auto reply = call(socket, 2, 1, "GetObject", R"(["synthetic-table"])");
    return static_cast<int>(int_member(object_member(object_member(reply, "result"), "qReturn"), "qHandle"));
  }

  static std::string page(int top, int rows = 100) {
    return R"(["/qHyperCubeDef",[{"qLeft":0,"qTop":)" + std::to_string(top) + R"(,"qWidth":8,"qHeight":)" + std::to_string(rows) + "}]]";
  }

  inline static std::filesystem::path certs_;
  Options options_;
  std::unique_ptr<Server> server_;
  Poco::Net::HTTPResponse response_;
  int frames_ = 0;
  int pings_ = 0;
  int close_code_ = 0;
  bool wait_for_ping_ = false;
};

std::string state_of(const JsonObject& frame) { return text_member(object_member(frame, "params"), "qSessionState"); }

TEST_F(Wire, GreetsASessionAndReadsATableToTheEnd) {
  WebSocket socket = connect("/app/synthetic/identity/a/ttl/5");
  const auto greeting = receive(socket);
  EXPECT_EQ(to_text(greeting), R"({"jsonrpc":"2.0","method":"OnConnected","params":{"qSessionState":"SESSION_CREATED"}})");
  (void)call(socket, 1, -1, "OpenDoc", R"(["synthetic"])");
  (void)call(socket, 2, 1, "GetObject", R"(["synthetic-table"])");
  std::size_t rows = 0;
  for (int top = 0; top < 2000; top += 1250) {
    const auto reply = call(socket, 3 + top, 2, "GetHyperCubeData", page(top, 1250));
    rows += array_member(as_object(array_member(object_member(reply, "result"), "qDataPages")->get(0)), "qMatrix")->size();
  }
  EXPECT_EQ(rows, 2000U);
}

TEST_F(Wire, RefusesClientsWithoutACertificate) {
  serve();
  Poco::Net::HTTPSClientSession session("localhost", server_->port(), client_context(false));
  Poco::Net::HTTPRequest request(Poco::Net::HTTPRequest::HTTP_GET, "/app/synthetic", "HTTP/1.1");
  request.set("X-Qlik-User", "UserDirectory=CORP; UserId=svc");
  Poco::Net::HTTPResponse response;
  EXPECT_THROW(WebSocket(session, request, response), Poco::Exception);
}

TEST_F(Wire, RefusesAnUpgradeWithoutUserOrApp) {
  EXPECT_THROW((void)connect("/app/synthetic", ""), Poco::Net::WebSocketException);
  EXPECT_EQ(response_.getStatus(), Poco::Net::HTTPResponse::HTTP_UNAUTHORIZED);
  EXPECT_THROW((void)connect("/somewhere"), Poco::Net::WebSocketException);
  EXPECT_EQ(response_.getStatus(), Poco::Net::HTTPResponse::HTTP_NOT_FOUND);
}

TEST_F(Wire, ReattachesWithinTheTtlWithNewHandleNumbers) {
  int first_handle = 0;
  {
    WebSocket socket = connect("/app/synthetic/identity/r/ttl/600");
    first_handle = open_table(socket);
    socket.shutdown();
    EXPECT_TRUE(receive(socket).isNull());
  }
  // The server lets go of the old socket a moment after its close frame; attaching does not depend on that.
  WebSocket socket = connect("/app/synthetic/identity/r/ttl/600");
  EXPECT_EQ(state_of(receive(socket)), "SESSION_ATTACHED");
  const auto doc =
      static_cast<int>(int_member(object_member(object_member(call(socket, 1, -1, "GetActiveDoc", "[]"), "result"), "qReturn"), "qHandle"));
  EXPECT_GT(doc, first_handle);
  WebSocket other = connect("/app/synthetic/identity/s");
  EXPECT_EQ(state_of(receive(other)), "SESSION_CREATED");
}

TEST_F(Wire, OverlapsTheLatencyOfRequestsInFlight) {
  options_.faults.latency_ms = 150;
  WebSocket socket = connect("/app/synthetic");
  const int handle = open_table(socket);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) send(socket, 10 + i, handle, "GetHyperCubeData", page(i, 1));
  for (int i = 0; i < 200; ++i) EXPECT_EQ(int_member(receive(socket), "id"), 10 + i);
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(took, std::chrono::milliseconds(150));
  EXPECT_LT(took, std::chrono::seconds(20)) << "two hundred latencies, one after the other, are thirty";
}

TEST_F(Wire, FragmentsReordersAndPings) {
  options_.faults.fragment_bytes = 1000;
  options_.faults.out_of_order = true;
  options_.faults.ping_every_ms = 5;
  WebSocket socket = connect("/app/synthetic");
  const int handle = open_table(socket);  // two replies: the next one is late
  send(socket, 10, handle, "GetHyperCubeData", page(0));
  send(socket, 11, handle, "GetHyperCubeData", page(100));
  EXPECT_EQ(int_member(receive(socket), "id"), 11);
  EXPECT_GT(frames_, 1);
  EXPECT_EQ(int_member(receive(socket), "id"), 10);
  wait_for_ping_ = true;
  EXPECT_TRUE(receive(socket).isNull());
  EXPECT_GT(pings_, 0);
}

TEST_F(Wire, RefusesSessionsWithAFatalNotification) {
  options_.faults.notify = "OnMaxParallelSessionsExceeded";
  WebSocket socket = connect("/app/synthetic");
  const auto frame = receive(socket);
  EXPECT_EQ(text_member(frame, "method"), "OnMaxParallelSessionsExceeded");
  EXPECT_EQ(text_member(object_member(frame, "params"), "severity"), "fatal");
  EXPECT_TRUE(receive(socket).isNull());
  EXPECT_EQ(close_code_, 1000);
}

TEST_F(Wire, ClosesWith4003WhenItEnds) {
  WebSocket socket = connect("/app/synthetic");
  (void)receive(socket);
  std::thread stopping([this] { server_->stop(); });
  EXPECT_TRUE(receive(socket).isNull());
  EXPECT_EQ(close_code_, 4003);
  socket.close();
  stopping.join();
}

TEST_F(Wire, EndsThoughAClientDoesNotRead) {
  options_.shape.rows = 100'000;
  options_.faults.max_cells = 0;
  WebSocket socket = connect("/app/synthetic");
  const int handle = open_table(socket);
  send(socket, 10, handle, "GetHyperCubeData", page(0, 100'000));
  // One reply of 50 MB fits no socket buffer: once its first bytes are here, the server is stuck in the middle of it.
  ASSERT_TRUE(socket.poll(Poco::Timespan(20, 0), Poco::Net::Socket::SELECT_READ));
  const auto begin = std::chrono::steady_clock::now();
  server_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST_F(Wire, CutsTheConnectionWhenTold) {
  options_.faults.drop_after = 2;
  WebSocket socket = connect("/app/synthetic");
  const int handle = open_table(socket);
  EXPECT_FALSE(call(socket, 10, handle, "GetHyperCubeData", page(0)).isNull());
  EXPECT_FALSE(call(socket, 11, handle, "GetHyperCubeData", page(100)).isNull());
  send(socket, 12, handle, "GetHyperCubeData", page(200));
  try {
    EXPECT_TRUE(receive(socket).isNull());
  } catch (const Poco::Exception&) {
    SUCCEED() << "a cut shows as an end or as an error of the TLS layer";
  }
  EXPECT_EQ(close_code_, 0) << "without a close frame";
}

TEST_F(Wire, SharesItsPortWithNobody) {
  serve();
  options_.port = server_->port();
  try {
    Server second(options_);
    FAIL() << "two engines listen on port " << options_.port;
  } catch (const Poco::Exception& error) {
    EXPECT_NE(error.displayText().find("port " + std::to_string(options_.port)), std::string::npos) << error.displayText();
    EXPECT_NE(error.displayText().find("is in use"), std::string::npos) << error.displayText();
  }
  options_.plain = true;
  EXPECT_THROW(Server{options_}, Poco::Exception);
}

// What the repository answers: its status and its text.
std::pair<int, std::string> asked(int port, const std::string& path, const std::string& key, const std::string& body = {}) {
  Poco::Net::HTTPClientSession session("localhost", static_cast<Poco::UInt16>(port));
  Poco::Net::HTTPRequest request(body.empty() ? "GET" : "POST", path + (path.find('?') == std::string::npos ? "?" : "&") + "xrfkey=" + key,
                                 "HTTP/1.1");
  request.set("X-Qlik-Xrfkey", "0123456789abcdef");
  request.set("X-User", "svc");
  request.setContentLength(static_cast<std::streamsize>(body.size()));
  session.sendRequest(request) << body;
  Poco::Net::HTTPResponse response;
  std::string text;
  Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
  return {response.getStatus(), text};
}

TEST_F(Wire, HasARepositoryThatKnowsTheApps) {
  options_.plain = true;
  options_.gallery = true;
  options_.proxy.enabled = true;
  options_.proxy.header = "X-User";
  options_.proxy.prefix = "vp";
  options_.proxy.csrf = true;
  serve();
  const std::string key = "0123456789abcdef";
  const auto get = [&](const std::string& path) { return asked(server_->port(), "/vp/qrs/" + path, key); };
  EXPECT_EQ(get("about").first, 200) << "the repository asks for its own key, not for the token";
  EXPECT_EQ(text_member(as_object(parse_json(get("app/gallery").second)), "name"), "Gallery");
  EXPECT_EQ(as_array(parse_json(get("app/full").second))->size(), 2U);
  EXPECT_EQ(get("app/count").second, R"({"value":2})");
  EXPECT_EQ(get("app/count?filter=name%20so%20%27GALL%27%20and%20published%20eq%20false").second, R"({"value":1})");
  EXPECT_EQ(get("app/count?filter=published%20eq%20true").second, R"({"value":0})");
  EXPECT_EQ(get("app/count?filter=name%20eq%20%27%D0%BF%27").second, R"({"value":0})");
  EXPECT_EQ(get("app/count?filter=name%20gt%20%27a%27").first, 400);
  EXPECT_EQ(get("app/count?filter=name%20eq%20%27O%27Hara%27").first, 400) << "an apostrophe in a text";
  EXPECT_EQ(get("app/nobody").first, 404);
  EXPECT_EQ(get("reloadtask/full").first, 404);
  EXPECT_EQ(asked(server_->port(), "/vp/qrs/about", "another16letters").first, 400);
  EXPECT_EQ(asked(server_->port(), "/vp/qrs/app/table?skip=1&take=5&sortColumn=n&orderAscending=false", key,
                  R"({"entity":"App","columns":[{"name":"n","definition":"name"},{"name":"s","definition":"stream.name"}]})")
                .second,
            R"({"columnNames":["n","s"],"rows":[["Gallery",null]]})");
}

TEST_F(Wire, PlaysADesktopWithoutUsersAndCertificates) {
  options_.plain = options_.desktop = true;
  serve();
  Poco::Net::HTTPClientSession session("localhost", server_->port());
  Poco::Net::HTTPRequest request(Poco::Net::HTTPRequest::HTTP_GET, "/app", "HTTP/1.1");
  WebSocket socket(session, request, response_);
  socket.setReceiveTimeout(Poco::Timespan(20, 0));
  EXPECT_EQ(text_member(receive(socket), "method"), "OnConnected");
  const std::string call = R"({"jsonrpc":"2.0","id":1,"handle":-1,"method":"IsDesktopMode","params":[]})";
  socket.sendFrame(call.data(), static_cast<int>(call.size()));
  EXPECT_TRUE(bool_member(object_member(receive(socket), "result"), "qReturn"));
}

}  // namespace
}  // namespace qonduit::simulator
