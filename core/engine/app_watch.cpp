#include "core/engine/app_watch.hpp"

#include <algorithm>
#include <utility>

#include "core/engine/calls.hpp"
#include "core/engine/json_members.hpp"

namespace qonduit::engine {
namespace {

std::string list_in(const Poco::JSON::Object::Ptr& object, const std::string& key) {
  std::string list;
  for (const auto& text : texts_in(object, key)) list += (list.empty() ? "" : ";") + text;
  return list;
}

Locale read_locale(const Poco::JSON::Object::Ptr& info) {
  Locale locale;
  if (info.isNull()) return locale;
  const auto text = [&](const char* key) { return text_in(info, key); };
  locale.decimal = text("qDecimalSep"), locale.thousands = text("qThousandSep");
  locale.money_decimal = text("qMoneyDecimalSep"), locale.money_thousands = text("qMoneyThousandSep");
  locale.money = text("qMoneyFmt"), locale.date = text("qDateFmt"), locale.time = text("qTimeFmt"),
  locale.timestamp = text("qTimestampFmt");
  locale.abbreviations = text("qNumericalAbbreviation");
  if (const auto names = object_in(info, "qCalendarStrings"); !names.isNull()) {
    locale.months = list_in(names, "qMonthNames"), locale.long_months = list_in(names, "qLongMonthNames");
    locale.days = list_in(names, "qDayNames"), locale.long_days = list_in(names, "qLongDayNames");
  }
  return locale;
}

}  // namespace

Result<AppInfo> read_app_info(const Reply& reply) {
  const auto layout = parse_reply(reply, "qLayout");
  if (!layout) return layout.error();
  const auto& object = **layout;
  // Opening "with data" attaches to an app without data when a session has it open so, and says nothing. Seen on QSEoW 31.60.
  if (object.optValue<bool>("qIsOpenedWithoutData", false)) {
    return Status(Code::inconsistent,
                  "the app is open without its data: another session of this user holds it so; close it, or use another user");
  }
  return AppInfo{{},
                 object.optValue<std::string>("qTitle", ""),
                 object.optValue<std::string>("qLastReloadTime", ""),
                 read_locale(object_in(*layout, "qLocaleInfo")),
                 texts_in(*layout, "qStateNames")};
}

void AppWatch::learn(AppInfo info) {
  // The engine's answer has no id.
  if (info.id.empty()) info.id = known_.id;
  if (info.title.empty()) info.title = known_.title;
  known_ = std::move(info);
}

void AppWatch::send() {
  asked_ = Clock::now();
  auto companion = make_companion_ ? make_companion_() : Companion();
  companion.calls.insert(companion.calls.begin(), {engine_.doc(), "GetAppLayout", "[]", {}});
  under_way_.push_back({asked_, Pending(engine_, std::move(companion.calls)), std::move(companion.judge)});
}

void AppWatch::ask(Moment moment) {
  if (answered(moment)) return;
  wanted_ = std::max(wanted_, moment);
  if (under_way_.empty()) send();
}

void AppWatch::ask_again() {
  if (under_way_.size() == 1 && asked_ <= wanted_) send();
}

bool AppWatch::answered(Moment moment) {
  while (!waiting_ && !under_way_.empty() && under_way_.front().replies.complete()) take();
  return answered_ > moment;
}

// The first answer.
void AppWatch::take() {
  waiting_ = true;  // and while it is waited for others may ask
  auto replies = under_way_.front().replies.take();
  waiting_ = false;
  const auto question = std::move(under_way_.front());
  under_way_.pop_front();
  auto info = read_app_info(replies.front());
  failure_ = info.status();
  if (!info) return;
  learn(std::move(*info));
  replies.erase(replies.begin());
  auto proven = question.judge ? question.judge(replies) : Status();
  if (!proven.ok() && proven.code() != Code::inconsistent) return static_cast<void>(failure_ = std::move(proven));
  answered_ = question.asked;
  companion_ = std::move(proven);
}

Status AppWatch::seen_after(Moment moment) {
  while (!answered(moment)) {
    if (under_way_.empty() && !failure_.ok() && asked_ > moment) return std::exchange(failure_, Status());
    ask(moment);
    ask_again();
    if (!under_way_.empty()) take();
  }
  return {};
}

Status AppWatch::unchanged(Moment moment, const std::string& reload_time) {
  if (auto status = seen_after(moment); !status.ok()) return status;
  if (known_.reload_time == reload_time) return companion_;
  return {Code::inconsistent, "the app was reloaded while it was read (" + reload_time + ", now " + known_.reload_time + ")"};
}

}  // namespace qonduit::engine
