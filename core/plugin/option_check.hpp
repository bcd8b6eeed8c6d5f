// Checks options against what a component says of itself, before an instance is made: every mistake at once, each with the line it was
// written in. The plugin parses them again, and has the last word.
#pragma once

#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/config/problem.hpp"
#include "core/plugin/description.hpp"
#include "core/plugin/registry.hpp"

namespace qonduit::plugin {

// prefix: what stands before the option's name in the configuration, "sink.lake.". given: options that count as given, and are not checked.
config::Problems check_options(const Component& component, const std::vector<config::Option>& options, const std::string& prefix,
                               const config::Origin& section = {}, const std::vector<config::Option>& given = {});

// An option as the plugin gets it: the name behind a family's prefix and every text without quotes, a list as it is written, for its items
// have quotes of their own. False, and the option as it was, where a quote is not closed.
bool take_quotes(const std::vector<DescribedOption>& described, config::Option& option);

}  // namespace qonduit::plugin
