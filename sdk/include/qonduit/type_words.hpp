// The words configurations use for the types of values, the same ones wherever a type is named. Any thread.
#pragma once

#include <qonduit/batch.hpp>

#include <string_view>
#include <utility>

namespace qonduit {

inline constexpr std::string_view kTypeWords[] = {"integer", "real", "boolean", "text", "date", "timestamp", "time", "interval"};

// The word for what somebody wrote: one of kTypeWords, or the name that Arrow has for it (int64, utf8, date32). Empty for everything else.
[[nodiscard]] constexpr std::string_view type_word(std::string_view written) noexcept {
  constexpr std::pair<std::string_view, std::string_view> kOthers[] = {{"int64", "integer"}, {"float64", "real"}, {"bool", "boolean"},
                                                                       {"utf8", "text"},     {"date32", "date"},  {"duration", "interval"}};
  for (const auto word : kTypeWords) {
    if (word == written) return word;
  }
  for (const auto& [other, word] : kOthers) {
    if (other == written) return word;
  }
  return {};
}

// The word for a type; a duration is a time, for most are times of day.
[[nodiscard]] constexpr std::string_view type_word(Type type) noexcept {
  return type == Type::duration ? std::string_view("time") : type_word(to_string(type));
}

}  // namespace qonduit
