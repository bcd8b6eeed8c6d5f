// Instances of components, made from a configuration's options. What they do is in qonduit/host/sink.hpp and adapter.hpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/plugin/registry.hpp"
#include "qonduit/host/adapter.hpp"
#include "qonduit/host/sink.hpp"
#include "qonduit/host/wire.hpp"
#include "qonduit/status.hpp"

namespace qonduit::plugin {

// Options as pairs, without the quotes of the configuration. Secrets are revealed here and nowhere else. Does not move.
class OptionPairs {
 public:
  OptionPairs(const Component& component, std::vector<config::Option> options);
  OptionPairs(const OptionPairs&) = delete;
  OptionPairs& operator=(const OptionPairs&) = delete;
  [[nodiscard]] const host::WirePairs& wire() const noexcept { return pairs_; }

 private:
  std::vector<config::Option> options_;
  host::WirePairs pairs_;
};

// pipeline: the one it works for; empty: none, as for a look at its dead letters.
Result<host::Sink> create_sink(const Component& component, const config::Sink& sink, std::string_view pipeline = {});
Result<host::Adapter> create_adapter(const Component& component, const std::vector<config::Option>& options,
                                     std::string_view pipeline = {});

}  // namespace qonduit::plugin
