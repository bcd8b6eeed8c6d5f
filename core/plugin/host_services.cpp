#include "core/plugin/host_services.hpp"

#include <mutex>

namespace qonduit::plugin {
namespace {

constexpr std::size_t kLongestText = 64 << 10;
constexpr std::size_t kMostFields = 64;

struct Sink {
  std::mutex mutex;
  LogSink write;
};

Sink& sink() {
  static Sink instance;
  return instance;
}

void log_line(std::uint32_t level, qonduit_str message, const qonduit_pair* fields, std::size_t count) {
  try {
    std::vector<std::pair<std::string, std::string>> pairs;
    if (fields == nullptr) count = 0;
    for (std::size_t i = 0; i < count && i < kMostFields; ++i) pairs.emplace_back(clean_text(fields[i].key), clean_text(fields[i].value));
    auto& target = sink();
    const std::lock_guard lock(target.mutex);
    if (target.write)
      target.write(level > QONDUIT_LOG_ERROR ? static_cast<std::uint32_t>(QONDUIT_LOG_ERROR) : level, clean_text(message), pairs);
  } catch (...) {
    // The plugin is not told: it could do nothing about it.
  }
}

void error_set(qonduit_error* error, qonduit_code code, qonduit_str message) {
  if (error == nullptr) return;
  try {
    error->code = code;
    error->message = clean_text(message);
  } catch (...) {
    error->code = QONDUIT_INTERNAL;
  }
}

// Length of the well-formed sequence at the front; 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto tail = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0u) == 0x80u; };
  if (byte(0) < 0x80) return 1;
  if (byte(0) >= 0xC2 && byte(0) <= 0xDF) return tail(1) ? 2 : 0;
  if (byte(0) >= 0xE0 && byte(0) <= 0xEF) {
    if (!tail(1) || !tail(2)) return 0;
    if (byte(0) == 0xE0 && byte(1) < 0xA0) return 0;
    if (byte(0) == 0xED && byte(1) > 0x9F) return 0;
    return 3;
  }
  if (byte(0) >= 0xF0 && byte(0) <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    if (byte(0) == 0xF0 && byte(1) < 0x90) return 0;
    if (byte(0) == 0xF4 && byte(1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

}  // namespace

const qonduit_host& host_table() {
  static const qonduit_host table{sizeof(qonduit_host), log_line, error_set};
  return table;
}

void set_log_sink(LogSink write) {
  auto& target = sink();
  const std::lock_guard lock(target.mutex);
  target.write = std::move(write);
}

std::string clean_text(qonduit_str text) {
  if (text.data == nullptr || text.size == 0) return {};
  std::string_view rest(text.data, text.size);
  std::string out;
  const bool cut = rest.size() > kLongestText;
  rest = rest.substr(0, kLongestText);
  out.reserve(rest.size());
  while (!rest.empty()) {
    const auto length = sequence_length(rest);
    if (length == 0) {
      if (cut && rest.size() < 4) break;  // a character the cut went through
      out += '?';
      rest.remove_prefix(1);
    } else {
      out += rest.substr(0, length);
      rest.remove_prefix(length);
    }
  }
  if (cut) out += "...";
  return out;
}

Status call_plugin(std::string_view who, const std::function<qonduit_code(qonduit_error*)>& function) {
  qonduit_error error;
  qonduit_code code = QONDUIT_INTERNAL;
  try {
    code = function(&error);
  } catch (...) {
    return thrown(who);
  }
  return status_of(who, code, error);
}

Status thrown(std::string_view who) { return {Code::internal, std::string(who) + " threw an exception through the plugin boundary"}; }

Status status_of(std::string_view who, qonduit_code code, const qonduit_error& error) {
  if (code == QONDUIT_OK) return {};
  if (code > QONDUIT_INTERNAL) {
    return {Code::internal,
            std::string(who) + " answered the unknown code " + std::to_string(code) + (error.message.empty() ? "" : ": " + error.message)};
  }
  const auto known = static_cast<Code>(code);
  if (error.message.empty()) return {known, std::string(who) + " answered '" + std::string(to_string(known)) + "' without saying why"};
  return {known, error.message};
}

}  // namespace qonduit::plugin
