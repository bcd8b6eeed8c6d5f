// Titles of columns that an object has and does not show at present. A target that makes one name of several titles must know them: when
// they come back, no column may hold the values of another. An adapter says them in the metadata of the columns it delivers, `qlik.hidden`,
// as a list in quotes; a sink counts them among the titles when it gives names. Pure functions; any thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/list.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit {

inline constexpr std::string_view kHiddenTitles = "qlik.hidden";

// Every column says them, for a pipeline may drop any: a column with the text of dual values says what the texts of the hidden ones are
// called.
inline void tell_hidden_titles(Schema& schema, const std::vector<std::string>& hidden) {
  if (hidden.empty()) return;
  const auto list = [&](std::string_view behind) {
    std::string text;
    for (const auto& title : hidden) text += (text.empty() ? "" : ", ") + in_quotes(title + std::string(behind));
    return text;
  };
  const auto titles = list(""), texts = list("_text");
  for (auto& field : schema.fields) field.metadata.emplace_back(kHiddenTitles, field.find("qlik.role") == "text" ? texts : titles);
}

// Of all columns, each once.
[[nodiscard]] inline std::vector<std::string> hidden_titles(const Schema& schema) {
  std::vector<std::string> titles;
  std::vector<std::string_view> seen;
  for (const auto& field : schema.fields) {
    const auto text = field.find(kHiddenTitles);
    if (text.empty() || std::find(seen.begin(), seen.end(), text) != seen.end()) continue;
    seen.push_back(text);
    if (auto list = parse_list(text)) titles.insert(titles.end(), list->begin(), list->end());
  }
  return titles;
}

}  // namespace qonduit
