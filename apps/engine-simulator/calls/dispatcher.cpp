#include "calls/dispatcher.hpp"

#include <Poco/Exception.h>
#include <Poco/NumberParser.h>

#include <algorithm>

namespace qonduit::simulator {
namespace {

EngineError bad_parameter(const std::string& name) { return {-32602, name, "Invalid method parameter(s)"}; }

// Calls that a selection made meanwhile aborts.
bool is_abortable(const std::string& method) {
  return method == "GetLayout" || method.starts_with("GetHyperCube") || method == "GetListObjectData";
}

}  // namespace

Json Params::get(unsigned index, const std::string& name) const {
  if (const auto items = as_array(params_); !items.isNull()) return index < items->size() ? items->get(index) : Json();
  if (const auto members = as_object(params_); !members.isNull()) return members->get(name);
  return {};
}

std::string Params::text(unsigned index, const std::string& name) const {
  const Json value = get(index, name);
  if (!value.isString()) throw bad_parameter(name);
  return value.extract<std::string>();
}

std::int64_t Params::integer(unsigned index, const std::string& name) const {
  const Json value = get(index, name);
  if (!value.isNumeric() || value.isBoolean()) throw bad_parameter(name);
  return value.convert<std::int64_t>();
}

JsonObject Params::object(unsigned index, const std::string& name) const {
  const auto value = as_object(get(index, name));
  if (value.isNull()) throw bad_parameter(name);
  return value;
}

JsonArray Params::array(unsigned index, const std::string& name) const {
  const auto value = as_array(get(index, name));
  if (value.isNull()) throw bad_parameter(name);
  return value;
}

bool Params::flag(unsigned index, const std::string& name) const {
  const Json value = get(index, name);
  return value.isBoolean() && value.convert<bool>();
}

std::string Params::optional_text(unsigned index, const std::string& name) const {
  const Json value = get(index, name);
  return value.isString() ? value.extract<std::string>() : std::string();
}

Dispatcher::Dispatcher(Engine& engine, std::shared_ptr<Session> session, SessionKey key)
    : engine_(engine), session_(std::move(session)), key_(std::move(key)) {
  const std::lock_guard lock(session_->calls());
  seen_revision_ = session_->revision();
}

Dispatcher::Answer Dispatcher::answer(const std::string& request, std::string buffer) {
  JsonObject frame;
  try {
    frame = as_object(parse_json(request));
  } catch (const Poco::Exception& error) {
    Answer refused;
    refused.frame = Reply(std::move(buffer), {}).fail({-32700, error.displayText(), "JSON parse error"});
    return refused;
  }
  const Json id = member(frame, "id");
  const std::string method = text_member(frame, "method");
  Json handle = member(frame, "handle");
  if (int number = 0;
      engine_.assumptions().text_handles && handle.isString() && Poco::NumberParser::tryParse(handle.extract<std::string>(), number))
    handle = number;
  Reply reply(std::move(buffer), id);
  Answer made;
  if (method.empty() || !handle.isInteger()) {
    made.frame = reply.fail({-32600, "", "Invalid JSON request"});
    return made;
  }
  const std::lock_guard lock(session_->calls());
  if (bool_member(frame, "delta")) reply.use_delta(deltas_, handle.convert<int>(), method);
  ending_ = Ending::none;
  overtakes_ = false;
  delay_ = {};
  late_ = nullptr;
  // What others changed is pushed on its own; what this call changes goes with its reply.
  if (auto before = take_changes(); !before.empty()) made.pushes.push_back(change_push(before));
  try {
    Call call{Params(frame->get("params")),
              reply,
              handle.convert<int>(),
              nullptr,
              nullptr,
              session_->app(),
              id.isInteger() ? id.convert<std::int64_t>() : 0};
    dispatch(method, call);
    if (overtakes_)
      for (const int changed : take_changes()) reply.change(changed);
    if (!reloads_.empty() && !late_ && engine_.assumptions().suspend_replies) reply.suspend(doc_handle());
    made.frame = reply.finish();
  } catch (const EngineError& error) {
    made.frame = reply.fail(error);
  } catch (const Poco::Exception& error) {
    made.frame = reply.fail({-32603, error.displayText(), "Internal JSON-RPC error"});
  }
  if (const auto limit = engine_.faults().max_reply_bytes; limit > 0 && made.frame.size() > limit) {
    engine_.fault_counter().note("max-reply-bytes");
    made.frame = Reply(std::move(made.frame), id).fail({-32604, "", "Response too large"});
  }
  made.ending = ending_;
  made.overtakes = overtakes_;
  made.delay = delay_;
  made.late = std::move(late_);
  if (is_abortable(method)) made.aborted = Reply({}, id).fail({15, "Failure", "Request aborted"});
  if (auto after = take_changes(); !after.empty()) made.pushes.push_back(change_push(after));
  return made;
}

std::vector<std::string> Dispatcher::pushes() {
  const std::lock_guard lock(session_->calls());
  const auto changed = take_changes();
  return changed.empty() ? std::vector<std::string>() : std::vector<std::string>{change_push(changed)};
}

const Dispatcher::Methods& Dispatcher::methods_of(Held::Kind kind) {
  switch (kind) {
    case Held::Kind::doc: return doc_methods();
    case Held::Kind::object: return object_methods();
    case Held::Kind::field: return field_methods();
    case Held::Kind::variable: return variable_methods();
    case Held::Kind::dimension: return dimension_methods();
    case Held::Kind::measure: return measure_methods();
    case Held::Kind::bookmark:
    case Held::Kind::recorded: break;
  }
  return bookmark_methods();
}

void Dispatcher::dispatch(const std::string& method, Call& call) {
  if (const auto code = engine_.fault_counter().method_error(method)) throw EngineError{*code, method, "An error that was ordered"};
  const Methods* methods = &global_methods();
  if (call.handle != -1) {
    const auto held = handles_.find(call.handle);
    // A handle nobody gave out: the code is assumed.
    if (held == handles_.end()) throw EngineError{-32600, "handle " + std::to_string(call.handle), "Invalid JSON request"};
    call.held = &held->second;
    call.object = held->second.object;
    methods = &methods_of(held->second.kind);
  }
  if (replay(method, call)) return;
  const auto found = methods->find(method);
  if (found == methods->end()) throw EngineError{-32601, method, "Method does not exist"};
  (this->*found->second)(call);
}

// Handles that were valid and are not any more: once per transition.
std::vector<int> Dispatcher::take_changes() {
  std::vector<int> changed;
  const auto now = session_->revision();
  if (now == seen_revision_) return changed;
  seen_revision_ = now;
  for (auto& [handle, held] : handles_) {
    if (!held.validated) continue;
    held.validated = false;
    changed.push_back(handle);
  }
  return changed;
}

int Dispatcher::handle_of(const Held& what) {
  for (const auto& [handle, held] : handles_)
    if (held.kind == what.kind && held.object == what.object && held.id == what.id && held.state == what.state) return handle;
  const int handle = session_->new_handle();
  handles_[handle] = what;
  return handle;
}

void Dispatcher::write_null(Call& call) { call.reply.member_text("qReturn", R"({"qType":null,"qHandle":null})"); }

void Dispatcher::write_object(Call& call, const std::shared_ptr<SessionObject>& found) {
  if (!found) {
    write_null(call);
    return;
  }
  call.reply.member("qReturn", simulator::object({{"qType", "GenericObject"},
                                                  {"qHandle", handle_of({Held::Kind::object, {}, {}, found, false})},
                                                  {"qGenericType", found->stored().type},
                                                  {"qGenericId", found->stored().id}}));
}

void Dispatcher::write_item(Call& call, Held::Kind kind, const std::string& id, const char* type, const char* generic_type) {
  call.reply.member(
      "qReturn",
      simulator::object(
          {{"qType", type}, {"qHandle", handle_of({kind, id, {}, nullptr, false})}, {"qGenericType", generic_type}, {"qGenericId", id}}));
}

}  // namespace qonduit::simulator
