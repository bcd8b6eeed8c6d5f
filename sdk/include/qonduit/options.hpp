// Options of a component, written once as a table of member pointers. Parsing, checking, defaults, masking of secrets, documentation and
// the pasteable example all come from that table.
//
//   struct LinesOptions { std::string path; bool header = true; };
//   constexpr auto kOptions = qonduit::options(
//       qonduit::option("path", &LinesOptions::path, "File to write; created if missing.").required(),
//       qonduit::option("header", &LinesOptions::header, "Write column names first."));
//
// Member types: std::string, char, bool, integers, double, std::chrono::milliseconds ("250ms", "30s", "15m", "1h"), Bytes ("64KiB",
// "16MiB"), enums (with values()), std::vector<std::string> (a list: Region, "Net, Sales"), std::optional of these, and
// std::map<std::string, T> with option_map(), which takes every key that begins with the option's name: "dual." takes "dual.Order Date". A
// default is what a default-constructed struct holds.
//
// Tables are constants: they refer to the texts they are given and copy nothing. Any thread.
#pragma once

#include <qonduit/abi.h>
#include <qonduit/detail/option_value.hpp>
#include <qonduit/json_text.hpp>
#include <qonduit/status.hpp>
#include <qonduit/suggestion.hpp>
#include <qonduit/text.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace qonduit {

template <typename E>
struct NamedValue {
  std::string_view name;
  E value;
};

namespace detail {

// What a row says, whatever the type of its member.
struct OptionRow {
  std::string_view name, help;
  const OptionType* type = nullptr;
  std::int64_t low = OptionLimits().low, high = OptionLimits().high;
  bool required = false, secret = false;
};

// A row, and its member in one struct of options. Borrows both.
struct BoundOption {
  const OptionRow* row;
  void* member;
  std::span<const OptionWord> words;

  [[nodiscard]] OptionLimits limits() const noexcept { return {row->low, row->high, words}; }
  [[nodiscard]] std::string shown() const { return row->type->show(member, limits()); }
};

}  // namespace detail

// One row of the table. Built by option() and refined by chaining; a value type, usable in constant expressions.
template <typename Options, typename Member, std::size_t Words = 0>
struct Option {
  using options_type = Options;
  using value_type = typename detail::OptionTypeOf<Member>::value_type;

  detail::OptionRow row;
  Member Options::*member;
  std::array<detail::OptionWord, Words> words{};

  // The configuration must give it.
  [[nodiscard]] constexpr Option required() const {
    Option copy = *this;
    copy.row.required = true;
    return copy;
  }
  // Never shown: configurations are told to use ${file:} or ${env:}.
  [[nodiscard]] constexpr Option secret() const {
    Option copy = *this;
    copy.row.secret = true;
    return copy;
  }
  // Inclusive, in the member's own unit (milliseconds, bytes).
  [[nodiscard]] constexpr Option range(std::int64_t low, std::int64_t high) const {
    Option copy = *this;
    copy.row.low = low, copy.row.high = high;
    return copy;
  }
  // The names of an enum's values.
  template <typename E = value_type, std::size_t Count>
  [[nodiscard]] constexpr Option<Options, Member, Count> values(const NamedValue<E> (&names)[Count]) const {
    static_assert(std::is_enum_v<value_type>, "values() is for enums");
    Option<Options, Member, Count> copy{row, member};
    for (std::size_t i = 0; i < Count; ++i) copy.words[i] = {names[i].name, static_cast<std::int64_t>(names[i].value)};
    return copy;
  }

  [[nodiscard]] detail::BoundOption bound(Options& options) const noexcept { return {&row, &(options.*member), words}; }
};

template <typename Options, typename Member>
constexpr Option<Options, Member> option(std::string_view name, Member Options::*member, std::string_view help) {
  return {{name, help, &detail::option_type<Member>}, member};
}

// A family of options: the key after the prefix is the map's key.
template <typename Options, typename Member>
constexpr Option<Options, Member> option_map(std::string_view prefix, Member Options::*member, std::string_view help) {
  static_assert(detail::OptionTypeOf<Member>::kFamily, "option_map() is for std::map<std::string, T>");
  return option(prefix, member, help);
}

// The rows of one struct of options, held by a closure: visit(f) calls f with all of them.
template <typename Options, std::size_t Size, typename Visit>
struct OptionTable {
  using options_type = Options;
  static constexpr std::size_t size = Size;
  Visit visit;

  void bind(Options& options, detail::BoundOption* out) const noexcept {
    visit([&](const auto&... rows) { ((*out++ = rows.bound(options)), ...); });
  }
};

template <typename First, typename... Rest>
constexpr auto options(First first, Rest... rest) {
  const auto visit = [=](const auto& visitor) { visitor(first, rest...); };
  return OptionTable<typename First::options_type, 1 + sizeof...(Rest), decltype(visit)>{visit};
}

// A component's own options, and after them those that it shares with its kin: its struct derives from theirs.
template <typename Own, typename Shared>
struct JoinedTable {
  using options_type = typename Own::options_type;
  static_assert(std::is_convertible_v<options_type*, typename Shared::options_type*>,
                "the struct derives from the one of the shared options");
  static constexpr std::size_t size = Own::size + Shared::size;
  Own own;
  Shared shared;

  void bind(options_type& options, detail::BoundOption* out) const noexcept {
    own.bind(options, out);
    shared.bind(options, out + Own::size);
  }
};

template <typename Own, typename Shared>
constexpr JoinedTable<Own, Shared> joined(const Own& own, const Shared& shared) {
  return {own, shared};
}

// For components without options.
struct NoOptions {};
struct NoOptionTable {
  using options_type = NoOptions;
  static constexpr std::size_t size = 0;
  void bind(NoOptions&, detail::BoundOption*) const noexcept {}
};
inline constexpr NoOptionTable no_options{};

namespace detail {

// The table's rows and their members in this struct. Valid as long as both.
template <typename Table>
std::array<BoundOption, Table::size> bound_rows(const Table& table, typename Table::options_type& options) noexcept {
  std::array<BoundOption, Table::size> rows{};
  table.bind(options, rows.data());
  return rows;
}

Status parse_rows(std::span<const BoundOption> rows, const qonduit_pair* pairs, std::size_t count);
std::string describe_rows(std::span<const BoundOption> rows, std::string_view summary);

}  // namespace detail

// The options a configuration gives, or invalid_config with every mistake in one message: unknown keys with a suggestion, values of the
// wrong form, and what is missing. Values of secret options are not repeated in it.
template <typename Table>
Result<typename Table::options_type> parse_options(const Table& table, const qonduit_pair* pairs, std::size_t count) {
  typename Table::options_type result{};
  auto parsed = detail::parse_rows(detail::bound_rows(table, result), pairs, count);
  if (!parsed.ok()) return parsed;
  return result;
}

// The JSON the host reads: docs/abi.md, "describe_json".
template <typename Table>
[[gnu::cold]] std::string describe_options(const Table& table, std::string_view summary) {
  typename Table::options_type defaults{};
  return detail::describe_rows(detail::bound_rows(table, defaults), summary);
}

}  // namespace qonduit

#include <qonduit/detail/options.ipp>
