// Log lines for people and machines: a constant message in the past tense, facts as fields, context from the enclosing scopes. The home of
// spdlog, which no other file includes. Secrets registered here never reach a line, whoever put them into a field. Thread-safe.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/config.hpp"
#include "qonduit/status.hpp"

namespace qonduit::logging {

enum class Level : std::uint32_t { trace = 0, debug = 1, info = 2, warn = 3, error = 4 };

// What a field holds: a text, or a number, which is one in JSON too.
struct Value {
  Value() = default;
  Value(std::string given) : text(std::move(given)) {}
  Value(std::string_view given) : text(given) {}
  Value(const char* given) : text(given) {}
  template <std::integral Number>
  Value(Number given) : text(std::to_string(given)), number(true) {}
  static Value seconds(double given);  // to the millisecond

  std::string text;
  bool number = false;
};

using Fields = std::vector<std::pair<std::string, Value>>;

// Sets level, format and destination, and registers the configuration's secrets. Before it, lines of level warn and above go to stderr as
// text. Fails where the file cannot be opened, and lines go to stderr then; folders are not made. A file that is made can be read by its
// owner and group (0640). What a file refuses later, when the disk is full say, goes to stderr.
[[nodiscard]] Status init(const config::Logging& settings);

// From now on no line of a lower level goes to stderr, whatever the configuration says of it. A file gets what it got.
void least_on_stderr(Level level);

// Opens the log file anew, under the configured name: somebody has moved the old one away. Where that fails the old one is written on, and
// the log says so. Nothing without a file.
void reopen();

void log(Level level, std::string_view message, const Fields& fields = {});

// Whether lines of this level are written: for fields that are costly to make. Costs a load.
bool enabled(Level level);
// Whether lines are text on stderr, where a person reads them beside what a command prints.
bool on_stderr_as_text();

// Called before each line on stderr, by the thread that writes it: whoever shows a line there that renews itself takes it away. Logs
// nothing itself. Empty: nobody.
void before_stderr(std::function<void()> hook);

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
  // Those of this thread now: for a thread that goes on with its work.
  static Fields now();

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
