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
  Request request = {};
  std::string note = {};
};

// Members appended to a host's table after its first release are written only where the host has them.
inline bool has_note(const qonduit_extent& extent) noexcept {
  return extent.struct_size >= offsetof(qonduit_extent, note) + sizeof extent.note;
}
inline bool has_steps(const qonduit_request& request) noexcept {
  return request.struct_size >= offsetof(qonduit_request, step_height) + sizeof request.step_height;
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
  return {{}, {}, Page{request.page.left, request.page.top, request.page.width, request.page.height}, request.tag, 0, 0};
}

// What every adapter's table has; accepts, datasets and create are the class's own.
inline qonduit_adapter_api adapter_functions() noexcept {
  qonduit_adapter_api api{};
  api.struct_size = sizeof api;
  api.destroy = [](void* self) { delete static_cast<AdapterInstance*>(self); };
  api.prepare = [](void* self, qonduit_str properties_json, void (*reply)(void*, qonduit_str), void* context, qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      auto definition = static_cast<AdapterInstance*>(self)->adapter->prepare(view(properties_json));
      if (!definition) return std::move(definition).error();
      if (*definition) reply(context, borrow(**definition));
      return {};
    });
  };
  api.open = [](void* self, const qonduit_run* run, qonduit_str layout_json, ArrowSchema* schema, qonduit_extent* extent,
                qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      auto& instance = *static_cast<AdapterInstance*>(self);
      auto opened = instance.adapter->open(to_run(*run), view(layout_json));
      if (!opened) return std::move(opened).error();
      extent->rows = opened->rows;
      extent->cells = opened->cells;
      instance.note = std::move(opened->note);
      if (has_note(*extent)) extent->note = borrow(instance.note);
      arrow::export_schema(opened->schema, schema);
      return {};
    });
  };
  api.next_request = [](void* self, qonduit_request* out, qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      auto& instance = *static_cast<AdapterInstance*>(self);
      auto request = instance.adapter->next_request();
      if (!request) return std::move(request).error();
      instance.request = *request ? std::move(**request) : Request();
      const auto& said = instance.request;
      out->method = borrow(said.method);
      out->params_json = borrow(said.params_json);
      out->page = {said.page.left, said.page.top, said.page.width, said.page.height};
      out->tag = said.tag;
      if (has_steps(*out)) {
        out->step_width = said.step_width;
        out->step_height = said.step_height;
      }
      return {};
    });
  };
  api.decode = [](const void* self, const qonduit_request* request, qonduit_str reply_json, ArrowArray* out, std::int64_t* rows,
                  qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      auto decoded = static_cast<const AdapterInstance*>(self)->adapter->decode(to_request(*request), view(reply_json));
      if (!decoded) return std::move(decoded).error();
      *out = decoded->array;
      *rows = decoded->rows;
      return {};
    });
  };
  api.widen = [](void* self, const qonduit_request* request, qonduit_str reply_json, qonduit_error* error) {
    return guarded(error, [&] { return static_cast<AdapterInstance*>(self)->adapter->widen(to_request(*request), view(reply_json)); });
  };
  api.prepare_dataset = [](void* self, const qonduit_run* run, qonduit_str layout_json, qonduit_str properties_json,
                           void (*reply)(void*, qonduit_str), void* context, qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      auto definition =
          static_cast<AdapterInstance*>(self)->adapter->prepare_dataset(to_run(*run), view(layout_json), view(properties_json));
      if (!definition) return std::move(definition).error();
      if (*definition) reply(context, borrow(**definition));
      return {};
    });
  };
  api.use_locale = [](void* self, const qonduit_locale* locale, qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      static_cast<AdapterInstance*>(self)->adapter->use_locale(to_locale(*locale));
      return {};
    });
  };
  api.findings = [](void* self, void (*reply)(void*, qonduit_str), void* context, qonduit_error* error) {
    return guarded(error, [&]() -> Status {
      for (const auto& note : static_cast<AdapterInstance*>(self)->adapter->findings()) reply(context, borrow(note));
      return {};
    });
  };
  return api;
}

template <typename A, const auto& Table>
const qonduit_adapter_api* adapter_table() {
  static const qonduit_adapter_api table = [] {
    auto api = adapter_functions();
    api.accepts = [](qonduit_str object_type, qonduit_str layout_json) -> std::uint32_t {
      try {
        return A::accepts(view(object_type), view(layout_json));
      } catch (...) {
        return 0;
      }
    };
    api.datasets = [](qonduit_str object_type, qonduit_str layout_json, void (*reply)(void*, const qonduit_dataset*), void* context,
                      qonduit_error* error) {
      return guarded(error, [&]() -> Status {
        auto names = A::datasets(view(object_type), view(layout_json));
        if (!names) return std::move(names).error();
        for (const auto& name : *names) {
          const qonduit_dataset dataset{sizeof dataset, borrow(name)};
          reply(context, &dataset);
        }
        return {};
      });
    };
    api.create = [](const qonduit_pair* pairs, std::size_t count, qonduit_error* error) -> void* {
      return created<AdapterInstance>(create<Adapter, A, Table>, pairs, count, error);
    };
    return api;
  }();
  return &table;
}

}  // namespace qonduit::detail
