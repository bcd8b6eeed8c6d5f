// The checks on what a plugin's entry function gave, before anybody reads it otherwise.
#pragma once

#include <string>

#include "qonduit/abi.h"

namespace qonduit::plugin {

// What is wrong with the tables, as the end of a sentence that begins with the file: "holds no component". Empty when nothing is.
// ENSURES when empty: every text is there, every table covers the first minor of its major, every function this host needs is set.
std::string check_tables(const qonduit_plugin& plugin);

}  // namespace qonduit::plugin
