// A schema registry of tests: Apicurio Registry on a free port of the loopback interface, with nginx in front of it, which adds
// TLS, the user etl, and answers of registries that are not at hand: /forbidden, /moved and /overloaded, and /confluent, where Confluent's
// calls every schema incompatible, with reasons.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "plugins/sinks/testing/child_process.hpp"
#include "plugins/sinks/testing/shared_server.hpp"

namespace qonduit::queue::testing {

class SchemaRegistryServer {
 public:
  // keeper: whose server it is; null: its own.
  explicit SchemaRegistryServer(std::unique_ptr<sinks::testing::SharedServer> keeper = nullptr);
  SchemaRegistryServer(const SchemaRegistryServer&) = delete;
  SchemaRegistryServer& operator=(const SchemaRegistryServer&) = delete;
  ~SchemaRegistryServer();

  // The server all tests of an executable share, that of the CTest run or its own: every subject is to be backward compatible.
  static SchemaRegistryServer& shared();
  sinks::testing::KeptServer kept();

  void start_front();  // returns when it takes connections; it may be running
  void stop_front();
  // Of Confluent's API; host: what the certificate is compared with.
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::string tls_url(const std::string& host = "localhost", const std::string& path = "/apis/ccompat/v7") const;
  [[nodiscard]] std::string file(const char* name) const { return (folder_ / name).string(); }
  // What the registry says, unparsed. Throws when it does not answer 200.
  [[nodiscard]] std::string get(const std::string& path) const;

 private:
  void make();

  std::unique_ptr<sinks::testing::SharedServer> keeper_;
  std::filesystem::path folder_;
  int port_ = 0, tls_port_ = 0;
  std::unique_ptr<sinks::testing::ChildProcess> server_;
  std::unique_ptr<sinks::testing::ChildProcess> front_;
};

}  // namespace qonduit::queue::testing
