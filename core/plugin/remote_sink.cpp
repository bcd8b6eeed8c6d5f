#include "core/plugin/remote_sink.hpp"

#include <cstddef>
#include <string>

#include "core/plugin/batch_check.hpp"
#include "core/plugin/host_services.hpp"
#include "core/plugin/wire_types.hpp"

namespace qonduit::plugin {
namespace {

constexpr std::uint32_t kGuarantees =
    guarantee::append | guarantee::upsert | guarantee::replace | guarantee::exactly_once | guarantee::whole_run;
constexpr std::size_t kDeliveryTable = offsetof(qonduit_delivery, target) + sizeof(qonduit_str);
constexpr std::size_t kDeliveryWithNote = offsetof(qonduit_delivery, note) + sizeof(qonduit_str);
constexpr std::size_t kDeliveryWithRefused = offsetof(qonduit_delivery, refused) + sizeof(std::uint64_t);
constexpr std::size_t kSinkWithEndRun = offsetof(qonduit_sink_api, end_run) + sizeof(void*);
constexpr std::size_t kSinkWithReplay = offsetof(qonduit_sink_api, replay) + sizeof(void*);
constexpr std::size_t kSinkWithPlan = offsetof(qonduit_sink_api, plan) + sizeof(void*);
constexpr std::size_t kSinkWithTargetOf = offsetof(qonduit_sink_api, target_of) + sizeof(void*);
constexpr std::size_t kPlanTable = offsetof(qonduit_plan, exclusive) + sizeof(std::uint32_t);
constexpr std::size_t kPlanWithIdentity = offsetof(qonduit_plan, identity) + sizeof(qonduit_str);
constexpr std::size_t kDeadLetterTable = offsetof(qonduit_dead_letter_file, messages) + sizeof(std::uint64_t);
constexpr std::size_t kMostFiles = 1'000'000;
constexpr std::size_t kLongestPath = 4096;

struct DeliveryReply {
  Delivery delivery;
  bool given = false;
};

// Called by the plugin, so it does not throw: what it cannot take counts as not given.
void take_delivery(void* context, const qonduit_delivery* said) noexcept {
  if (said == nullptr || said->struct_size < kDeliveryTable) return;
  auto& reply = *static_cast<DeliveryReply*>(context);
  try {
    reply.delivery = {said->rows, said->bytes, clean_text(said->target)};
    if (said->struct_size >= kDeliveryWithNote) reply.delivery.note = clean_text(said->note);
    if (said->struct_size >= kDeliveryWithRefused) reply.delivery.refused = said->refused;
    reply.given = true;
  } catch (...) {
    reply.given = false;
  }
}

struct PlanReply {
  Plan plan;
  bool given = false;
};

void take_plan(void* context, const qonduit_plan* said) noexcept {
  if (said == nullptr || said->struct_size < kPlanTable) return;
  auto& reply = *static_cast<PlanReply*>(context);
  try {
    reply.plan = {clean_text(said->target), clean_text(said->before), clean_text(said->behind), said->exclusive != 0};
    if (said->struct_size >= kPlanWithIdentity) reply.plan.identity = clean_text(said->identity);
    reply.given = true;
  } catch (...) {
    reply.given = false;
  }
}

struct TextReply {
  std::string text;
  bool given = false;
};

void take_text(void* context, qonduit_str said) noexcept {
  auto& reply = *static_cast<TextReply*>(context);
  try {
    reply.text = clean_text(said);
    reply.given = true;
  } catch (...) {
    reply.given = false;
  }
}

struct DeadLettersReply {
  std::vector<DeadLetterFile> files;
  const char* problem = nullptr;
};

void take_file(void* context, const qonduit_dead_letter_file* said) noexcept {
  auto& reply = *static_cast<DeadLettersReply*>(context);
  try {
    if (said == nullptr || said->struct_size < kDeadLetterTable) {
      reply.problem = "a table that is too small";
      return;
    }
    // As it is: it is handed back.
    auto path = copy_text(said->path, kLongestPath);
    if (!path || path->empty() || reply.files.size() >= kMostFiles) {
      reply.problem = path && !path->empty() ? "more files than this host takes" : "a path that is no text";
      return;
    }
    reply.files.push_back({std::move(*path), clean_text(said->pipeline), clean_text(said->run_id), clean_text(said->object),
                           clean_text(said->dataset), clean_text(said->first), clean_text(said->last), clean_text(said->reason),
                           said->messages});
  } catch (...) {
    reply.problem = "more than there is memory for";
  }
}

}  // namespace

void RemoteSink::Destroy::operator()(void* self) const noexcept {
  try {
    api->destroy(self);
  } catch (...) {
    // A destructor that throws through the boundary has leaked; there is nobody to tell.
  }
}

std::string RemoteSink::who() const { return "sink '" + std::string(component_.name()) + "'"; }

Result<RemoteSink> RemoteSink::create(const Component& component, const std::vector<config::Option>& options) {
  const OptionPairs pairs(component, options);
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
    return api().guarantees(self_.get()) & kGuarantees;
  } catch (...) {
    return 0;
  }
}

