#include "wire/front_door.hpp"

#include <Poco/Crypto/RSAKey.h>
#include <Poco/Exception.h>
#include <Poco/JWT/JWTException.h>
#include <Poco/JWT/Signer.h>
#include <Poco/Net/HTTPCookie.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/NameValueCollection.h>
#include <Poco/Net/SecureStreamSocketImpl.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <Poco/UUIDGenerator.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "json.hpp"

namespace qonduit::simulator {
namespace {

using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

std::string unguessable() { return Poco::UUIDGenerator::defaultGenerator().createRandom().toString(); }

std::string query_value(const HTTPServerRequest& request, const std::string& name) {
  for (const auto& [key, value] : Poco::URI(request.getURI()).getQueryParameters())
    if (key == name) return value;
  return {};
}

std::string path_of(const HTTPServerRequest& request) { return request.getURI().substr(0, request.getURI().find('?')); }

std::string bearer_of(const HTTPServerRequest& request) {
  const std::string given = request.get("Authorization", "");
  return given.starts_with("Bearer ") ? given.substr(7) : std::string();
}

JsonObject body_of(HTTPServerRequest& request) {
  std::string text;
  Poco::StreamCopier::copyToString(request.stream(), text);
  try {
    return as_object(parse_json(text));
  } catch (const Poco::Exception&) {
    return {};
  }
}

void answer_json(HTTPServerResponse& response, HTTPResponse::HTTPStatus status, const JsonObject& body) {
  const std::string text = to_text(body);
  response.setStatusAndReason(status);
  response.setContentType("application/json");
  response.sendBuffer(text.data(), text.size());
}

// As a Qlik proxy shows its errors: a page for people.
void answer_page(HTTPServerResponse& response, HTTPResponse::HTTPStatus status, const std::string& title, const std::string& text) {
  const std::string page = "<!DOCTYPE html><html><head><title>" + title +
                           "</title><style>body{font-family:sans-serif}</style></head><body><h1>" + title + "</h1><p>" + text +
                           "</p></body></html>";
  response.setStatusAndReason(status);
  response.setContentType("text/html; charset=utf-8");
  response.sendBuffer(page.data(), page.size());
}

bool has_client_certificate(HTTPServerRequest& request) {
  auto& session = dynamic_cast<Poco::Net::HTTPServerRequestImpl&>(request).session();
  const auto* secure = dynamic_cast<const Poco::Net::SecureStreamSocketImpl*>(session.socket().impl());
  return secure != nullptr && const_cast<Poco::Net::SecureStreamSocketImpl*>(secure)->havePeerCertificate();
}

}  // namespace

void answer_text(HTTPServerResponse& response, HTTPResponse::HTTPStatus status, const std::string& text) {
  response.setStatusAndReason(status);
  response.setContentType("text/plain; charset=utf-8");
  response.sendBuffer(text.data(), text.size());
}

FrontDoor::FrontDoor(ProxyOptions options) : options_(std::move(options)) {
  if (!options_.jwt_key.empty() && !std::filesystem::exists(options_.jwt_key)) throw Poco::FileNotFoundException(options_.jwt_key);
}

std::string FrontDoor::cookie_name() const { return "X-Qlik-Session" + (options_.prefix.empty() ? "" : "-" + options_.prefix); }

std::string FrontDoor::remember(const User& user) {
  const std::string cookie = unguessable();
  const std::lock_guard lock(mutex_);
  sessions_[cookie] = user;
  return cookie;
}

// Nothing of a token that cannot be used, whatever is wrong with it: expired, signed by another, or no JWT. A token without a user names
// an empty one.
std::optional<FrontDoor::User> FrontDoor::by_jwt(const std::string& token) const {
  try {
    Poco::JWT::Signer signer(Poco::SharedPtr<Poco::Crypto::RSAKey>(new Poco::Crypto::RSAKey(options_.jwt_key)));
    signer.addAlgorithm(Poco::JWT::Signer::ALGO_RS256);
    const auto verified = signer.verify(token);
    const auto& payload = verified.payload();
    if (verified.getExpiration() > 0 && verified.getExpiration() < Poco::Timestamp()) return std::nullopt;
    return User{payload.optValue<std::string>("userDirectory", options_.user_directory), payload.optValue<std::string>("userId", "")};
  } catch (const Poco::Exception&) {
    return std::nullopt;
  }
}

// cookie: of the session the user has, or is given now. A session that lasts is not given its cookie again (seen in a client).
std::optional<FrontDoor::User> FrontDoor::authenticate(HTTPServerRequest& request, HTTPServerResponse& response, std::string& cookie,
                                                       Refusal& refusal) {
  refusal = {HTTPResponse::HTTP_UNAUTHORIZED, "Unauthorized", "Log in first."};
  Poco::Net::NameValueCollection cookies;
  request.getCookies(cookies);
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = sessions_.find(cookies.get(cookie_name(), "")); known != sessions_.end()) {
      cookie = known->first;
      return known->second;
    }
  }
  std::optional<User> user;
  const std::string bearer = bearer_of(request);
  if (!options_.header.empty() && request.has(options_.header)) user = User{options_.user_directory, request.get(options_.header)};
  if (!user && !bearer.empty()) {
    const std::lock_guard lock(mutex_);
    if (const auto known = bearers_.find(bearer); known != bearers_.end()) user = known->second;
    if (std::find(options_.api_keys.begin(), options_.api_keys.end(), bearer) != options_.api_keys.end())
      user = User{options_.user_directory, "api-key"};
  }
  if (!user && !options_.jwt_key.empty() && !bearer.empty()) {
    user = by_jwt(bearer);
    // Measured: an unusable token is a bare bad request, not a matter of rights.
    if (!user) refusal = {HTTPResponse::HTTP_BAD_REQUEST, "Bad request", "The token cannot be used."};
    if (user && user->id.empty()) user.reset();
  }
  if (const std::string ticket = query_value(request, "QlikTicket"); !user && !ticket.empty()) {
    const std::lock_guard lock(mutex_);
    if (auto used = tickets_.extract(ticket)) user = used.mapped();
  }
  if (user) {
    cookie = remember(*user);
    Poco::Net::HTTPCookie made(cookie_name(), cookie);
    made.setPath("/");
    made.setHttpOnly();
    response.addCookie(made);
  }
  return user;
}

