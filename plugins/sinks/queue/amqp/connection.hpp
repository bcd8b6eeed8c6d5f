// One connection to a broker, with one channel in confirm mode. Nothing is sent again here; when a call fails the connection is of no use
// any more. One thread.
#pragma once

#include <amqp.h>
#include <qonduit/status.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "amqp_options.hpp"
#include "endpoint.hpp"
#include "plugins/sinks/queue/core/message.hpp"

namespace qonduit::amqp {

// What a broker says of its own accord.
struct Event {
  enum class Kind : std::uint8_t { ack, nack, returned, blocked, unblocked };
  Kind kind;
  std::uint64_t tag = 0;   // of the message, counted from 1 in the order of publish
  bool multiple = false;   // and of all before it
  std::string message_id;  // of what was returned
  std::string reason;      // why it was returned, or why the connection is blocked
};

// What all messages of a delivery have in common, as AMQP wants it.
class Properties {
 public:
  Properties() = default;
  Properties(const queue::Headers& headers, bool rows);
  // Borrowed until the next call.
  const amqp_basic_properties_t& of(const queue::Message& message);

 private:
  queue::Headers headers_;
  bool rows_ = false;
  std::vector<amqp_table_entry_t> entries_;
  amqp_basic_properties_t properties_{};
};

class Connection {
 public:
  // unavailable when there is no broker, unauthenticated or forbidden when it does not let us in, or is not who it should be.
  static Result<std::unique_ptr<Connection>> open(const AmqpOptions& options, const Endpoint& endpoint);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  Status declare(const AmqpOptions& options, const std::string& routing_key);
  // not_found when the queue the options name is not there; the connection is of no use then. ok as well when they name none.
  Status expect_queue(const AmqpOptions& options, const std::string& routing_key);
  // Persistent and mandatory: what reaches no queue is returned.
  Status publish(const std::string& exchange, const std::string& routing_key, const amqp_basic_properties_t& properties,
                 std::string_view body);
  // The next event, or none when the time is over. An error: the broker, or the network, ended the connection.
  Result<std::optional<Event>> next(std::chrono::milliseconds wait);
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  Connection(amqp_connection_state_t state, std::string name) : state_(state), name_(std::move(name)) {}
  Status connect(const AmqpOptions& options, const Endpoint& endpoint);
  Status log_in(const AmqpOptions& options, const Endpoint& endpoint);
  Status answered(const amqp_rpc_reply_t& reply, const std::string& what) const;
  Status lost(int status, const std::string& what) const;
  [[nodiscard]] Status closed(const amqp_method_t& method, const std::string& what) const;
  Result<std::optional<Event>> take(const amqp_frame_t& frame);
  Result<std::optional<Event>> take_returned(const amqp_basic_return_t& method);

  amqp_connection_state_t state_;
  std::string name_;
};

}  // namespace qonduit::amqp
