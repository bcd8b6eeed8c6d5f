// A server that one process keeps for the test executables of a CTest run. The program test-servers starts it, and does to it what they
// ask: kill it, start it again. They come one after the other; CTest's RESOURCE_LOCK sees to that.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace qonduit::sinks::testing {

// Where a server is.
struct ServerPlace {
  std::filesystem::path folder;  // of the server's own, which goes with it
  std::vector<int> ports;        // in an order that its kind knows
};

// The tests' end.
class SharedServer {
 public:
  // The server of this kind in the folder that QONDUIT_TEST_SERVERS names; null when there is none: the test starts its own.
  static std::unique_ptr<SharedServer> find(const std::string& kind);

  [[nodiscard]] ServerPlace place() const;
  // Returns when the keeper has done it; throws with the keeper's words.
  void ask(const std::string& action) const { static_cast<void>(answer(action)); }

 private:
  explicit SharedServer(std::string socket) : socket_(std::move(socket)) {}
  [[nodiscard]] std::string answer(const std::string& question) const;
  std::string socket_;
};

// What a keeper does for tests.
struct KeptServer {
  ServerPlace place;
  std::map<std::string, std::function<void()>> actions;
};

// Answers tests until it is asked to end, or nobody has asked for half an hour. state: the file by which they find it. ready is called when
// they can. The server is gone by the time that end_kept_server returns when the caller's process ends right after it.
void keep_server(const KeptServer& server, const std::filesystem::path& state, const std::function<void()>& ready);

// Ends the keeper and its server, if there is one, and removes what an earlier one has left.
void end_kept_server(const std::filesystem::path& state);

}  // namespace qonduit::sinks::testing
