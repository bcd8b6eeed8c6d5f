// A sink that writes down what is asked of it and fails where a test says so. One component; the option "name" tells the instances apart.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/pipeline/delivery.hpp"
#include "core/plugin/process_host.hpp"
#include "tests/core/plugin/fake_components.hpp"

namespace qonduit::pipeline::testing {

struct Target {
  std::map<std::string, Code> failing;  // by hook: open write commit abort
  Committed committed = Committed::no;
  std::uint32_t guarantees = QONDUIT_GUARANTEE_REPLACE;
  std::string name = "memory";  // what it calls itself in delivery()
  std::string note;
  std::uint64_t lost_rows = 0;       // not counted in delivery()
  std::vector<std::string> events;   // hooks, in order
  std::vector<std::int64_t> values;  // of the first column, as written
  std::uint64_t rows = 0;
  std::string title, loop_value;  // it was opened with
};

// All targets of a test, by name.
inline std::map<std::string, Target>& targets() {
  static std::map<std::string, Target> all;
  return all;
}

namespace detail {

inline qonduit_code hook(void* self, const char* name, qonduit_error* error) {
  auto& target = *static_cast<Target*>(self);
  target.events.emplace_back(name);
  const auto found = target.failing.find(name);
  if (found == target.failing.end()) return QONDUIT_OK;
  const auto code = static_cast<qonduit_code>(found->second);
  plugin::set_error(error, code, "told to fail");
  return code;
}

inline const qonduit_sink_api kTable = {
    sizeof(qonduit_sink_api),
    0,
    [](const qonduit_context*, const qonduit_pair* options, size_t count, qonduit_error*) -> void* {
      return &targets()[count == 0 ? std::string() : std::string(options[0].value.data, options[0].value.size)];
    },
    [](void*) {},
    [](void* self) -> std::uint32_t { return static_cast<Target*>(self)->guarantees; },
    [](void* self, qonduit_error* error) -> qonduit_code { return hook(self, "probe", error); },
    [](void* self, const qonduit_run* run, const ArrowSchema*, qonduit_error* error) -> qonduit_code {
      auto& target = *static_cast<Target*>(self);
      target.title.assign(run->title.data, run->title.size);
      if (run->loop_count > 0) target.loop_value.assign(run->loop[0].value.data, run->loop[0].value.size);
      return hook(self, "open", error);
    },
    [](void* self, const ArrowArray* batch, qonduit_error* error) -> qonduit_code {
      auto& target = *static_cast<Target*>(self);
      const auto code = hook(self, "write", error);
      if (code != QONDUIT_OK) return code;
      const auto* values = static_cast<const std::int64_t*>(batch->children[0]->buffers[1]);
      target.values.insert(target.values.end(), values, values + batch->length);
      target.rows += static_cast<std::uint64_t>(batch->length);
      return code;
    },
    [](void* self, qonduit_error* error) -> qonduit_code { return hook(self, "commit", error); },
    [](void* self, qonduit_error* error) -> qonduit_code { return hook(self, "abort", error); },
    [](void* self, qonduit_str, std::uint32_t* answer, qonduit_error* error) -> qonduit_code {
      *answer = static_cast<std::uint32_t>(static_cast<Target*>(self)->committed);
      return hook(self, "committed", error);
    },
    [](void* self, void (*reply)(void*, const qonduit_delivery*), void* context, qonduit_error*) -> qonduit_code {
      const auto& target = *static_cast<Target*>(self);
      const qonduit_delivery said{
          sizeof said, 0, target.rows - target.lost_rows, 8 * target.rows, plugin::text_of(target.name), plugin::text_of(target.note), 0};
      reply(context, &said);
      return QONDUIT_OK;
    },
    nullptr,
    nullptr,
    nullptr,
    [](void*, const qonduit_run* run, void (*reply)(void*, qonduit_str), void* context, qonduit_error*) -> qonduit_code {
      reply(context, run->title);
      return QONDUIT_OK;
    }};

inline const qonduit_end_of_run_api kEndOfRun = {sizeof(qonduit_end_of_run_api), 0,
                                                 [](void* self, qonduit_str, std::uint32_t complete, qonduit_error* error) -> qonduit_code {
                                                   return hook(self, complete == 1 ? "end complete" : "end failed", error);
                                                 }};
inline const void* extension(qonduit_str name) {
  return std::string_view(name.data, name.size) == QONDUIT_EXTENSION_END_OF_RUN ? &kEndOfRun : nullptr;
}

inline const plugin::FakeComponent& component() {
  static const plugin::FakeComponent one("recording", &kTable, nullptr, R"({"options":[]})", extension);
  return one;
}

}  // namespace detail

// guarantees: as of its creation.
inline NamedSink recording_sink(const std::string& name, std::uint32_t guarantees = QONDUIT_GUARANTEE_REPLACE) {
  targets()[name] = {};
  targets()[name].guarantees = guarantees;
  targets()[name].name = "memory " + name;
  host::WirePairs options;
  options.add("name", name);
  auto sink = host::Sink::create(detail::component().get(), options);
  return {name, std::move(*sink)};
}

inline const Schema& one_column() {
  static const Schema schema{{{"n", Type::int64}}};
  return schema;
}

inline SharedBatch batch_of(std::int64_t first, std::int64_t rows) {
  std::vector<Column> columns;
  columns.emplace_back(Type::int64, rows);
  for (std::int64_t row = 0; row < rows; ++row) columns[0].append_int64(first + row);
  arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  return SharedBatch(std::move(array));
}

}  // namespace qonduit::pipeline::testing
