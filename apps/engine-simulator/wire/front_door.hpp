// Who may come in, and as whom. At the engine's own port that is a client certificate and the X-Qlik-User header; in proxy mode it is what
// a virtual proxy (or a cloud tenant) asks for: a header, a JWT, a ticket, an API key or an OAuth token; then a session cookie, and a
// token against cross-site requests on the upgrade. Answers the proxy's own HTTP calls too. Any thread.
#pragma once

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "options.hpp"
#include "session/registry.hpp"

namespace qonduit::simulator {

class FrontDoor {
 public:
  // Throws Poco::Exception when the key file cannot be read.
  explicit FrontDoor(ProxyOptions options);

  // Answers what is the proxy's own: tokens, tickets, log-in. False when the request is for somebody else.
  [[nodiscard]] bool answer(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response);
  // Lets a request in: fills the session key's user and the path behind the prefix, and sets the cookie on the response. Nothing when it
  // is refused; the response is then sent.
  [[nodiscard]] bool admit(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response, SessionKey& key,
                           std::string& path);
  [[nodiscard]] const ProxyOptions& options() const { return options_; }

 private:
  struct User {
    std::string directory;
    std::string id;
  };

  struct Refusal {
    Poco::Net::HTTPResponse::HTTPStatus status = Poco::Net::HTTPResponse::HTTP_UNAUTHORIZED;
    const char* title = "";
    const char* text = "";
  };

  // refusal: set for when nobody is answered. A session that is new has its cookie in the response.
  [[nodiscard]] std::optional<User> authenticate(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response,
                                                 std::string& cookie, Refusal& refusal);
  [[nodiscard]] std::optional<User> by_jwt(const std::string& token) const;
  void make_ticket(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response);
  void make_token(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response);
  void make_csrf_token(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response);
  [[nodiscard]] std::string remember(const User& user);
  [[nodiscard]] std::string cookie_name() const;

  ProxyOptions options_;
  std::mutex mutex_;
  std::map<std::string, User> sessions_;     // by cookie
  std::map<std::string, User> tickets_;      // each used once
  std::map<std::string, User> bearers_;      // tokens /oauth/token gave out
  std::map<std::string, std::string> csrf_;  // token by cookie
};

// A short answer in plain text.
void answer_text(Poco::Net::HTTPServerResponse& response, Poco::Net::HTTPResponse::HTTPStatus status, const std::string& text);

}  // namespace qonduit::simulator
