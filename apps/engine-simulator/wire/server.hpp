// The listening side: mutual TLS (or plain sockets on loopback), the HTTP upgrade with its path and user header, and one thread per client.
// start() and stop() from one thread.
#pragma once

#include <Poco/ThreadPool.h>

#include <atomic>
#include <memory>
#include <string>

#include "options.hpp"
#include "session/engine.hpp"
#include "wire/front_door.hpp"

namespace Poco::Net {
class HTTPServer;
class ServerSocket;
}  // namespace Poco::Net

namespace qonduit::simulator {

class Server {
 public:
  // Loads the apps and the certificates, binds the port. Throws Poco::Exception saying what is wrong.
  explicit Server(const Options& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();
  // Closes every connection with 4003 and waits for their threads.
  void stop();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const;
  [[nodiscard]] Engine& engine() { return engine_; }

 private:
  Options options_;
  Engine engine_;
  FrontDoor door_;
  std::atomic<bool> stopping_{false};
  std::uint16_t port_ = 0;
  Poco::ThreadPool threads_;
  std::unique_ptr<Poco::Net::ServerSocket> listening_;
  std::unique_ptr<Poco::Net::HTTPServer> http_;
};

}  // namespace qonduit::simulator
