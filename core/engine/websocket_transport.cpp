#include "core/engine/websocket_transport.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <Poco/AutoPtr.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/WebSocket.h>
#include <Poco/Net/WebSocketImpl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include "core/engine/close_codes.hpp"
#include "core/engine/upgrade.hpp"

namespace qonduit::engine {
namespace {

namespace net = Poco::Net;

constexpr int kOpcodeMask = 0x0F;
constexpr int kReservedBits = 0x70;
constexpr int kFinal = net::WebSocket::FRAME_FLAG_FIN;
// Once a frame has begun its rest is on the way; silence this long means the peer is gone.
constexpr auto kFrameTimeout = std::chrono::seconds(30);
// How long the peer has to end the connection once it is told goodbye.
constexpr auto kGoodbyeTimeout = std::chrono::milliseconds(500);
constexpr int kLargestControlFrame = 125;

// What Poco found in a frame's header but does not refuse.
class ProtocolError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Poco's framing, with the header looked at before the payload is read.
class CheckedSocket final : public net::WebSocketImpl {
 public:
  CheckedSocket(net::StreamSocketImpl* socket, net::HTTPSession& session) : WebSocketImpl(socket, session, true) {}

  // Appends the payload of the next frame. False at an orderly end of the stream.
  bool receive_frame(Message& message, MessagePool& pool, int& flags, std::size_t limit) {
    char mask[4];
    bool masked = false;
    setMaxPayloadSize(std::numeric_limits<int>::max());
    int length = 0;
    try {
      length = receiveHeader(mask, masked);
    } catch (const net::WebSocketException& error) {
      if (error.code() == net::WebSocket::WS_ERR_PAYLOAD_TOO_BIG) throw ProtocolError("a frame of more than 2 GiB");
      throw;
    }
    flags = frameFlags();
    if (length < 0 || (length == 0 && flags == 0)) return false;
    if ((flags & kReservedBits) != 0) throw ProtocolError("a frame with reserved bits, as for a compression nobody asked for");
    if (masked) throw ProtocolError("a masked frame");
    const int opcode = flags & kOpcodeMask;
    if (opcode >= 8 && (length > kLargestControlFrame || (flags & kFinal) == 0))
      throw ProtocolError("a control frame that is too long or in pieces");
    const auto before = message.buffer().size();
    if (static_cast<std::size_t>(length) > limit) {
      throw ProtocolError("a message larger than " + std::to_string(limit + before) +
                          " bytes; raise max-message if the engine may answer that much");
    }
    if (length == 0) return true;
    pool.make_room(message, before + static_cast<std::size_t>(length));
    auto& buffer = message.buffer();
    buffer.resize(before + static_cast<std::size_t>(length));
    if (receivePayload(buffer.begin() + before, length, mask, false) != length)
      throw net::ConnectionAbortedException("the stream ended inside a frame");
    return true;
  }

 private:
  ~CheckedSocket() override = default;
};

// Wakes a poll.
class WakeUp {
 public:
  WakeUp() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~WakeUp() { ::close(fd_); }
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;

  void signal() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
  }
  void clear() noexcept {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(fd_, &count, sizeof count);
  }
  [[nodiscard]] int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

class WebSocketTransport final : public Transport {
 public:
  WebSocketTransport(net::HTTPClientSession& session, std::string peer, std::size_t max_message)
      : peer_(std::move(peer)),
        max_message_(max_message),
        socket_(new CheckedSocket(static_cast<net::StreamSocketImpl*>(session.detachSocket().impl()), session)) {
    const Poco::Timespan timeout(std::chrono::microseconds(kFrameTimeout).count());
    socket_->setReceiveTimeout(timeout);
    socket_->setSendTimeout(timeout);
    socket_->setNoDelay(true);
  }
  ~WebSocketTransport() override {
    WebSocketTransport::close(net::WebSocket::WS_NORMAL_CLOSE);
    if (said_goodbye_) drain();
  }

  Status send(std::string_view text) override {
    if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
      return {Code::invalid_argument, "a message of more than 2 GiB"};
    return send_frame(text.data(), text.size(), net::WebSocket::FRAME_TEXT);
  }

  Status ping() override { return send_frame("", 0, kFinal | net::WebSocket::FRAME_OP_PING); }

  Result<std::optional<Message>> receive(Clock::time_point until) override {
    try {
      while (true) {
        if (!dead_.ok()) return dead_;
        if (!wait_readable(until)) return std::optional<Message>();
        if (auto message = read_frame()) return std::optional<Message>(std::move(*message));
      }
    } catch (const ProtocolError& error) {
      close(net::WebSocket::WS_PROTOCOL_ERROR);
      return die({Code::bad_data, peer_ + " broke the WebSocket protocol: it sent " + error.what()});
    } catch (const Poco::TimeoutException&) {
      // In the middle of a frame: what follows would be garbage.
      return die({Code::unavailable, peer_ + " stopped in the middle of a message for " + std::to_string(kFrameTimeout.count()) + " s"});
    } catch (const Poco::Exception& error) {
      return die(network_status(error, peer_).within("the connection ended"));
    } catch (const std::exception& error) {
      return die({Code::internal, "cannot receive from " + peer_ + ": " + error.what()});
    }
  }

  void wake() noexcept override { wake_up_.signal(); }

