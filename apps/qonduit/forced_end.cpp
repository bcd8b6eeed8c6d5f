#include "apps/qonduit/forced_end.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "apps/qonduit/exit_codes.hpp"
#include "core/logging/logging.hpp"
#include "core/plugin/call_watch.hpp"
#include "core/plugin/process_host.hpp"

namespace qonduit::app {
namespace {

// An interrupted run ends within two seconds, whatever a target does.
constexpr std::chrono::milliseconds kPatience{1500}, kStuck{1000}, kLook{250};
constexpr std::chrono::seconds kPatienceWithTheHost{10}, kWatch{5};

std::string seconds_text(std::chrono::milliseconds time) { return std::to_string((time.count() + 500) / 1000) + " s"; }

}  // namespace

ForcedEnd::ForcedEnd(std::stop_token requested) : thread_([this, token = std::move(requested)] { wait(token); }) {}

ForcedEnd::~ForcedEnd() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void ForcedEnd::wait(const std::stop_token& requested) {
  plugin::CallWatch watch(plugin::process_host());
  std::unique_lock lock(mutex_);
  const auto done = [this] { return done_; };
  // Ends early when the stop is requested.
  while (!requested.stop_requested()) {
    if (changed_.wait_for(lock, requested, kWatch, done)) return;
    for (const auto& call : watch.look()) logging::log(logging::Level::warn, "a plugin does not return", {{"what", call}});
  }
  if (changed_.wait_for(lock, kPatience, done)) return;
  const auto stuck = [] {
    const auto calls = plugin::process_host().open_calls();
    return std::any_of(calls.begin(), calls.end(), [](const auto& call) { return call.time >= kStuck; });
  };
  const auto end = std::chrono::steady_clock::now() + kPatienceWithTheHost;
  while (!stuck() && std::chrono::steady_clock::now() < end) {
    if (changed_.wait_for(lock, kLook, done)) return;
  }
  end_at_once();
}

void end_at_once() {
  const auto calls = plugin::process_host().open_calls();
  for (const auto& call : calls) {
    say_problem(call.who + " has been in " + call.function + " for " + seconds_text(call.time) +
                " and does not end when it is told to: qonduit ends without it, and what was not committed before is not delivered");
  }
  if (calls.empty()) say_problem("ended before everything under way had come to its end; what was not committed before is not delivered");
  std::cerr.flush();
  ::_exit(kInterrupted);
}

}  // namespace qonduit::app
