// From .properties files to a Config, or to every problem in them at once. Reads the main file, conf.d/*.properties beside it in lexical
// order, then the overrides of the command line; later wins. Values may refer to other keys (${key}), to ${application.configDir} and
// ${application.dir}, and to secrets: ${file:/path} and ${env:NAME}. Touches no network. Keeps no state: any thread may call it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/config/problem.hpp"

namespace qonduit::config {

// A key in force: for "qonduit config".
struct Effective {
  std::string key;
  std::string value;  // "********" when secret
  Origin origin;
  std::string portable;  // for a file elsewhere: references to secrets kept, all others resolved; empty for a secret that is written out
};

struct LoadResult {
  Config config;
  Problems problems;              // empty: config is valid
  std::vector<Problem> warnings;  // allowed, but somebody should know
  std::vector<Effective> effective;
};

// overrides: "key=value" each. An empty main_file: the overrides alone, relative to the working folder.
LoadResult load(const std::string& main_file, const std::vector<std::string>& overrides);

// A key and its value as an override: KEY=VALUE, an '=' in the key written \=.
std::string override_of(std::string_view key, std::string_view value);

// How a secret is shown.
inline constexpr const char* kMasked = "********";

// A key and its value as a line of a .properties file, escaped; ends with a line end.
std::string property_line(std::string_view key, std::string_view value);
// key = value    # origin; escaped, so that every entry is one line.
std::string effective_text(const std::vector<Effective>& entries);

// docs/reference/configuration.md, from the table of keys.
std::string reference_markdown();

}  // namespace qonduit::config
