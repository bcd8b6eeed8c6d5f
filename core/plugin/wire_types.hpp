// Values of the host in the form they cross the boundary, borrowed for the length of a call; and texts of a plugin, copied.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/plugin/host_services.hpp"
#include "qonduit/sink.hpp"

namespace qonduit::plugin {

// Options as pairs. Secrets are revealed here and nowhere else.
class OptionPairs {
 public:
  explicit OptionPairs(const std::vector<config::Option>& options) {
    for (const auto& option : options) pairs_.push_back({borrow(option.key), borrow(option.value.reveal())});
  }
  [[nodiscard]] const qonduit_pair* data() const { return pairs_.data(); }
  [[nodiscard]] std::size_t size() const { return pairs_.size(); }

 private:
  std::vector<qonduit_pair> pairs_;
};

// A text a plugin gave, bytes as they are; nothing where it is null but claims bytes, or claims more than most.
inline std::optional<std::string> copy_text(qonduit_str text, std::size_t most) {
  if (text.size == 0) return std::string();
  if (text.data == nullptr || text.size > most) return std::nullopt;
  return std::string(text.data, text.size);
}

inline qonduit_run wire_run(const Run& run) {
  qonduit_run wire{};
  wire.struct_size = sizeof wire;
  wire.fence = run.fence;
  wire.pipeline = borrow(run.pipeline);
  wire.run_id = borrow(run.run_id);
  wire.app = borrow(run.app);
  wire.app_id = borrow(run.app_id);
  wire.sheet = borrow(run.sheet);
  wire.object_id = borrow(run.object_id);
  wire.object_type = borrow(run.object_type);
  wire.title = borrow(run.title);
  wire.dataset = borrow(run.dataset);
  wire.started_at = borrow(run.started_at);
  wire.reload_time = borrow(run.reload_time);
  return wire;
}

}  // namespace qonduit::plugin
