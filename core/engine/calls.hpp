// What may be asked of an app that is open. Calls are what reading pages needs: calls to the engine, and how to go on after the connection
// dropped. Objects adds leases on the app's objects. A Session is both; whoever takes one of these instead says what it needs, and its
// tests fake no more than that. Calls may be sent and cancelled from any thread; one thread waits for their replies, watches the app, and
// calls reconnect(), while no call is under way.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/engine/app_watch.hpp"
#include "core/engine/handle_registry.hpp"
#include "core/engine/pending.hpp"
#include "core/engine/rpc.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

class Calls {
 public:
  Calls() = default;
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;
  virtual ~Calls() = default;

  [[nodiscard]] virtual int doc() const = 0;  // the Doc handle's number now
  // What is known of the app, and the proof that it was not reloaded.
  [[nodiscard]] AppWatch& watch() noexcept { return watch_; }
  [[nodiscard]] const AppWatch& watch() const noexcept { return watch_; }
  // Where the replies are announced that Pending waits for.
  [[nodiscard]] const std::shared_ptr<Arrivals>& arrivals() const noexcept { return arrivals_; }

  // Sends; completion runs exactly once, see Rpc::send. The timeout is the session's.
  virtual Rpc::CallId send(int handle, std::string method, std::string params_json, Rpc::Completion completion) = 0;
  // Sends and waits. REQUIRES: not on rpc's thread.
  Reply call(int handle, std::string method, std::string params_json = "[]");
  // Completes the call with Code::cancelled, unless it is complete.
  virtual void cancel(Rpc::CallId id) = 0;

  // Why nothing can be asked now, or ok.
  [[nodiscard]] virtual Status health() const = 0;
  // After the connection dropped: connects again and gives every leased handle its new number. The error is the last attempt's, or
  // cancelled after a stop request.
  virtual Status reconnect(std::stop_token stop) = 0;

 private:
  std::shared_ptr<Arrivals> arrivals_ = std::make_shared<Arrivals>();  // completions may outlive the session
  AppWatch watch_{*this};
};

// A lease that was asked for. When it ends before it was taken, the lease ends with it.
class PendingHandle {
 public:
  // Of this answer: it is there.
  explicit PendingHandle(Result<Handle> handle);
  // Sends; adopt makes the lease of the reply, on rpc's thread.
  PendingHandle(Calls& engine, Call call, std::function<Result<Handle>(const Reply&)> adopt);

  [[nodiscard]] bool complete() const;
  // Waits. Once.
  Result<Handle> take();

 private:
  struct State;
  std::shared_ptr<Arrivals> arrivals_;
  std::shared_ptr<State> state_;
};

class Objects : public Calls {
 public:
  virtual PendingHandle begin_object(const std::string& id) = 0;                       // not_found when there is none
  virtual PendingHandle begin_session_object(const std::string& properties_json) = 0;  // qInfo.qId is made unique

  // The same, and waits.
  Result<Handle> get_object(const std::string& id) { return begin_object(id).take(); }
  Result<Handle> create_session_object(const std::string& properties_json) { return begin_session_object(properties_json).take(); }
  // Several at once, for the time of one; an answer for each, in their order.
  std::vector<Result<Handle>> get_objects(const std::vector<std::string>& ids);
};

}  // namespace qonduit::engine
