#include "wire/server.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/RejectCertificateHandler.h>
#include <Poco/Net/SSLManager.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/WebSocket.h>

#include <chrono>
#include <thread>

#include "wire/connection.hpp"
#include "wire/repository.hpp"

namespace qonduit::simulator {
namespace {

constexpr int kMaxConnections = 256;
constexpr auto kFarewell = std::chrono::seconds(2);

class UpgradeHandler final : public Poco::Net::HTTPRequestHandler {
 public:
  UpgradeHandler(Engine& engine, FrontDoor& door, const std::atomic<bool>& stopping) : engine_(engine), door_(door), stopping_(stopping) {}

  void handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override {
    using Poco::Net::HTTPResponse;
    SessionKey key;
    std::string path = request.getURI();
    if (door_.options().enabled) {
      if (door_.answer(request, response) || !door_.admit(request, response, key, path)) return;
    } else if (engine_.desktop()) {
      key.user_directory = "Personal";  // how a Desktop names its user is assumed
      key.user_id = "Me";
    } else {
      try {
        parse_user(request.get("X-Qlik-User", ""), key);
      } catch (const Poco::Exception& error) {
        answer_text(response, HTTPResponse::HTTP_UNAUTHORIZED, error.message());
        return;
      }
    }
    if (path.starts_with("/qrs/")) return answer_repository(engine_, path, request, response);
    if (path.starts_with("/tempcontent/")) {
      serve_export(path.substr(0, path.find('?')), key, response);
      return;
    }
    try {
      parse_path(path, key);
    } catch (const Poco::Exception& error) {
      answer_text(response, HTTPResponse::HTTP_NOT_FOUND, error.message());
      return;
    }
    try {
      Connection(engine_, Poco::Net::WebSocket(request, response), key, stopping_, door_.options()).run();
    } catch (const Poco::Net::WebSocketException& error) {
      if (!response.sent()) answer_text(response, HTTPResponse::HTTP_BAD_REQUEST, error.message());
    }
  }

 private:
  // What ExportData made, for the user who asked for it.
  void serve_export(const std::string& path, const SessionKey& key, Poco::Net::HTTPServerResponse& response) {
    const auto found = engine_.exports().find(path, key.user());
    if (!found) {
      answer_text(response, Poco::Net::HTTPResponse::HTTP_NOT_FOUND, "no such export");
      return;
    }
    response.setContentType(path.ends_with(".xlsx") ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                                                    : "text/csv; charset=utf-8");
    response.sendBuffer(found->data(), found->size());
  }

  Engine& engine_;
  FrontDoor& door_;
  const std::atomic<bool>& stopping_;
};

class UpgradeFactory final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  UpgradeFactory(Engine& engine, FrontDoor& door, const std::atomic<bool>& stopping) : engine_(engine), door_(door), stopping_(stopping) {}
  Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
    return new UpgradeHandler(engine_, door_, stopping_);  // the HTTP server deletes it
  }

 private:
  Engine& engine_;
  FrontDoor& door_;
  const std::atomic<bool>& stopping_;
};

Poco::Net::Context::Ptr tls_context(const Options& options) {
  using Poco::Net::Context;
  Context::Params params;
  params.privateKeyFile = options.key;
  params.certificateFile = options.certificate;
  params.caLocation = options.ca;
  // Behind a proxy users log in otherwise; only callers for tickets show a certificate there.
  params.verificationMode = options.proxy.enabled ? Context::VERIFY_RELAXED : Context::VERIFY_STRICT;
  params.verificationDepth = 9;
  params.cipherList = "ECDHE+AESGCM:ECDHE+CHACHA20";
  params.ecdhCurve = "X25519:P-256";
  Context::Ptr context = new Context(Context::TLS_SERVER_USE, params);
  context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
  // STRICT demands a certificate of our CA; Poco's extended check would also want the client's name to be its address, which no client
  // certificate of a Qlik site says.
  context->enableExtendedCertificateVerification(false);
  // Without a session id context a resumed session with a client certificate is refused.
  context->enableSessionCache(true, "qonduit-simulator");
  // Refuses what the verification refused; without a handler Poco would ask on the console.
  Poco::Net::SSLManager::instance().initializeServer(nullptr, new Poco::Net::RejectCertificateHandler(true), context);
  return context;
}

// A port is shared with nobody: two engines behind one port would answer in turns.
void listen(Poco::Net::ServerSocket& socket, const Poco::Net::SocketAddress& address) {
  constexpr bool kReuseAddress = true;  // after a restart, while old connections are forgotten
  constexpr bool kReusePort = false;
  try {
    socket.bind(address, kReuseAddress, kReusePort);
    socket.listen(64);
  } catch (const Poco::Net::NetException& error) {
    if (error.code() != POCO_EADDRINUSE) throw;
    throw Poco::ExistsException("port " + std::to_string(address.port()) + " of " + address.host().toString() +
                                " is in use; stop what listens there, or choose another with --port (0 is a free one)");
  }
}

}  // namespace

Server::Server(const Options& options) : options_(options), engine_(options), door_(options.proxy), threads_(2, kMaxConnections, 60) {
  const Poco::Net::SocketAddress address(options.host, options.port);
  if (options.plain && !address.host().isLoopback())
    throw Poco::InvalidArgumentException("--plain is for loopback addresses, not for " + options.host);
  if (options.plain) {
    listening_ = std::make_unique<Poco::Net::ServerSocket>();
  } else {
    listening_ = std::make_unique<Poco::Net::SecureServerSocket>(tls_context(options));
  }
  listen(*listening_, address);
  port_ = listening_->address().port();
  Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
  params->setMaxThreads(kMaxConnections);
  params->setMaxQueued(kMaxConnections);
  params->setKeepAlive(false);
  http_ = std::make_unique<Poco::Net::HTTPServer>(new UpgradeFactory(engine_, door_, stopping_), threads_, *listening_, params);
}

Server::~Server() { stop(); }

void Server::start() { http_->start(); }

void Server::stop() {
  if (stopping_.exchange(true)) return;
  // Wakes the thread that waits for clients; Poco looks at whether it is to stop four times a second only.
  listening_->impl()->shutdownReceive();
  http_->stop();  // not stopAll(): it waits for the handlers itself, for as long as they take
  // Idle clients are told and leave; whoever does not read within a while is cut off.
  const auto end = std::chrono::steady_clock::now() + kFarewell;
  while (threads_.used() > 0 && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  engine_.live_sockets().cut();
  threads_.joinAll();
}

std::string Server::url() const {
  const std::string host = options_.host.find(':') == std::string::npos ? options_.host : "[" + options_.host + "]";
  return std::string(options_.plain ? "ws" : "wss") + "://" + host + ":" + std::to_string(port_);
}

}  // namespace qonduit::simulator