Status RemoteSink::probe() {
  return call_plugin(who(), [&](qonduit_error* error) { return api().probe(self_.get(), error); });
}

Result<Plan> RemoteSink::plan(const Run& run, const ArrowSchema& schema) {
  if (api().struct_size < kSinkWithPlan || api().plan == nullptr) return Plan();
  PlanReply reply;
  const WireRun wire(run);
  auto status =
      call_plugin(who(), [&](qonduit_error* error) { return api().plan(self_.get(), wire.get(), &schema, take_plan, &reply, error); });
  if (!status.ok()) return status;
  if (!reply.given) return Status(Code::internal, who() + " was asked for its plan and did not say");
  return std::move(reply.plan);
}

Result<std::string> RemoteSink::target_of(const Run& run) {
  TextReply reply;
  if (api().struct_size < kSinkWithTargetOf || api().target_of == nullptr) return reply.text;
  const WireRun wire(run);
  auto status =
      call_plugin(who(), [&](qonduit_error* error) { return api().target_of(self_.get(), wire.get(), take_text, &reply, error); });
  if (!status.ok()) return status;
  if (!reply.given) return Status(Code::internal, who() + " was asked what its target is and did not say");
  return std::move(reply.text);
}

Status RemoteSink::open(const Run& run, const ArrowSchema& schema) {
  auto imported = arrow::import_schema(schema);
  if (!imported) return std::move(imported).error().within(who());
  schema_ = std::move(*imported);
  const WireRun wire(run);
  return call_plugin(who(), [&](qonduit_error* error) { return api().open(self_.get(), wire.get(), &schema, error); });
}

Status RemoteSink::write(const ArrowArray& batch) {
  // Batches may be joined from pieces; a sink that walks the schema's columns must find them all.
  if (const auto problem = check_types(batch, schema_); !problem.empty())
    return {Code::internal, who() + ": the source of the batch " + problem};
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
  if (answer > QONDUIT_COMMITTED_UNKNOWN) {
    return Status(Code::internal,
                  who() + " answered " + std::to_string(answer) + " when asked whether a run had landed: neither no, yes nor unknown");
  }
  return static_cast<Committed>(answer);
}

Result<Delivery> RemoteSink::delivery() {
  DeliveryReply reply;
  auto status = call_plugin(who(), [&](qonduit_error* error) { return api().delivery(self_.get(), take_delivery, &reply, error); });
  if (!status.ok()) return status;
  if (!reply.given) return Status(Code::internal, who() + " was asked for its delivery and did not say");
  return std::move(reply.delivery);
}

Status RemoteSink::end_run(std::string_view run_id, bool complete) {
  if (api().struct_size < kSinkWithEndRun || api().end_run == nullptr) return {};
  return call_plugin(who(), [&](qonduit_error* error) { return api().end_run(self_.get(), borrow(run_id), complete ? 1u : 0u, error); });
}

bool RemoteSink::replays() const {
  return api().struct_size >= kSinkWithReplay && api().dead_letters != nullptr && api().replay != nullptr;
}

Result<std::vector<DeadLetterFile>> RemoteSink::dead_letters() {
  if (!replays()) return Status(Code::unsupported, "its plugin keeps no dead letters");
  DeadLettersReply reply;
  auto status = call_plugin(who(), [&](qonduit_error* error) { return api().dead_letters(self_.get(), take_file, &reply, error); });
  if (!status.ok()) return status;
  if (reply.problem != nullptr) return Status(Code::internal, who() + " was asked for its dead letters and gave " + reply.problem);
  return std::move(reply.files);
}

Status RemoteSink::replay(std::string_view path, Replayed& replayed) {
  if (!replays()) return {Code::unsupported, "its plugin keeps no dead letters"};
  return call_plugin(
      who(), [&](qonduit_error* error) { return api().replay(self_.get(), borrow(path), &replayed.sent, &replayed.stayed, error); });
}

}  // namespace qonduit::plugin
