// Resolves ${...} in values: other keys, the configuration's folder, and secrets in files and the environment.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace qonduit::config {

struct Expanded {
  std::string text;
  bool secret = false;  // a part of it came from ${file:} or ${env:}
  std::string problem;  // not empty: what is wrong
};

// lookup answers the raw text of another key, or null.
using Lookup = std::function<const std::string*(std::string_view key)>;

// ${application.configDir} is config_folder with a '/' at the end, as Poco has it.
Expanded expand(const std::string& raw, const std::filesystem::path& config_folder, const Lookup& lookup);

}  // namespace qonduit::config
