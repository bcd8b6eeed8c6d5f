#include "core/logging/logging.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <memory>
#include <mutex>

namespace qonduit::logging {
namespace {

constexpr std::size_t kLongestValue = 4096;
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

std::string_view name_of(Level level) {
  switch (level) {
    case Level::trace: return "trace";
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warn: return "warn";
    case Level::error: return "error";
  }
  return "info";
}

Level level_of(std::string_view name) {
  for (const auto level : {Level::trace, Level::debug, Level::info, Level::warn, Level::error}) {
    if (name_of(level) == name) return level;
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

// Bounded, one line, no terminal codes: values come from apps that anybody can write.
std::string tame(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const bool cut = text.size() > kLongestValue;
  std::string out;
  for (const char c : text.substr(0, kLongestValue)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else if (byte < 0x20 || byte == 0x7F)
      out += std::string("\\x") + kDigits[byte >> 4] + kDigits[byte & 0xF];
    else
      out += c;
  }
  if (cut) out += "... (" + std::to_string(text.size()) + " bytes)";
  return out;
}

std::string masked(std::string_view text) {
  std::string out(text);
  for (const auto& secret : state().secrets) {
    for (std::size_t at = out.find(secret); at != std::string::npos; at = out.find(secret, at + kMask.size()))
      out.replace(at, secret.size(), kMask);
  }
  return out;
}

std::string json_string(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += '\\', out += c;
    else if (byte < 0x20 || byte == 0x7F)
      out += std::string("\\u00") + kDigits[byte >> 4] + kDigits[byte & 0xF];
    else
      out += c;
  }
  return out + "\"";
}

}  // namespace

std::string format_text(std::string_view time, Level level, std::string_view message, const Fields& fields) {
  std::string line = std::string(time) + ' ' + std::string(name_of(level)) + ' ' + tame(message);
  for (const auto& [key, value] : fields) {
    if (value.empty()) continue;
    const auto text = tame(value);
    const bool quote = text.find_first_of(" =\"") != std::string::npos;
    line += ' ' + tame(key) + '=' + (quote ? json_string(text) : text);
  }
  return line;
}

std::string format_json(std::string_view time, Level level, std::string_view message, const Fields& fields) {
  std::string line =
      "{\"time\":" + json_string(time) + ",\"level\":" + json_string(name_of(level)) + ",\"message\":" + json_string(tame(message));
  for (const auto& [key, value] : fields) {
    if (!value.empty()) line += ',' + json_string(tame(key)) + ':' + json_string(tame(value));
  }
  return line + '}';
}

void init(const config::Logging& settings) {
  auto& shared = state();
  const std::lock_guard lock(shared.mutex);
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (settings.file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(settings.file.string());
  }
  shared.logger = std::make_shared<spdlog::logger>("qonduit", std::move(sink));
  shared.logger->set_pattern("%v");
  shared.logger->set_level(spdlog::level::trace);
  shared.logger->flush_on(spdlog::level::trace);
  shared.level = level_of(settings.level);
  shared.json = settings.format == "json" || (settings.format == "auto" && (!settings.file.empty() || ::isatty(STDERR_FILENO) == 0));
}

void log(Level level, std::string_view message, const Fields& fields) {
  auto& shared = state();
  const std::lock_guard lock(shared.mutex);
  if (level < shared.level) return;
  if (!shared.logger) {
    shared.logger = std::make_shared<spdlog::logger>("qonduit", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    shared.logger->set_pattern("%v");
  }
  auto all = thread_fields();
  for (const auto& field : fields) all.push_back(field);
  for (auto& [key, value] : all) value = masked(value);
  shared.logger->log(static_cast<spdlog::level::level_enum>(level),
                     shared.json ? format_json(now(), level, masked(message), all) : format_text(now(), level, masked(message), all));
}

void never_print(const config::Secret& secret) {
  if (secret.reveal().size() < 4) return;
  auto& shared = state();
  const std::lock_guard lock(shared.mutex);
  for (const auto& known : shared.secrets) {
    if (known == secret.reveal()) return;
  }
  shared.secrets.emplace_back(secret.reveal());
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
