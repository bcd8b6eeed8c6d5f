// A plugin that throws where it can: in its entry point (THROW_IN_ENTRY), or in every function of its table.
#include <qonduit/abi.h>

#include <stdexcept>

namespace {

[[noreturn]] void fail() { throw std::runtime_error("thrown by a plugin"); }
int instance;

const qonduit_sink_api kSink = {
    sizeof(qonduit_sink_api),
    [](const qonduit_pair*, size_t, qonduit_error*) -> void* { return &instance; },
    [](void*) { fail(); },
    [](void*) -> uint32_t { fail(); },
    [](void*, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, const qonduit_run*, const ArrowSchema*, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, const ArrowArray*, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, qonduit_str, uint32_t*, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, void (*)(void*, const qonduit_delivery*), void*, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, qonduit_str, uint32_t, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, void (*)(void*, const qonduit_dead_letter_file*), void*, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, qonduit_str, uint64_t*, uint64_t*, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, const qonduit_run*, const ArrowSchema*, void (*)(void*, const qonduit_plan*), void*, qonduit_error*) -> qonduit_code {
      fail();
    },
    [](void*, const qonduit_run*, void (*)(void*, qonduit_str), void*, qonduit_error*) -> qonduit_code { fail(); },
};
const qonduit_adapter_api kAdapter = {
    sizeof(qonduit_adapter_api),
    [](qonduit_str, qonduit_str) -> uint32_t { fail(); },
    [](qonduit_str, qonduit_str, void (*)(void*, const qonduit_dataset*), void*, qonduit_error*) -> qonduit_code { fail(); },
    [](const qonduit_pair*, size_t, qonduit_error*) -> void* { return &instance; },
    [](void*) { fail(); },
    [](void*, qonduit_str, void (*)(void*, qonduit_str), void*, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, const qonduit_run*, qonduit_str, ArrowSchema*, qonduit_extent*, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, qonduit_request*, qonduit_error*) -> qonduit_code { fail(); },
    [](const void*, const qonduit_request*, qonduit_str, ArrowArray*, int64_t*, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, const qonduit_request*, qonduit_str, qonduit_error*) -> qonduit_code { fail(); },
    [](void*, const qonduit_run*, qonduit_str, qonduit_str, void (*)(void*, qonduit_str), void*, qonduit_error*) -> qonduit_code {
      fail();
    },
    nullptr,
    nullptr,
};
constexpr char kDescription[] = R"({"summary":"Throws.","options":[]})";
const qonduit_component kThrowingSink = {
    sizeof(qonduit_component), {"throws", 6}, {kDescription, sizeof kDescription - 1}, &kSink, nullptr};
const qonduit_component kThrowingAdapter = {
    sizeof(qonduit_component), {"throws", 6}, {kDescription, sizeof kDescription - 1}, nullptr, &kAdapter};
#ifdef THROWING_ADAPTER
const qonduit_component* const kComponents[] = {&kThrowingAdapter};
#else
const qonduit_component* const kComponents[] = {&kThrowingSink};
#endif
const qonduit_plugin kPlugin = {sizeof(qonduit_plugin), sizeof(qonduit_host), {"throws", 6}, {"1.0", 3}, 1, kComponents};

}  // namespace

extern "C" __attribute__((visibility("default"))) const qonduit_plugin* qonduit_plugin_v0(const qonduit_host*) {
  static_cast<void>(kThrowingSink), static_cast<void>(kThrowingAdapter), static_cast<void>(kPlugin);
#ifdef THROW_IN_ENTRY
  fail();
#else
  return &kPlugin;
#endif
}
