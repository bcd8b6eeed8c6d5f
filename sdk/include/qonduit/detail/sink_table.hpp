// The C table of a sink class.
#pragma once

#include <qonduit/detail/instance.hpp>
#include <qonduit/sink.hpp>

#include <memory>
#include <utility>

namespace qonduit::detail {

// A sink and the schema it was opened with: the schema is imported once, batches are views.
struct SinkInstance {
  std::unique_ptr<Sink> sink;
  Schema schema = {};
};

// What every sink's table has; create is the class's own.
inline qonduit_sink_api sink_functions() noexcept {
  qonduit_sink_api api{};
  api.struct_size = sizeof api;
  api.destroy = [](void* self) { delete static_cast<SinkInstance*>(self); };
  api.guarantees = [](void* self) -> std::uint32_t {
    try {
      return static_cast<SinkInstance*>(self)->sink->guarantees();
    } catch (...) {
      return 0;
    }
  };
  api.probe = [](void* self, qonduit_error* error) {
    return guarded(error, [&] { return static_cast<SinkInstance*>(self)->sink->probe(); });
  };
  api.open = [](void* self, const qonduit_run* run, const ArrowSchema* arrow_schema, qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      auto& instance = *static_cast<SinkInstance*>(self);
      auto schema = arrow::import_schema(*arrow_schema);
      if (!schema) return std::move(schema).error();
      instance.schema = std::move(*schema);
      return instance.sink->open(to_run(*run), instance.schema);
    });
  };
  api.write = [](void* self, const ArrowArray* batch, qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      auto& instance = *static_cast<SinkInstance*>(self);
      if (batch->n_children != static_cast<std::int64_t>(instance.schema.fields.size())) {
        return {Code::invalid_argument, texts({"the batch has ", std::to_string(batch->n_children), " columns, the schema ",
                                               std::to_string(instance.schema.fields.size())})};
      }
      return instance.sink->write(BatchView(instance.schema, *batch));
    });
  };
  api.commit = [](void* self, qonduit_error* error) {
    return guarded(error, [&] { return static_cast<SinkInstance*>(self)->sink->commit(); });
  };
  api.abort = [](void* self, qonduit_error* error) {
    return guarded(error, [&] { return static_cast<SinkInstance*>(self)->sink->abort(); });
  };
  api.committed = [](void* self, qonduit_str run_id, std::uint32_t* yes_no_unknown, qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      auto landed = static_cast<SinkInstance*>(self)->sink->committed(view(run_id));
      if (!landed) return std::move(landed).error();
      *yes_no_unknown = static_cast<std::uint32_t>(*landed);
      return {};
    });
  };
  api.delivery = [](void* self, void (*reply)(void*, const qonduit_delivery*), void* context, qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      const auto delivery = static_cast<SinkInstance*>(self)->sink->delivery();
      const qonduit_delivery out{sizeof out,      delivery.rows, delivery.bytes, borrow(delivery.target), borrow(delivery.note),
                                 delivery.refused};
      reply(context, &out);
      return {};
    });
  };
  api.end_run = [](void* self, qonduit_str run_id, std::uint32_t complete, qonduit_error* error) {
    return guarded(error, [&] { return static_cast<SinkInstance*>(self)->sink->end_run(view(run_id), complete != 0); });
  };
  api.dead_letters = [](void* self, void (*reply)(void*, const qonduit_dead_letter_file*), void* context, qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      const auto files = static_cast<SinkInstance*>(self)->sink->dead_letters();
      if (!files) return files.error();
      for (const auto& file : *files) {
        const qonduit_dead_letter_file out{sizeof out,          borrow(file.path),    borrow(file.pipeline), borrow(file.run_id),
                                           borrow(file.object), borrow(file.dataset), borrow(file.first),    borrow(file.last),
                                           borrow(file.reason), file.messages};
        reply(context, &out);
      }
      return {};
    });
  };
  api.replay = [](void* self, qonduit_str path, std::uint64_t* sent, std::uint64_t* stayed, qonduit_error* error) {
    Replayed replayed;
    const auto code = guarded(error, [&] { return static_cast<SinkInstance*>(self)->sink->replay(view(path), replayed); });
    *sent = replayed.sent;
    *stayed = replayed.stayed;
    return code;
  };
  api.plan = [](void* self, const qonduit_run* run, const ArrowSchema* arrow_schema, void (*reply)(void*, const qonduit_plan*),
                void* context, qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      const auto schema = arrow::import_schema(*arrow_schema);
      if (!schema) return schema.error();
      const auto plan = static_cast<SinkInstance*>(self)->sink->plan(to_run(*run), *schema);
      if (!plan) return plan.error();
      const qonduit_plan out{sizeof out,           borrow(plan->target),      borrow(plan->before),
                             borrow(plan->behind), plan->exclusive ? 1u : 0u, borrow(plan->identity)};
      reply(context, &out);
      return {};
    });
  };
  api.target_of = [](void* self, const qonduit_run* run, void (*reply)(void*, qonduit_str), void* context, qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      const auto target = static_cast<SinkInstance*>(self)->sink->target_of(to_run(*run));
      if (!target) return target.error();
      reply(context, borrow(*target));
      return {};
    });
  };
  return api;
}

template <typename S, const auto& Table>
const qonduit_sink_api* sink_table() {
  static const qonduit_sink_api table = [] {
    auto api = sink_functions();
    api.create = [](const qonduit_pair* pairs, std::size_t count, qonduit_error* error) -> void* {
      return created<SinkInstance>(create<Sink, S, Table>, pairs, count, error);
    };
    return api;
  }();
  return &table;
}

}  // namespace qonduit::detail
