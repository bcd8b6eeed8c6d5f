#include "core/engine/calls.hpp"

#include <atomic>
#include <optional>
#include <utility>

namespace qonduit::engine {

Reply Calls::call(int handle, std::string method, std::string params_json) {
  return std::move(call_all(*this, {{handle, std::move(method), std::move(params_json), {}}}).front());
}

struct PendingHandle::State {
  std::atomic<bool> done = false;
  std::optional<Result<Handle>> handle;  // written before done is set
};

PendingHandle::PendingHandle(Result<Handle> handle) : state_(std::make_shared<State>()) {
  state_->handle = std::move(handle);
  state_->done = true;
}

PendingHandle::PendingHandle(Calls& engine, Call call, std::function<Result<Handle>(const Reply&)> adopt)
    : arrivals_(engine.arrivals()), state_(std::make_shared<State>()) {
  engine.send(call.handle, std::move(call.method), std::move(call.params_json),
              [state = state_, arrivals = arrivals_, adopt = std::move(adopt)](const Reply& reply) {
                state->handle = adopt(reply);
                state->done = true;
                arrivals->notify();
              });
}

bool PendingHandle::complete() const { return state_->done; }

Result<Handle> PendingHandle::take() {
  if (!complete()) arrivals_->wait([this] { return complete(); });
  return std::move(*state_->handle);
}

std::vector<Result<Handle>> Objects::get_objects(const std::vector<std::string>& ids) {
  std::vector<PendingHandle> asked;
  asked.reserve(ids.size());
  for (const auto& id : ids) asked.push_back(begin_object(id));
  std::vector<Result<Handle>> handles;
  handles.reserve(ids.size());
  for (auto& handle : asked) handles.push_back(handle.take());
  return handles;
}

}  // namespace qonduit::engine
