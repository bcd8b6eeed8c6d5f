// A consumer that believes markers: rows count when the delivery they belong to is completed, with as many messages and the checksum its
// marker says. What is delivered twice under one id counts once.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace qonduit::queue::testing {

struct Delivered {
  std::string id, kind, body;
};

// The bodies of the rows of all completed deliveries, in the order they were sent; nothing when no delivery was completed. Throws when a
// marker says something else than what is there.
std::optional<std::vector<std::string>> completed(const std::vector<Delivered>& messages);

}  // namespace qonduit::queue::testing
