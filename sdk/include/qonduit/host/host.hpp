// The host's half of the boundary: the functions plugins call, and the contexts they are given. Any number of hosts live
// side by side in a process. Thread-safe.
#pragma once

#include <qonduit/abi.h>
#include <qonduit/host/texts.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a plugin writes through error_set. Opaque to it.
struct qonduit_error {
  qonduit_code code = QONDUIT_OK;
  std::string message;
};

namespace qonduit::host {

using Fields = std::vector<std::pair<std::string, std::string>>;

// Where a line of a plugin comes from. What is not known is empty.
struct Origin {
  std::string plugin, component;
  std::string name;  // of the sink, as configured
  std::string pipeline, run;
};

class Place;

// A call of a plugin that has not returned yet.
struct OpenCall {
  std::string who;       // "sink 'lake' (plugin 'csv')"
  std::string function;  // write
  std::chrono::milliseconds time{0};
};

class Host {
 public:
  // Called by one thread at a time, which must not log through the host again.
  using Log = std::function<void(const Origin&, std::uint32_t level, std::string_view message, const Fields& fields)>;

  explicit Host(Log log = {}) : log_(std::move(log)) {}
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // From now on lines go there.
  void log_to(Log log) {
    const std::lock_guard lock(mutex_);
    log_ = std::move(log);
  }
  // Whether each write is held against what the sink did to the batch it was lent. Costs a look at every byte.
  void set_paranoid(bool paranoid) noexcept { paranoid_ = paranoid; }
  [[nodiscard]] bool paranoid() const noexcept { return paranoid_; }

  // The calls under way, on all threads.
  [[nodiscard]] std::vector<OpenCall> open_calls() const;

  // The functions of every host of this kind.
  static const qonduit_host& table() noexcept;

 private:
  friend class Place;
  static constexpr std::size_t kMostFields = 64;

  void log(const Origin& origin, std::uint32_t level, qonduit_str message, const qonduit_pair* fields, std::size_t count) noexcept {
    try {
      Fields pairs;
      if (fields == nullptr) count = 0;
      for (std::size_t i = 0; i < count && i < kMostFields; ++i) pairs.emplace_back(clean_text(fields[i].key), clean_text(fields[i].value));
      const auto text = clean_text(message);
      const std::lock_guard lock(mutex_);
      if (log_) log_(origin, level > QONDUIT_LOG_ERROR ? static_cast<std::uint32_t>(QONDUIT_LOG_ERROR) : level, text, pairs);
    } catch (...) {
      // The plugin is not told: it could do nothing about it.
    }
  }

  std::mutex mutex_;
  Log log_;
  std::atomic<bool> paranoid_ = false;
  mutable std::mutex places_mutex_;
  std::vector<const Place*> places_;
};

// Folders a host has for its plugins; empty: none.
struct Folders {
  std::string state, temporary;
};

// Where one instance runs, or the calls a plugin gets without one: owns the context they are given. Does not move.
class Place {
 public:
  Place(Host& host, Origin origin, Folders folders = {}) : host_(host), origin_(std::move(origin)), folders_(std::move(folders)) {
    context_.struct_size = sizeof context_;
    context_.host = &Host::table();
    context_.owner = this;
    context_.name = borrow(origin_.name.empty() ? origin_.component : origin_.name);
    context_.pipeline = borrow(origin_.pipeline);
    context_.state_folder = borrow(folders_.state);
    context_.temporary_folder = borrow(folders_.temporary);
    const auto called = origin_.name.empty() ? "'" + origin_.component + "'" : "sink '" + origin_.name + "'";
    who_ = origin_.component.empty() ? "plugin '" + origin_.plugin + "'" : called + " (plugin '" + origin_.plugin + "')";
    const std::lock_guard lock(host_.places_mutex_);
    host_.places_.push_back(this);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    const std::lock_guard lock(host_.places_mutex_);
    host_.places_.erase(std::find(host_.places_.begin(), host_.places_.end(), this));
  }

