// An Apache Kafka broker of tests (KRaft, one node with its controller, or one more broker of such a cluster), in a temporary
// folder, on free ports of the loopback interface: without protection, with TLS and client certificates, and with SASL over TLS. The user
// etl has the password etl-secret, for PLAIN and SCRAM.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plugins/sinks/testing/child_process.hpp"
#include "plugins/sinks/testing/shared_server.hpp"

namespace qonduit::kafka::testing {

class KafkaServer {
 public:
  // settings: of the broker, besides. controller: whose cluster it joins; null: its own.
  explicit KafkaServer(const std::map<std::string, std::string>& settings = {}, const KafkaServer* controller = nullptr);
  KafkaServer(const KafkaServer&) = delete;
  KafkaServer& operator=(const KafkaServer&) = delete;
  ~KafkaServer();

  // keeper: whose server it is.
  explicit KafkaServer(std::unique_ptr<sinks::testing::SharedServer> keeper);

  // The server all tests of an executable share: that of the CTest run, or its own.
  static KafkaServer& shared();
  sinks::testing::KeptServer kept();

  void start();         // returns when it answers; it may be running, or paused
  void kill_at_once();  // SIGKILL
  void pause();
  void resume();
  [[nodiscard]] std::string address(int port = 0) const { return "127.0.0.1:" + std::to_string(port == 0 ? port_ : port); }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string tls_address() const { return "localhost:" + std::to_string(tls_port_); }
  [[nodiscard]] std::string sasl_address() const { return "localhost:" + std::to_string(sasl_port_); }
  [[nodiscard]] std::string file(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] int node() const { return node_; }
  // Runs a class of Kafka's own tools with these arguments; output: where to. Throws with its words when it fails.
  void tool(const std::string& name, const std::string& arguments, const std::string& output = "/dev/null") const;

 private:
  [[nodiscard]] std::vector<std::string> java(const std::string& name, const std::vector<std::string>& arguments) const;

  std::unique_ptr<sinks::testing::SharedServer> keeper_;
  std::filesystem::path folder_;
  int node_ = 1;
  int port_ = 0, tls_port_ = 0, sasl_port_ = 0, controller_port_ = 0;
  std::unique_ptr<sinks::testing::ChildProcess> server_;
};

}  // namespace qonduit::kafka::testing
