// What a shared library's own headers say, read from its descriptor before anything of it is loaded: whether it is one, for this
// machine, complete, and which entry symbols of plugins it exports. Loading runs constructors, and mapping a file that is cut short
// ends the process with SIGBUS; so both questions are asked of the bytes first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "qonduit/status.hpp"

namespace qonduit::plugin {

// The names of the exported functions that begin with prefix, or what is wrong with the file ("is no shared library").
Result<std::vector<std::string>> exported_functions(int fd, std::string_view prefix);

}  // namespace qonduit::plugin
