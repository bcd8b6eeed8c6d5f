// The C table of a sink class.
#pragma once

#include <qonduit/detail/instance.hpp>
#include <qonduit/sink.hpp>
#include <qonduit/text.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace qonduit::detail {

// A sink and the schema it was opened with: the schema is imported once, batches are views.
struct SinkInstance {
  std::unique_ptr<Sink> sink;
  Context context;
  Schema schema = {};
};

inline SinkInstance& sink_of(void* self) noexcept { return *static_cast<SinkInstance*>(self); }
template <typename Body>
qonduit_code guarded_sink(void* self, qonduit_error* error, Body&& body) noexcept {
  return guarded(sink_of(self).context, error, std::forward<Body>(body));
}

// What every sink's table has; create is the class's own.
inline qonduit_sink_api sink_functions() noexcept {
  qonduit_sink_api api{};
  api.struct_size = sizeof api;
  api.destroy = [](void* self) {
    const Context::Scope scope(sink_of(self).context);
    delete &sink_of(self);
  };
  api.guarantees = [](void* self) -> std::uint32_t {
    const Context::Scope scope(sink_of(self).context);
    try {
      return sink_of(self).sink->guarantees();
    } catch (...) {
      return 0;
    }
  };
  api.probe = [](void* self, qonduit_error* error) { return guarded_sink(self, error, [&] { return sink_of(self).sink->probe(); }); };
  api.open = [](void* self, const qonduit_run* run, const ArrowSchema* arrow_schema, qonduit_error* error) {
    return guarded_sink(self, error, [&]() -> Status {
      auto& instance = sink_of(self);
      auto schema = arrow::import_schema(*arrow_schema);
      if (!schema) return std::move(schema).error();
      instance.schema = std::move(*schema);
      return instance.sink->open(to_run(*run), instance.schema);
    });
  };
  api.write = [](void* self, const ArrowArray* batch, qonduit_error* error) {
    return guarded_sink(self, error, [&]() -> Status {
      auto& instance = sink_of(self);
      if (batch->n_children != static_cast<std::int64_t>(instance.schema.fields.size())) {
        return {Code::invalid_argument, concat({"the batch has ", std::to_string(batch->n_children), " columns, the schema ",
                                                std::to_string(instance.schema.fields.size())})};
      }
      return instance.sink->write(BatchView(instance.schema, *batch));
    });
  };
  api.commit = [](void* self, qonduit_error* error) { return guarded_sink(self, error, [&] { return sink_of(self).sink->commit(); }); };
  api.abort = [](void* self, qonduit_error* error) { return guarded_sink(self, error, [&] { return sink_of(self).sink->abort(); }); };
  api.committed = [](void* self, qonduit_str run_id, std::uint32_t* yes_no_unknown, qonduit_error* error) {
    return guarded_sink(self, error, [&]() -> Status {
      auto landed = sink_of(self).sink->committed(view(run_id));
      if (!landed) return std::move(landed).error();
      *yes_no_unknown = static_cast<std::uint32_t>(*landed);
      return {};
    });
  };
  api.delivery = [](void* self, void (*reply)(void*, const qonduit_delivery*), void* taker, qonduit_error* error) {
    return guarded_sink(self, error, [&]() -> Status {
      const auto delivery = sink_of(self).sink->delivery();
      const qonduit_delivery out{sizeof out,      0, delivery.rows, delivery.bytes, borrow(delivery.target), borrow(delivery.note),
                                 delivery.refused};
      reply(taker, &out);
      return {};
    });
  };
  api.cancel = [](void* self) {
    const Context::Scope scope(sink_of(self).context);
    sink_of(self).sink->cancel();
  };
  api.formats = [](void* self, void (*reply)(void*, qonduit_str), void* taker, qonduit_error* error) {
    return guarded_sink(self, error, [&]() -> Status {
      const auto formats = sink_of(self).sink->formats();
      reply(taker, borrow(formats.empty() ? std::string_view(QONDUIT_FORMATS) : formats));
      return {};
    });
  };
  api.plan = [](void* self, const qonduit_run* run, const ArrowSchema* arrow_schema, void (*reply)(void*, const qonduit_plan*), void* taker,
                qonduit_error* error) {
    return guarded_sink(self, error, [&]() -> Status {
      const auto schema = arrow::import_schema(*arrow_schema);
      if (!schema) return schema.error();
      const auto plan = sink_of(self).sink->plan(to_run(*run), *schema);
      if (!plan) return plan.error();
      const qonduit_plan out{sizeof out,           plan->exclusive ? std::uint32_t{QONDUIT_PLAN_EXCLUSIVE} : 0u,
                             borrow(plan->target), borrow(plan->before),
                             borrow(plan->after),  borrow(plan->identity)};
      reply(taker, &out);
      return {};
    });
  };
  api.target_of = [](void* self, const qonduit_run* run, void (*reply)(void*, qonduit_str), void* taker, qonduit_error* error) {
    return guarded_sink(self, error, [&]() -> Status {
      const auto target = sink_of(self).sink->target_of(to_run(*run));
      if (!target) return target.error();
      reply(taker, borrow(*target));
      return {};
    });
  };
  return api;
}

