// The small change of the boundary: borrowed texts, errors, and the wall that exceptions do not pass.
#pragma once

#include <qonduit/abi.h>
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

using ErrorSetter = void (*)(qonduit_error*, qonduit_code, qonduit_str);
// Hidden, so that two plugins in one process never share it, whatever they were linked with.
[[gnu::visibility("hidden")]] inline ErrorSetter& error_setter() noexcept {
  static ErrorSetter setter = nullptr;
  return setter;
}

inline qonduit_code answer(const Status& status, qonduit_error* error) noexcept {
  const auto code = static_cast<qonduit_code>(status.code());
  if (!status.ok() && error_setter() != nullptr) error_setter()(error, code, borrow(status.message()));
  return code;
}

[[gnu::cold]] inline qonduit_code answer_text(qonduit_error* error, std::string_view text) noexcept {
  if (error_setter() != nullptr) error_setter()(error, QONDUIT_INTERNAL, borrow(text));
  return QONDUIT_INTERNAL;
}

// Runs what answers a Status; whatever it throws becomes internal.
[[gnu::noinline]] inline qonduit_code run_guarded(qonduit_error* error, Status (*run)(void*), void* context) noexcept {
  try {
    return answer(run(context), error);
  } catch (const std::exception& thrown) {
    try {
      return answer_text(error, std::string("exception in the plugin: ") + thrown.what());
    } catch (...) {
      return answer_text(error, "out of memory in the plugin");
    }
  } catch (...) {
    return answer_text(error, "an exception of unknown type in the plugin");
  }
}
template <typename Body>
qonduit_code guarded(qonduit_error* error, Body&& body) noexcept {
  using Plain = std::remove_reference_t<Body>;
  return run_guarded(
      error, [](void* context) -> Status { return (*static_cast<Plain*>(context))(); }, &body);
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
  out.hypercube = view(run.hypercube);
  out.day = view(run.day);
  for (std::size_t i = 0; i < run.loop_count; ++i) out.loop.emplace_back(view(run.loop[i].key), view(run.loop[i].value));
  for (std::size_t i = 0; i < run.selection_count; ++i) {
    out.selections.emplace_back(view(run.selections[i].key), view(run.selections[i].value));
  }
  out.objects.reserve(run.object_count);
  for (std::size_t i = 0; i < run.object_count; ++i) {
    out.objects.push_back({view(run.objects[i].object_id), view(run.objects[i].title), view(run.objects[i].sheet)});
  }
  out.takeover = run.takeover != 0;
  return out;
}

}  // namespace qonduit::detail
