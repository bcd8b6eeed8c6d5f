// Requests to one HTTP server, one after another over one connection where the server keeps it. Certificate and host name are always
// checked, redirects are not followed: credentials go nowhere else. Every request has a time limit. One thread.
#pragma once

#include <qonduit/status.hpp>

#include <memory>
#include <optional>
#include <string>

namespace qonduit::queue {

struct HttpServer {
  std::string url;  // without a slash behind it, and without credentials
  std::string user, password;
  std::string ca;      // a PEM file; empty: the system's authorities
  bool proxy = false;  // whether the environment may name a proxy (https_proxy ...)
};

struct HttpReply {
  long status = 0;
  std::string body;
};

class HttpClient {
 public:
  explicit HttpClient(HttpServer server);
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  // GET, or with a body POST. An answer of any status is a reply; errors are what kept one from coming: unavailable or timeout,
  // unauthenticated for a certificate that is not trusted, invalid_config for a file that is none.
  Result<HttpReply> request(const std::string& path, const std::optional<std::string>& body = std::nullopt);

 private:
  struct Handle;
  HttpServer server_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace qonduit::queue
