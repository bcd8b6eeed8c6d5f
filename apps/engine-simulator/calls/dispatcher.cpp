#include "calls/dispatcher.hpp"

#include <Poco/Exception.h>

namespace qonduit::simulator {
namespace {

EngineError bad_parameter(const std::string& name) { return {-32602, name, "Invalid method parameter(s)"}; }

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

Dispatcher::Dispatcher(Engine& engine, std::shared_ptr<Session> session, SessionKey key)
    : engine_(engine), session_(std::move(session)), key_(std::move(key)) {
  if (App* app = session_->app()) seen_epoch_ = app->epoch();
}

Dispatcher::Answer Dispatcher::answer(const std::string& request, std::string buffer) {
  JsonObject frame;
  try {
    frame = as_object(parse_json(request));
  } catch (const Poco::Exception& error) {
    return {Reply(std::move(buffer), {}, false).fail({-32700, error.displayText(), "JSON parse error"}), {}, false};
  }
  const Json id = member(frame, "id");
  const std::string method = text_member(frame, "method");
  const Json handle = member(frame, "handle");
  Reply reply(std::move(buffer), id, bool_member(frame, "delta"));
  if (method.empty() || !handle.isInteger()) return {reply.fail({-32600, "", "Invalid JSON request"}), {}, false};
  Answer made;
  try {
    Call call{Params(frame->get("params")), reply, handle.convert<int>(), nullptr, session_->app()};
    dispatch(call.handle, method, call);
    made.frame = reply.finish();
  } catch (const EngineError& error) {
    made.frame = reply.fail(error);
  } catch (const Poco::Exception& error) {
    made.frame = reply.fail({-32603, error.displayText(), "Internal JSON-RPC error"});
  }
  if (const auto limit = engine_.faults().max_reply_bytes; limit > 0 && made.frame.size() > limit)
    made.frame = Reply(std::move(made.frame), id, false).fail({-32604, "", "Response too large"});
  made.drop = drop_;
  note_changes(made.pushes);
  return made;
}

void Dispatcher::dispatch(int handle, const std::string& method, Call& call) {
  const Methods* methods = &global_methods();
  if (handle != -1) {
    const auto held = handles_.find(handle);
    // A handle nobody gave out: the code is assumed.
    if (held == handles_.end()) throw EngineError{-32600, "handle " + std::to_string(handle), "Invalid JSON request"};
    call.object = held->second.object;
    methods = call.object ? &object_methods() : &doc_methods();
  }
  const auto found = methods->find(method);
  if (found == methods->end()) throw EngineError{-32601, method, "Method does not exist"};
  (this->*found->second)(call);
}

void Dispatcher::note_changes(std::vector<std::string>& pushes) {
  App* app = session_->app();
  if (app == nullptr || app->epoch() == seen_epoch_) return;
  seen_epoch_ = app->epoch();
  std::vector<int> changed;
  for (auto& [handle, held] : handles_) {
    if (!held.validated) continue;  // once per transition from valid to invalid
    held.validated = false;
    changed.push_back(handle);
  }
  if (!changed.empty()) pushes.push_back(change_push(changed));
}

int Dispatcher::handle_of(const std::shared_ptr<SessionObject>& object) {
  for (const auto& [handle, held] : handles_)
    if (held.object == object && object) return handle;
  const int handle = session_->new_handle();
  handles_[handle] = {object, false};
  return handle;
}

int Dispatcher::doc_handle() {
  for (const auto& [handle, held] : handles_)
    if (!held.object) return handle;
  const int handle = session_->new_handle();
  handles_[handle] = {};
  return handle;
}

void Dispatcher::write_object(Call& call, const std::shared_ptr<SessionObject>& found) {
  if (!found) {
    call.reply.member_text("qReturn", R"({"qType":null,"qHandle":null})");
    return;
  }
  call.reply.member("qReturn", simulator::object({{"qType", "GenericObject"},
                                                  {"qHandle", handle_of(found)},
                                                  {"qGenericType", found->stored().type},
                                                  {"qGenericId", found->stored().id}}));
}

}  // namespace qonduit::simulator
