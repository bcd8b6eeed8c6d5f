// The options of a component as the table of its README, so that a test can compare the two.
#pragma once

#include <qonduit/options.hpp>

#include <string>
#include <tuple>
#include <type_traits>

namespace qonduit::testing {

// A Markdown table: option, default, what it does. A default is shown as code, "required" where there is none.
template <typename Table>
std::string option_markdown(const Table& table) {
  const typename Table::options_type defaults{};
  std::string text = "| Option | Default | What it does |\n|---|---|---|\n";
  const auto add = [&](const auto& row) {
    using Member = std::remove_cv_t<std::remove_reference_t<decltype(defaults.*(row.member))>>;
    constexpr bool kFamily = qonduit::detail::is_option_map<Member>::value;
    text += "| `" + std::string(row.name) + (kFamily ? "NAME" : "") + "` | ";
    if (row.traits.required) {
      text += "required";
    } else if constexpr (!kFamily) {
      if (const auto value = qonduit::detail::show_value(row.traits, defaults.*(row.member)); !value.empty()) text += "`" + value + "`";
    }
    text += " | " + std::string(row.help);
    for (std::size_t i = 0; i < row.traits.value_count; ++i)
      text += (i == 0 ? " One of `" : "`, `") + std::string(row.traits.values[i].first) + (i + 1 == row.traits.value_count ? "`." : "");
    const qonduit::detail::OptionTraits unbounded;
    if (row.traits.low != unbounded.low && row.traits.high != unbounded.high)
      text += " From " + std::to_string(row.traits.low) + " to " + std::to_string(row.traits.high) + ".";
    text += " |\n";
  };
  std::apply([&](const auto&... row) { (add(row), ...); }, table.rows);
  static_cast<void>(add);
  return text;
}

}  // namespace qonduit::testing
