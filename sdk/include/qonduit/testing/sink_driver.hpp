// A sink behind its C table, driven as the host drives it. One thread at a time. Needs no GoogleTest.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/sink.hpp>
#include <qonduit/testing/fake_host.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::testing {

// A run as it crosses the boundary: owns its texts. Members may be changed before use.
struct SampleRun {
  std::uint64_t fence = 1;
  std::string pipeline = "sales", run_id = "0192f0c1-0000-7000-8000-000000000001", app = "Consumer Sales", app_id = "5f1c2a10-app",
              sheet = "Overview", object_id = "jgAJyu", object_type = "table", title = "Orders by region", dataset,
              started_at = "2026-01-31T23:59:59Z", reload_time = "2026-01-31T06:00:00.000Z", day;
  // The turn of a loop; dataset names it too.
  std::vector<std::pair<std::string, std::string>> loop = {};
  // All objects of the pipeline; empty: as a host of before says it.
  struct Object {
    std::string id, title, sheet;
  };
  std::vector<Object> objects = {};
  bool takeover = false;
  mutable std::vector<qonduit_pair> borrowed_loop = {};
  mutable std::vector<qonduit_named_object> borrowed_objects = {};

  [[nodiscard]] qonduit_run borrowed() const {
    borrowed_loop.clear();
    for (const auto& [name, value] : loop) borrowed_loop.push_back({borrow(name), borrow(value)});
    borrowed_objects.clear();
    for (const auto& object : objects) borrowed_objects.push_back({borrow(object.id), borrow(object.title), borrow(object.sheet)});
    return {sizeof(qonduit_run),
            fence,
            borrow(pipeline),
            borrow(run_id),
            borrow(app),
            borrow(app_id),
            borrow(sheet),
            borrow(object_id),
            borrow(object_type),
            borrow(title),
            borrow(dataset),
            borrow(started_at),
            borrow(reload_time),
            borrowed_loop.data(),
            borrowed_loop.size(),
            nullptr,
            0,
            loop.empty() ? borrow(dataset) : qonduit_str{},
            borrowed_objects.data(),
            borrowed_objects.size(),
            takeover ? 1u : 0u,
            borrow(day)};
  }
};

// An Arrow schema made of ours, released with this object.
class ExportedSchema {
 public:
  explicit ExportedSchema(const Schema& schema) { arrow::export_schema(schema, &schema_); }
  ExportedSchema(const ExportedSchema&) = delete;
  ExportedSchema& operator=(const ExportedSchema&) = delete;
  ~ExportedSchema() { schema_.release(&schema_); }
  [[nodiscard]] const ArrowSchema* get() const { return &schema_; }

 private:
  ArrowSchema schema_{};
};

class SinkDriver {
 public:
  static Result<SinkDriver> create(const qonduit_sink_api& api, const Options& options) {
    const BorrowedOptions pairs(options);
    ErrorSlot error;
    void* self = api.create(pairs.data(), pairs.size(), error.opaque());
    if (self != nullptr) return SinkDriver(api, self);
    if (error.message.empty()) return Status(Code::internal, "the sink was refused without a word");
    return Status(static_cast<Code>(error.code), error.message);
  }

