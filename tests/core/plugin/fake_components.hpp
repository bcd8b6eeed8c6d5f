// Components made in the test itself: tables whose functions are the test's, to see what the host makes of what they answer.
#pragma once

#include <string>
#include <string_view>

#include "core/plugin/process_host.hpp"
#include "core/plugin/registry.hpp"
#include "qonduit/abi.h"

namespace qonduit::plugin {

inline qonduit_str text_of(std::string_view text) { return {text.data(), text.size()}; }

// Why a call of a fake fails.
inline void set_error(qonduit_error* error, qonduit_code code, std::string_view text) {
  host::Host::table().error_set(nullptr, error, code, text_of(text));
}

// Holds the tables a Component points to; they must outlive it.
class FakeComponent {
 public:
  FakeComponent(std::string_view name, const qonduit_sink_api* sink, const qonduit_adapter_api* adapter,
                std::string_view describe_json = R"({"options":[]})", const void* (*extension)(qonduit_str) = nullptr)
      : component_{sizeof(qonduit_component), 0, text_of(name), text_of(describe_json), sink, adapter, extension},
        plugin_{sizeof(qonduit_plugin), 0, sizeof(qonduit_host), QONDUIT_ABI_MINOR, text_of(name), text_of("1.0"), 1, &pointer_} {}
  FakeComponent(const FakeComponent&) = delete;
  FakeComponent& operator=(const FakeComponent&) = delete;

  [[nodiscard]] Component get() const { return {process_host(), plugin_, component_, "fake.so"}; }
  [[nodiscard]] const qonduit_plugin& plugin() const { return plugin_; }

 private:
  qonduit_component component_;
  const qonduit_component* pointer_ = &component_;
  qonduit_plugin plugin_;
};

}  // namespace qonduit::plugin
