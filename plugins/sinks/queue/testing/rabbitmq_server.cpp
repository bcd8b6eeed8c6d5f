#include "rabbitmq_server.hpp"

#include <amqp_tcp_socket.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "plugins/sinks/testing/certificates.hpp"

namespace qonduit::amqp::testing {
namespace {

namespace fs = std::filesystem;
using sinks::testing::ChildProcess;
using sinks::testing::free_port;
using sinks::testing::run;

constexpr const char* kPrograms = "/usr/lib/rabbitmq/bin/";
constexpr auto kPatience = std::chrono::seconds(60);

// Users, whose passwords are guest and etl-secret; the third comes by certificate. A hash: four bytes, and SHA-256 of them and the
// password.
constexpr const char* kDefinitions = R"({
  "vhosts": [{"name": "/"}],
  "users": [{"name": "guest", "tags": "administrator", "password_hash": "AQIDBEMMOXwY6PKx/JKP9PAqfsb4ozuD0Ta3pxxa9gEYBMmD"},
            {"name": "etl", "tags": "", "password_hash": "AQIDBIbRNi3pExNN7EKkDQGlYonoG6t5TrgLoSaah7L5FhLf"},
            {"name": "client.example", "tags": "", "password_hash": ""}],
  "permissions": [{"user": "guest", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"},
                  {"user": "etl", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"},
                  {"user": "client.example", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}]})";

amqp_connection_state_t connected(int port) {
  auto* state = amqp_new_connection();
  timeval wait{1, 0};
  if (amqp_socket_open_noblock(amqp_tcp_socket_new(state), "127.0.0.1", port, &wait) == AMQP_STATUS_OK &&
      amqp_login(state, "/", 1, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest").reply_type == AMQP_RESPONSE_NORMAL) {
    return state;
  }
  amqp_destroy_connection(state);
  return nullptr;
}

std::string text(const amqp_bytes_t& bytes) { return {static_cast<const char*>(bytes.bytes), bytes.len}; }

amqp_bytes_t bytes(const std::string& value) { return {value.size(), const_cast<char*>(value.data())}; }

Received received(const amqp_message_t& message) {
  const auto& properties = message.properties;
  Received received{text(properties.message_id), text(properties.type), text(properties.content_type), text(message.body), {}};
  for (int i = 0; i < properties.headers.num_entries; ++i) {
    const auto& entry = properties.headers.entries[i];
    received.headers[text(entry.key)] =
        entry.value.kind == AMQP_FIELD_KIND_I64 ? std::to_string(entry.value.value.i64) : text(entry.value.value.bytes);
  }
  return received;
}

}  // namespace

RabbitmqServer::RabbitmqServer(std::unique_ptr<sinks::testing::SharedServer> keeper) : keeper_(std::move(keeper)) {
  if (!keeper_) {
    make();
    return;
  }
  const auto place = keeper_->place();
  folder_ = place.folder;
  port_ = place.ports.at(0);
  tls_port_ = place.ports.at(1);
  distribution_port_ = place.ports.at(2);
  names_port_ = place.ports.at(3);
  start();
}

void RabbitmqServer::make() {
  for (auto* port : {&port_, &tls_port_, &distribution_port_, &names_port_}) *port = free_port();
  if (!fs::exists(std::string(kPrograms) + "rabbitmq-server"))
    throw std::runtime_error("RabbitMQ is not installed: scripts/install-packages test");
  auto pattern = (fs::temp_directory_path() / "qonduit-rabbitmq-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  folder_ = pattern;
  sinks::testing::make_certificates(folder_);
  std::ofstream(folder_ / "rabbitmq.conf") << "listeners.tcp.1 = 127.0.0.1:" << port_ << "\nlisteners.ssl.1 = 127.0.0.1:" << tls_port_
                                           << "\nssl_options.cacertfile = " << file("ca.crt")
                                           << "\nssl_options.certfile = " << file("server.crt")
                                           << "\nssl_options.keyfile = " << file("server.key")
                                           << "\nssl_options.verify = verify_peer\nssl_options.fail_if_no_peer_cert = true\n"
                                              "auth_mechanisms.1 = PLAIN\nauth_mechanisms.2 = EXTERNAL\nssl_cert_login_from = common_name\n"
                                              "disk_free_limit.absolute = 50MB\nlog.file.level = info\n"
                                           << "load_definitions = " << file("definitions.json") << '\n';
  std::ofstream(folder_ / "definitions.json") << kDefinitions;
  std::ofstream(folder_ / "enabled_plugins") << "[rabbitmq_auth_mechanism_ssl].\n";
  start();
}

RabbitmqServer::~RabbitmqServer() {
  if (keeper_) return;
  server_.reset();
  names_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

RabbitmqServer& RabbitmqServer::shared() {
  static RabbitmqServer server(sinks::testing::SharedServer::find("rabbitmq"));
  return server;
}

sinks::testing::KeptServer RabbitmqServer::kept() {
  return {{folder_, {port_, tls_port_, distribution_port_, names_port_}},
          {{"start", [this] { start(); }}, {"kill", [this] { kill_at_once(); }}}};
}

std::vector<std::string> RabbitmqServer::with_environment(std::vector<std::string> command) const {
  std::vector<std::string> all{"/usr/bin/env",
                               "HOME=" + folder_.string(),
                               "RABBITMQ_NODENAME=" + node(),
                               "RABBITMQ_DIST_PORT=" + std::to_string(distribution_port_),
                               "ERL_EPMD_PORT=" + std::to_string(names_port_),
                               "ERL_EPMD_ADDRESS=127.0.0.1",
                               "RABBITMQ_MNESIA_BASE=" + file("data"),
                               "RABBITMQ_LOG_BASE=" + file("log"),
                               "RABBITMQ_CONFIG_FILE=" + file("rabbitmq"),
                               "RABBITMQ_ENABLED_PLUGINS_FILE=" + file("enabled_plugins"),
                               "RABBITMQ_PID_FILE=" + file("pid"),
                               "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+S 1:1 +SDcpu 1:1 +SDio 1",  // it boots faster
                               "RUNNING_UNDER_SYSTEMD=yes"};  // the script becomes the server, and dies as our child
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

void RabbitmqServer::start() {
  if (keeper_) return keeper_->ask("start");
  if (!names_ || !names_->running()) {
    names_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{"/usr/bin/epmd", "-port", std::to_string(names_port_), "-address", "127.0.0.1"}, file("names.log"));
  }
  if (!server_ || !server_->running())
    server_ = std::make_unique<ChildProcess>(with_environment({std::string(kPrograms) + "rabbitmq-server"}), file("server.log"));
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (true) {
    if (auto* state = connected(port_)) {
      amqp_destroy_connection(state);
      return;
    }
    if (!server_->running() || std::chrono::steady_clock::now() > until) {
      std::ifstream log(file("server.log"));
      throw std::runtime_error("RabbitMQ did not start: " + std::string(std::istreambuf_iterator<char>(log), {}));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

void RabbitmqServer::kill_at_once() {
  if (keeper_) return keeper_->ask("kill");
  server_->signal(SIGKILL);
  server_->wait();
}

std::string RabbitmqServer::url(int port) const { return "amqp://guest@127.0.0.1:" + std::to_string(port == 0 ? port_ : port) + "/%2f"; }

void RabbitmqServer::call(const std::string& function) const {
  // Not rabbitmqctl, which takes seconds to start.
  run(with_environment({"erl_call", "-sname", node(), "-a", function}));
}

RabbitmqSession::RabbitmqSession(int port) : state_(connected(port)) {
  if (state_ == nullptr) throw std::runtime_error("no connection to RabbitMQ");
  amqp_channel_open(state_, 1);
  check("open a channel");
}

RabbitmqSession::~RabbitmqSession() { amqp_destroy_connection(state_); }

void RabbitmqSession::check(const char* what) {
  const auto reply = amqp_get_rpc_reply(state_);
  if (reply.reply_type == AMQP_RESPONSE_NORMAL) return;
  std::string words = amqp_error_string2(reply.library_error);
  if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION && reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD)
    words = text(static_cast<const amqp_channel_close_t*>(reply.reply.decoded)->reply_text);
  throw std::runtime_error(std::string("cannot ") + what + ": " + words);
}

void RabbitmqSession::make_queue(const std::string& name, const std::map<std::string, std::string>& texts,
                                 const std::map<std::string, int>& numbers) {
  std::vector<amqp_table_entry_t> entries;
  for (const auto& [key, value] : texts) {
    auto& entry = entries.emplace_back();
    entry.key = bytes(key), entry.value.kind = AMQP_FIELD_KIND_UTF8, entry.value.value.bytes = bytes(value);
  }
  for (const auto& [key, value] : numbers) {
    auto& entry = entries.emplace_back();
    entry.key = bytes(key), entry.value.kind = AMQP_FIELD_KIND_I32, entry.value.value.i32 = value;
  }
  amqp_queue_declare(state_, 1, bytes(name), 0, 1, 0, 0, {static_cast<int>(entries.size()), entries.data()});
  check("make a queue");
}

void RabbitmqSession::delete_queue(const std::string& name) {
  amqp_queue_delete(state_, 1, bytes(name), 0, 0);
  check("delete a queue");
}

std::vector<Received> RabbitmqSession::take_all(const std::string& queue) {
  std::vector<Received> all;
  while (true) {
    const auto reply = amqp_basic_get(state_, 1, bytes(queue), 1);
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) throw std::runtime_error("cannot read the queue '" + queue + "'");
    if (reply.reply.id != AMQP_BASIC_GET_OK_METHOD) return all;
    const auto left = static_cast<const amqp_basic_get_ok_t*>(reply.reply.decoded)->message_count;
    amqp_message_t message;
    if (amqp_read_message(state_, 1, &message, 0).reply_type != AMQP_RESPONSE_NORMAL) throw std::runtime_error("cannot read a message");
    all.push_back(received(message));
    amqp_destroy_message(&message);
    amqp_maybe_release_buffers(state_);
    if (left > 0) consume(queue, static_cast<std::uint16_t>(std::min(left, 10'000u)), all);
  }
}

// Many at once. The broker sends no more of them than it is told to: what comes later stays in the queue, and in its order.
void RabbitmqSession::consume(const std::string& queue, std::uint16_t count, std::vector<Received>& all) {
  amqp_basic_qos(state_, 1, 0, count, 0);
  check("limit what is sent ahead");
  const auto tag = text(amqp_basic_consume(state_, 1, bytes(queue), amqp_empty_bytes, 0, 0, 0, amqp_empty_table)->consumer_tag);
  check("consume");
  std::uint64_t last = 0;
  for (int i = 0; i < count; ++i) {
    amqp_envelope_t envelope;
    const timeval patience{30, 0};
    if (amqp_consume_message(state_, &envelope, &patience, 0).reply_type != AMQP_RESPONSE_NORMAL)
      throw std::runtime_error("a message of the queue '" + queue + "' does not come");
    all.push_back(received(envelope.message));
    last = envelope.delivery_tag;
    amqp_destroy_envelope(&envelope);
    amqp_maybe_release_buffers(state_);
  }
  amqp_basic_cancel(state_, 1, bytes(tag));
  check("stop consuming");
  amqp_basic_ack(state_, 1, last, 1);
}

}  // namespace qonduit::amqp::testing
