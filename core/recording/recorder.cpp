#include "core/recording/recorder.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "core/engine/envelope.hpp"
#include "core/recording/tape.hpp"

namespace qonduit::recording {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kDoc = "doc";

bool begins_with_any(std::string_view method, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return method.starts_with(word); });
}

bool reads(std::string_view method) { return begins_with_any(method, {"Get", "Check", "Evaluate", "ExpandExpression", "Is", "Export"}); }

// Calls that leave no trace: they end something, or say that somebody is there.
bool is_housekeeping(std::string_view method) {
  return begins_with_any(method, {"Destroy", "Cancel", "Abort", "EngineVersion", "DoSave", "Resume"});
}

// Errors that a reader gets over by asking again, or in smaller pieces: the next answer is what counts.
bool passes(int code) {
  namespace ec = engine::engine_code;
  static constexpr std::array kPassing = {ec::aborted, ec::result_too_large, ec::pages_too_large, ec::reload_in_progress,
                                          ec::response_too_large};
  return std::find(kPassing.begin(), kPassing.end(), code) != kPassing.end();
}

struct Asked {
  std::int64_t handle = 0;
  std::string method;
  std::string params;
};

// What one connection says, in terms of the tape.
class Listener {
 public:
  explicit Listener(std::shared_ptr<Tape> tape) : tape_(std::move(tape)) {}

  void sent(std::string_view text) {
    dom::element request;
    std::uint64_t id = 0;
    Asked asked;
    std::string_view method;
    dom::element params;
    if (parser_.parse(text.data(), text.size()).get(request) != simdjson::SUCCESS || request["id"].get(id) != simdjson::SUCCESS) return;
    if (request["handle"].get(asked.handle) != simdjson::SUCCESS || request["method"].get(method) != simdjson::SUCCESS) return;
    asked.method = method;
    asked.params = request["params"].get(params) == simdjson::SUCCESS ? std::string(simdjson::minify(params)) : "[]";
    pending_[id] = std::move(asked);
  }

  void received(std::string_view text) {
    const auto envelope = engine::parse_envelope(text);
    if (!envelope) return;
    // Taken up again, a session still has what was selected in it.
    if (envelope->method == "OnConnected" && envelope->params.find("SESSION_ATTACHED") != std::string_view::npos) state_ = tape_->state();
    if (!envelope->id) return;
    const auto found = pending_.find(*envelope->id);
    if (found == pending_.end()) return;
    const auto asked = std::move(found->second);
    pending_.erase(found);
    if (envelope->error.empty()) {
      answered(asked, envelope->result);
    } else {
      refused(asked, envelope->error);
    }
  }

 private:
  void answered(const Asked& asked, std::string_view result) {
    if (asked.handle == engine::kGlobalHandle) {
      if (asked.method == "OpenDoc" || asked.method == "GetActiveDoc") opened(result);
      return;
    }
    const auto held = names_.find(asked.handle);
    if (held == names_.end() || is_housekeeping(asked.method)) return;
    const Exchange exchange{held->second, state_, asked.method, asked.params, result};
    if (asked.method == "GetAppLayout") {
      (void)tape_->app(exchange);
    } else if (!handed_out(exchange)) {
      if (reads(asked.method)) {
        tape_->reply(exchange);
      } else {
        state_ = tape_->acted(exchange, asked.method == "ClearAll");
      }
    }
  }

  void refused(const Asked& asked, std::string_view error) {
    const auto held = names_.find(asked.handle);
    dom::element root;
    std::int64_t code = 0;
    if (held == names_.end() || !reads(asked.method) || parser_.parse(error.data(), error.size()).get(root) != simdjson::SUCCESS) return;
    if (root["code"].get(code) != simdjson::SUCCESS || passes(static_cast<int>(code))) return;
    tape_->refused({held->second, state_, asked.method, asked.params, {}}, static_cast<int>(code));
  }