bool FrontDoor::answer(HTTPServerRequest& request, HTTPServerResponse& response) {
  const std::string path = path_of(request);
  const std::string prefix = options_.prefix.empty() ? "" : "/" + options_.prefix;
  if (path == prefix + "/qps/csrftoken") {
    make_csrf_token(request, response);
  } else if (path == "/qps" + prefix + "/ticket" && options_.tickets) {
    make_ticket(request, response);
  } else if (path == "/oauth/token" && !options_.oauth_client.empty()) {
    make_token(request, response);
  } else {
    return false;
  }
  return true;
}

void FrontDoor::make_csrf_token(HTTPServerRequest& request, HTTPServerResponse& response) {
  // Older servers do not have it.
  if (!options_.csrf) return answer_page(response, HTTPResponse::HTTP_NOT_FOUND, "Not found", "The resource does not exist.");
  std::string cookie;
  Refusal refusal;
  if (!authenticate(request, response, cookie, refusal)) return answer_page(response, refusal.status, refusal.title, refusal.text);
  const std::string token = unguessable();
  {
    const std::lock_guard lock(mutex_);
    csrf_[cookie] = token;
  }
  response.set("qlik-csrf-token", token);
  response.setStatusAndReason(HTTPResponse::HTTP_NO_CONTENT);
  response.setContentLength(0);
  response.send();
}

void FrontDoor::make_ticket(HTTPServerRequest& request, HTTPServerResponse& response) {
  const std::string key = query_value(request, "xrfkey");
  if (!has_client_certificate(request))
    return answer_page(response, HTTPResponse::HTTP_FORBIDDEN, "Forbidden", "A client certificate is needed.");
  if (key.size() != 16 || request.get("X-Qlik-Xrfkey", "") != key)
    return answer_page(response, HTTPResponse::HTTP_BAD_REQUEST, "XSRF prevention check failed",
                       "xrfkey and X-Qlik-Xrfkey must be the same.");
  const auto body = body_of(request);
  const User user{text_member(body, "UserDirectory"), text_member(body, "UserId")};
  if (user.directory.empty() || user.id.empty())
    return answer_page(response, HTTPResponse::HTTP_BAD_REQUEST, "Bad request", "UserDirectory and UserId are needed.");
  const std::string ticket = unguessable();
  {
    const std::lock_guard lock(mutex_);
    tickets_[ticket] = user;
  }
  answer_json(response, HTTPResponse::HTTP_CREATED,
              object({{"UserDirectory", user.directory}, {"UserId", user.id}, {"Attributes", array()}, {"Ticket", ticket}}));
}

void FrontDoor::make_token(HTTPServerRequest& request, HTTPServerResponse& response) {
  const auto body = body_of(request);
  const std::string client = text_member(body, "client_id") + ":" + text_member(body, "client_secret");
  if (text_member(body, "grant_type") != "client_credentials")
    return answer_json(response, HTTPResponse::HTTP_BAD_REQUEST, object({{"error", "unsupported_grant_type"}}));
  if (client != options_.oauth_client) return answer_json(response, HTTPResponse::HTTP_UNAUTHORIZED, object({{"error", "invalid_client"}}));
  const std::string token = unguessable();
  {
    const std::lock_guard lock(mutex_);
    bearers_[token] = {options_.user_directory, text_member(body, "client_id")};
  }
  answer_json(response, HTTPResponse::HTTP_OK, object({{"access_token", token}, {"token_type", "bearer"}, {"expires_in", 3600}}));
}

bool FrontDoor::admit(HTTPServerRequest& request, HTTPServerResponse& response, SessionKey& key, std::string& path) {
  const auto& hosts = options_.allowed_hosts;
  const std::string host = request.getHost().substr(0, request.getHost().find(':'));
  if (!hosts.empty() && std::find(hosts.begin(), hosts.end(), host) == hosts.end()) {
    answer_page(response, HTTPResponse::HTTP_FORBIDDEN, "Forbidden", "This host is not on the allow list.");
    return false;
  }
  path = request.getURI();
  if (!options_.prefix.empty()) {
    const std::string prefix = "/" + options_.prefix + "/";
    if (!path.starts_with(prefix)) {
      answer_page(response, HTTPResponse::HTTP_BAD_REQUEST, "Bad request", "No virtual proxy of this prefix is linked here.");
      return false;
    }
    path.erase(0, prefix.size() - 1);
  }
  std::string cookie;
  Refusal refusal;
  const auto user = authenticate(request, response, cookie, refusal);
  if (!user) {
    answer_page(response, refusal.status, refusal.title, refusal.text);
    return false;
  }
  // Against cross-site requests the repository asks for its own key, not for the token.
  if (options_.csrf && !path.starts_with("/qrs/")) {
    const std::lock_guard lock(mutex_);
    const auto wanted = csrf_.find(cookie);
    if (wanted == csrf_.end() || query_value(request, "qlik-csrf-token") != wanted->second) {
      answer_page(response, HTTPResponse::HTTP_FORBIDDEN, "Forbidden", "The token against cross-site requests is missing or wrong.");
      return false;
    }
  }
  key.user_directory = user->directory;
  key.user_id = user->id;
  return true;
}

}  // namespace qonduit::simulator
