// Loads one plugin file, after checking that nobody but root and the service's own user can have written it. The home of Boost.DLL.
// Loading runs the library's constructors, so everything about the file is checked before, on its descriptor, and exactly those bytes
// are loaded. A library is never unloaded: threads, thread-locals and callbacks it left behind would crash the process. Called at
// start, by one thread.
//
// Two consequences of loading through the descriptor: $ORIGIN in a plugin's run path means /proc/self/fd, so private libraries need an
// absolute path; and each loaded plugin keeps one descriptor open. The libraries a plugin links are found by the system's loader
// and are not checked here: who may write the plugin may choose them.
#pragma once

#include <filesystem>

#include "qonduit/abi.h"
#include "qonduit/status.hpp"

namespace qonduit::plugin {

// The plugin's table, checked: every member this host uses is there. Lives as long as the process.
Result<const qonduit_plugin*> load_library(const std::filesystem::path& file);

// An open descriptor of the file, if it and every folder above it, from the root on, belong to root or the effective user and can be
// written by nobody else. A sticky folder of root's, such as /tmp, may stand further up: in it nobody can replace what is another's.
// It may not hold the plugin itself. Symbolic links among the folders are resolved, and what they lead to is checked; the file must be
// no link. The caller closes the descriptor.
Result<int> open_trusted(const std::filesystem::path& file);

}  // namespace qonduit::plugin
