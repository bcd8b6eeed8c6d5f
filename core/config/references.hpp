// Resolves ${...} in values: other keys, the folders of the configuration and of the program, and secrets in files and the environment.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/secret.hpp"

namespace qonduit::config {

struct Expanded {
  std::string text;
  bool secret = false;          // a part of it came from ${file:} or ${env:}
  bool verbatim = false;        // all of it did: quotes in it are its own
  std::string problem;          // not empty: what is wrong
  std::string warning;          // not empty: what is allowed but unwise
  std::vector<Secret> secrets;  // the parts that came from ${file:} and ${env:}
};

// lookup answers the raw text of another key, or null.
using Lookup = std::function<const std::string*(std::string_view key)>;

// ${application.configDir} is config_folder and ${application.dir} the program's, with a '/' at the end, as Poco has it; one more
// behind it is left out. Other than with Poco, a reference to nothing is a problem, and does not stay in the text; $${ is a ${ that refers
// to nothing.
Expanded expand(const std::string& raw, const std::filesystem::path& config_folder, const Lookup& lookup);
// The same for a file elsewhere: references to secrets stay, with absolute paths, no secret is read, and $${ stays $${.
Expanded expand_but_secrets(const std::string& raw, const std::filesystem::path& config_folder, const Lookup& lookup);

}  // namespace qonduit::config
