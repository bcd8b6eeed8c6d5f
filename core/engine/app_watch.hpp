// What is known of the app that is read, and the proof that it was not reloaded meanwhile. It is known since the app was opened; whoever
// has read something asks that it be seen again. Answers are shared: one that was asked when reading was over proves all that
// was read before, of however many objects. Used by the thread that waits for replies.
#pragma once

#include <chrono>
#include <string>

#include "core/engine/pending.hpp"
#include "qonduit/locale.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

struct AppInfo {
  std::string id;
  std::string title;
  std::string reload_time;  // qLastReloadTime
  Locale locale = {};       // qLocaleInfo
};
// What a reply to GetAppLayout says; the id is not in it. inconsistent when the app is open without its data (qIsOpenedWithoutData).
[[nodiscard]] Result<AppInfo> read_app_info(const Reply& reply);

class AppWatch {
 public:
  explicit AppWatch(Calls& engine) : engine_(engine) {}

  // The app as it was seen last.
  [[nodiscard]] const AppInfo& known() const noexcept { return known_; }
  // It was seen when it was opened, or for another reason.
  void learn(AppInfo info);

  // When the last of what was read arrived: what is asked later is the proof of it.
  using Clock = std::chrono::steady_clock;
  using Moment = Clock::time_point;
  // Asks, unless a question is under way; where that is from before this moment, the next call of this asks. Does not wait.
  void ask(Moment moment);
  // Whether wait() would not wait.
  [[nodiscard]] bool answered(Moment moment);
  // Waits until it was seen later than this moment. Otherwise: it could not be asked.
  Status seen_after(Moment moment);
  // Ok: seen later than this moment, and still of this reload time. inconsistent: it was reloaded. Anything else: it could not be asked.
  Status unchanged(Moment moment, const std::string& reload_time);

 private:
  void take();

  Calls& engine_;
  AppInfo known_;
  Moment asked_{};     // when the last question was sent
  Moment answered_{};  // and the last that was answered well
  Pending pending_;
  bool under_way_ = false, waiting_ = false;
  Status failure_;  // of the last question
};

}  // namespace qonduit::engine
