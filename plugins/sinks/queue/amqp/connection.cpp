#include "connection.hpp"

#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace qonduit::amqp {
namespace {

constexpr amqp_channel_t kChannel = 1;
constexpr int kFrame = 131'072;  // RabbitMQ's own
constexpr timeval kHandshake{10, 0};

std::string text(const amqp_bytes_t& bytes) { return {static_cast<const char*>(bytes.bytes), bytes.len}; }

amqp_bytes_t borrowed(std::string_view view) { return {view.size(), const_cast<char*>(view.data())}; }

amqp_table_entry_t text_entry(std::string_view name, std::string_view value) {
  amqp_table_entry_t entry{};
  entry.key = borrowed(name);
  entry.value.kind = AMQP_FIELD_KIND_UTF8;
  entry.value.value.bytes = borrowed(value);
  return entry;
}

// What a reply code asks for: a person, or another try.
Code code_of(int reply) {
  switch (reply) {
    case AMQP_ACCESS_REFUSED:
    case AMQP_NOT_ALLOWED: return Code::forbidden;
    case AMQP_NOT_FOUND: return Code::not_found;
    case AMQP_PRECONDITION_FAILED:
    case AMQP_COMMAND_INVALID:
    case AMQP_NOT_IMPLEMENTED:
    case AMQP_SYNTAX_ERROR: return Code::invalid_config;
    case AMQP_CONTENT_TOO_LARGE:
    case AMQP_FRAME_ERROR: return Code::bad_data;
    default: return Code::unavailable;
  }
}

// OpenSSL's reason for a handshake that failed; the certificate's faults are no matter of another try.
std::pair<Code, std::string> tls_reason() {
  Code code = Code::unavailable;
  std::string why;
  while (const auto error = ERR_get_error()) {
    const auto* words = ERR_reason_error_string(error);
    if (words == nullptr) continue;
    why += (why.empty() ? "" : ", ") + std::string(words);
    const std::string_view said = words;
    if (said.find("certificate") != std::string_view::npos || said.find("unknown ca") != std::string_view::npos)
      code = Code::unauthenticated;
  }
  return {code, why};
}

std::string_view type_name(ExchangeType type) {
  switch (type) {
    case ExchangeType::direct: return "direct";
    case ExchangeType::topic: return "topic";
    case ExchangeType::fanout: return "fanout";
    case ExchangeType::headers: return "headers";
    case ExchangeType::none: break;
  }
  return "";
}

std::string_view type_name(QueueType type) {
  switch (type) {
    case QueueType::quorum: return "quorum";
    case QueueType::classic: return "classic";
    case QueueType::stream: return "stream";
    case QueueType::none: break;
  }
  return "";
}

}  // namespace

Properties::Properties(const queue::Headers& headers, bool rows) : headers_(headers), rows_(rows) {
  properties_._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_TYPE_FLAG |
                       AMQP_BASIC_APP_ID_FLAG | AMQP_BASIC_HEADERS_FLAG;
  properties_.delivery_mode = AMQP_DELIVERY_PERSISTENT;
  properties_.app_id = borrowed("qonduit");
}

const amqp_basic_properties_t& Properties::of(const queue::Message& message) {
  entries_.clear();
  for (const auto& [name, value] : headers_) entries_.push_back(text_entry(name, value));
  if (rows_) {
    auto& entry = entries_.emplace_back();
    entry.key = borrowed("qonduit-rows");
    entry.value.kind = AMQP_FIELD_KIND_I64;
    entry.value.value.i64 = static_cast<std::int64_t>(message.rows);
  }
  if (message.key) entries_.push_back(text_entry("qonduit-key", *message.key));
  if (!message.op.empty()) entries_.push_back(text_entry("qonduit-op", message.op));
  properties_.headers = {static_cast<int>(entries_.size()), entries_.data()};
  properties_.content_type = borrowed(message.content_type);
  properties_.message_id = borrowed(message.id);
  properties_.type = borrowed(to_string(message.kind));
  return properties_;
}