  // A reply that gives out a handle; a null one is an object that is not there.
  bool handed_out(const Exchange& exchange) {
    // Looked for at the front, so that a page is not parsed for it.
    if (exchange.result.substr(0, 32).find("\"qReturn\"") == std::string_view::npos) return false;
    dom::element root;
    dom::element returned;
    if (parser_.parse(exchange.result.data(), exchange.result.size()).get(root) != simdjson::SUCCESS) return false;
    if (root["qReturn"].get(returned) != simdjson::SUCCESS || !returned.is_object()) return false;
    dom::element handle;
    if (returned["qHandle"].get(handle) != simdjson::SUCCESS) return false;
    if (handle.is_null()) return true;
    const auto text = [&](std::string_view member) {
      std::string_view value;
      return returned[member].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
    };
    const auto id = text("qGenericId");
    const auto type = text("qGenericType");
    std::int64_t number = 0;
    if (handle.get(number) != simdjson::SUCCESS) return false;
    std::string name;
    if (exchange.method == "CreateSessionObject") {
      name = tape_->session_object(id, definition_of(exchange.params), type);
    } else if (text("qType") == "GenericObject" && !id.empty()) {
      name = tape_->object(id, type);
    } else {
      name = tape_->other(exchange, text("qType"));
    }
    names_[number] = name;
    return true;
  }

  std::string definition_of(const std::string& params) {
    dom::element root;
    dom::element definition;
    dom::parser parser;
    if (parser.parse(params).get(root) != simdjson::SUCCESS) return "{}";
    if (root.at_pointer("/0").get(definition) != simdjson::SUCCESS && root["qProp"].get(definition) != simdjson::SUCCESS) return "{}";
    return simdjson::minify(definition);
  }

  void opened(std::string_view result) {
    dom::element root;
    std::int64_t handle = 0;
    std::string_view id;
    if (parser_.parse(result.data(), result.size()).get(root) != simdjson::SUCCESS) return;
    if (root.at_pointer("/qReturn/qHandle").get(handle) != simdjson::SUCCESS) return;
    names_[handle] = kDoc;
    if (root.at_pointer("/qReturn/qGenericId").get(id) == simdjson::SUCCESS) tape_->opened(std::string(id));
  }

  std::shared_ptr<Tape> tape_;
  dom::parser parser_;
  std::unordered_map<std::uint64_t, Asked> pending_;
  std::unordered_map<std::int64_t, std::string> names_;  // by handle
  int state_ = 0;
};

// rpc's thread is the only one here, as with every transport.
class ListeningTransport final : public engine::Transport {
 public:
  ListeningTransport(std::unique_ptr<engine::Transport> inner, std::shared_ptr<Tape> tape)
      : inner_(std::move(inner)), listener_(std::move(tape)) {}

  Status send(std::string_view text) override {
    listener_.sent(text);
    return inner_->send(text);
  }
  Result<std::optional<engine::Message>> receive(Clock::time_point until) override {
    auto message = inner_->receive(until);
    if (message && *message) {
      (*message)->make_readable();
      listener_.received((*message)->text());
    }
    return message;
  }
  void wake() noexcept override { inner_->wake(); }
  Status ping() override { return inner_->ping(); }
  void close(std::uint16_t code) noexcept override { inner_->close(code); }

 private:
  std::unique_ptr<engine::Transport> inner_;
  Listener listener_;
};

}  // namespace

Result<std::unique_ptr<Recorder>> Recorder::create(const std::filesystem::path& file, bool replace, const JsonScrambler& scrambler,
                                                   const std::string& version) {
  auto writer = CassetteWriter::create(file, replace);
  if (!writer) return std::move(writer).error();
  auto tape = std::make_shared<Tape>(std::move(*writer), scrambler);
  if (auto status = tape->begin(version); !status.ok()) return status;
  return std::unique_ptr<Recorder>(new Recorder(std::move(tape)));
}

Recorder::~Recorder() = default;

engine::TransportFactory Recorder::listen_to(engine::TransportFactory inner) const {
  return [inner = std::move(inner), tape = tape_](const config::Connection& connection,
                                                  const std::string& url) -> Result<std::unique_ptr<engine::Transport>> {
    auto transport = inner(connection, url);
    if (!transport) return transport;
    return std::unique_ptr<engine::Transport>(std::make_unique<ListeningTransport>(std::move(*transport), tape));
  };
}

engine::AppInfo Recorder::app() const { return tape_->app_info(); }

bool Recorder::has_object(const std::string& id) const { return tape_->has_object(id); }

void Recorder::keep_values_of(const std::string& field) const { tape_->keep_values_of(field); }

std::vector<ListedValue> Recorder::values_of(const std::string& field, const std::string& state) const {
  return tape_->values_of(field, state);
}

Status Recorder::finish() { return tape_->finish(); }

}  // namespace qonduit::recording
