#include "wire/connection.hpp"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>
#include <Poco/Timestamp.h>

#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace qonduit::simulator {
namespace {

using Poco::Net::WebSocket;

constexpr auto kStopCheck = std::chrono::milliseconds(200);
constexpr auto kOvertaken = std::chrono::milliseconds(15);
constexpr std::size_t kSpareBuffers = 8;
constexpr int kMaxRequestBytes = 64 << 20;
constexpr int kPing = int{WebSocket::FRAME_FLAG_FIN} | int{WebSocket::FRAME_OP_PING};
constexpr int kPong = int{WebSocket::FRAME_FLAG_FIN} | int{WebSocket::FRAME_OP_PONG};
constexpr auto kLastWords = std::chrono::milliseconds(200);
constexpr std::uint16_t kIdle = 4001;
constexpr std::uint16_t kEngineTerminating = 4003;

// Ends the attachment of a socket to its session on every path.
struct Attachment {
  SessionRegistry& registry;
  const SessionKey& key;
  ~Attachment() { registry.detach(key); }
};

}  // namespace

Connection::Connection(Engine& engine, const WebSocket& socket, SessionKey key, const std::atomic<bool>& stopping,
                       const ProxyOptions& proxy)
    : engine_(engine), socket_(socket), key_(std::move(key)), stopping_(stopping), proxy_(proxy), frame_(0) {
  socket_.setReceiveTimeout(Poco::Timespan(60, 0));
  socket_.setSendTimeout(Poco::Timespan(0));  // a client may take its time; stopping does not wait for it
  socket_.setMaxPayloadSize(kMaxRequestBytes);
}

void Connection::run() {
  const LiveSockets::Entry live(engine_.live_sockets(), socket_.impl()->sockfd());
  try {
    if (engine_.fault_counter().refuses()) {
      refuse(engine_.faults().notify, "The simulator was told to refuse this session.");
      return;
    }
    const auto [session, attached] = engine_.sessions().attach(key_);
    if (!session) {
      refuse("OnMaxParallelSessionsExceeded", "Too many sessions active in parallel.");
      return;
    }
    const Attachment attachment{engine_.sessions(), key_};
    serve(*session, attached);
  } catch (const Poco::Exception&) {
    // A broken socket is the client's affair.
  }
}

void Connection::refuse(const std::string& notice, const std::string& message) {
  send_text(notification(
      notice, object({{"severity", "fatal"},
                      {"timestamp", Poco::DateTimeFormatter::format(Poco::Timestamp(), Poco::DateTimeFormat::ISO8601_FRAC_FORMAT)},
                      {"message", message}})));
  close(WebSocket::WS_NORMAL_CLOSE, "");
}

// A proxy says so and closes; an engine closes with a code of its own.
void Connection::time_out() {
  if (proxy_.enabled) {
    refuse("OnSessionTimedOut", "Session timed out due to inactivity");
  } else {
    close(kIdle, "Idle timeout");
  }
}

// What a proxy says of the user, before the engine greets or after the client's first call.
void Connection::tell_who() {
  send_text(notification("OnAuthenticationInformation", object({{"userId", key_.user_id},
                                                                {"userDirectory", key_.user_directory},
                                                                {"logoutUri", "/" + proxy_.prefix + "/logout"},
                                                                {"mustAuthenticate", false}})));
}

