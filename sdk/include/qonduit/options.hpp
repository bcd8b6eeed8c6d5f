// Options of a component, written once as a table of member pointers. Parsing, checking, defaults, masking of secrets, documentation and
// the pasteable example all come from that table.
//
//   struct LinesOptions { std::string path; bool header = true; };
//   constexpr auto kOptions = qonduit::options(
//       qonduit::option("path", &LinesOptions::path, "File to write; created if missing.").required(),
//       qonduit::option("header", &LinesOptions::header, "Write column names first."));
//
// Member types: std::string, char, bool, integers, double, std::chrono::milliseconds ("250ms", "30s", "15m", "1h"), Bytes ("64KiB",
// "16MiB"), enums (with values()), std::optional of these, and std::map<std::string, T> with option_map(), which takes every key that
// begins with the option's name: "dual." takes "dual.Order Date". A default is what a default-constructed struct holds.
#pragma once

#include <qonduit/abi.h>
#include <qonduit/detail/option_text.hpp>
#include <qonduit/status.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace qonduit {

template <typename E>
struct NamedValue {
  std::string_view name;
  E value;
};

// One row of the table. Built by option() and refined by chaining; a value type, usable in constant expressions.
template <typename Options, typename Member>
struct Option {
  using options_type = Options;
  using value_type = detail::option_value_t<Member>;

  std::string_view name;
  Member Options::*member;
  std::string_view help;
  detail::OptionTraits traits{};

  // The configuration must give it.
  [[nodiscard]] constexpr Option required() const {
    Option copy = *this;
    copy.traits.required = true;
    return copy;
  }
  // Never shown: configurations are told to use ${file:} or ${env:}.
  [[nodiscard]] constexpr Option secret() const {
    Option copy = *this;
    copy.traits.secret = true;
    return copy;
  }
  // Inclusive, in the member's own unit (milliseconds, bytes).
  [[nodiscard]] constexpr Option range(std::int64_t low, std::int64_t high) const {
    Option copy = *this;
    copy.traits.low = low, copy.traits.high = high;
    return copy;
  }
  // The names an enum goes by. At most 12.
  template <typename E = value_type>
  [[nodiscard]] constexpr Option values(std::initializer_list<NamedValue<E>> names) const {
    static_assert(std::is_enum_v<value_type>, "values() is for enums");
    Option copy = *this;
    for (const auto& [text, value] : names) copy.traits.values[copy.traits.value_count++] = {text, static_cast<std::int64_t>(value)};
    return copy;
  }
};

template <typename Options, typename Member>
constexpr Option<Options, Member> option(std::string_view name, Member Options::*member, std::string_view help) {
  return {name, member, help};
}

// A family of options: the key behind the prefix is the map's key.
template <typename Options, typename Member>
constexpr Option<Options, Member> option_map(std::string_view prefix, Member Options::*member, std::string_view help) {
  static_assert(detail::is_option_map<Member>::value, "option_map() is for std::map<std::string, T>");
  return {prefix, member, help};
}

template <typename... Rows>
struct OptionTable {
  using options_type = std::tuple_element_t<0, std::tuple<typename Rows::options_type...>>;
  std::tuple<Rows...> rows;
};

template <typename... Rows>
constexpr OptionTable<Rows...> options(Rows... rows) {
  return {std::tuple<Rows...>(rows...)};
}

// The rows of one table behind those of another: a component's own options, and those it shares with its kin in a struct it derives
// from. The first row names the struct that is filled.
template <typename... Own, typename... Shared>
constexpr OptionTable<Own..., Shared...> joined(const OptionTable<Own...>& own, const OptionTable<Shared...>& shared) {
  return {std::tuple_cat(own.rows, shared.rows)};
}

// The parts of a value that lists names: between commas, without the spaces around them; empty ones are left out.
inline std::vector<std::string> listed(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
  }
  return parts;
}

// For components without options.
struct NoOptions {};
struct NoOptionTable {
  using options_type = NoOptions;
  std::tuple<> rows;
};
inline constexpr NoOptionTable no_options{};

