// The host's half of the boundary: the table plugins get, and the errors they fill. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qonduit/abi.h"
#include "qonduit/status.hpp"

// What a plugin writes through error_set. Opaque to it.
struct qonduit_error {
  qonduit_code code = QONDUIT_OK;
  std::string message;
};

namespace qonduit::plugin {

// The table given to every plugin; lives as long as the process.
const qonduit_host& host_table();

// Where log lines of plugins go; set once, before plugins are loaded. Lines before that are dropped. Called by one thread at a time,
// which must not log through the table again.
using LogSink =
    std::function<void(std::uint32_t level, std::string_view message, const std::vector<std::pair<std::string, std::string>>& fields)>;
void set_log_sink(LogSink sink);

// Bounded and valid UTF-8, whatever a plugin says.
std::string clean_text(qonduit_str text);

inline qonduit_str borrow(std::string_view text) { return {text.data(), text.size()}; }

// Calls a function of a plugin's table and turns its code, and whatever it throws, into a Status. `who` names the component.
Status call_plugin(std::string_view who, const std::function<qonduit_code(qonduit_error*)>& function);

// The same in two steps, for calls that may not cost a std::function.
Status status_of(std::string_view who, qonduit_code code, const qonduit_error& error);
Status thrown(std::string_view who);

}  // namespace qonduit::plugin