// Extensions of a sink class S, which has them.
template <typename S>
[[gnu::visibility("hidden")]] const qonduit_end_of_run_api* end_of_run_table() noexcept {
  static const qonduit_end_of_run_api table{
      sizeof table, 0, [](void* self, qonduit_str run_id, std::uint32_t complete, qonduit_error* error) {
        return guarded_sink(self, error, [&] { return static_cast<S&>(*sink_of(self).sink).end_run(view(run_id), complete != 0); });
      }};
  return &table;
}

inline qonduit_code list_dead_letters(DeadLetterKeeper& keeper, void* self, void (*reply)(void*, const qonduit_dead_letter_file*),
                                      void* taker, qonduit_error* error) noexcept {
  return guarded_sink(self, error, [&]() -> Status {
    const auto files = keeper.dead_letters();
    if (!files) return files.error();
    for (const auto& file : *files) {
      const qonduit_dead_letter_file out{sizeof out,           0,
                                         borrow(file.path),    borrow(file.pipeline),
                                         borrow(file.run_id),  borrow(file.object),
                                         borrow(file.dataset), borrow(file.first),
                                         borrow(file.last),    borrow(file.reason),
                                         file.messages};
      reply(taker, &out);
    }
    return {};
  });
}
inline qonduit_code replay_dead_letters(DeadLetterKeeper& keeper, void* self, qonduit_str path, std::uint64_t* sent, std::uint64_t* stayed,
                                        qonduit_error* error) noexcept {
  Replayed replayed;
  const auto code = guarded_sink(self, error, [&] { return keeper.replay(view(path), replayed); });
  *sent = replayed.sent;
  *stayed = replayed.stayed;
  return code;
}
template <typename S>
[[gnu::visibility("hidden")]] const qonduit_dead_letters_api* dead_letters_table() noexcept {
  static const qonduit_dead_letters_api table{
      sizeof table, 0,
      [](void* self, void (*reply)(void*, const qonduit_dead_letter_file*), void* taker, qonduit_error* error) {
        return list_dead_letters(static_cast<S&>(*sink_of(self).sink), self, reply, taker, error);
      },
      [](void* self, qonduit_str path, std::uint64_t* sent, std::uint64_t* stayed, qonduit_error* error) {
        return replay_dead_letters(static_cast<S&>(*sink_of(self).sink), self, path, sent, stayed, error);
      }};
  return &table;
}

template <typename S>
const void* sink_extension(qonduit_str name) noexcept {
  if constexpr (std::is_base_of_v<EndOfRun, S>) {
    if (view(name) == QONDUIT_EXTENSION_END_OF_RUN) return end_of_run_table<S>();
  }
  if constexpr (std::is_base_of_v<DeadLetterKeeper, S>) {
    if (view(name) == QONDUIT_EXTENSION_DEAD_LETTERS) return dead_letters_table<S>();
  }
  return nullptr;
}

template <typename S, const auto& Table>
[[gnu::visibility("hidden")]] const qonduit_sink_api* sink_table() {
  static const qonduit_sink_api table = [] {
    auto api = sink_functions();
    api.create = [](const qonduit_context* context, const qonduit_pair* pairs, std::size_t count, qonduit_error* error) -> void* {
      return created<SinkInstance>(context, create<Sink, S, Table>, pairs, count, error);
    };
    return api;
  }();
  return &table;
}

}  // namespace qonduit::detail
