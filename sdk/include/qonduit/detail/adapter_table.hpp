// The C table of an adapter class.
#pragma once

#include <qonduit/adapter.hpp>
#include <qonduit/detail/instance.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

namespace qonduit::detail {

// An adapter, and what it said last: texts are borrowed by the host until the next call.
struct AdapterInstance {
  std::unique_ptr<Adapter> adapter;
  Context context;
  Request request = {};
  std::string note = {};
};

inline AdapterInstance& adapter_of(void* self) noexcept { return *static_cast<AdapterInstance*>(self); }
template <typename Body>
qonduit_code guarded_adapter(void* self, qonduit_error* error, Body&& body) noexcept {
  return guarded(adapter_of(self).context, error, std::forward<Body>(body));
}

// An older host's locale is shorter than ours: what it does not have is empty.
[[gnu::cold]] inline Locale to_locale(const qonduit_locale& given) {
  qonduit_locale all{};
  std::memcpy(&all, &given, std::min<std::size_t>(given.struct_size, sizeof all));
  const auto text = [](qonduit_str borrowed) { return std::string(view(borrowed)); };
  Locale locale;
  locale.decimal = text(all.decimal), locale.thousands = text(all.thousands);
  locale.money_decimal = text(all.money_decimal), locale.money_thousands = text(all.money_thousands);
  locale.money = text(all.money), locale.date = text(all.date), locale.time = text(all.time), locale.timestamp = text(all.timestamp);
  locale.abbreviations = text(all.abbreviations);
  locale.months = text(all.months), locale.long_months = text(all.long_months);
  locale.days = text(all.days), locale.long_days = text(all.long_days);
  return locale;
}

inline Request to_request(const qonduit_request& request) {
  Request out;
  out.page = {request.page.left, request.page.top, request.page.width, request.page.height};
  out.tag = request.tag;
  out.of_layout = (request.flags & QONDUIT_REQUEST_LAYOUT) != 0;
  return out;
}

// What every adapter's table has; accepts, datasets and create are the class's own.
inline qonduit_adapter_api adapter_functions() noexcept {
  qonduit_adapter_api api{};
  api.struct_size = sizeof api;
  api.destroy = [](void* self) {
    const Context::Scope scope(adapter_of(self).context);
    delete &adapter_of(self);
  };
  api.open = [](void* self, const qonduit_run* run, qonduit_str layout_json, ArrowSchema* schema, qonduit_extent* extent,
                qonduit_error* error) {
    return guarded_adapter(self, error, [&]() -> Status {
      auto& instance = adapter_of(self);
      auto opened = instance.adapter->open(to_run(*run), view(layout_json));
      if (!opened) return std::move(opened).error();
      extent->rows = opened->rows;
      extent->cells = opened->cells;
      instance.note = std::move(opened->note);
      extent->note = borrow(instance.note);
      arrow::export_schema(opened->schema, schema);
      return {};
    });
  };
  api.next_request = [](void* self, qonduit_request* out, qonduit_error* error) {
    return guarded_adapter(self, error, [&]() -> Status {
      auto& instance = adapter_of(self);
      auto request = instance.adapter->next_request();
      if (!request) return std::move(request).error();
      instance.request = *request ? std::move(**request) : Request();
      const auto& said = instance.request;
      out->flags = said.of_layout ? std::uint32_t{QONDUIT_REQUEST_LAYOUT} : 0u;
      out->method = borrow(said.method);
      out->params_json = borrow(said.params_json);
      out->page = {said.page.left, said.page.top, said.page.width, said.page.height};
      out->tag = said.tag;
      out->step_width = said.step_width;
      out->step_height = said.step_height;
      return {};
    });
  };
  api.decode = [](const void* self, const qonduit_request* request, qonduit_str reply_json, ArrowArray* out, std::int64_t* rows,
                  qonduit_error* error) {
    const auto& instance = *static_cast<const AdapterInstance*>(self);
    return guarded(instance.context, error, [&]() -> Status {
      auto decoded = std::as_const(*instance.adapter).decode(to_request(*request), view(reply_json));
      if (!decoded) return std::move(decoded).error();
      *out = decoded->array;
      *rows = decoded->rows;
      return {};
    });
  };
  api.cancel = [](void* self) {
    const Context::Scope scope(adapter_of(self).context);
    adapter_of(self).adapter->cancel();
  };
  api.prepare = [](void* self, const qonduit_run* run, qonduit_str layout_json, qonduit_str properties_json,
                   void (*reply)(void*, qonduit_str), void* taker, qonduit_error* error) {
    return guarded_adapter(self, error, [&]() -> Status {
      auto definition = adapter_of(self).adapter->prepare(to_run(*run), view(layout_json), view(properties_json));
      if (!definition) return std::move(definition).error();
      if (*definition) reply(taker, borrow(**definition));
      return {};
    });
  };
  api.widen = [](void* self, const qonduit_request* request, qonduit_str reply_json, qonduit_error* error) {
    return guarded_adapter(self, error, [&] { return adapter_of(self).adapter->widen(to_request(*request), view(reply_json)); });
  };
  api.use_locale = [](void* self, const qonduit_locale* locale, qonduit_error* error) {
    return guarded_adapter(self, error, [&]() -> Status {
      adapter_of(self).adapter->use_locale(to_locale(*locale));
      return {};
    });
  };
  api.findings = [](void* self, void (*reply)(void*, qonduit_str), void* taker, qonduit_error* error) {
    return guarded_adapter(self, error, [&]() -> Status {
      for (const auto& note : adapter_of(self).adapter->findings()) reply(taker, borrow(note));
      return {};
    });
  };
  return api;
}

template <typename A>
constexpr bool decodes_in_parallel() {
  if constexpr (requires { A::kParallelDecode; })
    return A::kParallelDecode;
  else
    return false;
}

// The static functions of an adapter class, with the options where it wants them.
template <typename A, const auto& Table>
std::uint32_t adapter_accepts(const qonduit_pair* pairs, std::size_t count, std::string_view type, std::string_view layout) {
  using Options = typename std::remove_cvref_t<decltype(Table)>::options_type;
  if constexpr (requires(const Options& options) { A::accepts(options, type, layout); }) {
    Options options{};
    return parse_rows(bound_rows(Table, options), pairs, count).ok() ? A::accepts(options, type, layout) : 0;
  } else {
    static_cast<void>(pairs), static_cast<void>(count);
    return A::accepts(type, layout);
  }
}
template <typename A, const auto& Table>
Result<std::vector<Dataset>> adapter_datasets(const qonduit_pair* pairs, std::size_t count, std::string_view type,
                                              std::string_view layout) {
  using Options = typename std::remove_cvref_t<decltype(Table)>::options_type;
  if constexpr (requires(const Options& options) { A::datasets(options, type, layout); }) {
    Options options{};
    if (auto parsed = parse_rows(bound_rows(Table, options), pairs, count); !parsed.ok()) return parsed;
    return A::datasets(options, type, layout);
  } else {
    static_cast<void>(pairs), static_cast<void>(count);
    return A::datasets(type, layout);
  }
}

template <typename A, const auto& Table>
[[gnu::visibility("hidden")]] const qonduit_adapter_api* adapter_table() {
  static const qonduit_adapter_api table = [] {
    auto api = adapter_functions();
    api.flags = decodes_in_parallel<A>() ? std::uint32_t{QONDUIT_ADAPTER_PARALLEL_DECODE} : 0u;
    api.accepts = [](const qonduit_context* context, const qonduit_pair* pairs, std::size_t count, qonduit_str object_type,
                     qonduit_str layout_json) -> std::uint32_t {
      const Context::Scope scope{Context(context)};
      try {
        return adapter_accepts<A, Table>(pairs, count, view(object_type), view(layout_json));
      } catch (...) {
        return 0;
      }
    };
    api.datasets = [](const qonduit_context* context, const qonduit_pair* pairs, std::size_t count, qonduit_str object_type,
                      qonduit_str layout_json, void (*reply)(void*, const qonduit_dataset*), void* taker, qonduit_error* error) {
      return guarded(Context(context), error, [&]() -> Status {
        auto datasets = adapter_datasets<A, Table>(pairs, count, view(object_type), view(layout_json));
        if (!datasets) return std::move(datasets).error();
        for (const auto& dataset : *datasets) {
          const qonduit_dataset out{sizeof out, 0, borrow(dataset.name), borrow(dataset.place)};
          reply(taker, &out);
        }
        return {};
      });
    };
    api.create = [](const qonduit_context* context, const qonduit_pair* pairs, std::size_t count, qonduit_error* error) -> void* {
      return created<AdapterInstance>(context, create<Adapter, A, Table>, pairs, count, error);
    };
    return api;
  }();
  return &table;
}

}  // namespace qonduit::detail