// The options a configuration gives, or invalid_config with every mistake in one message: unknown keys with a suggestion, values of the
// wrong form, and what is missing. Values of secret options are not repeated in it.
template <typename Table>
Result<typename Table::options_type> parse_options(const Table& table, const qonduit_pair* pairs, std::size_t count) {
  typename Table::options_type result{};
  std::string problems;
  const auto complain = [&](const std::string& text) { problems += (problems.empty() ? "" : "; ") + text; };
  std::vector<std::string_view> names;
  std::vector<bool> given;
  std::apply([&](const auto&... row) { (names.push_back(row.name), ...); }, table.rows);
  given.resize(names.size());

  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view key(pairs[i].key.data, pairs[i].key.size);
    const std::string_view text(pairs[i].value.data, pairs[i].value.size);
    bool known = false;
    std::size_t index = 0;
    const auto try_row = [&](const auto& row) {
      using Member = std::remove_reference_t<decltype(result.*(row.member))>;
      if constexpr (detail::is_option_map<Member>::value) {
        if (!known && key.starts_with(row.name) && key.size() > row.name.size()) {
          known = true;
          typename Member::mapped_type value{};
          const auto problem = detail::parse_value(row.traits, text, value);
          if (!problem.empty()) complain(std::string(key) + ": " + problem);
          (result.*(row.member))[std::string(key.substr(row.name.size()))] = value;
        }
      } else if (!known && key == row.name) {
        known = true;
        given[index] = true;
        const auto problem = detail::parse_value(row.traits, text, result.*(row.member));
        if (!problem.empty())
          complain(std::string(key) + ": " + (row.traits.secret ? std::string("the value has the wrong form") : problem));
      }
      ++index;
    };
    std::apply([&](const auto&... row) { (try_row(row), ...); }, table.rows);
    if (!known) complain("unknown option '" + std::string(key) + "'" + detail::suggestion(key, names));
  }
  std::size_t index = 0;
  const auto check_given = [&](const auto& row) {
    if (row.traits.required && !given[index]) complain("'" + std::string(row.name) + "' is missing: " + std::string(row.help));
    ++index;
  };
  std::apply([&](const auto&... row) { (check_given(row), ...); }, table.rows);
  static_cast<void>(check_given);
  if (!problems.empty()) return Status(Code::invalid_config, problems);
  return result;
}

// The JSON the host reads: docs/abi.md, "describe_json".
template <typename Table>
std::string describe_options(const Table& table, std::string_view summary) {
  const typename Table::options_type defaults{};
  std::string json = "{\"summary\":" + detail::json_string(summary) + ",\"options\":[";
  const auto add = [&](const auto& row) {
    using Member = std::remove_cv_t<std::remove_reference_t<decltype(defaults.*(row.member))>>;
    if (json.back() != '[') json += ',';
    json += "{\"name\":" + detail::json_string(row.name) + ",\"type\":\"" +
            std::string(detail::type_name<detail::option_value_t<Member>>()) + "\"";
    if (row.traits.value_count > 0) {
      json += ",\"values\":[";
      for (std::size_t i = 0; i < row.traits.value_count; ++i)
        json += (i == 0 ? "" : ",") + detail::json_string(row.traits.values[i].first);
      json += "]";
    }
    const detail::OptionTraits unbounded;
    if (row.traits.low != unbounded.low) json += ",\"min\":" + std::to_string(row.traits.low);
    if (row.traits.high != unbounded.high) json += ",\"max\":" + std::to_string(row.traits.high);
    if constexpr (!detail::is_option_map<Member>::value) {
      if (!row.traits.required) json += ",\"default\":" + detail::json_string(detail::show_value(row.traits, defaults.*(row.member)));
    }
    json += std::string(",\"required\":") + (row.traits.required ? "true" : "false");
    json += std::string(",\"secret\":") + (row.traits.secret ? "true" : "false");
    json += std::string(",\"prefix\":") + (detail::is_option_map<Member>::value ? "true" : "false");
    json += ",\"help\":" + detail::json_string(row.help) + "}";
  };
  std::apply([&](const auto&... row) { (add(row), ...); }, table.rows);
  static_cast<void>(add);
  return json + "]}";
}

}  // namespace qonduit
