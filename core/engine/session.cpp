#include "core/engine/session.hpp"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>
#include <utility>

#include "core/engine/back_off.hpp"
#include "core/engine/json_members.hpp"
#include "core/engine/notifications.hpp"
#include "core/engine/session_url.hpp"
#include "core/logging/logging.hpp"
#include "qonduit/json_text.hpp"

namespace qonduit::engine {
namespace {

constexpr auto kGoodbye = std::chrono::seconds(1);
constexpr auto kNudgeAfter = std::chrono::seconds(2);
constexpr auto kFirstBackOff = std::chrono::milliseconds(200);
constexpr auto kLongestBackOff = std::chrono::milliseconds(30'000);

// What the engine's greeting said, handed from rpc's thread to the one that waits for it.
class Greeting {
 public:
  void notified(const Notification& notification) {
    auto meaning = interpret(notification);
    const std::lock_guard lock(mutex_);
    if (meaning.connected) state_ = meaning.connected;
    if (!meaning.fatal.ok() && failure_.ok()) failure_ = std::move(meaning.fatal);
    changed_.notify_all();
  }
  void ended(const Status& why) {
    const std::lock_guard lock(mutex_);
    if (failure_.ok()) failure_ = why;
    changed_.notify_all();
  }
  // The state, nothing when the time is over first, or why there will be none.
  Result<std::optional<SessionState>> wait(std::chrono::milliseconds time, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, time, [&] { return state_ || !failure_.ok(); });
    if (!failure_.ok()) return failure_;
    if (stop.stop_requested()) return Status(Code::cancelled, "stopped while connecting");
    return state_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<SessionState> state_;
  Status failure_;
};

std::string text_of(const Poco::JSON::Object& object) {
  std::ostringstream out;
  object.stringify(out);
  return out.str();
}

class EngineSession final : public Session {
 public:
  EngineSession(const config::Connection& connection, std::string url_app, TransportFactory factory, std::stop_token stop)
      : connection_(connection),
        url_app_(std::move(url_app)),
        factory_(std::move(factory)),
        stop_(std::move(stop)),
        registry_([this](const std::string& id) { destroy_object(id); }) {}

  ~EngineSession() override {
    begun_lists().clear();
    if (!rpc_) return;
    // A session object that is still being made would stay where the engine keeps sessions. Its answer comes before this call's, and with
    // it the object's end is sent.
    if (creating_ > 0 && rpc_->health().ok()) static_cast<void>(rpc_->call({kGlobalHandle, "EngineVersion", "[]", kGoodbye, true}));
    rpc_->close(1000);
  }

  // A session of our own: an identity that somebody else's session already has is as good as impossible, and refused twice.
  Status connect() {
    Status status;
    for (int attempt = 0; attempt < 2; ++attempt) {
      identity_ = new_identity();
      auto state = greet(stop_);
      if (!state) return std::move(state).error();
      if (*state == SessionState::created) return {};
      status = {Code::inconsistent, "the engine attached us to a session that exists already, whose selections may be a stranger's"};
      rpc_->close(1000);
    }
    return status;
  }

  using Session::open_app;
  Result<AppInfo> open_app(const std::string& app_id, const std::function<void(Session&)>& meanwhile) override {
    auto reply = ask({kGlobalHandle, "OpenDoc", "[" + json_string(app_id) + "]", {}});
    if (reply.engine_code == engine_code::app_already_open) reply = active_app(app_id);
    auto returned = parse_reply(reply, "qReturn");
    if (!returned) return std::move(returned).error();
    auto doc = registry_.adopt(text_of(**returned), HandleKind::doc, "app '" + app_id + "'");
    if (!doc) return std::move(doc).error();
    doc_ = std::move(*doc);
    opened_id_ = app_id;
    watch().learn({app_id, app_id, {}, {}, {}});
    Pending layout(*this, {{doc_.number(), "GetAppLayout", "[]", {}}});
    if (meanwhile) meanwhile(*this);
    return learn(layout.take().front());
  }

  int doc() const override { return doc_ ? doc_.number() : 0; }

  PendingHandle begin_object(const std::string& id) override {
    {
      const std::lock_guard lock(ahead_mutex_);
      if (auto ahead = ahead_.extract(id)) return std::move(ahead.mapped());
    }
    // What is held already need not be asked for.
    if (auto held = registry_.find_object(id)) return PendingHandle(std::move(held));
    return ask_for_object(id);
  }

  void open_ahead(const std::vector<std::string>& ids) override {
    const std::lock_guard lock(ahead_mutex_);
    for (const auto& id : ids) {
      if (!ahead_.contains(id)) ahead_.emplace(id, ask_for_object(id));
    }
  }

  PendingHandle begin_session_object(const std::string& properties_json) override {
    const auto id = "qonduit-" + new_identity();
    std::string unique;
    try {
      Poco::JSON::Object::Ptr properties = Poco::JSON::Parser().parse(properties_json).extract<Poco::JSON::Object::Ptr>();
      auto info = properties->getObject("qInfo");
      if (info.isNull()) info = new Poco::JSON::Object;
      // A new id each time: one that was just destroyed can answer its old calculation.
      info->set("qId", id);
      properties->set("qInfo", info);
      unique = text_of(*properties);
    } catch (const Poco::Exception& error) {
      return PendingHandle(Status(Code::invalid_argument, "the definition of a session object is not JSON: " + error.displayText()));
    }
    ++creating_;
    return {*this, {doc(), "CreateSessionObject", "[" + unique + "]", {}}, [this, id, unique](const Reply& reply) -> Result<Handle> {
              --creating_;
              // Whether it will be made nobody knows; the engine is told after that call.
              if (reply.status.code() == Code::cancelled) destroy_object(id);
              auto returned = parse_reply(reply, "qReturn");
              if (!returned) return std::move(returned).error();
              return registry_.adopt(text_of(**returned), HandleKind::session_object, "session object", unique);
            }};
  }

  Rpc::CallId send(int handle, std::string method, std::string params_json, Rpc::Completion completion) override {
    ++calls_;
    return rpc_->send({handle, std::move(method), std::move(params_json), {}}, std::move(completion));
  }
  void cancel(Rpc::CallId id) override { rpc_->cancel(id); }
  Status health() const override { return lost_.ok() ? rpc_->health() : lost_; }
  void restore_with(Restore restore) override { restore_state_ = std::move(restore); }

  Status reconnect(std::stop_token stop) override {
    auto why = health();
    if (!retryable(why.code())) return why;
    rpc_->close(1000);
    BackOff back_off(kFirstBackOff, kLongestBackOff);
    for (int attempt = 0; attempt < connection_.reconnect_attempts; ++attempt) {
      if (attempt > 0 && !back_off.pause(stop)) return {Code::cancelled, "stopped while connecting again"};
      logging::log(logging::Level::warn, "the connection to the engine was lost, connecting again",
                   {{"connection", connection_.name},
                    {"attempt", std::to_string(attempt + 1) + " of " + std::to_string(connection_.reconnect_attempts)},
                    {"error", why.message()}});
      registry_.invalidate_all();
      drop_ahead();
      auto state = greet(stop);
      if (!state) {
        why = std::move(state).error();
        if (retryable(why.code())) continue;
        rpc_->close(1000);
        return lost_ = std::move(why);
      }
      why = opened_id_.empty() ? Status() : restore();
      if (why.ok() && restore_state_) why = restore_state_(stop).within("the state of the app could not be restored");
      if (why.ok()) {
        ++reconnects_;
        logging::log(logging::Level::warn, "connected again", {{"connection", connection_.name}, {"attempts", attempt + 1}});
        return why;
      }
      // Half restored is not restored: whoever asks on gets no answer.
      rpc_->close(1000);
      if (!retryable(why.code())) return lost_ = std::move(why);
    }
    return std::move(why).within("gave up after " + std::to_string(connection_.reconnect_attempts) + " attempts to connect again");
  }

  int reconnects() const override { return reconnects_; }
  Traffic traffic() const override { return {calls_, waits_ + arrivals()->waits()}; }

 private:
  PendingHandle ask_for_object(const std::string& id) {
    return {*this, {doc(), "GetObject", "[" + json_string(id) + "]", {}}, [this, id](const Reply& reply) -> Result<Handle> {
              auto returned = parse_reply(reply, "qReturn");
              if (!returned) return std::move(returned).error();
              return registry_.adopt(text_of(**returned), HandleKind::object, "object '" + id + "'");
            }};
  }

  // They were asked for over a connection that is lost.
  void drop_ahead() {
    const std::lock_guard lock(ahead_mutex_);
    ahead_.clear();
  }

  // For what is done before anything else is: nothing is seen to meanwhile.
  Reply ask(Call call) {
    ++calls_;
    ++waits_;
    return rpc_->call(std::move(call));
  }
  // The replies in the order of the calls, which are on their way together.
  std::vector<Reply> ask(std::vector<Call> calls) {
    calls_ += static_cast<std::int64_t>(calls.size());
    if (!calls.empty()) ++waits_;
    std::vector<std::future<Reply>> coming;
    for (auto& call : calls) {
      const auto promise = std::make_shared<std::promise<Reply>>();
      coming.push_back(promise->get_future());
      rpc_->send(std::move(call), [promise](Reply reply) { promise->set_value(std::move(reply)); });
    }
    std::vector<Reply> replies;
    replies.reserve(coming.size());
    for (auto& reply : coming) replies.push_back(reply.get());
    return replies;
  }

  // Connects under the present identity and waits for OnConnected.
  Result<SessionState> greet(const std::stop_token& stop) {
    auto transport = factory_(connection_, session_url(connection_, url_app_, identity_));
    if (!transport) return std::move(transport).error();
    const auto greeting = std::make_shared<Greeting>();
    Rpc::Listeners listeners;
    listeners.handles = [this](const HandleChanges& changes) { registry_.apply(changes); };
    listeners.notification = [greeting](const Notification& notification) { greeting->notified(notification); };
    listeners.ended = [greeting](const Status& why) { greeting->ended(why); };
    rpc_ = std::make_unique<Rpc>(
        std::move(*transport), RpcOptions{connection_.call_timeout, connection_.keepalive, connection_.ping, stop_}, std::move(listeners));

    const auto begin = std::chrono::steady_clock::now();
    auto state = greeting->wait(kNudgeAfter, stop);
    if (state && !*state) {
      // Some proxies speak only when spoken to.
      rpc_->send({kGlobalHandle, "EngineVersion", "[]", {}}, [](const Reply&) {});
      const auto left =
          connection_.handshake_timeout - std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
      state = greeting->wait(std::max(left, std::chrono::milliseconds(0)), stop);
    }
    if (!state) return std::move(state).error();
    if (*state) return **state;
    return Status(Code::timeout, "the engine did not greet within " + std::to_string(connection_.handshake_timeout.count()) +
                                     " ms; raise handshake-timeout if it starts slowly");
  }

  Result<AppInfo> learn(const Reply& layout) {
    auto info = read_app_info(layout);
    if (!info) return info;
    watch().learn(std::move(*info));
    return watch().known();
  }

  Reply active_app(const std::string& app_id) {
    auto reply = ask({kGlobalHandle, "GetActiveDoc", "[]", {}});
    const auto returned = parse_reply(reply, "qReturn");
    if (!returned) return reply;
    if (const auto open = (*returned)->optValue<std::string>("qGenericId", ""); open != app_id) {
      reply.status = {Code::inconsistent, "the session has another app open: '" + open + "' instead of '" + app_id + "'"};
    }
    return reply;
  }

  // After a reconnect: the app and every leased object under their new numbers.
  Status restore() {
    auto reply = ask({kGlobalHandle, "GetActiveDoc", "[]", {}});
    if (!reply.ok()) reply = ask({kGlobalHandle, "OpenDoc", "[" + json_string(opened_id_) + "]", {}});
    auto returned = parse_reply(reply, "qReturn");
    if (!returned) return std::move(returned).error();
    const auto doc_return = text_of(**returned);
    const auto number = (*returned)->optValue<int>("qHandle", 0);
    auto status = registry_.resolve_again(
        [&](const std::vector<HandleRegistry::Wanted>& wanted) { return objects_again(wanted, number, doc_return); });
    if (!status.ok()) return status;
    return learn(ask({doc(), "GetAppLayout", "[]", {}})).status();
  }

  // All of them are asked for at once; then session objects that are gone are made again.
  std::vector<Result<std::string>> objects_again(const std::vector<HandleRegistry::Wanted>& wanted, int doc,
                                                 const std::string& doc_return) {
    std::vector<Call> calls;
    for (const auto& one : wanted) {
      if (one.kind != HandleKind::doc) calls.push_back({doc, "GetObject", "[" + json_string(one.id) + "]", {}});
    }
    auto replies = ask(std::move(calls));
    std::vector<Result<std::string>> answers;
    std::vector<std::size_t> gone;
    auto reply = replies.begin();
    for (const auto& one : wanted) {
      if (one.kind == HandleKind::doc) {
        answers.emplace_back(doc_return);
        continue;
      }
      const auto object = parse_reply(*reply++, "qReturn");
      if (object && (*object)->isNull("qHandle") && one.kind == HandleKind::session_object) gone.push_back(answers.size());
      answers.push_back(object ? Result<std::string>(text_of(**object)) : Result<std::string>(object.error()));
    }
    calls.clear();
    for (const auto i : gone) calls.push_back({doc, "CreateSessionObject", "[" + wanted[i].properties_json + "]", {}});
    replies = ask(std::move(calls));
    reply = replies.begin();
    for (const auto i : gone) {
      const auto object = parse_reply(*reply++, "qReturn");
      answers[i] = object ? Result<std::string>(text_of(**object)) : Result<std::string>(object.error());
    }
    return answers;
  }

  void destroy_object(const std::string& id) {
    if (!rpc_ || !rpc_->health().ok()) return;
    ++calls_;
    rpc_->send({doc(), "DestroySessionObject", "[" + json_string(id) + "]", {}, true}, [](const Reply&) {});
  }

  const config::Connection connection_;
  const std::string url_app_;
  TransportFactory factory_;
  const std::stop_token stop_;
  std::string identity_;
  std::string opened_id_;
  int reconnects_ = 0;
  std::atomic<std::int64_t> calls_ = 0;
  std::atomic<int> creating_ = 0;  // session objects that were asked for
  std::int64_t waits_ = 0;
  std::unique_ptr<Rpc> rpc_;
  HandleRegistry registry_;
  Handle doc_;
  std::mutex ahead_mutex_;
  std::map<std::string, PendingHandle> ahead_;  // objects that nobody has asked for yet, by their ids; guarded
  Restore restore_state_;
  Status lost_;  // why this session can never be read from again
};

}  // namespace

Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::open(const config::Connection& connection, const std::string& app_id,
                                               const TransportFactory& factory, const std::stop_token& stop) {
  auto session = std::make_unique<EngineSession>(connection, app_id, factory, stop);
  if (auto status = session->connect(); !status.ok()) return status;
  return std::unique_ptr<Session>(std::move(session));
}

}  // namespace qonduit::engine
