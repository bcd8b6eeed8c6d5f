#include "endpoint.hpp"

#include <amqp.h>
#include <qonduit/options.hpp>

namespace qonduit::amqp {

Result<std::vector<Endpoint>> parse_endpoints(const std::string& urls) {
  std::vector<Endpoint> endpoints;
  for (auto url : listed(urls)) {
    amqp_connection_info info;
    // Takes the URL apart in place.
    const bool with_user = url.find('@') != std::string::npos;
    if (amqp_parse_url(url.data(), &info) != AMQP_STATUS_OK || info.host == nullptr || *info.host == '\0') {
      return Status(Code::invalid_config, "url: number " + std::to_string(endpoints.size() + 1) +
                                              " is no amqps://host:port/vhost; a vhost of / is %2f, and marks in a password are %-encoded");
    }
    endpoints.push_back({info.host, info.port, info.vhost, with_user ? info.user : "", with_user ? info.password : "", info.ssl != 0});
  }
  if (endpoints.empty()) return Status(Code::invalid_config, "url: names no broker");
  return endpoints;
}

}  // namespace qonduit::amqp
