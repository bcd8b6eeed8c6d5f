// What a plugin knows of where it runs: its host's log, what it is called there, whether it should stop. A sink or an
// adapter has its own, context(); free functions of a plugin use the one of the call they are in, Context::current().
// A light value that may be copied to other threads, and is valid until the instance is destroyed.
#pragma once

#include <qonduit/abi.h>

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace qonduit {

class Context {
 public:
  using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  Context() = default;  // of no host: says nothing, logs nowhere
  explicit Context(const qonduit_context* context) noexcept : context_(context) {}

  // Of the call from the host that this thread is in; of none outside of one, as on a thread of the plugin's own.
  static Context current() noexcept { return Context(now()); }

  // What the configuration calls the sink: NAME of sink.NAME. What an adapter is called.
  [[nodiscard]] std::string_view name() const noexcept { return text(&qonduit_context::name); }
  [[nodiscard]] std::string_view pipeline() const noexcept { return text(&qonduit_context::pipeline); }
  // For files that outlive a run; may not exist yet. Empty: there is none.
  [[nodiscard]] std::string_view state_folder() const noexcept { return text(&qonduit_context::state_folder); }
  [[nodiscard]] std::string_view temporary_folder() const noexcept { return text(&qonduit_context::temporary_folder); }

  // Whether the call under way should end soon, with Code::cancelled.
  [[nodiscard]] bool cancelled() const noexcept {
    return context_ != nullptr && QONDUIT_HAS(qonduit_host, context_->host, cancelled) && context_->host->cancelled(context_) != 0;
  }
  // Waits so long, or until the call is cancelled: false then.
  [[nodiscard]] bool pause(std::chrono::milliseconds time) const {
    constexpr std::chrono::milliseconds kSlice(50);
    for (const auto end = std::chrono::steady_clock::now() + time; !cancelled();) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
      if (left.count() <= 0) return true;
      std::this_thread::sleep_for(std::min(left, kSlice));
    }
    return false;
  }
  // How long the host waits for the call under way; nothing: as long as it takes.
  [[nodiscard]] std::optional<std::chrono::milliseconds> time_left() const noexcept {
    if (context_ == nullptr || !QONDUIT_HAS(qonduit_host, context_->host, time_left)) return std::nullopt;
    const auto left = context_->host->time_left(context_);
    return left < 0 ? std::nullopt : std::optional(std::chrono::milliseconds(left));
  }

  // A line of the host's log, which adds the plugin, the sink, the pipeline and the run. The message is constant and in
  // the past tense; facts are fields. Any thread.
  void log(std::uint32_t level, std::string_view message, Fields fields = {}) const noexcept {
    if (context_ == nullptr) return;
    try {
      std::vector<qonduit_pair> pairs;
      pairs.reserve(fields.size());
      for (const auto& [key, value] : fields) pairs.push_back({{key.data(), key.size()}, {value.data(), value.size()}});
      context_->host->log(context_, level, {message.data(), message.size()}, pairs.data(), pairs.size());
    } catch (...) {
      // Out of memory for a log line: the line is lost, the run is not.
    }
  }

  [[nodiscard]] const qonduit_context* get() const noexcept { return context_; }

  // This thread is in a call of this context while it lives. The SDK does so for calls of the host; a plugin does on
  // threads of its own, so that what they log says where it comes from.
  class Scope {
   public:
    explicit Scope(Context context) noexcept : before_(std::exchange(now(), context.get())) {}
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { now() = before_; }

   private:
    const qonduit_context* before_;
  };

 private:
  // Hidden, so that two plugins in one process never share it, however they were linked.
  [[gnu::visibility("hidden")]] static const qonduit_context*& now() noexcept {
    thread_local const qonduit_context* context = nullptr;
    return context;
  }
  [[nodiscard]] std::string_view text(qonduit_str qonduit_context::*member) const noexcept {
    if (context_ == nullptr || (context_->*member).size == 0) return {};
    return {(context_->*member).data, (context_->*member).size};
  }

  const qonduit_context* context_ = nullptr;
};

}  // namespace qonduit
