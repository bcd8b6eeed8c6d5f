#include "core/logging/logging.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <iterator>
#include <memory>
#include <mutex>

#include "qonduit/detail/option_text.hpp"

namespace qonduit::logging {
namespace {

constexpr std::size_t kShortestSecret = 4;
constexpr std::string_view kMask = "********";

struct State {
  std::mutex mutex;
  std::shared_ptr<spdlog::logger> logger;
  Level level = Level::warn;
  bool json = false;
  std::vector<std::string> secrets;
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

// As it stands in an address that we make.
std::string percent_encoded(const std::string& text) {
  std::string out;
  Poco::URI::encode(text, "!#$&'()*+,/:;=?@[]", out);
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
    const auto quoted = qonduit::detail::json_string(form);
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

void init(const config::Logging& settings) {
  std::string failure;
  {
    auto& shared = state();
    const std::lock_guard lock(shared.mutex);
    for (const auto& secret : settings.secrets) remember(secret.reveal());
    shared.logger = nullptr;
    try {
      if (!settings.file.empty()) shared.logger = logger_to(std::make_shared<spdlog::sinks::basic_file_sink_mt>(settings.file.string()));
    } catch (const std::exception& error) {
      failure = error.what();
    }
    const bool to_file = shared.logger != nullptr;
    if (!to_file) shared.logger = logger_to_stderr();
    shared.level = level_of(settings.level);
    shared.json = settings.format == "json" || (settings.format == "auto" && (to_file || under_systemd()));
  }
  if (!failure.empty()) log(Level::error, "could not open the log file", {{"file", settings.file.string()}, {"why", failure}});
}

void log(Level level, std::string_view message, const Fields& fields) {
  auto& shared = state();
  const std::lock_guard lock(shared.mutex);
  if (level < shared.level) return;
  if (!shared.logger) shared.logger = logger_to_stderr();
  auto all = thread_fields();
  all.insert(all.end(), fields.begin(), fields.end());
  for (auto& [key, value] : all) key = masked(key), value = masked(value);
  shared.logger->log(static_cast<spdlog::level::level_enum>(level),
                     shared.json ? format_json(now(), level, masked(message), all) : format_text(now(), level, masked(message), all));
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

LogContext::~LogContext() {
  auto& own = thread_fields();
  own.resize(own.size() - count_);
}

}  // namespace qonduit::logging
