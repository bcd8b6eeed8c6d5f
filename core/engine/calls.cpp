#include "core/engine/calls.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "core/engine/json_members.hpp"

namespace qonduit::engine {

Reply Calls::call(int handle, std::string method, std::string params_json) {
  return std::move(call_all(*this, {{handle, std::move(method), std::move(params_json), {}}}).front());
}

Result<Handle> Objects::get_object(const std::string& id) { return std::move(get_objects({id}).front()); }

std::vector<Reply> call_all(Calls& engine, std::vector<Call> calls) {
  // Shared, because a completion may still be on its way out when the last reply has woken the caller.
  struct Collected {
    std::mutex mutex;
    std::condition_variable complete;
    std::vector<Reply> replies;
    std::size_t missing = 0;
  };
  const auto collected = std::make_shared<Collected>();
  collected->replies.resize(calls.size());
  collected->missing = calls.size();
  for (std::size_t i = 0; i < calls.size(); ++i) {
    engine.send(calls[i].handle, std::move(calls[i].method), std::move(calls[i].params_json), [collected, i](Reply reply) {
      const std::lock_guard lock(collected->mutex);
      collected->replies[i] = std::move(reply);
      if (--collected->missing == 0) collected->complete.notify_one();
    });
  }
  std::unique_lock lock(collected->mutex);
  collected->complete.wait(lock, [&] { return collected->missing == 0; });
  return std::move(collected->replies);
}

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
                 read_locale(object_in(*layout, "qLocaleInfo"))};
}

}  // namespace qonduit::engine