  [[nodiscard]] const qonduit_context* context() const noexcept { return &context_; }
  [[nodiscard]] Host& host() const noexcept { return host_; }
  // What is called next belongs to this run.
  void in_run(std::string_view run) {
    const std::lock_guard lock(mutex_);
    origin_.run = run;
    const auto size = run.copy(run_, sizeof run_ - 1);
    run_[size] = 0;
  }
  // The call under way, and those that follow, should end soon; or no longer. Any thread.
  void cancel() noexcept { cancelled_ = true; }
  [[nodiscard]] bool cancelled() const noexcept { return cancelled_ && !meant_; }
  // Whose the call is: "sink 'lake' (plugin 'csv')". May be read while the process crashes.
  [[nodiscard]] const char* who() const noexcept { return who_.c_str(); }
  // The run it works for, the first 63 bytes of its id; empty: none. As who().
  [[nodiscard]] const char* run() const noexcept { return run_; }
  // How long the host waits for the call under way and those that follow; nothing: as long as it takes. Any thread.
  using Clock = std::chrono::steady_clock;
  void wait_until(std::optional<Clock::time_point> deadline) noexcept {
    deadline_ = deadline ? deadline->time_since_epoch().count() : kNever;
  }

  // This thread is in a call of that function while it lives. What is meant is not cancelled: an abort.
  enum class Meant : bool { no, yes };
  class Call {
   public:
    Call(const Place& place, const char* function, Meant meant = Meant::no) noexcept
        : place_(place), before_(std::exchange(now(), this)), function_(function), outer_(place.function_.exchange(function)) {
      if (place.open_++ == 0) place.since_ = Clock::now().time_since_epoch().count();
      if (meant == Meant::yes) place.meant_ = true, meant_ = true;
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() {
      if (meant_) place_.meant_ = false;
      if (--place_.open_ == 0)
        place_.function_ = nullptr;
      else if (outer_ != nullptr)
        place_.function_ = outer_;
      now() = before_;
    }
    // The innermost call this thread is in; null: none. May be asked while the process crashes.
    static Call*& now() noexcept {
      thread_local Call* call = nullptr;
      return call;
    }
    [[nodiscard]] const Place& place() const noexcept { return place_; }
    [[nodiscard]] const char* function() const noexcept { return function_; }

   private:
    const Place& place_;
    Call* before_;
    const char* function_;
    const char* outer_;
    bool meant_ = false;
  };

 private:
  friend class Host;
  static constexpr Clock::rep kNever = -1;

  static Place& of(const qonduit_context* context) noexcept { return *static_cast<Place*>(const_cast<void*>(context->owner)); }
  [[nodiscard]] std::int64_t time_left() const noexcept {
    const Clock::rep deadline = deadline_;
    if (deadline == kNever) return -1;
    const auto left = Clock::time_point(Clock::duration(deadline)) - Clock::now();
    return left.count() < 0 ? 0 : std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
  }
  [[nodiscard]] Origin origin() const {
    const std::lock_guard lock(mutex_);
    return origin_;
  }

  Host& host_;
  mutable std::mutex mutex_;  // of the run
  Origin origin_;
  Folders folders_;
  qonduit_context context_{};
  std::string who_;
  char run_[64] = {};
  std::atomic<bool> cancelled_ = false;
  std::atomic<Clock::rep> deadline_ = kNever;
  mutable std::atomic<bool> meant_ = false;
  mutable std::atomic<int> open_ = 0;                    // calls under way: more than one where threads decode
  mutable std::atomic<const char*> function_ = nullptr;  // of one of them
  mutable std::atomic<Clock::rep> since_ = 0;
};

inline std::vector<OpenCall> Host::open_calls() const {
  std::vector<OpenCall> calls;
  const auto now = Place::Clock::now();
  const std::lock_guard lock(places_mutex_);
  for (const auto* place : places_) {
    const char* function = place->function_;
    if (function == nullptr) continue;
    const auto since = Place::Clock::time_point(Place::Clock::duration(place->since_));
    calls.push_back({place->who(), function, std::chrono::duration_cast<std::chrono::milliseconds>(now - since)});
  }
  return calls;
}

inline const qonduit_host& Host::table() noexcept {
  static const qonduit_host table{
      sizeof table,
      0,
      [](const qonduit_context* context, std::uint32_t level, qonduit_str message, const qonduit_pair* fields, std::size_t count) {
        if (context == nullptr) return;
        try {
          const auto& place = Place::of(context);
          place.host_.log(place.origin(), level, message, fields, count);
        } catch (...) {
          // Out of memory for a line.
        }
      },
      [](const qonduit_context*, qonduit_error* error, qonduit_code code, qonduit_str message) {
        if (error == nullptr || code == QONDUIT_OK) return;
        error->code = code;
        try {
          error->message = clean_text(message);
        } catch (...) {
          error->code = QONDUIT_INTERNAL;
        }
      },
      [](const qonduit_context* context) { return context != nullptr && Place::of(context).cancelled() ? 1u : 0u; },
      [](const qonduit_context* context) -> std::int64_t { return context == nullptr ? -1 : Place::of(context).time_left(); }};
  return table;
}

}  // namespace qonduit::host