Result<std::unique_ptr<Connection>> Connection::open(const AmqpOptions& options, const Endpoint& endpoint) {
  std::unique_ptr<Connection> connection(new Connection(amqp_new_connection(), endpoint.name()));
  if (connection->state_ == nullptr) return Status(Code::internal, "no memory for a connection");
  auto status = connection->connect(options, endpoint);
  if (status.ok()) status = connection->log_in(options, endpoint);
  if (!status.ok()) return status;
  return connection;
}

Connection::~Connection() {
  // Closes the socket. The broker forgets the channel; what it has not confirmed, the publisher still has.
  amqp_destroy_connection(state_);
}

Status Connection::connect(const AmqpOptions& options, const Endpoint& endpoint) {
  const auto refused = [&](const std::string& what, const std::string& file) {
    return Status(Code::invalid_config, what + " '" + file + "' cannot be read, or is no PEM file of that kind");
  };
  amqp_socket_t* socket = nullptr;
  if (endpoint.tls) {
    socket = amqp_ssl_socket_new(state_);
    if (socket == nullptr) return {Code::internal, "OpenSSL cannot be set up"};
    amqp_ssl_socket_set_verify_peer(socket, 1);
    amqp_ssl_socket_set_verify_hostname(socket, 1);
    amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
    if (options.tls_ca.empty()) {
      SSL_CTX_set_default_verify_paths(static_cast<SSL_CTX*>(amqp_ssl_socket_get_context(socket)));
    } else if (amqp_ssl_socket_set_cacert(socket, options.tls_ca.c_str()) != AMQP_STATUS_OK) {
      return refused("tls-ca:", options.tls_ca);
    }
    if (!options.tls_certificate.empty() &&
        amqp_ssl_socket_set_key(socket, options.tls_certificate.c_str(), options.tls_key.c_str()) != AMQP_STATUS_OK) {
      return refused("tls-certificate, tls-key:", options.tls_certificate + "' or '" + options.tls_key);
    }
  } else {
    socket = amqp_tcp_socket_new(state_);
    if (socket == nullptr) return {Code::internal, "no memory for a socket"};
  }
  amqp_set_handshake_timeout(state_, &kHandshake);
  amqp_set_rpc_timeout(state_, &kHandshake);
  ERR_clear_error();
  timeval wait = kHandshake;
  const int status = amqp_socket_open_noblock(socket, endpoint.host.c_str(), endpoint.port, &wait);
  if (status != AMQP_STATUS_OK) return lost(status, "cannot connect");

  const int fd = amqp_get_sockfd(state_);
  const int on = 1;
  // A broker that takes nothing and says nothing is gone, in the middle of a write too.
  const auto silence = static_cast<unsigned>(2 * options.heartbeat.count());
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silence, sizeof silence);
  return {};
}

