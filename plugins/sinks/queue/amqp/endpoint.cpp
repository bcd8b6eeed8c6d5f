#include "endpoint.hpp"

#include <amqp.h>
#include <qonduit/options.hpp>

namespace qonduit::amqp {

Result<std::vector<Endpoint>> parse_endpoints(const std::vector<std::string>& urls) {
  std::vector<Endpoint> endpoints;
  for (auto url : urls) {
    amqp_connection_info info;
    // Takes the URL apart in place.
    const bool with_user = url.find('@') != std::string::npos;
    const auto user = url.substr(0, url.find('@'));
    // URLs are shown; secrets are not.
    if (with_user && user.find(':', user.find("//") + 2) != std::string::npos)
      return Status(Code::invalid_config, "url: holds a password; give it by the option password, as ${file:...} or ${env:...}");
    if (amqp_parse_url(url.data(), &info) != AMQP_STATUS_OK || info.host == nullptr || *info.host == '\0') {
      return Status(Code::invalid_config, "url: number " + std::to_string(endpoints.size() + 1) +
                                              " is no amqps://host:port/vhost; a vhost of / is %2f, and marks in a user are %-encoded");
    }
    endpoints.push_back({info.host, info.port, info.vhost, with_user ? info.user : "", info.ssl != 0});
  }
  if (endpoints.empty()) return Status(Code::invalid_config, "url: names no broker");
  return endpoints;
}

}  // namespace qonduit::amqp
