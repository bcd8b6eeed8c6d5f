// The least there is to publishing with confirms: bodies of one size to a queue over rabbitmq-c, at most WINDOW of them unconfirmed. What
// the sink is measured against. Prints seconds.
//   amqp_confirm_bench PORT QUEUE MESSAGES SIZE WINDOW
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

int fail(const char* what) {
  std::fprintf(stderr, "amqp_confirm_bench: %s\n", what);
  return 1;
}

amqp_bytes_t bytes(const std::string& text) { return {text.size(), const_cast<char*>(text.data())}; }

}  // namespace

int main(int count, char** arguments) {
  if (count != 6) return fail("PORT QUEUE MESSAGES SIZE WINDOW");
  const std::string queue = arguments[2];
  const auto messages = std::strtoull(arguments[3], nullptr, 10), window = std::strtoull(arguments[5], nullptr, 10);
  const std::string body(std::strtoull(arguments[4], nullptr, 10), 'x');
  auto* connection = amqp_new_connection();
  auto* socket = amqp_tcp_socket_new(connection);
  if (amqp_socket_open(socket, "127.0.0.1", std::atoi(arguments[1])) != AMQP_STATUS_OK) return fail("no broker");
  if (amqp_login(connection, "/", 1, 131072, 30, AMQP_SASL_METHOD_PLAIN, "guest", "guest").reply_type != AMQP_RESPONSE_NORMAL)
    return fail("no login");
  amqp_channel_open(connection, 1);
  amqp_confirm_select(connection, 1);
  amqp_queue_declare(connection, 1, bytes(queue), 0, 1, 0, 0, amqp_empty_table);
  if (amqp_get_rpc_reply(connection).reply_type != AMQP_RESPONSE_NORMAL) return fail("no queue");

  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t confirmed = 0;
  for (std::uint64_t sent = 0; confirmed < messages;) {
    if (sent < messages && sent - confirmed < window) {
      const auto id = std::to_string(++sent);
      amqp_basic_properties_t properties{};
      properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_CONTENT_TYPE_FLAG;
      properties.delivery_mode = 2;
      properties.message_id = bytes(id);
      properties.content_type = amqp_cstring_bytes("application/json");
      if (amqp_basic_publish(connection, 1, amqp_empty_bytes, bytes(queue), 1, 0, &properties, bytes(body)) != AMQP_STATUS_OK)
        return fail("cannot publish");
      if (sent - confirmed < window && sent % 64 != 0) continue;
    }
    amqp_frame_t frame;
    timeval wait{sent == messages || sent - confirmed >= window ? 10 : 0, 0};
    amqp_maybe_release_buffers(connection);
    const int status = amqp_simple_wait_frame_noblock(connection, &frame, &wait);
    if (status == AMQP_STATUS_TIMEOUT) continue;
    if (status != AMQP_STATUS_OK || frame.payload.method.id != AMQP_BASIC_ACK_METHOD) return fail("no confirmation");
    const auto& ack = *static_cast<const amqp_basic_ack_t*>(frame.payload.method.decoded);
    // Confirmations come in order here: one queue, one node.
    confirmed = ack.multiple != 0 ? ack.delivery_tag : confirmed + 1;
  }
  std::printf("%.3f\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  return 0;
}
