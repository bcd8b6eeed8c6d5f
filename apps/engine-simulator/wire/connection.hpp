// One WebSocket of a client, on one thread: reads a frame, has it answered, and sends the answer when it is due. Delaying replies in a
// queue rather than sleeping keeps requests in flight overlapping, as they do over a real network. Home of the frame-level faults.
#pragma once

#include <Poco/Buffer.h>
#include <Poco/Net/WebSocket.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "calls/dispatcher.hpp"
#include "options.hpp"

namespace qonduit::simulator {

class Connection {
 public:
  Connection(Engine& engine, const Poco::Net::WebSocket& socket, SessionKey key, const std::atomic<bool>& stopping,
             const ProxyOptions& proxy);

  // Returns when the client is gone, a fault ends the connection, or stopping is set. Exceptions of the socket end it quietly.
  void run();

 private:
  using Clock = std::chrono::steady_clock;

  struct Waiting {
    std::string frame;
    std::string aborted;                // sent instead when a selection overtakes it
    std::function<std::string()> late;  // makes the frame when it is due
  };

  void serve(Session& session, bool attached);
  void tell_who();
  void time_out();
  void refuse(const std::string& notice, const std::string& message);
  [[nodiscard]] bool goes_on();
  [[nodiscard]] bool receive(std::string& message);
  void enqueue(Dispatcher::Answer answer);
  void abort_waiting();
  void send_due();
  void cut();
  void send_text(const std::string& text);
  void close(std::uint16_t code, const std::string& reason);
  [[nodiscard]] std::chrono::milliseconds wait_time() const;

  Engine& engine_;
  Poco::Net::WebSocket socket_;
  SessionKey key_;
  const std::atomic<bool>& stopping_;
  const ProxyOptions& proxy_;
  Poco::Buffer<char> frame_;
  std::multimap<Clock::time_point, Waiting> due_;
  std::vector<std::string> spare_;  // buffers of sent replies, used again
  std::uint64_t replies_ = 0;
  Clock::time_point next_ping_;
  std::optional<Clock::time_point> last_words_;  // until when a stopping engine still listens
  Clock::time_point line_free_;                  // when a narrow line has sent what waits
  bool silent_ = false;                          // a fault: nothing is sent any more
  bool lost_ = false;                            // a fault: the connection is to be cut
};

}  // namespace qonduit::simulator