void Connection::serve(Session& session, bool attached) {
  bool told = !proxy_.enabled || proxy_.tells == ProxyOptions::Tells::never;
  if (!told && proxy_.tells == ProxyOptions::Tells::first) {
    tell_who();
    told = true;
  }
  Dispatcher dispatcher(engine_, session.shared_from_this(), key_);
  send_text(notification("OnConnected", object({{"qSessionState", attached ? "SESSION_ATTACHED" : "SESSION_CREATED"}})));
  next_ping_ = Clock::now() + std::chrono::milliseconds(engine_.faults().ping_every_ms);
  std::string request;
  auto last_request = Clock::now();
  const auto cut_at = Clock::now() + std::chrono::milliseconds(engine_.faults().drop_every_ms);
  while (goes_on()) {
    if (lost_ || (engine_.faults().drop_every_ms > 0 && Clock::now() >= cut_at)) {
      if (!lost_) engine_.fault_counter().note("drop.every");
      cut();
      return;
    }
    if (const auto idle = engine_.faults().idle_ms; idle > 0 && Clock::now() - last_request >= std::chrono::milliseconds(idle)) {
      engine_.fault_counter().note("idle.time");
      time_out();
      return;
    }
    send_due();
    for (auto& push : dispatcher.pushes()) send_text(push);
    if (socket_.available() <= 0) {
      const auto wait = wait_time();
      if (!socket_.poll(Poco::Timespan(wait.count() * 1000), Poco::Net::Socket::SELECT_READ)) continue;
    }
    request.clear();
    if (!receive(request)) return;
    if (request.empty()) continue;  // a control frame
    last_request = Clock::now();
    if (!told) {
      tell_who();
      told = true;
    }
    std::string buffer;
    if (!spare_.empty()) {
      buffer = std::move(spare_.back());
      spare_.pop_back();
    }
    auto answer = dispatcher.answer(request, std::move(buffer));
    switch (answer.ending) {
      case Dispatcher::Ending::none: break;
      case Dispatcher::Ending::drop: cut(); return;
      case Dispatcher::Ending::close: close(static_cast<std::uint16_t>(engine_.faults().close_code), "closed by order"); return;
      case Dispatcher::Ending::silent: silent_ = true; break;
      case Dispatcher::Ending::half_close:
        ::shutdown(socket_.impl()->sockfd(), SHUT_WR);
        silent_ = true;
        break;
    }
    if (answer.overtakes) abort_waiting();
    enqueue(std::move(answer));
  }
  close(kEngineTerminating, "Engine terminating");
}

// At its end the engine still hears what was said before: goodbyes of clients that have left already, for a while.
bool Connection::goes_on() {
  if (!stopping_.load()) return true;
  if (!last_words_) last_words_ = Clock::now() + kLastWords;
  return Clock::now() < *last_words_ && (socket_.available() > 0 || socket_.poll(Poco::Timespan(), Poco::Net::Socket::SELECT_READ));
}

bool Connection::receive(std::string& message) {
  int flags = 0;
  do {
    frame_.resize(0, false);
    const int size = socket_.receiveFrame(frame_, flags);
    if (size == 0 && flags == 0) return false;
    const int opcode = flags & WebSocket::FRAME_OP_BITMASK;
    if (opcode == WebSocket::FRAME_OP_PING) {
      silent_ = silent_ || engine_.faults().wedge_on_ping;
      socket_.sendFrame(frame_.begin(), static_cast<int>(frame_.size()), kPong);
    } else if (opcode == WebSocket::FRAME_OP_CLOSE) {
      const auto* bytes = reinterpret_cast<const unsigned char*>(frame_.begin());
      const auto code = frame_.size() >= 2 ? static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]) : std::uint16_t{1000};
      socket_.shutdown(code);
      return false;
    } else if (opcode != WebSocket::FRAME_OP_PONG) {
      message.append(frame_.begin(), frame_.size());
      if (message.size() > static_cast<std::size_t>(kMaxRequestBytes)) return false;
      if ((flags & WebSocket::FRAME_FLAG_FIN) != 0) return true;
    }
  } while (!message.empty());
  return true;
}

// Calls that have not been answered yet are aborted by what was selected meanwhile.
void Connection::abort_waiting() {
  for (auto& [due, waiting] : due_) {
    if (waiting.aborted.empty()) continue;
    waiting.frame = std::move(waiting.aborted);
    waiting.aborted.clear();
  }
}

