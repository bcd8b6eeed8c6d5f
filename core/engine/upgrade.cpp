#include "core/engine/upgrade.hpp"

#include <Poco/Base64Encoder.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Random.h>
#include <Poco/RandomStream.h>
#include <Poco/SHA1Engine.h>
#include <Poco/String.h>
#include <Poco/URI.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "core/engine/certificates.hpp"
#include "core/logging/logging.hpp"

namespace qonduit::engine {
namespace {

namespace net = Poco::Net;

std::string base64(const char* bytes, std::size_t size) {
  std::ostringstream out;
  Poco::Base64Encoder encoder(out);
  encoder.rdbuf()->setLineLength(0);
  encoder.write(bytes, static_cast<std::streamsize>(size));
  encoder.close();
  return out.str();
}

std::string new_key() {
  std::array<char, 16> bytes{};
  Poco::RandomInputStream().read(bytes.data(), bytes.size());
  return base64(bytes.data(), bytes.size());
}

// RFC 6455, section 4.2.2.
std::string accept_for(const std::string& key) {
  Poco::SHA1Engine sha1;
  sha1.update(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
  const auto& digest = sha1.digest();
  return base64(reinterpret_cast<const char*>(digest.data()), digest.size());
}

bool sendable(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool contains(const std::string& text, const std::string& part) {
  return Poco::toLower(text).find(Poco::toLower(part)) != std::string::npos;
}

// A refused upgrade. Source of the meanings: protocol, proxy authentication variants.
Status refusal(const net::HTTPResponse& response, const std::string& peer) {
  const int code = response.getStatus();
  const auto said = peer + " refused the connection with HTTP " + std::to_string(code) + " " + response.getReason();
  switch (code) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return {Code::unauthenticated, said + ": it wants a log-in at " + response.get("Location", "another address") +
                                         "; qonduit does not follow it. Is the URL's virtual proxy the one for machines?"};
    case 400:
      return {Code::invalid_argument, said + ": the virtual proxy is not linked to this proxy service, or the URL's prefix is wrong"};
    case 401: return {Code::unauthenticated, said + ": no or wrong credentials; check connection user and certificates"};
    case 403:
      return {Code::forbidden, said + ": the host is not on the virtual proxy's allow list, or a cross-site request token is required"};
    case 404:
      return {Code::not_found, said + ": there is no engine at this path; the URL ends in /app, behind a proxy with its prefix before"};
    default: break;
  }
  if (code >= 500) return {Code::unavailable, said};
  return {Code::bad_data, said + "; is this the engine's port?"};
}

// With TLS 1.3 the client has finished the handshake before the server has looked at its certificate. A server that refuses it sends an
// alert and closes; what is sent meanwhile is answered by a reset, and the alert waits unread behind it. Throws it, if it is there.
void read_alert(net::StreamSocket& socket) {
  char byte = 0;
  try {
    socket.receiveBytes(&byte, 1);
  } catch (const net::SSLException&) {
    throw;
  } catch (const Poco::Exception&) {
    // No alert: the first failure is all that is known.
  }
}

}  // namespace

Status network_status(const Poco::Exception& error, const std::string& peer) {
  const auto text = error.displayText();
  const auto with = [&](Code code, const std::string& what) {
    return Status(code, "cannot connect to " + peer + ": " + what + " [" + text + "]");
  };
  if (dynamic_cast<const Poco::TimeoutException*>(&error) != nullptr)
    return with(Code::timeout, "no answer in time; is a firewall in between (port 4747)?");
  if (dynamic_cast<const net::HostNotFoundException*>(&error) != nullptr) return with(Code::not_found, "no such host");
  if (dynamic_cast<const net::ConnectionRefusedException*>(&error) != nullptr)
    return with(Code::unavailable, "nobody listens there; is the engine running, and the port right?");
  if (dynamic_cast<const net::ConnectionResetException*>(&error) != nullptr) return with(Code::unavailable, "the connection was reset");
  if (dynamic_cast<const net::SSLException*>(&error) != nullptr) {
    if (contains(text, "certificate required") || contains(text, "bad certificate") || contains(text, "handshake failure") ||
        contains(text, "unknown ca") || contains(text, "certificate unknown") || contains(text, "certificate revoked") ||
        contains(text, "certificate expired") || contains(text, "access denied")) {
      // Alerts the peer sent: it looked at our certificate and did not like it.
      if (contains(text, "alert"))
        return with(Code::unauthenticated, "the engine did not accept the client certificate; is it from this site's QMC?");
    }
    if (contains(text, "does not match") || contains(text, "hostname") || contains(text, "Unacceptable certificate from")) {
      std::string names;
      for (const auto& name : peer_names()) names += (names.empty() ? "" : ", ") + name;
      return with(Code::unauthenticated, "the server's certificate is not for this host name" +
                                             (names.empty() ? "; it names no host at all" : "; use a name that it is for: " + names));
    }
    if (contains(text, "verify failed") || contains(text, "certificate verification")) {
      const auto why = verify_failure();
      return with(Code::unauthenticated, "the server's certificate " + (why.empty() ? "was not accepted" : why));
    }
    if (contains(text, "wrong version number"))
      return with(Code::bad_data, "the server speaks no TLS on this port; is it the engine's port, or should the URL begin with ws://?");
    if (contains(text, "version") || contains(text, "protocol"))
      return with(Code::unauthenticated, "the server speaks no TLS 1.2 or newer");
    if (contains(text, "unexpected eof")) return with(Code::unavailable, "the connection was cut");
    return with(Code::unavailable, "TLS failed");
  }
  return with(Code::unavailable, "the connection failed");
}

Result<std::unique_ptr<net::HTTPClientSession>> upgrade_to_websocket(const config::Connection& connection, const std::string& url) {
  if (!sendable(url) || !sendable(connection.user) || !sendable(connection.user_header)) {
    return Status(Code::invalid_argument,
                  "connection '" + connection.name + "': URL, user and header name must not hold control characters");
  }
  std::string peer = url;
  try {
    const Poco::URI uri(url);
    peer = uri.getHost() + ":" + std::to_string(uri.getPort());
    auto material = load_certificates(connection);
    if (!material) return std::move(material).error();
    for (const auto& warning : material->warnings)
      logging::log(logging::Level::warn, "certificate expires soon", {{"connection", connection.name}, {"detail", warning}});

    std::unique_ptr<net::HTTPClientSession> session;
    if (uri.getScheme() == "wss") {
      session = std::make_unique<net::HTTPSClientSession>(uri.getHost(), uri.getPort(), material->context);
    } else {
      session = std::make_unique<net::HTTPClientSession>(uri.getHost(), uri.getPort());
    }
    const auto timespan = [](std::chrono::milliseconds time) { return Poco::Timespan(time.count() * 1000); };
    session->setTimeout(timespan(connection.connect_timeout), timespan(connection.handshake_timeout),
                        timespan(connection.handshake_timeout));

    net::HTTPRequest request(net::HTTPRequest::HTTP_GET, uri.getPathAndQuery(), net::HTTPRequest::HTTP_1_1);
    const auto key = new_key();
    request.set("Connection", "Upgrade");
    request.set("Upgrade", "websocket");
    request.set("Sec-WebSocket-Version", "13");
    request.set("Sec-WebSocket-Key", key);
    if (connection.auth != config::Auth::none) request.set(connection.user_header, connection.user);
    session->setKeepAlive(true);
    net::HTTPResponse response;
    try {
      session->sendRequest(request);
      session->receiveResponse(response);
    } catch (const net::SSLException&) {
      throw;
    } catch (const Poco::IOException&) {
      read_alert(session->socket());
      throw;
    }
    if (response.getStatus() != net::HTTPResponse::HTTP_SWITCHING_PROTOCOLS) return refusal(response, peer);
    // A proxy may answer "keep-alive, Upgrade": the token counts, not the whole text.
    if (!contains(response.get("Connection", ""), "upgrade") || !contains(response.get("Upgrade", ""), "websocket") ||
        response.get("Sec-WebSocket-Accept", "") != accept_for(key)) {
      return Status(Code::bad_data, peer + " switched protocols, but not to this WebSocket; is something in between that changes headers?");
    }
    return session;
  } catch (const Poco::SyntaxException& error) {
    return Status(Code::invalid_argument, "'" + url + "' is not a URL: " + error.displayText());
  } catch (const Poco::Exception& error) {
    return network_status(error, peer);
  } catch (const std::exception& error) {
    return Status(Code::internal, "cannot connect to " + peer + ": " + error.what());
  }
}

}  // namespace qonduit::engine
