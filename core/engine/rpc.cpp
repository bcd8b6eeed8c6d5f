#include "core/engine/rpc.hpp"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "core/engine/engine_errors.hpp"
#include "core/engine/envelope.hpp"
#include "core/engine/notifications.hpp"
#include "core/logging/logging.hpp"
#include "qonduit/json_text.hpp"

namespace qonduit::engine {
namespace {

using Clock = Transport::Clock;

// The order of members is the one Qlik's own Go client sends.
std::string request_text(std::uint64_t id, const Call& call) {
  return "{\"jsonrpc\":\"2.0\",\"delta\":false,\"method\":" + json_string(call.method) + ",\"handle\":" + std::to_string(call.handle) +
         ",\"id\":" + std::to_string(id) + ",\"params\":" + call.params_json + "}";
}

Reply failed(Status status) {
  Reply reply;
  reply.status = std::move(status);
  return reply;
}

Reply engine_failure(std::string_view method, std::string_view error_json) {
  Reply reply;
  try {
    const auto error = Poco::JSON::Parser().parse(std::string(error_json)).extract<Poco::JSON::Object::Ptr>();
    reply.engine_code = error->optValue<int>("code", -1);
    reply.status = engine_status(method, reply.engine_code, error->optValue<std::string>("message", ""),
                                 error->optValue<std::string>("parameter", ""));
  } catch (const Poco::Exception&) {
    reply.status = {Code::bad_data, std::string(method) + ": the engine answered an error that cannot be read"};
  }
  return reply;
}

}  // namespace

// The thread and what it shares with callers.
class Rpc::Loop {
 public:
  Loop(std::unique_ptr<Transport> transport, RpcOptions options, Listeners listeners)
      : transport_(std::move(transport)),
        options_(std::move(options)),
        listeners_(std::move(listeners)),
        last_traffic_(Clock::now()),
        thread_([this] { work(); }),
        stopping_(options_.stop, [this] { transport_->wake(); }) {}

  ~Loop() { close(1000); }

  CallId send(Call call, Completion completion) {
    const auto now = Clock::now();
    CallId id = 0;
    {
      const std::lock_guard lock(mutex_);
      id = next_id_++;
      if (ended_.ok() && (call.parting || !options_.stop.stop_requested())) {
        const auto timeout = call.timeout.count() > 0 ? call.timeout : options_.call_timeout;
        outgoing_.push_back(request_text(id, call));
        pending_.emplace(id,
                         Pending{std::move(call.method), std::move(completion), now, now + timeout, timeout, call.handle, call.parting});
        transport_->wake();
        return id;
      }
    }
    const auto why = health();
    completion(failed(why.ok() ? stopped() : why));
    return id;
  }

  void cancel(CallId id) {
    Completion completion;
    {
      const std::lock_guard lock(mutex_);
      const auto found = pending_.find(id);
      if (found == pending_.end()) return;
      completion = std::move(found->second.completion);
      pending_.erase(found);
      tell_cancelled(id);
      transport_->wake();
    }
    completion(failed({Code::cancelled, "the call was cancelled"}));
  }

  void close(std::uint16_t code) {
    {
      const std::lock_guard lock(mutex_);
      if (!closing_) closing_ = code;
      transport_->wake();
    }
    if (thread_.joinable()) thread_.join();
  }

  Status health() const {
    const std::lock_guard lock(mutex_);
    return ended_.ok() ? silence_ : ended_;
  }

 private:
  struct Pending {
    std::string method;
    Completion completion;
    Clock::time_point asked;
    Clock::time_point deadline;
    std::chrono::milliseconds timeout;
    int handle = kGlobalHandle;
    bool parting = false;
  };

  static Status stopped() { return {Code::cancelled, "stopped"}; }

  void work() {
    while (true) {
      stop_calls();
      if (const auto status = flush(); !status.ok()) return end(status);
      if (const auto code = closing()) {
        transport_->close(*code);
        return end({Code::unavailable, "the session was closed"});
      }
      auto received = transport_->receive(next_event());
      if (!received) return end(std::move(received).error());
      if (*received) {
        last_traffic_ = Clock::now();
        pinged_ = false;
        heard();
        if (const auto status = on_message(std::move(**received)); !status.ok()) {
          transport_->close(1000);
          return end(status);
        }
      }
      expire();
      if (const auto status = keep_alive(); !status.ok()) return end(status);
    }
  }

  std::optional<std::uint16_t> closing() const {
    const std::lock_guard lock(mutex_);
    // What was asked before is sent first: goodbyes to session objects, for one.
    return outgoing_.empty() ? closing_ : std::nullopt;
  }