void Connection::enqueue(Dispatcher::Answer answer) {
  if (silent_) return;
  auto due = Clock::now() + std::chrono::milliseconds(engine_.fault_counter().delay()) + answer.delay;
  if (const auto bandwidth = engine_.faults().bandwidth; bandwidth > 0) {
    // One after another through a narrow line.
    line_free_ = std::max(line_free_, due) + std::chrono::microseconds(answer.frame.size() * 1'000'000 / bandwidth);
    due = line_free_;
  }
  if (auto instead = engine_.fault_counter().hostile(answer.frame); !instead.empty()) answer.frame = std::move(instead);
  if (const auto extra = engine_.faults().oversize_bytes; extra > 0 && answer.frame.ends_with('}'))
    answer.frame.replace(answer.frame.size() - 1, 1, ",\"padding\":\"" + std::string(extra, 'x') + "\"}");
  if (engine_.faults().out_of_order && replies_ % 2 == 0) due += kOvertaken;
  ++replies_;
  due_.emplace(due, Waiting{std::move(answer.frame), std::move(answer.aborted), std::move(answer.late)});
  for (auto& push : answer.pushes) due_.emplace(due, Waiting{std::move(push), {}, {}});
}

void Connection::send_due() {
  while (!due_.empty() && due_.begin()->first <= Clock::now()) {
    Waiting waiting = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    std::string frame = waiting.late ? waiting.late() : std::move(waiting.frame);
    send_text(frame);
    if (spare_.size() < kSpareBuffers) spare_.push_back(std::move(frame));
  }
  const auto every = std::chrono::milliseconds(engine_.faults().ping_every_ms);
  if (every.count() > 0 && Clock::now() >= next_ping_) {
    socket_.sendFrame("", 0, kPing);
    next_ping_ = Clock::now() + every;
  }
}

std::chrono::milliseconds Connection::wait_time() const {
  auto wait = kStopCheck;
  const auto until = [now = Clock::now()](Clock::time_point then) { return std::chrono::ceil<std::chrono::milliseconds>(then - now); };
  if (!due_.empty()) wait = std::min(wait, until(due_.begin()->first));
  if (engine_.faults().ping_every_ms > 0) wait = std::min(wait, until(next_ping_));
  return std::max(wait, std::chrono::milliseconds(0));
}

// No close frame, no close_notify.
void Connection::cut() { ::shutdown(socket_.impl()->sockfd(), SHUT_RDWR); }

void Connection::send_text(const std::string& text) {
  if (silent_ || lost_) return;
  if (engine_.fault_counter().drops_frame()) {
    lost_ = true;
    return;
  }
  const std::size_t piece = engine_.faults().fragment_bytes;
  if (piece == 0 || text.size() <= piece) {
    socket_.sendFrame(text.data(), static_cast<int>(text.size()), WebSocket::FRAME_TEXT);
    return;
  }
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const std::size_t size = std::min(piece, text.size() - at);
    int flags = at == 0 ? WebSocket::FRAME_OP_TEXT : WebSocket::FRAME_OP_CONT;
    if (at + size == text.size()) flags |= WebSocket::FRAME_FLAG_FIN;
    socket_.sendFrame(text.data() + at, static_cast<int>(size), flags);
  }
}

void Connection::close(std::uint16_t code, const std::string& reason) {
  socket_.shutdown(code, reason);
  // Wait a moment for the client's own close frame, so that it reads ours before the socket goes.
  int flags = 0;
  const auto end = Clock::now() + std::chrono::seconds(1);
  while (Clock::now() < end && (socket_.available() > 0 || socket_.poll(Poco::Timespan(0, 100'000), Poco::Net::Socket::SELECT_READ))) {
    frame_.resize(0, false);
    const int size = socket_.receiveFrame(frame_, flags);
    if ((size == 0 && flags == 0) || (flags & WebSocket::FRAME_OP_BITMASK) == WebSocket::FRAME_OP_CLOSE) break;
  }
}

}  // namespace qonduit::simulator
