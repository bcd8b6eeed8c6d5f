// A host killed at any moment while it delivers the customers of the demo app: what a consumer sees are whole deliveries, among them each
// that was reported delivered. QONDUIT_KILLS says how often (scripts/endurance).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/integration/harness.hpp"

namespace qonduit::integration {

// The rows of the deliveries that a consumer has seen since it was last asked.
using Seen = std::function<std::vector<std::string>()>;

// Fails the test where it is called. The host's pipeline is p.
void kill_while_delivering(Host& host, const Seen& seen);

// The host delivers the customers to the sink `queue` of this type.
void deliver_customers(Host& host, const std::string& sink);

}  // namespace qonduit::integration
