#include "core/plugin/call_watch.hpp"

#include <utility>

namespace qonduit::plugin {

std::vector<std::string> CallWatch::look() {
  std::vector<std::string> said;
  std::map<std::string, std::chrono::milliseconds> under_way;
  for (const auto& call : host_.open_calls()) {
    const auto what = call.who + " has been in " + call.function;
    const auto known = next_.find(what);
    // A later call of the same function begins anew.
    auto next = known == next_.end() || call.time < known->second / 2 ? first_ : known->second;
    if (call.time >= next) {
      said.push_back(what + " for " + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(call.time).count()) + " s");
      while (next <= call.time) next *= 2;
    }
    under_way[what] = next;
  }
  next_ = std::move(under_way);
  return said;
}

}  // namespace qonduit::plugin
