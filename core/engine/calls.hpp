// What may be asked of an app that is open. Calls are what reading pages needs: calls to the engine, and how to go on after the connection
// dropped. Objects adds leases on the app's objects. A Session is both; whoever takes one of these instead says what it needs, and its
// tests fake no more than that. Thread-safe but for reconnect(), which one thread calls while no call is under way.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "core/engine/handle_registry.hpp"
#include "core/engine/rpc.hpp"
#include "qonduit/locale.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

class Calls {
 public:
  Calls() = default;
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;
  virtual ~Calls() = default;

  [[nodiscard]] virtual int doc() const = 0;  // the Doc handle's number now

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
};

class Objects : public Calls {
 public:
  Result<Handle> get_object(const std::string& id);  // not_found when there is none
  // Several at once, for the time of one; an answer for each, in their order.
  virtual std::vector<Result<Handle>> get_objects(const std::vector<std::string>& ids) = 0;
  virtual Result<Handle> create_session_object(const std::string& properties_json) = 0;  // qInfo.qId is made unique
};

// Makes all calls at once and waits for all replies, which come back in the order of the calls: calls that do not need each other's
// answers cost one round trip together. Timeouts of the calls are the session's. REQUIRES: not on rpc's thread.
std::vector<Reply> call_all(Calls& engine, std::vector<Call> calls);

struct AppInfo {
  std::string id;
  std::string title;
  std::string reload_time;  // qLastReloadTime
  Locale locale = {};       // qLocaleInfo
};
// What a reply to GetAppLayout says; the id is not in it. inconsistent when the app is open without its data (qIsOpenedWithoutData).
[[nodiscard]] Result<AppInfo> read_app_info(const Reply& reply);

}  // namespace qonduit::engine
