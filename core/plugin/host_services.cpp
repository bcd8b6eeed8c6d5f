#include "core/plugin/host_services.hpp"

#include <mutex>

#include "qonduit/text.hpp"

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
    const auto length = first_character(rest).bytes;
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
  if (code > QONDUIT_TYPE_MISMATCH) {
    return {Code::internal,
            std::string(who) + " answered the unknown code " + std::to_string(code) + (error.message.empty() ? "" : ": " + error.message)};
  }
  const auto known = static_cast<Code>(code);
  if (error.message.empty()) return {known, std::string(who) + " answered '" + std::string(to_string(known)) + "' without saying why"};
  return {known, error.message};
}

}  // namespace qonduit::plugin
