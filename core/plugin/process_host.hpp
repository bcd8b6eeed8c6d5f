// The host of this process: what every plugin it loads is given.
#pragma once

#include "qonduit/host/host.hpp"

namespace qonduit::plugin {

// Lives as long as the process: plugins are never unloaded. Its lines are dropped until log_to() says where they go.
host::Host& process_host();

}  // namespace qonduit::plugin