  Status flush() {
    while (true) {
      std::string text;
      {
        const std::lock_guard lock(mutex_);
        if (outgoing_.empty()) return {};
        text = std::move(outgoing_.front());
        outgoing_.pop_front();
      }
      // Never what is received: columns are masked behind this.
      if (logging::enabled(logging::Level::trace)) logging::log(logging::Level::trace, "sent", {{"text", text}});
      if (auto status = transport_->send(text); !status.ok()) return status;
    }
  }

  // The nearest deadline, keepalive or ping; else an hour.
  Clock::time_point next_event() const {
    auto next = Clock::now() + std::chrono::hours(1);
    const std::lock_guard lock(mutex_);
    for (const auto& [id, pending] : pending_) next = std::min(next, pending.deadline);
    if (options_.keepalive.count() > 0 && !keepalive_call_) next = std::min(next, last_traffic_ + options_.keepalive);
    if (options_.ping.count() > 0 && !pinged_) next = std::min(next, last_traffic_ + options_.ping);
    return next;
  }

  void expire() {
    const auto now = Clock::now();
    std::vector<Pending> expired;
    {
      const std::lock_guard lock(mutex_);
      for (auto at = pending_.begin(); at != pending_.end();) {
        if (at->second.deadline > now) {
          ++at;
          continue;
        }
        if (keepalive_call_ == at->first) keepalive_call_.reset();
        if (last_heard_ < at->second.asked) {
          silence_ = {Code::unavailable, at->second.method + ": nothing was heard from the engine for " +
                                             std::to_string(at->second.timeout.count()) + " ms; the connection may be dead"};
        }
        tell_cancelled(at->first);
        expired.push_back(std::move(at->second));
        at = pending_.erase(at);
      }
    }
    for (auto& call : expired) {
      call.completion(failed({Code::timeout, call.method + ": no answer within " + std::to_string(call.timeout.count()) +
                                                 " ms; raise call-timeout if the calculation takes longer"}));
    }
  }

  void heard() {
    const std::lock_guard lock(mutex_);
    last_heard_ = Clock::now();
    silence_ = {};
  }

  Status keep_alive() {
    const auto silent = Clock::now() - last_traffic_;
    if (options_.ping.count() > 0 && !pinged_ && silent >= options_.ping) {
      pinged_ = true;
      if (auto status = transport_->ping(); !status.ok()) return status;
    }
    if (options_.keepalive.count() == 0 || silent < options_.keepalive) return {};
    const std::lock_guard lock(mutex_);
    // A call under way keeps the connection busy by itself.
    if (keepalive_call_ || !pending_.empty()) {
      last_traffic_ = Clock::now();
      return {};
    }
    const Call call{kGlobalHandle, "EngineVersion", "[]", {}};
    const auto id = next_id_++;
    keepalive_call_ = id;
    outgoing_.push_back(request_text(id, call));
    pending_.emplace(id,
                     Pending{call.method, [](const Reply&) {}, Clock::now(), Clock::now() + options_.call_timeout, options_.call_timeout});
    return {};
  }

  // After a stop request nobody waits for what is under way.
  void stop_calls() {
    if (calls_stopped_ || !options_.stop.stop_requested()) return;
    calls_stopped_ = true;
    std::vector<Pending> left;
    {
      const std::lock_guard lock(mutex_);
      for (auto at = pending_.begin(); at != pending_.end();) {
        if (at->second.parting) {
          ++at;
          continue;
        }
        tell_cancelled(at->first);
        left.push_back(std::move(at->second));
        at = pending_.erase(at);
      }
    }
    for (auto& call : left) call.completion(failed(stopped()));
  }

  // REQUIRES: the lock. The engine is told that nobody waits for this call any more.
  void tell_cancelled(CallId id) {
    const auto own = next_id_++;
    outgoing_.push_back(request_text(own, {kGlobalHandle, "CancelRequest", "[" + std::to_string(id) + "]", {}}));
  }

  // What is asked of the engine, and how long it takes; nothing of the data.
  static void log_answer(CallId id, const Pending& call, const Envelope& envelope) {
    if (!logging::enabled(logging::Level::debug)) return;
    logging::Fields fields{{"call", id},
                           {"method", call.method},
                           {"handle", call.handle},
                           {"seconds", logging::Value::seconds(std::chrono::duration<double>(Clock::now() - call.asked).count())},
                           {"bytes", envelope.result.size()}};
    if (!envelope.error.empty()) fields.emplace_back("error", envelope.error);
    logging::log(logging::Level::debug, "call answered", fields);
  }

