// The options of a component as the table of its README, so that a test can compare the two.
#pragma once

#include <qonduit/options.hpp>

#include <span>
#include <string>

namespace qonduit::testing {
namespace detail {

inline std::string markdown_rows(std::span<const qonduit::detail::BoundOption> rows) {
  const qonduit::detail::OptionLimits unbounded;
  std::string text = "| Option | Default | What it does |\n|---|---|---|\n";
  for (const auto& bound : rows) {
    const auto& row = *bound.row;
    text.append("| `").append(row.name).append(row.type->family ? "NAME` | " : "` | ");
    const auto value = row.required ? std::string() : bound.shown();
    text += row.required ? "required" : value.empty() ? "" : "`" + value + "`";
    text.append(" | ").append(row.help);
    for (const auto& word : bound.words) text.append(&word == bound.words.data() ? " One of `" : "`, `").append(word.name);
    if (!bound.words.empty()) text += "`.";
    if (row.low != unbounded.low && row.high != unbounded.high)
      text += " From " + std::to_string(row.low) + " to " + std::to_string(row.high) + ".";
    text += " |\n";
  }
  return text;
}

}  // namespace detail

// A Markdown table: option, default, what it does. A default is shown as code, "required" where there is none.
template <typename Table>
std::string option_markdown(const Table& table) {
  typename Table::options_type defaults{};
  return detail::markdown_rows(qonduit::detail::bound_rows(table, defaults));
}

}  // namespace qonduit::testing
