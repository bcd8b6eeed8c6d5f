// A plugin that throws where it can: in its entry point (THROW_IN_ENTRY), or in every function of its table.
#include <qonduit/abi.h>

#include <stdexcept>
#include <string_view>

namespace {

[[noreturn]] void fail() { throw std::runtime_error("thrown by a plugin"); }
int instance;

// A function of this type that throws.
template <typename Result, typename... Arguments>
void set(Result (*&member)(Arguments...)) {
  member = [](Arguments...) -> Result { fail(); };
}

const qonduit_sink_api kSink = [] {
  qonduit_sink_api api{};
  api.struct_size = sizeof api;
  api.create = [](const qonduit_context*, const qonduit_pair*, size_t, qonduit_error*) -> void* { return &instance; };
  api.guarantees = [](void*) -> uint32_t { return QONDUIT_GUARANTEE_APPEND; };
  set(api.destroy), set(api.probe), set(api.open), set(api.write), set(api.commit), set(api.abort), set(api.committed), set(api.delivery),
      set(api.cancel), set(api.plan), set(api.target_of);
  return api;
}();
const qonduit_adapter_api kAdapter = [] {
  qonduit_adapter_api api{};
  api.struct_size = sizeof api;
  api.create = [](const qonduit_context*, const qonduit_pair*, size_t, qonduit_error*) -> void* { return &instance; };
  set(api.accepts), set(api.datasets), set(api.destroy), set(api.open), set(api.next_request), set(api.decode), set(api.cancel),
      set(api.prepare), set(api.widen);
  return api;
}();
const qonduit_end_of_run_api kEndOfRun = [] {
  qonduit_end_of_run_api api{};
  api.struct_size = sizeof api;
  set(api.end_run);
  return api;
}();
const qonduit_dead_letters_api kDeadLetters = [] {
  qonduit_dead_letters_api api{};
  api.struct_size = sizeof api;
  set(api.list), set(api.replay);
  return api;
}();
const void* extension(qonduit_str name) {
  const std::string_view asked(name.data, name.size);
  if (asked == QONDUIT_EXTENSION_END_OF_RUN) return &kEndOfRun;
  if (asked == QONDUIT_EXTENSION_DEAD_LETTERS) return &kDeadLetters;
  fail();
}
constexpr char kDescription[] = R"({"summary":"Throws.","options":[]})";
const qonduit_component kThrowingSink = {
    sizeof(qonduit_component), 0, {"throws", 6}, {kDescription, sizeof kDescription - 1}, &kSink, nullptr, extension};
const qonduit_component kThrowingAdapter = {
    sizeof(qonduit_component), 0, {"throws", 6}, {kDescription, sizeof kDescription - 1}, nullptr, &kAdapter, nullptr};
#ifdef THROWING_ADAPTER
const qonduit_component* const kComponents[] = {&kThrowingAdapter};
#else
const qonduit_component* const kComponents[] = {&kThrowingSink};
#endif
const qonduit_plugin kPlugin = {sizeof(qonduit_plugin), 0, 0, QONDUIT_ABI_MINOR, {"throws", 6}, {"1.0", 3}, 1, kComponents};

}  // namespace

QONDUIT_PLUGIN_ENTRY {
  static_cast<void>(context);
  static_cast<void>(kThrowingSink), static_cast<void>(kThrowingAdapter), static_cast<void>(kPlugin);
#ifdef THROW_IN_ENTRY
  fail();
#else
  return &kPlugin;
#endif
}
