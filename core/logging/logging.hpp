// Log lines for people and machines: a constant message in the past tense, facts as fields, context from the enclosing scopes. The home of
// spdlog, which no other file includes. Secrets registered here never reach a line, whoever put them into a field. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/config.hpp"

namespace qonduit::logging {

enum class Level : std::uint32_t { trace = 0, debug = 1, info = 2, warn = 3, error = 4 };

using Fields = std::vector<std::pair<std::string, std::string>>;

// Sets level, format and destination, and registers the configuration's secrets. Before it, lines of level warn and above go to stderr as
// text. A file that cannot be opened is said on stderr, where the lines go then: a log that is elsewhere is better than none.
void init(const config::Logging& settings);

void log(Level level, std::string_view message, const Fields& fields = {});

// This text is shown as ******** from now on, in values, messages and keys. Texts shorter than four bytes are not registered: they would
// mask everything.
void never_print(const config::Secret& secret);

// Adds fields to every line of this thread while it lives.
class LogContext {
 public:
  explicit LogContext(Fields fields);
  LogContext(const LogContext&) = delete;
  LogContext& operator=(const LogContext&) = delete;
  ~LogContext();

 private:
  std::size_t count_;
};

// text with every registered secret as ********.
std::string redacted(std::string_view text);

// One line without the line end: what log() writes, before secrets are masked. At most 64 KiB whatever the fields hold: long values are
// cut with their length, and fields that do not fit are counted in "omitted". Control characters, terminal codes, marks that change the
// direction of writing, and bytes that are not UTF-8 are escaped. A key that occurs twice has its later value. For tests.
std::string format_text(std::string_view time, Level level, std::string_view message, const Fields& fields);
std::string format_json(std::string_view time, Level level, std::string_view message, const Fields& fields);

}  // namespace qonduit::logging