  [[nodiscard]] std::uint32_t guarantees() const { return api_->guarantees(self_.get()); }
  Status probe() {
    return call([&](qonduit_error* error) { return api_->probe(self_.get(), error); });
  }
  Status open(const SampleRun& run, const Schema& schema) {
    const ExportedSchema exported(schema);
    const auto wire = run.borrowed();
    return call([&](qonduit_error* error) { return api_->open(self_.get(), &wire, exported.get(), error); });
  }
  Status write(const ArrowArray& batch) {
    return call([&](qonduit_error* error) { return api_->write(self_.get(), &batch, error); });
  }
  Status commit() {
    return call([&](qonduit_error* error) { return api_->commit(self_.get(), error); });
  }
  Status abort() {
    return call([&](qonduit_error* error) { return api_->abort(self_.get(), error); });
  }
  Result<Committed> committed(std::string_view run_id) {
    std::uint32_t answer = QONDUIT_COMMITTED_UNKNOWN;
    auto status = call([&](qonduit_error* error) { return api_->committed(self_.get(), borrow(run_id), &answer, error); });
    if (!status.ok()) return status;
    if (answer > QONDUIT_COMMITTED_UNKNOWN) return Status(Code::internal, "committed answered " + std::to_string(answer));
    return static_cast<Committed>(answer);
  }
  Result<Delivery> delivery() {
    std::pair<Delivery, int> reply{};
    const auto take = [](void* context, const qonduit_delivery* said) {
      auto& [delivery, count] = *static_cast<std::pair<Delivery, int>*>(context);
      delivery = {said->rows, said->bytes, text_of(said->target), text_of(said->note), said->refused};
      ++count;
    };
    auto status = call([&](qonduit_error* error) { return api_->delivery(self_.get(), take, &reply, error); });
    if (!status.ok()) return status;
    if (reply.second != 1) return Status(Code::internal, "delivery replied " + std::to_string(reply.second) + " times");
    return reply.first;
  }
  // Whether a sink of this table says what a delivery would do.
  static bool plans(const qonduit_sink_api& api) {
    return api.struct_size >= offsetof(qonduit_sink_api, plan) + sizeof(void*) && api.plan != nullptr;
  }
  // REQUIRES: plans(api).
  Result<Plan> plan(const SampleRun& run, const Schema& schema) {
    std::pair<Plan, int> reply{};
    const auto take = [](void* context, const qonduit_plan* said) {
      auto& [plan, count] = *static_cast<std::pair<Plan, int>*>(context);
      plan = {text_of(said->target), text_of(said->before), text_of(said->behind), said->exclusive != 0, text_of(said->identity)};
      ++count;
    };
    const ExportedSchema exported(schema);
    const auto wire = run.borrowed();
    auto status = call([&](qonduit_error* error) { return api_->plan(self_.get(), &wire, exported.get(), take, &reply, error); });
    if (!status.ok()) return status;
    if (reply.second != 1) return Status(Code::internal, "plan replied " + std::to_string(reply.second) + " times");
    return reply.first;
  }
  // What tells the target from others; empty where a sink of this table does not say.
  Result<std::string> target_of(const SampleRun& run) {
    std::pair<std::string, int> reply{};
    if (api_->struct_size < offsetof(qonduit_sink_api, target_of) + sizeof(void*) || api_->target_of == nullptr) return reply.first;
    const auto take = [](void* context, qonduit_str said) {
      auto& [target, count] = *static_cast<std::pair<std::string, int>*>(context);
      target = text_of(said);
      ++count;
    };
    const auto wire = run.borrowed();
    auto status = call([&](qonduit_error* error) { return api_->target_of(self_.get(), &wire, take, &reply, error); });
    if (!status.ok()) return status;
    if (reply.second != 1) return Status(Code::internal, "target_of replied " + std::to_string(reply.second) + " times");
    return reply.first;
  }
  Status end_run(std::string_view run_id, bool complete) {
    return call([&](qonduit_error* error) { return api_->end_run(self_.get(), borrow(run_id), complete ? 1u : 0u, error); });
  }
  Result<std::vector<DeadLetterFile>> dead_letters() {
    std::vector<DeadLetterFile> files;
    const auto take = [](void* context, const qonduit_dead_letter_file* said) {
      static_cast<std::vector<DeadLetterFile>*>(context)->push_back({text_of(said->path), text_of(said->pipeline), text_of(said->run_id),
                                                                     text_of(said->object), text_of(said->dataset), text_of(said->first),
                                                                     text_of(said->last), text_of(said->reason), said->messages});
    };
    auto status = call([&](qonduit_error* error) { return api_->dead_letters(self_.get(), take, &files, error); });
    if (!status.ok()) return status;
    return files;
  }
  Status replay(std::string_view path, Replayed& replayed) {
    return call([&](qonduit_error* error) { return api_->replay(self_.get(), borrow(path), &replayed.sent, &replayed.stayed, error); });
  }

 private:
  struct Destroy {
    const qonduit_sink_api* api;
    void operator()(void* self) const { api->destroy(self); }
  };
  SinkDriver(const qonduit_sink_api& api, void* self) : api_(&api), self_(self, Destroy{&api}) {}

  const qonduit_sink_api* api_;
  std::unique_ptr<void, Destroy> self_;
};

}  // namespace qonduit::testing