  Status on_message(Message message) {
    const auto repaired = message.make_readable();
    auto parsed = parse_envelope(message.text());
    if (!parsed) return std::move(parsed).error();
    auto& envelope = *parsed;
    if (listeners_.handles && (!envelope.changed.empty() || !envelope.closed.empty() || !envelope.suspended.empty())) {
      listeners_.handles({std::move(envelope.changed), std::move(envelope.closed), std::move(envelope.suspended)});
    }
    if (envelope.id) return on_reply(*envelope.id, envelope, std::move(message), repaired);
    if (envelope.method.empty()) return {};
    const Notification notification{std::string(envelope.method), std::string(envelope.params)};
    auto meaning = interpret(notification);
    if (listeners_.notification) listeners_.notification(notification);
    return std::move(meaning.fatal);
  }

  Status on_reply(CallId id, const Envelope& envelope, Message message, std::size_t repaired) {
    Pending call;
    {
      const std::lock_guard lock(mutex_);
      if (keepalive_call_ == id) keepalive_call_.reset();
      const auto found = pending_.find(id);
      if (found == pending_.end()) {
        // Late: the call timed out or was cancelled. An id that was never used is another matter.
        return id < next_id_ ? Status()
                             : Status(Code::bad_data, "the engine answered call " + std::to_string(id) + ", which was never made");
      }
      call = std::move(found->second);
      pending_.erase(found);
    }
    log_answer(id, call, envelope);
    if (!envelope.error.empty()) {
      call.completion(engine_failure(call.method, envelope.error));
    } else if (envelope.delta) {
      call.completion(failed({Code::bad_data, call.method + ": the engine answered a delta, though none was asked for"}));
    } else if (envelope.result.empty()) {
      call.completion(failed({Code::bad_data, call.method + ": the engine answered neither a result nor an error"}));
    } else {
      Reply reply;
      const auto offset = static_cast<std::size_t>(envelope.result.data() - message.text().data());
      const auto size = envelope.result.size();
      reply.message = std::move(message);
      reply.repaired = repaired;
      reply.result = reply.message.text().substr(offset, size);
      call.completion(std::move(reply));
    }
    return {};
  }

  void end(const Status& why) {
    std::map<CallId, Pending> left;
    {
      const std::lock_guard lock(mutex_);
      ended_ = why;
      left.swap(pending_);
      outgoing_.clear();
    }
    // A session that is over for good answers so; a lost one is worth another try.
    for (auto& [id, call] : left) call.completion(failed(why.within(call.method)));
    if (listeners_.ended) listeners_.ended(why);
  }

  std::unique_ptr<Transport> transport_;
  RpcOptions options_;
  Listeners listeners_;
  mutable std::mutex mutex_;
  std::map<CallId, Pending> pending_;
  std::deque<std::string> outgoing_;
  CallId next_id_ = 1;
  Status ended_;
  Status silence_;  // set while a call timed out and nothing at all came since it was asked
  Clock::time_point last_heard_ = Clock::now();
  std::optional<std::uint16_t> closing_;
  std::optional<CallId> keepalive_call_;
  Clock::time_point last_traffic_;  // the thread's own
  bool pinged_ = false;             // the thread's own
  bool calls_stopped_ = false;      // the thread's own
  std::thread thread_;              // behind what it uses
  std::stop_callback<std::function<void()>> stopping_;
};

Rpc::Rpc(std::unique_ptr<Transport> transport, RpcOptions options, Listeners listeners)
    : loop_(std::make_unique<Loop>(std::move(transport), std::move(options), std::move(listeners))) {}

Rpc::~Rpc() = default;

Rpc::CallId Rpc::send(Call call, Completion completion) { return loop_->send(std::move(call), std::move(completion)); }

Reply Rpc::call(Call call) {
  struct Waiting {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<Reply> reply;
  };
  const auto waiting = std::make_shared<Waiting>();
  send(std::move(call), [waiting](Reply reply) {
    const std::lock_guard lock(waiting->mutex);
    waiting->reply = std::move(reply);
    waiting->done.notify_one();
  });
  std::unique_lock lock(waiting->mutex);
  waiting->done.wait(lock, [&] { return waiting->reply.has_value(); });
  return std::move(*waiting->reply);
}

void Rpc::cancel(CallId id) { loop_->cancel(id); }
void Rpc::close(std::uint16_t code) { loop_->close(code); }
Status Rpc::health() const { return loop_->health(); }

}  // namespace qonduit::engine
