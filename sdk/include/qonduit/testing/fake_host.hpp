// A host for tests: it is the real host's side of the boundary (qonduit/host.hpp), keeps what plugins log, and is paranoid about what they
// do to batches. It loads a plugin file with dlopen and checks nothing of the file: that is the real host's part. Several live side by
// side. Thread-safe. Needs no GoogleTest.
#pragma once

#include <qonduit/host.hpp>
#include <qonduit/status.hpp>

#include <dlfcn.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::testing {

using Options = std::vector<std::pair<std::string, std::string>>;
using host::borrow;

struct LogLine {
  host::Origin origin;
  std::uint32_t level = QONDUIT_LOG_INFO;
  std::string message;
  Options fields;
};

class FakeHost {
 public:
  FakeHost() {
    host_.set_paranoid(true);
    host_.log_to([this](const host::Origin& origin, std::uint32_t level, std::string_view message, const host::Fields& fields) {
      const std::lock_guard lock(mutex_);
      log_.push_back({origin, level, std::string(message), fields});
    });
  }

  [[nodiscard]] host::Host& host() { return host_; }

  // The lines logged since the last call.
  std::vector<LogLine> take_log() {
    const std::lock_guard lock(mutex_);
    return std::exchange(log_, {});
  }

  // The plugin in this file, which stays loaded, and so must this host. The file may be relative to the working folder.
  Result<const qonduit_plugin*> load(const std::string& file) {
    const auto path = file.find('/') == std::string::npos ? "./" + file : file;
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return Status(Code::not_found, ::dlerror());
    const auto entry = reinterpret_cast<qonduit_plugin_function>(::dlsym(library, QONDUIT_PLUGIN_SYMBOL));
    if (entry == nullptr) return Status(Code::unsupported, file + " does not export " QONDUIT_PLUGIN_SYMBOL);
    places_.push_back(std::make_unique<host::Place>(host_, host::Origin{file, {}, {}, {}, {}}));
    const auto* plugin = entry(places_.back()->context());
    if (plugin == nullptr) return Status(Code::unsupported, file + " refused this host");
    if (plugin->host_size > sizeof(qonduit_host)) return Status(Code::unsupported, file + " needs a newer host");
    return plugin;
  }

  // A component of a loaded plugin, by its name and kind.
  Result<host::Component> find(const std::string& file, std::string_view name, bool adapter) {
    const auto plugin = load(file);
    if (!plugin) return plugin.error();
    for (std::size_t i = 0; i < (*plugin)->component_count; ++i) {
      const host::Component component(host_, **plugin, *(*plugin)->components[i]);
      if (component.name() == name && component.is_adapter() == adapter) return component;
    }
    return Status(Code::not_found, file + " has no " + (adapter ? "adapter '" : "sink '") + std::string(name) + "'");
  }

 private:
  host::Host host_;
  std::mutex mutex_;
  std::vector<LogLine> log_;
  std::vector<std::unique_ptr<host::Place>> places_;
};

// The host of tests that share one.
inline FakeHost& shared_host() {
  static auto& host = *new FakeHost();
  return host;
}

}  // namespace qonduit::testing
