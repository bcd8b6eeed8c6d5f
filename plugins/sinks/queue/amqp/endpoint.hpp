// Where a broker is, from its URL. A value.
#pragma once

#include <qonduit/status.hpp>

#include <string>
#include <vector>

namespace qonduit::amqp {

struct Endpoint {
  std::string host;
  int port = 5671;
  std::string vhost = "/";
  std::string user;  // of the URL; may be empty
  bool tls = true;

  [[nodiscard]] std::string name() const { return host + ":" + std::to_string(port); }  // for people: no secrets
  [[nodiscard]] bool loopback() const { return host == "localhost" || host == "::1" || host.starts_with("127."); }
};

// Of a list by commas. invalid_config for what is none; a URL is not repeated in messages, it might hold a password.
Result<std::vector<Endpoint>> parse_endpoints(const std::vector<std::string>& urls);

}  // namespace qonduit::amqp