Status Connection::log_in(const AmqpOptions& options, const Endpoint& endpoint) {
  const auto user = !options.user.empty() ? options.user : !endpoint.user.empty() ? endpoint.user : "guest";
  const auto password = !options.password.empty() ? options.password : "guest";
  const auto heartbeat = static_cast<int>(options.heartbeat.count() / 1000);
  // Without this a broker that is out of memory or disk would block us and not tell.
  amqp_table_entry_t able[4];
  const char* const abilities[] = {"connection.blocked", "basic.nack", "publisher_confirms", "authentication_failure_close"};
  for (std::size_t i = 0; i < std::size(able); ++i) {
    able[i].key = borrowed(abilities[i]);
    able[i].value.kind = AMQP_FIELD_KIND_BOOLEAN;
    able[i].value.value.boolean = 1;
  }
  amqp_table_entry_t facts[2] = {text_entry("connection_name", "qonduit"), {}};
  facts[1].key = borrowed("capabilities");
  facts[1].value.kind = AMQP_FIELD_KIND_TABLE;
  facts[1].value.value.table = {static_cast<int>(std::size(able)), able};
  const amqp_table_t properties{static_cast<int>(std::size(facts)), facts};
  const auto reply = options.auth == Auth::external
                         ? amqp_login_with_properties(state_, endpoint.vhost.c_str(), 1, kFrame, heartbeat, &properties,
                                                      AMQP_SASL_METHOD_EXTERNAL, user.c_str())
                         : amqp_login_with_properties(state_, endpoint.vhost.c_str(), 1, kFrame, heartbeat, &properties,
                                                      AMQP_SASL_METHOD_PLAIN, user.c_str(), password.c_str());
  auto status = answered(reply, "cannot log in as '" + user + "' to the vhost '" + endpoint.vhost + "'");
  // In TLS 1.3 the client is done before the broker looks at its certificate: the alert comes now, if it is not lost with the connection.
  if (endpoint.tls && retryable(status.code())) {
    return {status.code(), status.message() + "; a broker that refuses the client certificate may do so without a word: see its log"};
  }
  if (!status.ok()) return status;
  amqp_channel_open(state_, kChannel);
  status = answered(amqp_get_rpc_reply(state_), "cannot open a channel");
  if (!status.ok()) return status;
  amqp_confirm_select(state_, kChannel);
  return answered(amqp_get_rpc_reply(state_), "the broker does not confirm messages");
}

Status Connection::declare(const AmqpOptions& options, const std::string& routing_key) {
  const auto exchange = borrowed(options.exchange);
  if (options.declare_exchange != ExchangeType::none) {
    amqp_exchange_declare(state_, kChannel, exchange, borrowed(type_name(options.declare_exchange)), 0, 1, 0, 0, amqp_empty_table);
    auto status = answered(amqp_get_rpc_reply(state_), "cannot declare the exchange '" + options.exchange + "'");
    if (!status.ok()) return status;
  }
  if (options.declare_queue == QueueType::none) return {};
  const auto& name = options.queue.empty() ? routing_key : options.queue;
  amqp_table_entry_t type = text_entry("x-queue-type", type_name(options.declare_queue));
  amqp_queue_declare(state_, kChannel, borrowed(name), 0, 1, 0, 0, {1, &type});
  auto status = answered(amqp_get_rpc_reply(state_), "cannot declare the queue '" + name + "'");
  if (!status.ok() || options.exchange.empty()) return status;
  amqp_queue_bind(state_, kChannel, borrowed(name), exchange, borrowed(routing_key), amqp_empty_table);
  return answered(amqp_get_rpc_reply(state_), "cannot bind the queue '" + name + "' to the exchange '" + options.exchange + "'");
}

Status Connection::expect_queue(const AmqpOptions& options, const std::string& routing_key) {
  if (options.declare_queue == QueueType::none && !options.exchange.empty()) return {};
  const auto& name = options.queue.empty() ? routing_key : options.queue;
  constexpr amqp_boolean_t kPassive = 1;
  amqp_queue_declare(state_, kChannel, borrowed(name), kPassive, 1, 0, 0, amqp_empty_table);
  return answered(amqp_get_rpc_reply(state_), "cannot find the queue '" + name + "'");
}

Status Connection::publish(const std::string& exchange, const std::string& routing_key, const amqp_basic_properties_t& properties,
                           std::string_view body) {
  const int status = amqp_basic_publish(state_, kChannel, borrowed(exchange), borrowed(routing_key), 1, 0, &properties, borrowed(body));
  return status == AMQP_STATUS_OK ? Status() : lost(status, "cannot publish");
}

Result<std::optional<Event>> Connection::next(std::chrono::milliseconds wait) {
  amqp_maybe_release_buffers(state_);
  timeval time{wait.count() / 1000, static_cast<suseconds_t>(wait.count() % 1000 * 1000)};
  amqp_frame_t frame;
  const int status = amqp_simple_wait_frame_noblock(state_, &frame, &time);
  if (status == AMQP_STATUS_TIMEOUT) return std::optional<Event>();
  if (status != AMQP_STATUS_OK) return lost(status, "the connection was lost");
  return take(frame);
}

