#include "kafka_server.hpp"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>

#include "kafka_reader.hpp"
#include "plugins/sinks/testing/certificates.hpp"
#include "tests/paths.hpp"

namespace qonduit::kafka::testing {
namespace {

namespace fs = std::filesystem;
using sinks::testing::ChildProcess;
using sinks::testing::free_port;
using sinks::testing::run;

constexpr const char* kCluster = "5L6g3nShT-eMCtK--X86sw";  // any; the same for all brokers
constexpr auto kPatience = std::chrono::seconds(120);

std::string words(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

KafkaServer::KafkaServer(const std::map<std::string, std::string>& settings, const KafkaServer* controller)
    : node_(controller == nullptr ? 1 : controller->node_ + 1),
      port_(free_port()),
      tls_port_(free_port()),
      sasl_port_(free_port()),
      controller_port_(controller == nullptr ? free_port() : controller->controller_port_) {
  auto pattern = (fs::temp_directory_path() / "qonduit-kafka-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  folder_ = pattern;
  sinks::testing::make_certificates(folder_);
  std::ofstream(file("server.pem")) << words(file("server.key")) << words(file("server.crt"));
  const auto at = [](int port) { return "localhost:" + std::to_string(port); };
  const auto listeners = "PLAIN://" + address() + ",TLS://" + at(tls_port_) + ",SASL://" + at(sasl_port_);
  const std::string login = "org.apache.kafka.common.security.";
  std::map<std::string, std::string> all{
      {"node.id", std::to_string(node_)},
      {"process.roles", controller == nullptr ? "broker,controller" : "broker"},
      {"controller.quorum.voters", "1@localhost:" + std::to_string(controller_port_)},
      {"controller.listener.names", "CONTROLLER"},
      {"listeners", listeners + (controller == nullptr ? ",CONTROLLER://" + at(controller_port_) : "")},
      {"advertised.listeners", listeners},
      {"listener.security.protocol.map", "PLAIN:PLAINTEXT,TLS:SSL,SASL:SASL_SSL,CONTROLLER:PLAINTEXT"},
      {"inter.broker.listener.name", "PLAIN"},
      {"ssl.keystore.type", "PEM"},
      {"ssl.keystore.location", file("server.pem")},
      {"ssl.truststore.type", "PEM"},
      {"ssl.truststore.location", file("ca.crt")},
      {"listener.name.tls.ssl.client.auth", "required"},
      {"sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512"},
      {"listener.name.sasl.plain.sasl.jaas.config", login + "plain.PlainLoginModule required user_etl=\"etl-secret\";"},
      {"listener.name.sasl.scram-sha-256.sasl.jaas.config", login + "scram.ScramLoginModule required;"},
      {"listener.name.sasl.scram-sha-512.sasl.jaas.config", login + "scram.ScramLoginModule required;"},
      {"log.dirs", file("data")},
      {"auto.create.topics.enable", "true"},
      {"offsets.topic.replication.factor", "1"},
      {"offsets.topic.num.partitions", "1"},
      {"group.initial.rebalance.delay.ms", "0"},
      {"transaction.state.log.replication.factor", "1"},
      {"transaction.state.log.min.isr", "1"},
      {"transaction.state.log.num.partitions", "1"},
      {"transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"},
      {"broker.session.timeout.ms", "3000"},
      {"broker.heartbeat.interval.ms", "500"},
  };
  for (const auto& [name, value] : settings) all[name] = value;
  std::ofstream properties(file("server.properties"));
  for (const auto& [name, value] : all) properties << name << '=' << value << '\n';
  properties.close();
  std::vector<std::string> format{"format", "-t", kCluster, "-c", file("server.properties")};
  if (controller == nullptr) {
    for (const auto* mechanism : {"SCRAM-SHA-256", "SCRAM-SHA-512"}) {
      format.emplace_back("--add-scram");
      format.push_back(std::string(mechanism) + "=[name=etl,password=etl-secret]");
    }
  }
  run(java("kafka.tools.StorageTool", format));
  start();
}

KafkaServer::KafkaServer(std::unique_ptr<sinks::testing::SharedServer> keeper) : keeper_(std::move(keeper)) {
  const auto place = keeper_->place();
  folder_ = place.folder;
  port_ = place.ports.at(0);
  tls_port_ = place.ports.at(1);
  sasl_port_ = place.ports.at(2);
  controller_port_ = place.ports.at(3);
  start();
}

KafkaServer::~KafkaServer() {
  if (keeper_) return;
  server_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

KafkaServer& KafkaServer::shared() {
  static const auto server = [] {
    auto keeper = sinks::testing::SharedServer::find("kafka");
    return keeper ? std::make_unique<KafkaServer>(std::move(keeper)) : std::make_unique<KafkaServer>();
  }();
  return *server;
}

sinks::testing::KeptServer KafkaServer::kept() {
  return {{folder_, {port_, tls_port_, sasl_port_, controller_port_}},
          {{"start", [this] { start(); }}, {"kill", [this] { kill_at_once(); }}, {"pause", [this] { pause(); }}, {"resume", [this] {
                                                                                                                    resume();
                                                                                                                  }}}};
}

std::vector<std::string> KafkaServer::java(const std::string& name, const std::vector<std::string>& arguments) const {
  std::vector<std::string> command{
      "/usr/bin/env", "java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", paths::source(KAFKA_JARS "/*"), name};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

void KafkaServer::start() {
  if (keeper_) return keeper_->ask("start");
  if (server_ && server_->running())
    resume();
  else
    server_ = std::make_unique<ChildProcess>(java("kafka.Kafka", {file("server.properties")}), file("server.log"));
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!answers(address(), node_)) {
    if (!server_->running() || std::chrono::steady_clock::now() > until)
      throw std::runtime_error("Kafka did not start: " + words(file("server.log")));
  }
}

void KafkaServer::pause() {
  if (keeper_) return keeper_->ask("pause");
  server_->signal(SIGSTOP);
}

void KafkaServer::resume() {
  if (keeper_) return keeper_->ask("resume");
  server_->signal(SIGCONT);
}

void KafkaServer::kill_at_once() {
  if (keeper_) return keeper_->ask("kill");
  server_->signal(SIGKILL);
  server_->wait();
}

void KafkaServer::tool(const std::string& name, const std::string& arguments, const std::string& output) const {
  std::string command;
  for (const auto& word : java(name, {})) command += "'" + word + "' ";
  run({"/bin/sh", "-c", command + arguments + " > " + output});
}

}  // namespace qonduit::kafka::testing
