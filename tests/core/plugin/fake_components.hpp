// Components made in the test itself: tables whose functions are the test's, to see what the host makes of what they answer.
#pragma once

#include <string>
#include <string_view>

#include "core/plugin/registry.hpp"
#include "qonduit/abi.h"

namespace qonduit::plugin {

inline qonduit_str text_of(std::string_view text) { return {text.data(), text.size()}; }

// Holds the tables a Component points to; they must outlive it.
class FakeComponent {
 public:
  FakeComponent(std::string_view name, const qonduit_sink_api* sink, const qonduit_adapter_api* adapter,
                std::string_view describe_json = R"({"options":[]})")
      : component_{sizeof(qonduit_component), text_of(name), text_of(describe_json), sink, adapter},
        plugin_{sizeof(qonduit_plugin), sizeof(qonduit_host), text_of(name), text_of("1.0"), 1, &pointer_} {}
  FakeComponent(const FakeComponent&) = delete;
  FakeComponent& operator=(const FakeComponent&) = delete;

  [[nodiscard]] Component get() const { return {plugin_, component_, "fake.so"}; }
  [[nodiscard]] const qonduit_plugin& plugin() const { return plugin_; }

 private:
  qonduit_component component_;
  const qonduit_component* pointer_ = &component_;
  qonduit_plugin plugin_;
};

}  // namespace qonduit::plugin
