// A RabbitMQ server of tests: from Debian's packages, in a temporary folder, on free ports of the loopback interface, with TLS and
// client certificates beside the plain port. The user etl has a password; the certificate's name is a user too.
#pragma once

#include <amqp.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/sinks/testing/child_process.hpp"
#include "plugins/sinks/testing/shared_server.hpp"

namespace qonduit::amqp::testing {

class RabbitmqServer {
 public:
  // keeper: whose server it is; null: its own.
  explicit RabbitmqServer(std::unique_ptr<sinks::testing::SharedServer> keeper = nullptr);
  RabbitmqServer(const RabbitmqServer&) = delete;
  RabbitmqServer& operator=(const RabbitmqServer&) = delete;
  ~RabbitmqServer();

  // The server all tests of an executable share: that of the CTest run, or its own.
  static RabbitmqServer& shared();
  sinks::testing::KeptServer kept();

  void start();         // returns when it takes connections; it may be running
  void kill_at_once();  // SIGKILL
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int tls_port() const { return tls_port_; }
  [[nodiscard]] std::string url(int port = 0) const;  // of the user guest, without TLS
  [[nodiscard]] std::string file(const char* name) const { return (folder_ / name).string(); }
  // Calls a function in the server: "module function [arguments]", as Erlang writes them. Throws when that fails.
  void call(const std::string& function) const;

 private:
  void make();
  [[nodiscard]] std::string node() const { return "q" + std::to_string(port_) + "@localhost"; }
  std::vector<std::string> with_environment(std::vector<std::string> command) const;

  std::unique_ptr<sinks::testing::SharedServer> keeper_;
  std::filesystem::path folder_;
  int port_ = 0, tls_port_ = 0, distribution_port_ = 0, names_port_ = 0;
  std::unique_ptr<sinks::testing::ChildProcess> names_;  // epmd, which would outlive the server
  std::unique_ptr<sinks::testing::ChildProcess> server_;
};

struct Received {
  std::string id, type, content_type, body;
  std::map<std::string, std::string> headers;
};

// A connection of the tests' own, to look and to prepare. Throws when the broker does not do what it is asked.
class RabbitmqSession {
 public:
  explicit RabbitmqSession(int port);
  RabbitmqSession(const RabbitmqSession&) = delete;
  RabbitmqSession& operator=(const RabbitmqSession&) = delete;
  ~RabbitmqSession();

  // Durable; arguments: text values, and whole numbers.
  void make_queue(const std::string& name, const std::map<std::string, std::string>& texts = {},
                  const std::map<std::string, int>& numbers = {});
  void delete_queue(const std::string& name);
  // All that is in a queue, taken out of it.
  std::vector<Received> take_all(const std::string& queue);

 private:
  void consume(const std::string& queue, std::uint16_t count, std::vector<Received>& all);
  void check(const char* what);
  amqp_connection_state_t state_;
};

}  // namespace qonduit::amqp::testing
