// Checks options against what a component says of itself, before an instance is made: every mistake at once, each with the line it was
// written in. The plugin parses them again, and has the last word.
#pragma once

#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/plugin/registry.hpp"

namespace qonduit::plugin {

// prefix: what stands before the option's name in the configuration, "sink.lake.". One sentence per mistake.
std::vector<std::string> check_options(const Component& component, const std::vector<config::Option>& options, const std::string& prefix,
                                       const config::Origin& section = {});

}  // namespace qonduit::plugin
