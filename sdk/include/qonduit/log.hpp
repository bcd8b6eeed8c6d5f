// Logging for plugins, through the host, which owns format, redaction and destination. These write in the context of
// the call the thread is in; a thread of the plugin's own has a Context::Scope, or its lines are dropped.
#pragma once

#include <qonduit/context.hpp>

#include <string_view>

namespace qonduit::log {

using Fields = Context::Fields;

inline void trace(std::string_view message, Fields fields = {}) noexcept { Context::current().log(QONDUIT_LOG_TRACE, message, fields); }
inline void debug(std::string_view message, Fields fields = {}) noexcept { Context::current().log(QONDUIT_LOG_DEBUG, message, fields); }
inline void info(std::string_view message, Fields fields = {}) noexcept { Context::current().log(QONDUIT_LOG_INFO, message, fields); }
inline void warn(std::string_view message, Fields fields = {}) noexcept { Context::current().log(QONDUIT_LOG_WARN, message, fields); }
inline void error(std::string_view message, Fields fields = {}) noexcept { Context::current().log(QONDUIT_LOG_ERROR, message, fields); }

}  // namespace qonduit::log
