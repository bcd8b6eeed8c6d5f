// What is known of the app that is read, and the proof that it was not reloaded meanwhile, and that the state it is read in is the same. It
// is known since the app was opened; whoever has read something asks that it be seen again. Answers are shared: one that was asked when
// reading was over proves all that was read before, of however many objects. Used by the thread that waits for replies.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/pending.hpp"
#include "qonduit/locale.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

struct AppInfo {
  std::string id;
  std::string title;
  std::string reload_time;  // qLastReloadTime
  Locale locale = {};       // qLocaleInfo
  // Alternate states, without the default one.
  std::vector<std::string> states = {};  // qStateNames
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

  // What else is to be seen with the app: calls, and what their replies prove. inconsistent: it is not what it was when they were made.
  struct Companion {
    std::vector<Call> calls;
    std::function<Status(const std::vector<Reply>&)> judge;  // may outlive who made it
  };
  // Called for each question from now on, which asks for the app and for that at the same time; empty: for the app alone.
  void accompany(std::function<Companion()> make) { make_companion_ = std::move(make); }

  // When the last of what was read arrived: what is asked later is the proof of it.
  using Clock = std::chrono::steady_clock;
  using Moment = Clock::time_point;
  // Asks, unless a question is under way; where that is from before this moment, ask_again() or the next call of this asks. Does not wait.
  void ask(Moment moment);
  // The replies that were expected are there: where the question under way is from before one of them, asks another one now, so that
  // nothing waits for two answers in a row.
  void ask_again();
  // Whether wait() would not wait.
  [[nodiscard]] bool answered(Moment moment);
  // Waits until it was seen later than this moment. Otherwise: it could not be asked.
  Status seen_after(Moment moment);
  // Ok: seen later than this moment, still of this reload time, and the companion was what it was. inconsistent: one of these is not so.
  // Anything else: it could not be asked.
  Status unchanged(Moment moment, const std::string& reload_time);

 private:
  struct Question {
    Moment asked;
    Pending replies;
    std::function<Status(const std::vector<Reply>&)> judge;
  };
  void send();
  void take();

  Calls& engine_;
  AppInfo known_;
  std::function<Companion()> make_companion_;
  Moment asked_{};                  // when the last question was sent
  Moment answered_{};               // and the last that was answered well
  Status companion_;                // what it proved of the companion
  Moment wanted_{};                 // what is to be proven
  std::deque<Question> under_way_;  // two at most
  bool waiting_ = false;            // for the first
  Status failure_;                  // of the last question
};

}  // namespace qonduit::engine
