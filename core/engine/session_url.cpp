#include "core/engine/session_url.hpp"

#include <Poco/UUIDGenerator.h>

namespace qonduit::engine {

std::string percent_encoded(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (plain)
      out += c;
    else
      out += {'%', kDigits[byte >> 4], kDigits[byte & 0xF]};
  }
  return out;
}

std::string session_url(const config::Connection& connection, const std::string& app_id, const std::string& identity) {
  const auto question = connection.url.find('?');
  std::string url = connection.url.substr(0, question);
  while (url.ends_with('/')) url.pop_back();
  url += '/' + (app_id.empty() ? std::string("engineData") : percent_encoded(app_id)) + "/identity/" + identity;
  if (connection.ttl.count() > 0) url += "/ttl/" + std::to_string(connection.ttl.count());
  if (question != std::string::npos) url += connection.url.substr(question);
  return url;
}

std::string new_identity() { return Poco::UUIDGenerator::defaultGenerator().createRandom().toString(); }

}  // namespace qonduit::engine
