// Sessions of the simulated engine: one per user, app path and identity. Sockets attach to them; a session outlives its last socket by its
// TTL. Handles belong to a connection, but their numbers come from the session, so that a reattached client sees new ones.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "apps/app.hpp"

namespace qonduit::simulator {

// An object as a session sees it: a stored object of the app or a session object, with its last evaluation.
class SessionObject {
 public:
  SessionObject(App& app, StoredObject stored, bool transient) : app_(app), stored_(std::move(stored)), transient_(transient) {}

  [[nodiscard]] const StoredObject& stored() const { return stored_; }
  [[nodiscard]] bool transient() const { return transient_; }  // a session object

  // Evaluated on first use and again after the app's data changed. Throws EngineError. Any thread.
  [[nodiscard]] std::shared_ptr<const Evaluation> evaluation();
  void set_properties(const JsonObject& properties);

 private:
  App& app_;
  StoredObject stored_;
  bool transient_;
  std::mutex mutex_;
  std::shared_ptr<const Evaluation> evaluation_;
  std::uint64_t epoch_ = 0;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  // Null when there is no such app object or session object.
  [[nodiscard]] std::shared_ptr<SessionObject> object(const std::string& id);
  // Returns null when a session object of that id exists.
  [[nodiscard]] std::shared_ptr<SessionObject> create(StoredObject stored);
  [[nodiscard]] bool destroy(const std::string& id);

  [[nodiscard]] App* app();
  // False when an app is open already.
  [[nodiscard]] bool open(App& app, bool no_data);
  [[nodiscard]] bool no_data();
  [[nodiscard]] int new_handle();

 private:
  std::mutex mutex_;
  App* app_ = nullptr;
  bool no_data_ = false;
  int next_handle_ = 1;
  std::map<std::string, std::shared_ptr<SessionObject>> objects_;
};

// Where a socket wants to go: /app/<id>[/identity/<x>][/ttl/<n>] and the user of its X-Qlik-User header.
struct SessionKey {
  std::string app;
  std::string identity;
  std::uint64_t ttl_seconds = 0;
  std::string user_directory;
  std::string user_id;

  [[nodiscard]] std::string text() const;
};

// Both throw Poco::SyntaxException saying what is wrong.
void parse_path(const std::string& path, SessionKey& into);
void parse_user(const std::string& header, SessionKey& into);

class SessionRegistry {
 public:
  // The session of a key and whether it was there already.
  [[nodiscard]] std::pair<std::shared_ptr<Session>, bool> attach(const SessionKey& key);
  void detach(const SessionKey& key);

 private:
  struct Entry {
    std::shared_ptr<Session> session;
    int sockets = 0;
    std::uint64_t ttl_seconds = 0;
    std::chrono::steady_clock::time_point expires;
  };
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace qonduit::simulator
