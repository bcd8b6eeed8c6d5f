// Which configuration file a command reads.
#pragma once

#include <string>

#include "qonduit/status.hpp"

namespace qonduit::app {

// The one given on the command line; else the one QONDUIT_CONFIG names; else ./qonduit.properties; else the installed one. Only the last
// two are looked for. Empty: there is none of them. forbidden: ./qonduit.properties is somebody else's, who would say here which plugins
// are loaded and what is delivered where.
Result<std::string> find_config_file(const std::string& given);

// Where it was looked for, for the message that there is none.
std::string places_of_config_file();

}  // namespace qonduit::app