  void close(std::uint16_t code) noexcept override {
    if (closed_) return;
    closed_ = true;
    try {
      send_close(code);
      socket_->shutdownSend();
      said_goodbye_ = true;
    } catch (...) {
      // It is ending anyway.
    }
    if (dead_.ok()) dead_ = {Code::unavailable, "the connection is closed"};
  }

 private:
  // False when until passed or somebody woke us.
  bool wait_readable(Clock::time_point until) {
    // Bytes that TLS or the framing has already taken off the socket do not show in poll.
    if (socket_->available() > 0) return true;
    pollfd fds[2] = {{socket_->sockfd(), POLLIN, 0}, {wake_up_.fd(), POLLIN, 0}};
    while (true) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
      const auto wait = static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
      const int ready = ::poll(fds, 2, wait);
      if (ready < 0 && errno == EINTR) continue;
      if (fds[1].revents != 0) {
        wake_up_.clear();
        return false;
      }
      if (fds[0].revents != 0) return true;
      if (left <= wait) return false;
    }
  }

  // Reads one frame; answers a message when it completes one.
  std::optional<Message> read_frame() {
    if (!message_.has_buffer()) message_ = pool_->take();
    const auto before = message_.buffer().size();
    int flags = 0;
    // A control frame may stand between the pieces of a message: it is taken off the end again.
    if (!socket_->receive_frame(message_, *pool_, flags, max_message_ - before))
      throw net::ConnectionResetException("closed without a close frame");
    const int opcode = flags & kOpcodeMask;
    if (opcode >= net::WebSocket::FRAME_OP_CLOSE) {
      const std::string payload(message_.buffer().begin() + before, message_.buffer().size() - before);
      message_.buffer().resize(before);
      on_control(opcode, payload);
      return std::nullopt;
    }
    if (opcode == net::WebSocket::FRAME_OP_BINARY) throw ProtocolError("a binary message");
    if (opcode != (begun_ ? net::WebSocket::FRAME_OP_CONT : net::WebSocket::FRAME_OP_TEXT)) {
      throw ProtocolError(opcode > net::WebSocket::FRAME_OP_BINARY ? "an unknown kind of frame" : "pieces of messages out of order");
    }
    begun_ = (flags & kFinal) == 0;
    if (begun_) return std::nullopt;
    message_.pad();
    return std::move(message_);
  }

  void on_control(int opcode, const std::string& payload) {
    if (opcode == net::WebSocket::FRAME_OP_PING) {
      if (auto status = send_frame(payload.data(), payload.size(), kFinal | net::WebSocket::FRAME_OP_PONG); !status.ok())
        dead_ = std::move(status);
    } else if (opcode == net::WebSocket::FRAME_OP_CLOSE) {
      std::uint16_t code = 1005;
      if (payload.size() >= 2)
        code = static_cast<std::uint16_t>((static_cast<unsigned char>(payload[0]) << 8) | static_cast<unsigned char>(payload[1]));
      close(code == 1005 ? std::uint16_t{1000} : code);
      dead_ = close_status(code, payload.size() > 2 ? payload.substr(2) : std::string());
    } else if (opcode != net::WebSocket::FRAME_OP_PONG) {
      throw ProtocolError("an unknown kind of control frame");
    }
  }

  // A socket closed with bytes unread resets the connection, and the peer loses what it has not read yet: our last calls. So the peer is
  // left to end it, as RFC 6455 §7.1.1 asks. What still comes is discarded as it is on the wire, encrypted or not.
  void drain() noexcept {
    const auto until = Clock::now() + kGoodbyeTimeout;
    std::array<char, 16384> bytes;
    while (true) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
      pollfd fd = {socket_->sockfd(), POLLIN, 0};
      const int ready = left > 0 ? ::poll(&fd, 1, static_cast<int>(left)) : 0;
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0 || ::recv(fd.fd, bytes.data(), bytes.size(), MSG_DONTWAIT) <= 0) return;
    }
  }

  void send_close(std::uint16_t code) {
    const char bytes[2] = {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
    socket_->sendBytes(bytes, 2, kFinal | net::WebSocket::FRAME_OP_CLOSE);
  }

  Status send_frame(const char* data, std::size_t size, int flags) {
    if (!dead_.ok()) return dead_;
    try {
      socket_->sendBytes(data, static_cast<int>(size), flags);
      return {};
    } catch (const Poco::Exception& error) {
      return die(network_status(error, peer_).within("cannot send"));
    }
  }

  Status die(Status why) {
    dead_ = why;
    return why;
  }

  std::string peer_;
  std::size_t max_message_;
  Poco::AutoPtr<CheckedSocket> socket_;
  WakeUp wake_up_;
  std::shared_ptr<MessagePool> pool_ = MessagePool::create();
  Message message_;     // the one being joined
  bool begun_ = false;  // it has its first piece
  bool closed_ = false;
  bool said_goodbye_ = false;
  Status dead_;
};

}  // namespace

Result<std::unique_ptr<Transport>> connect_websocket(const config::Connection& connection, const std::string& url) {
  auto session = upgrade_to_websocket(connection, url);
  if (!session) return std::move(session).error();
  const auto peer = (*session)->getHost() + ":" + std::to_string((*session)->getPort());
  try {
    return std::unique_ptr<Transport>(
        std::make_unique<WebSocketTransport>(**session, peer, static_cast<std::size_t>(connection.max_message_bytes)));
  } catch (const Poco::Exception& error) {
    return network_status(error, peer);
  }
}

}  // namespace qonduit::engine
