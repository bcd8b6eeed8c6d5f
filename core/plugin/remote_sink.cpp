#include "core/plugin/remote_sink.hpp"

#include <string>

#include "core/plugin/host_services.hpp"
#include "core/plugin/wire_types.hpp"

namespace qonduit::plugin {

void RemoteSink::Destroy::operator()(void* self) const noexcept {
  try {
    api->destroy(self);
  } catch (...) {
    // A destructor that throws through the boundary has leaked; there is nobody to tell.
  }
}

std::string RemoteSink::who() const { return "sink '" + std::string(component_->name()) + "'"; }

Result<RemoteSink> RemoteSink::create(const Component& component, const std::vector<config::Option>& options) {
  const OptionPairs pairs(options);
  void* self = nullptr;
  auto status = call_plugin("sink '" + std::string(component.name()) + "'", [&](qonduit_error* error) -> qonduit_code {
    self = component.sink().create(pairs.data(), pairs.size(), error);
    if (self != nullptr) return QONDUIT_OK;
    return error->code == QONDUIT_OK ? static_cast<qonduit_code>(QONDUIT_INTERNAL) : error->code;
  });
  if (!status.ok()) return status;
  return RemoteSink(component, self);
}

std::uint32_t RemoteSink::guarantees() const {
  try {
    return api().guarantees(self_.get());
  } catch (...) {
    return 0;
  }
}

Status RemoteSink::probe() {
  return call_plugin(who(), [&](qonduit_error* error) { return api().probe(self_.get(), error); });
}

Status RemoteSink::open(const Run& run, const ArrowSchema& schema) {
  const auto wire = wire_run(run);
  return call_plugin(who(), [&](qonduit_error* error) { return api().open(self_.get(), &wire, &schema, error); });
}

Status RemoteSink::write(const ArrowArray& batch) {
  return call_plugin(who(), [&](qonduit_error* error) { return api().write(self_.get(), &batch, error); });
}

Status RemoteSink::commit() {
  return call_plugin(who(), [&](qonduit_error* error) { return api().commit(self_.get(), error); });
}

Status RemoteSink::abort() {
  return call_plugin(who(), [&](qonduit_error* error) { return api().abort(self_.get(), error); });
}

Result<Committed> RemoteSink::committed(std::string_view run_id) {
  std::uint32_t answer = QONDUIT_COMMITTED_UNKNOWN;
  auto status = call_plugin(who(), [&](qonduit_error* error) { return api().committed(self_.get(), borrow(run_id), &answer, error); });
  if (!status.ok()) return status;
  if (answer > QONDUIT_COMMITTED_UNKNOWN) return Committed::unknown;
  return static_cast<Committed>(answer);
}

Result<Delivery> RemoteSink::delivery() {
  Delivery delivery;
  const auto reply = [](void* context, const qonduit_delivery* said) {
    auto& out = *static_cast<Delivery*>(context);
    out.rows = said->rows;
    out.bytes = said->bytes;
    out.target = clean_text(said->target);
  };
  auto status = call_plugin(who(), [&](qonduit_error* error) { return api().delivery(self_.get(), reply, &delivery, error); });
  if (!status.ok()) return status;
  return delivery;
}

}  // namespace qonduit::plugin
