// Calls on recorded apps: what the recording answers, before anything else is tried.
#include <algorithm>

#include "calls/dispatcher.hpp"
#include "cassette/cassette.hpp"

namespace qonduit::simulator {
namespace {

// These are answered from recorded layouts and pages, or from what the simulator keeps itself; faults and limits are theirs.
bool has_own_method(const std::string& method) {
  static constexpr const char* kOwn[] = {"GetLayout",     "GetProperties",     "GetEffectiveProperties", "GetHyperCubeData",
                                         "GetAppLayout",  "GetObject",         "CreateSessionObject",    "DestroySessionObject",
                                         "GetLocaleInfo", "GetListObjectData", "GetHyperCubePivotData",  "GetHyperCubeStackData"};
  return std::find(std::begin(kOwn), std::end(kOwn), method) != std::end(kOwn);
}

bool reads_data(const std::string& method) { return method == "GetHyperCubeTreeData" || method == "GetTableData"; }

}  // namespace

std::string Dispatcher::recorded_name(const Call& call) const {
  switch (call.held->kind) {
    case Held::Kind::doc: return "doc";
    case Held::Kind::recorded: return call.held->id;
    case Held::Kind::object: break;
    default: return {};
  }
  const auto& stored = call.object->stored();
  return call.object->transient() ? call.app->cassette()->session_name(stored.properties) : "object:" + stored.id;
}

// In whatever windows: somebody may ask for smaller ones than were recorded.
bool Dispatcher::replay_table(Call& call) {
  const auto count = call.params.integer(1, "qRows");
  const auto rows = call.app->cassette()->table_rows(call.params.text(3, "qTableName"), call.params.integer(0, "qOffset"), count);
  if (rows.isNull()) return false;
  const auto width = rows->size() == 0 ? 1 : array_member(as_object(rows->get(0)), "qValue")->size();
  if (engine_.faults().max_cells > 0 && static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0)) * width > engine_.faults().max_cells)
    throw EngineError{7009, "", "Calculation pages too large"};
  (void)note_data_call(call);
  call.reply.member("qData", rows);
  return true;
}

bool Dispatcher::replay(const std::string& method, Call& call) {
  const auto* cassette = call.app == nullptr || call.held == nullptr ? nullptr : call.app->cassette();
  if (cassette == nullptr) return false;
  Scope& scope = session_->scope();
  if (method == "GetTableData" && replay_table(call)) return true;
  const auto* answer = cassette->find(recorded_name(call), scope.recorded_state, method, call.params.all());
  if (answer == nullptr) {
    if (method == "ClearAll") {
      scope.recorded_state = 0;
      session_->touch();
    } else if (call.held->kind == Held::Kind::recorded || reads_data(method)) {
      throw EngineError{-32603, method, "not in the recording"};
    }
    return false;
  }
  if (answer->code != 0) throw EngineError{answer->code, method, "refused when it was recorded"};
  if (!answer->handle.empty()) {
    const int handle = handle_of({Held::Kind::recorded, answer->handle, {}, nullptr, false});
    call.reply.member("qReturn", simulator::object({{"qType", answer->returned}, {"qHandle", handle}}));
    return true;
  }
  // What is known by a handle of the recording alone, a variable, is nothing that the simulator has an object for.
  if (has_own_method(method) && call.held->kind != Held::Kind::recorded) return false;
  if (reads_data(method)) (void)note_data_call(call);
  if (answer->then >= 0) {
    scope.recorded_state = answer->then;
    session_->touch();
    overtakes_ = true;
  }
  if (!answer->result.isNull())
    for (const auto& name : answer->result->getNames()) call.reply.member(name, answer->result->get(name));
  return true;
}

}  // namespace qonduit::simulator
