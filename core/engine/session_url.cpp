#include "core/engine/session_url.hpp"

#include <Poco/UUIDGenerator.h>

#include "qonduit/text.hpp"

namespace qonduit::engine {

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