Result<std::optional<Event>> Connection::take(const amqp_frame_t& frame) {
  if (frame.frame_type != AMQP_FRAME_METHOD) return std::optional<Event>();
  const auto* decoded = frame.payload.method.decoded;
  switch (frame.payload.method.id) {
    case AMQP_BASIC_ACK_METHOD: {
      const auto& ack = *static_cast<const amqp_basic_ack_t*>(decoded);
      return std::optional(Event{Event::Kind::ack, ack.delivery_tag, ack.multiple != 0, {}, {}});
    }
    case AMQP_BASIC_NACK_METHOD: {
      const auto& nack = *static_cast<const amqp_basic_nack_t*>(decoded);
      return std::optional(Event{Event::Kind::nack, nack.delivery_tag, nack.multiple != 0, {}, {}});
    }
    case AMQP_BASIC_RETURN_METHOD: return take_returned(*static_cast<const amqp_basic_return_t*>(decoded));
    case AMQP_CONNECTION_BLOCKED_METHOD:
      return std::optional(Event{Event::Kind::blocked, 0, false, {}, text(static_cast<const amqp_connection_blocked_t*>(decoded)->reason)});
    case AMQP_CONNECTION_UNBLOCKED_METHOD: return std::optional(Event{Event::Kind::unblocked, 0, false, {}, {}});
    case AMQP_CHANNEL_CLOSE_METHOD:
    case AMQP_CONNECTION_CLOSE_METHOD: return closed(frame.payload.method, "the broker closed the connection");
    default: return std::optional<Event>();
  }
}

// The content follows the method, and comes before the message's confirmation.
Result<std::optional<Event>> Connection::take_returned(const amqp_basic_return_t& method) {
  Event event{Event::Kind::returned, 0, false, {}, std::to_string(method.reply_code) + " " + text(method.reply_text)};
  amqp_message_t message;
  const auto reply = amqp_read_message(state_, kChannel, &message, 0);
  if (auto status = answered(reply, "cannot read a returned message"); !status.ok()) return status;
  event.message_id = text(message.properties.message_id);
  amqp_destroy_message(&message);
  return std::optional(std::move(event));
}

Status Connection::answered(const amqp_rpc_reply_t& reply, const std::string& what) const {
  switch (reply.reply_type) {
    case AMQP_RESPONSE_NORMAL: return {};
    case AMQP_RESPONSE_SERVER_EXCEPTION: return closed(reply.reply, what);
    case AMQP_RESPONSE_NONE:
    case AMQP_RESPONSE_LIBRARY_EXCEPTION: break;
  }
  return lost(reply.library_error, what);
}

Status Connection::closed(const amqp_method_t& method, const std::string& what) const {
  int code = 0;
  std::string words = "without a reason";
  if (method.id == AMQP_CONNECTION_CLOSE_METHOD) {
    const auto& close = *static_cast<const amqp_connection_close_t*>(method.decoded);
    code = close.reply_code, words = text(close.reply_text);
  } else if (method.id == AMQP_CHANNEL_CLOSE_METHOD) {
    const auto& close = *static_cast<const amqp_channel_close_t*>(method.decoded);
    code = close.reply_code, words = text(close.reply_text);
  }
  const bool password = words.find("authentication") != std::string::npos || words.find("Login was refused") != std::string::npos;
  return {code == AMQP_ACCESS_REFUSED && password ? Code::unauthenticated : code_of(code),
          "RabbitMQ at " + name_ + ": " + what + ": " + std::to_string(code) + " " + words};
}

Status Connection::lost(int status, const std::string& what) const {
  auto [code, why] = tls_reason();
  std::string words = amqp_error_string2(status);
  if (!why.empty()) words += " (" + why + ")";
  if (status == AMQP_STATUS_SSL_PEER_VERIFY_FAILED || status == AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED) code = Code::unauthenticated;
  return {code, "RabbitMQ at " + name_ + ": " + what + ": " + words};
}

}  // namespace qonduit::amqp
