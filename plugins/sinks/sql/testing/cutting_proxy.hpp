// Between a sink and its server: passes bytes on, and cuts the connection around a COMMIT when it is told to. The request is looked for in
// plain text, so the connection must not be encrypted.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace qonduit::sql::testing {

enum class Cut : std::uint8_t { nothing, before_commit, answer_to_commit };

class CuttingProxy {
 public:
  explicit CuttingProxy(int server_port);
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;
  ~CuttingProxy();

  [[nodiscard]] int port() const { return port_; }
  // Once: the next COMMIT is cut, those behind it pass.
  void cut_next(Cut what) { cut_ = what; }
  [[nodiscard]] int cuts() const { return cuts_; }

 private:
  void accept_all();
  void pass(int client);

  int server_port_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<Cut> cut_ = Cut::nothing;
  std::atomic<int> cuts_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread acceptor_;
  std::vector<std::thread> connections_;
};

}  // namespace qonduit::sql::testing
