// The small change of the boundary: borrowed texts, errors, and the wall that exceptions do not pass.
#pragma once

#include <qonduit/abi.h>
#include <qonduit/context.hpp>
#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>

namespace qonduit::detail {

inline qonduit_str borrow(std::string_view text) noexcept { return {text.data(), text.size()}; }
// Empty text may come as a null pointer; a plugin always sees one it can hand on.
inline std::string_view view(qonduit_str text) noexcept {
  return text.size == 0 ? std::string_view("") : std::string_view(text.data, text.size);
}

inline void set_error(Context context, qonduit_error* error, qonduit_code code, std::string_view text) noexcept {
  const auto* known = context.get();
  if (known != nullptr) known->host->error_set(known, error, code, borrow(text));
}

inline qonduit_code answer(Context context, const Status& status, qonduit_error* error) noexcept {
  const auto code = static_cast<qonduit_code>(status.code());
  if (!status.ok()) set_error(context, error, code, status.message());
  return code;
}

[[gnu::cold]] inline qonduit_code answer_text(Context context, qonduit_error* error, std::string_view text) noexcept {
  set_error(context, error, QONDUIT_INTERNAL, text);
  return QONDUIT_INTERNAL;
}

// Runs what answers a Status, in this context; whatever it throws becomes internal.
[[gnu::noinline]] inline qonduit_code run_guarded(Context context, qonduit_error* error, Status (*run)(void*), void* body) noexcept {
  const Context::Scope scope(context);
  try {
    return answer(context, run(body), error);
  } catch (const std::exception& thrown) {
    try {
      return answer_text(context, error, std::string("exception in the plugin: ") + thrown.what());
    } catch (...) {
      return answer_text(context, error, "out of memory in the plugin");
    }
  } catch (...) {
    return answer_text(context, error, "an exception of unknown type in the plugin");
  }
}
template <typename Body>
qonduit_code guarded(Context context, qonduit_error* error, Body&& body) noexcept {
  using Plain = std::remove_reference_t<Body>;
  return run_guarded(
      context, error, [](void* plain) -> Status { return (*static_cast<Plain*>(plain))(); }, &body);
}

// An older host's run is shorter than ours: what it does not have is empty.
[[gnu::cold]] inline Run to_run(const qonduit_run& given) {
  qonduit_run run{};
  std::memcpy(&run, &given, std::min<std::size_t>(given.struct_size, sizeof run));
  Run out;
  out.fence = run.fence;
  out.pipeline = view(run.pipeline);
  out.run_id = view(run.run_id);
  out.app = view(run.app);
  out.app_id = view(run.app_id);
  out.sheet = view(run.sheet);
  out.object_id = view(run.object_id);
  out.object_type = view(run.object_type);
  out.title = view(run.title);
  out.dataset = view(run.dataset);
  out.started_at = view(run.started_at);
  out.reload_time = view(run.reload_time);
  out.turn = view(run.turn);
  out.day = view(run.day);
  for (std::size_t i = 0; i < run.loop_count; ++i) out.loop.emplace_back(view(run.loop[i].key), view(run.loop[i].value));
  for (std::size_t i = 0; i < run.selection_count; ++i) {
    out.selections.emplace_back(view(run.selections[i].key), view(run.selections[i].value));
  }
  out.objects.reserve(run.object_count);
  for (std::size_t i = 0; i < run.object_count; ++i) {
    out.objects.push_back({view(run.objects[i].object_id), view(run.objects[i].title), view(run.objects[i].sheet)});
  }
  out.takeover = (run.flags & QONDUIT_RUN_TAKEOVER) != 0;
  return out;
}

}  // namespace qonduit::detail
