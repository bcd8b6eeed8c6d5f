// Logging for plugins: through the host, which owns format, redaction and destination. The message is constant and in the past tense;
// facts are fields. Any thread. Before the host has called the plugin, lines are dropped.
#pragma once

#include <qonduit/abi.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::log {
namespace detail {

// Hidden, so that two plugins in one process never share it.
[[gnu::visibility("hidden")]] inline const qonduit_host*& host() noexcept {
  static const qonduit_host* instance = nullptr;
  return instance;
}

}  // namespace detail

using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

inline void write(std::uint32_t level, std::string_view message, Fields fields) noexcept {
  const auto* host = detail::host();
  if (host == nullptr) return;
  try {
    std::vector<qonduit_pair> pairs;
    pairs.reserve(fields.size());
    for (const auto& [key, value] : fields) pairs.push_back({{key.data(), key.size()}, {value.data(), value.size()}});
    host->log(level, {message.data(), message.size()}, pairs.data(), pairs.size());
  } catch (...) {
    // Out of memory for a log line: the line is lost, the run is not.
  }
}

inline void trace(std::string_view message, Fields fields = {}) noexcept { write(QONDUIT_LOG_TRACE, message, fields); }
inline void debug(std::string_view message, Fields fields = {}) noexcept { write(QONDUIT_LOG_DEBUG, message, fields); }
inline void info(std::string_view message, Fields fields = {}) noexcept { write(QONDUIT_LOG_INFO, message, fields); }
inline void warn(std::string_view message, Fields fields = {}) noexcept { write(QONDUIT_LOG_WARN, message, fields); }
inline void error(std::string_view message, Fields fields = {}) noexcept { write(QONDUIT_LOG_ERROR, message, fields); }

}  // namespace qonduit::log
