// Loads one plugin file, after checking that nobody but root and the service's own user can have written it. The home of Boost.DLL.
// Loading runs the library's constructors, so everything about the file is checked before, on its descriptor, and exactly those bytes
// are loaded. A library is never unloaded: threads, thread-locals and callbacks it left behind would crash the process.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "qonduit/abi.h"
#include "qonduit/status.hpp"

namespace qonduit::plugin {

// The plugin's table, checked: every member this host uses is there. Lives as long as the process.
Result<const qonduit_plugin*> load_library(const std::filesystem::path& file);

// Whether file, and every folder above it, can only be written by root and the effective user. A sticky folder of root's, such as /tmp,
// may stand among the ancestors. Answers an open descriptor of the file.
Result<int> open_trusted(const std::filesystem::path& file);

}  // namespace qonduit::plugin
