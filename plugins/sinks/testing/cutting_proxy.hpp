// Between a sink and its server: passes bytes on, and cuts the connection around a request when it is told to. The request is known by a
// word, looked for in plain text: the connection must not be encrypted.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace qonduit::sinks::testing {

// What is not passed on: the request, or the server's answer to it.
enum class Cut : std::uint8_t { nothing, request, answer };

class CuttingProxy {
 public:
  explicit CuttingProxy(int server_port, std::string word = "COMMIT");
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;
  ~CuttingProxy();

  [[nodiscard]] int port() const { return port_; }
  // Once: the next request with the word is cut, those behind it pass.
  void cut_next(Cut what) { cut_ = what; }
  [[nodiscard]] int cuts() const { return cuts_; }

 private:
  void accept_all();
  void pass(int client);

  int server_port_;
  std::string word_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<Cut> cut_ = Cut::nothing;
  std::atomic<int> cuts_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread acceptor_;
  std::vector<std::thread> connections_;
};

}  // namespace qonduit::sinks::testing
