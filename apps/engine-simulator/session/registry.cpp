#include "session/registry.hpp"

#include <Poco/Exception.h>
#include <Poco/NumberParser.h>
#include <Poco/String.h>
#include <Poco/StringTokenizer.h>
#include <Poco/URI.h>

#include <algorithm>
#include <vector>

namespace qonduit::simulator {

std::string SessionKey::text() const { return user_directory + "\n" + user_id + "\n" + app + "\n" + identity; }

void parse_path(const std::string& path, SessionKey& into) {
  const std::string bare = path.substr(0, path.find('?'));
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < bare.size();) {
    if (bare[begin] != '/') throw Poco::SyntaxException("the path does not begin with /");
    const std::size_t end = std::min(bare.find('/', begin + 1), bare.size());
    std::string part;
    Poco::URI::decode(bare.substr(begin + 1, end - begin - 1), part);
    parts.push_back(part);
    begin = end;
  }
  if (!parts.empty() && parts.back().empty()) parts.pop_back();  // a closing slash
  if (parts.empty() || parts[0] != "app") throw Poco::SyntaxException("the path is not /app/<id>");
  // Without an app: /app, /app/, /app/ttl/5. Clients use it for the Global object alone.
  const bool no_app = parts.size() == 1 || (parts.size() % 2 == 1 && (parts[1] == "ttl" || parts[1] == "identity"));
  into.app = no_app ? "engineData" : parts[1];
  for (std::size_t i = no_app ? 1 : 2; i < parts.size(); i += 2) {
    if (i + 1 == parts.size()) throw Poco::SyntaxException("'" + parts[i] + "' has no value");
    if (parts[i] == "identity") {
      into.identity = parts[i + 1];
    } else if (parts[i] == "ttl") {
      Poco::UInt64 seconds = 0;
      if (!Poco::NumberParser::tryParseUnsigned64(parts[i + 1], seconds)) throw Poco::SyntaxException("the ttl is not a number of seconds");
      into.ttl_seconds = seconds;
    } else {
      throw Poco::SyntaxException("'" + parts[i] + "' is not identity or ttl");
    }
  }
}

void parse_user(const std::string& header, SessionKey& into) {
  const Poco::StringTokenizer parts(header, ";", Poco::StringTokenizer::TOK_TRIM | Poco::StringTokenizer::TOK_IGNORE_EMPTY);
  for (const auto& part : parts) {
    const auto equals = part.find('=');
    if (equals == std::string::npos) continue;
    std::string value;
    Poco::URI::decode(Poco::trim(part.substr(equals + 1)), value);  // some clients percent-encode, some do not
    const std::string name = Poco::toLower(Poco::trim(part.substr(0, equals)));
    if (name == "userdirectory") into.user_directory = value;
    if (name == "userid") into.user_id = value;
  }
  if (into.user_directory.empty() || into.user_id.empty()) throw Poco::SyntaxException("X-Qlik-User must be: UserDirectory=…; UserId=…");
}

std::pair<std::shared_ptr<Session>, bool> SessionRegistry::attach(const SessionKey& key) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(entries_, [now](const auto& item) { return item.second.sockets == 0 && item.second.expires <= now; });
  const std::string user = key.user();
  if (limit_ > 0 && !entries_.contains(key.text())) {
    const auto mine = std::count_if(entries_.begin(), entries_.end(), [&](const auto& item) { return item.second.user == user; });
    if (static_cast<std::size_t>(mine) >= limit_) return {nullptr, false};
  }
  Entry& entry = entries_[key.text()];
  entry.user = user;
  const bool attached = entry.session != nullptr;
  if (!attached) entry.session = std::make_shared<Session>();
  ++entry.sockets;
  entry.ttl_seconds = key.ttl_seconds;  // the latest one wins
  return {entry.session, attached};
}

void SessionRegistry::detach(const SessionKey& key) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key.text());
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  if (--entry.sockets > 0) return;
  entry.expires = std::chrono::steady_clock::now() + std::chrono::seconds(entry.ttl_seconds);
  if (entry.ttl_seconds == 0) entries_.erase(found);
}

}  // namespace qonduit::simulator
