// What this program is: "qonduit 0.1.0 (commit 1f2e3d4c5b, plugin boundary 0)".
#pragma once

#include <string>

namespace qonduit::app {

std::string version_text();

}  // namespace qonduit::app
