// Which session a socket belongs to: one per user, app path and identity. Sockets attach to it; a session outlives its last socket by its
// TTL, and a user has a limited number of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "session/session.hpp"

namespace qonduit::simulator {

// Where a socket wants to go: /app[/<id>][/identity/<x>][/ttl/<n>] (no id is engineData) and the user of its X-Qlik-User header.
struct SessionKey {
  std::string app;
  std::string identity;
  std::uint64_t ttl_seconds = 0;
  std::string user_directory;
  std::string user_id;

  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string user() const { return user_directory + "\\" + user_id; }
};

// Both throw Poco::SyntaxException saying what is wrong.
void parse_path(const std::string& path, SessionKey& into);
void parse_user(const std::string& header, SessionKey& into);

class SessionRegistry {
 public:
  // limit: sessions of one user at once; 0: any number.
  explicit SessionRegistry(std::size_t limit = 0) : limit_(limit) {}

  // The session of a key and whether it was there already; null when the user has too many.
  [[nodiscard]] std::pair<std::shared_ptr<Session>, bool> attach(const SessionKey& key);
  void detach(const SessionKey& key);

 private:
  struct Entry {
    std::string user;
    std::shared_ptr<Session> session;
    int sockets = 0;
    std::uint64_t ttl_seconds = 0;
    std::chrono::steady_clock::time_point expires;
  };
  std::size_t limit_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace qonduit::simulator
