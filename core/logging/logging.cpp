#include "core/logging/logging.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iterator>
#include <memory>
#include <mutex>

#include "core/logging/log_file.hpp"
#include "qonduit/json_text.hpp"
#include "qonduit/text.hpp"

namespace qonduit::logging {
namespace {

constexpr std::size_t kShortestSecret = 4;
constexpr std::string_view kMask = "********";

struct State {
  std::mutex mutex;
  std::shared_ptr<spdlog::logger> logger;
  std::atomic<Level> level = Level::warn;
  std::filesystem::path file;  // empty: stderr
  bool json = false;
  std::vector<std::string> secrets;
  std::function<void()> before_stderr;
};

State& state() {
  static State instance;
  return instance;
}

Fields& thread_fields() {
  static thread_local Fields fields;
  return fields;
}

Level level_of(std::string_view name) {
  static constexpr std::string_view kNames[] = {"trace", "debug", "info", "warn", "error"};
  for (std::uint32_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] == name) return static_cast<Level>(i);
  }
  return Level::info;
}

std::string now() {
  const auto time = std::chrono::system_clock::now();
  const auto seconds = std::chrono::system_clock::to_time_t(time);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count() % 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[48];
  const auto length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text + length, sizeof text - length, ".%03dZ", static_cast<int>(milliseconds));
  return text;
}

std::string masked(std::string_view text) {
  std::string out(text);
  for (const auto& secret : state().secrets) {
    for (std::size_t at = out.find(secret); at != std::string::npos; at = out.find(secret, at + kMask.size()))
      out.replace(at, secret.size(), kMask);
  }
  return out;
}

// As a library shows a part of an address that it has taken apart.
std::string percent_decoded(const std::string& text) {
  std::string out;
  try {
    Poco::URI::decode(text, out);
  } catch (const Poco::URISyntaxException&) {
    return text;
  }
  return out;
}

// As it stands between braces in an ODBC connection string.
std::string braces_doubled(const std::string& text) {
  std::string out;
  for (const char c : text) out.append(c == '}' ? 2 : 1, c);
  return out;
}

// REQUIRES: the lock. Longest first: a secret that begins with another must not show its rest.
void remember_form(std::string_view secret) {
  auto& known = state().secrets;
  if (secret.size() < kShortestSecret || std::find(known.begin(), known.end(), secret) != known.end()) return;
  known.emplace_back(secret);
  std::stable_sort(known.begin(), known.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

// Of the text and of what libraries and formats make of it.
void remember(std::string_view given) {
  const std::string secret(given);
  for (const auto& form : {secret, percent_decoded(secret), percent_encoded(secret), braces_doubled(secret)}) {
    remember_form(form);
    const auto quoted = json_string(form);
    remember_form(std::string_view(quoted).substr(1, quoted.size() - 2));
  }
}

std::shared_ptr<spdlog::logger> logger_to(std::shared_ptr<spdlog::sinks::sink> sink) {
  auto logger = std::make_shared<spdlog::logger>("qonduit", std::move(sink));
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::trace);
  logger->flush_on(spdlog::level::trace);
  return logger;
}

std::shared_ptr<spdlog::logger> logger_to_stderr() { return logger_to(std::make_shared<spdlog::sinks::stderr_sink_mt>()); }

// systemd names the journal's socket where it connects standard error to the journal.
bool under_systemd() { return std::getenv("JOURNAL_STREAM") != nullptr && ::isatty(STDERR_FILENO) == 0; }

}  // namespace

Value Value::seconds(double given) {
  char text[48];
  std::snprintf(text, sizeof text, "%.3f", given);
  Value value(text);
  value.number = true;
  return value;
}

Status init(const config::Logging& settings) {
  auto& shared = state();
  const std::lock_guard lock(shared.mutex);
  for (const auto& secret : settings.secrets) remember(secret.reveal());
  Status status;
  shared.file.clear();
  shared.logger = logger_to_stderr();
  if (!settings.file.empty()) {
    auto file = open_log_file(settings.file);
    if (file) {
      shared.logger = logger_to(std::move(*file));
      shared.file = settings.file;
    } else {
      status = std::move(file).error();
    }
  }
  const bool to_file = !shared.file.empty();
  shared.level = level_of(settings.level);
  shared.json = settings.format == "json" || (settings.format == "auto" && (to_file || under_systemd()));
  return status;
}

void least_on_stderr(Level level) {
  auto& shared = state();
  const std::lock_guard lock(shared.mutex);
  if (shared.file.empty()) shared.level = std::max(shared.level.load(), level);
}

void reopen() {
  Status status;
  {
    auto& shared = state();
    const std::lock_guard lock(shared.mutex);
    if (shared.file.empty()) return;
    auto file = open_log_file(shared.file);
    if (file) {
      shared.logger = logger_to(std::move(*file));
    } else {
      status = std::move(file).error();
    }
  }
  if (status.ok()) return log(Level::info, "opened the log anew");
  log(Level::error, "could not open the log anew", {{"error", status.message()}});
}

void log(Level level, std::string_view message, const Fields& fields) {
  if (!enabled(level)) return;
  auto& shared = state();
  const std::lock_guard lock(shared.mutex);
  if (!shared.logger) shared.logger = logger_to_stderr();
  auto all = thread_fields();
  all.insert(all.end(), fields.begin(), fields.end());
  for (auto& [key, value] : all) {
    key = masked(key);
    if (!value.number) value.text = masked(value.text);
  }
  if (shared.file.empty() && shared.before_stderr) shared.before_stderr();
  shared.logger->log(static_cast<spdlog::level::level_enum>(level),
                     shared.json ? format_json(now(), level, masked(message), all) : format_text(now(), level, masked(message), all));
}

bool enabled(Level level) { return level >= state().level.load(std::memory_order_relaxed); }

bool on_stderr_as_text() {
  auto& shared = state();
  const std::lock_guard lock(shared.mutex);
  return shared.file.empty() && !shared.json;
}

void before_stderr(std::function<void()> hook) {
  const std::lock_guard lock(state().mutex);
  state().before_stderr = std::move(hook);
}

void never_print(const config::Secret& secret) {
  const std::lock_guard lock(state().mutex);
  remember(secret.reveal());
}

std::string redacted(std::string_view text) {
  const std::lock_guard lock(state().mutex);
  return masked(text);
}

LogContext::LogContext(Fields fields) : count_(fields.size()) {
  auto& own = thread_fields();
  for (auto& field : fields) own.push_back(std::move(field));
}

Fields LogContext::now() { return thread_fields(); }

LogContext::~LogContext() {
  auto& own = thread_fields();
  own.resize(own.size() - count_);
}

}  // namespace qonduit::logging
