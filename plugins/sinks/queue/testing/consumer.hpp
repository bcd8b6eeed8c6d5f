// A consumer that believes markers: rows count when the delivery they belong to is completed, with as many messages and the checksum its
// marker says. What is delivered twice under one id counts once.
#pragma once

#include <map>
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

// A consumer of changes as rows: a table by key, right whenever a delivery is completed.
class ChangedTable {
 public:
  void take(const std::string& key, const Delivered& message);
  // Its rows when the last message since it was asked is the marker of a completed delivery, and otherwise none.
  std::vector<std::string> rows();

 private:
  std::map<std::string, std::string> rows_;
  bool completed_ = false;
};

}  // namespace qonduit::queue::testing
