// A host for tests: gives plugins a host table, loads a plugin file with dlopen, and keeps what plugins log. It drives plugins through
// the C tables, as the real host does, but checks nothing of the file: that is the real host's part. There is one per process, since the
// functions of a host table carry no context. Thread-safe. Needs no GoogleTest.
#pragma once

#include <qonduit/abi.h>
#include <qonduit/status.hpp>

#include <dlfcn.h>

#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::testing {

using Options = std::vector<std::pair<std::string, std::string>>;

struct LogLine {
  std::uint32_t level = QONDUIT_LOG_INFO;
  std::string message;
  Options fields;
};

// What error_set fills. Passed to plugins as the opaque qonduit_error.
struct ErrorSlot {
  qonduit_code code = QONDUIT_OK;
  std::string message;
  [[nodiscard]] qonduit_error* opaque() { return reinterpret_cast<qonduit_error*>(this); }
};

inline std::string text_of(qonduit_str text) { return text.size == 0 ? std::string() : std::string(text.data, text.size); }
inline qonduit_str borrow(std::string_view text) { return {text.data(), text.size()}; }

class FakeHost {
 public:
  static FakeHost& instance() {
    static FakeHost host;
    return host;
  }

  [[nodiscard]] const qonduit_host* table() const { return &table_; }

  // The lines logged since the last call.
  std::vector<LogLine> take_log() {
    const std::lock_guard lock(mutex_);
    return std::exchange(log_, {});
  }

 private:
  FakeHost() {
    table_.struct_size = sizeof table_;
    table_.log = [](std::uint32_t level, qonduit_str message, const qonduit_pair* fields, std::size_t count) {
      LogLine line{level, text_of(message), {}};
      for (std::size_t i = 0; i < count; ++i) line.fields.emplace_back(text_of(fields[i].key), text_of(fields[i].value));
      auto& host = instance();
      const std::lock_guard lock(host.mutex_);
      host.log_.push_back(std::move(line));
    };
    table_.error_set = [](qonduit_error* error, qonduit_code code, qonduit_str message) {
      if (error == nullptr) return;
      auto* slot = reinterpret_cast<ErrorSlot*>(error);
      slot->code = code;
      slot->message = text_of(message);
    };
  }

  qonduit_host table_{};
  std::mutex mutex_;
  std::vector<LogLine> log_;
};

// Calls one function of a plugin's table. A failure without words, which abi.h forbids, becomes internal.
template <typename Call>
Status call(Call&& function) {
  ErrorSlot error;
  const qonduit_code code = function(error.opaque());
  if (code == QONDUIT_OK) return {};
  if (error.message.empty()) return {Code::internal, "the plugin answered " + std::to_string(code) + " and did not say why"};
  if (error.code != code)
    return {Code::internal,
            "the plugin answered " + std::to_string(code) + " and said " + std::to_string(error.code) + ": " + error.message};
  return {static_cast<Code>(code), error.message};
}

// Options for the length of a call.
class BorrowedOptions {
 public:
  explicit BorrowedOptions(const Options& options) {
    for (const auto& [key, value] : options) pairs_.push_back({borrow(key), borrow(value)});
  }
  [[nodiscard]] const qonduit_pair* data() const { return pairs_.data(); }
  [[nodiscard]] std::size_t size() const { return pairs_.size(); }

 private:
  std::vector<qonduit_pair> pairs_;
};

// The plugin in this file, which stays loaded. The file may be relative to the working folder.
inline Result<const qonduit_plugin*> load_plugin(const std::string& file) {
  const auto path = file.find('/') == std::string::npos ? "./" + file : file;
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return Status(Code::not_found, ::dlerror());
  const auto entry = reinterpret_cast<qonduit_plugin_function>(::dlsym(library, QONDUIT_PLUGIN_SYMBOL));
  if (entry == nullptr) return Status(Code::unsupported, file + " does not export " QONDUIT_PLUGIN_SYMBOL);
  const auto* plugin = entry(FakeHost::instance().table());
  if (plugin == nullptr) return Status(Code::unsupported, file + " refused this host");
  return plugin;
}

inline const qonduit_component* find_component(const qonduit_plugin& plugin, std::string_view name, bool adapter) {
  for (std::size_t i = 0; i < plugin.component_count; ++i) {
    const auto* component = plugin.components[i];
    if (text_of(component->name) == name && (component->adapter != nullptr) == adapter) return component;
  }
  return nullptr;
}

}  // namespace qonduit::testing
