#include "core/config/selection.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>

#include "core/config/expression_text.hpp"
#include "qonduit/list.hpp"
#include "qonduit/text.hpp"

namespace qonduit::config {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
// A time of day is stored as a fraction of a day, which seldom is exact: half a millisecond to both sides is the same moment.
constexpr double kMoment = 0.5 / 86'400'000.0;
constexpr int kMostSteps = 100'000;

struct Item {
  std::string text;
  bool quoted = false;   // as a whole
  bool exclude = false;  // an unquoted '!' in front
};

Status refused(std::string_view item, const std::string& why) { return {Code::invalid_config, "'" + std::string(item) + "': " + why}; }

Result<Item> read_item(std::string_view text) {
  Item item;
  if (text.starts_with('!')) item.exclude = true, text = without_blanks(text.substr(1));
  if (text.empty()) return refused(text, "an empty item; quote an empty text: \"\"");
  item.quoted = text.front() == '"';
  if (!item.quoted && text.find('"') != std::string_view::npos)
    return refused(text, "quote the whole item, and write \"\" for a quote in it");
  if (!unquote(text, item.text)) return refused(text, std::string(kBadQuotes));
  return item;
}

Result<std::vector<Item>> read_items(std::string_view text) {
  const auto parts = list_pieces(text);
  if (!parts) return refused(text, parts.error().message());
  std::vector<Item> items;
  for (const auto part : *parts) {
    auto item = read_item(part);
    if (!item) return std::move(item).error();
    items.push_back(std::move(*item));
  }
  return items;
}

double plain_number(std::string_view text) {
  double value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  return !text.empty() && error == std::errc() && at == end && std::isfinite(value) ? value : kNone;
}

// Whether a number stands for something else than its value: 01, a key of twenty digits.
bool is_code(std::string_view text) {
  auto digits = text.substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
  const bool padded = digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
  const bool whole = std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  return padded || (whole && std::abs(plain_number(text)) > 9007199254740992.0);
}

// The text of a number as everybody writes it: 1, -1.5. Qlik shows up to fourteen digits, and small numbers with an exponent.
std::string plain_text(double value) {
  constexpr std::size_t kDigits = 14;
  if (!std::isfinite(value) || std::abs(value) >= 1e14 || (value != 0 && std::abs(value) < 1e-4)) return {};
  char text[64];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed);
  if (error != std::errc()) return {};
  const std::string_view made(text, static_cast<std::size_t>(end - text));
  const auto digits = static_cast<std::size_t>(std::count_if(made.begin(), made.end(), [](char c) { return c >= '0' && c <= '9'; }));
  return digits > kDigits || made == "-0" ? std::string() : std::string(made);
}

// A variable's value: a number only where its plain writing is the text, for $(NAME) is the text.
VariableValue variable_value(std::string name, std::string text, bool is_text) {
  const double number = is_text ? kNone : plain_number(text);
  const bool plain = !std::isnan(number) && plain_text(number) == text;
  return {std::move(name), std::move(text), plain ? number : kNone};
}

// The numbers a bound stands for: itself, a day, a moment.
std::optional<Interval> numbers_of(std::string_view text) {
  if (const double value = plain_number(text); !std::isnan(value)) return Interval{value, value, true, true};
  bool whole_day = false;
  const double serial = date_serial(text, whole_day);
  if (std::isnan(serial)) return std::nullopt;
  if (whole_day) return Interval{serial, serial + 1, true, false};
  return Interval{serial - kMoment, serial + kMoment, true, true};
}

std::optional<Interval> comparison(std::string_view text, std::string_view& bound) {
  const auto length = text.starts_with(">=") || text.starts_with("<=") ? 2u : 1u;
  bound = trimmed(text.substr(length));
  const auto value = numbers_of(bound);
  if (!value) return std::nullopt;
  Interval made;
  if (text.starts_with(">=")) {
    made.low = value->low;
  } else if (text.starts_with('>')) {
    made.low = value->high, made.with_low = !value->with_high;
  } else if (text.starts_with("<=")) {
    made.high = value->high, made.with_high = value->with_high;
  } else {
    made.high = value->low, made.with_high = false;
  }
  return made;
}

// LOW..HIGH, LOW.., ..HIGH, where at least one side reads as a number or a date.
Result<std::optional<Interval>> range(std::string_view text) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos) return std::optional<Interval>();
  const auto low_text = trimmed(text.substr(0, dots));
  const auto high_text = trimmed(text.substr(dots + 2));
  const auto low = numbers_of(low_text);
  const auto high = numbers_of(high_text);
  if (!low && !high) return std::optional<Interval>();
  if ((!low && !low_text.empty()) || (!high && !high_text.empty())) {
    return refused(text, "a range is LOW..HIGH, both numbers or dates such as 2024-01-31; quote it where it is a text");
  }
  Interval made;
  if (low) made.low = low->low;
  if (high) made.high = high->high, made.with_high = high->with_high;
  if (made.low > made.high || (made.low == made.high && !made.with_high)) return refused(text, "the range ends before it begins");
  return std::optional<Interval>(made);
}

bool is_null_word(std::string_view text) { return text.size() == 4 && (text == "null" || text == "NULL" || text == "Null"); }

Result<ValuePattern> pattern_of(Item item) {
  ValuePattern made;
  made.exclude = item.exclude;
  made.text = std::move(item.text);
  made.written = (item.exclude ? "!" : "") + made.text;
  const auto& text = made.text;
  if (item.quoted) return made;
  if (is_null_word(text)) return refused(text, "Qlik cannot select null; quote it where it is a text");
  if (text.front() == '<' || text.front() == '>') {
    std::string_view bound;
    const auto numbers = comparison(text, bound);
    if (!numbers) return refused(text, "a number or a date such as 2024-01-31 follows a comparison; quote it where it is a text");
    made.kind = Wanted::range, made.numbers = *numbers;
    return made;
  }
  auto numbers = range(text);
  if (!numbers) return std::move(numbers).error();
  if (*numbers) {
    made.kind = Wanted::range, made.numbers = **numbers;
  } else if (const auto exact = is_code(text) ? std::nullopt : numbers_of(text)) {
    made.kind = Wanted::number, made.numbers = *exact;
  } else if (text.find_first_of("*?") != std::string::npos) {
    made.kind = Wanted::search;
  }
  return made;
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

// hh:mm, hh:mm:ss, hh:mm:ss.f as a fraction of a day; NaN when it is none.
double time_of_day(std::string_view text) {
  const auto hour = digits(text, 0, 2);
  const auto minute = digits(text, 3, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59 || text[2] != ':') return kNone;
  double seconds = 0;
  if (text.size() > 5) {
    if (text[5] != ':' || !digits(text, 6, 2)) return kNone;
    seconds = plain_number(text.substr(6));
    if (std::isnan(seconds) || seconds < 0 || seconds >= 60) return kNone;
  }
  return (*hour * 3600.0 + *minute * 60.0 + seconds) / 86400.0;
}

}  // namespace

double date_serial(std::string_view text, bool& whole_day) {
  whole_day = text.size() == 10;
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return kNone;
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  if (!year || !month || !day) return kNone;
  using namespace std::chrono;
  const auto date =
      std::chrono::year(*year) / std::chrono::month(static_cast<unsigned>(*month)) / std::chrono::day(static_cast<unsigned>(*day));
  if (!date.ok()) return kNone;
  constexpr auto kOrigin = sys_days(std::chrono::year(1899) / December / 30);
  const auto days = static_cast<double>((sys_days(date) - kOrigin).count());
  if (whole_day) return days;
  return text[10] == 'T' || text[10] == ' ' ? days + time_of_day(text.substr(11)) : kNone;
}

Result<std::vector<ValuePattern>> parse_values(std::string_view text) {
  if (trimmed(text).empty()) return Status(Code::invalid_config, "selects nothing; leave the key out where every value is wanted");
  auto items = read_items(text);
  if (!items) return std::move(items).error();
  std::vector<ValuePattern> patterns;
  for (auto& item : *items) {
    auto pattern = pattern_of(std::move(item));
    if (!pattern) return std::move(pattern).error();
    patterns.push_back(std::move(*pattern));
  }
  return patterns;
}

FieldName parse_field(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) return {std::string(text), {}};
  return {std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

Result<VariableValue> parse_variable(std::string name, std::string_view text) {
  text = without_blanks(text);
  std::string plain;
  if (!unquote(text, plain)) return Status(Code::invalid_config, std::string(kBadQuotes));
  return variable_value(std::move(name), std::move(plain), text.starts_with('"'));
}

std::string LoopTerm::name() const {
  switch (over) {
    case Over::field: return field.text();
    case Over::bookmark: return "bookmark";
    case Over::variable: return variable;
  }
  return {};
}

namespace {

// 1..12 counts; everything else is one value.
Status add_variable_values(LoopTerm& term, const Item& item) {
  if (item.exclude) return refused("!" + item.text, "a variable's values are listed, not excluded; quote a text that begins with '!'");
  const auto dots = item.quoted ? std::string::npos : item.text.find("..");
  const auto whole = [](std::string_view text) -> std::optional<long long> {
    long long value = 0;
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc() || at != end) return std::nullopt;
    return value;
  };
  if (dots != std::string::npos) {
    const auto low = whole(trimmed(std::string_view(item.text).substr(0, dots)));
    const auto high = whole(trimmed(std::string_view(item.text).substr(dots + 2)));
    if (!low || !high || *low > *high) return refused(item.text, "a range of a variable is LOW..HIGH, both whole numbers, such as 1..12");
    if (*high - *low >= kMostSteps) return refused(item.text, "more than " + std::to_string(kMostSteps) + " values");
    // 01..12 keeps its zeros.
    const auto first = trimmed(std::string_view(item.text).substr(0, dots));
    const auto width = first.starts_with('0') ? first.size() : 1;
    for (auto value = *low; value <= *high; ++value) {
      auto text = std::to_string(value);
      if (text.size() < width) text.insert(0, width - text.size(), '0');
      term.values.push_back(variable_value(term.variable, std::move(text), false));
    }
    return {};
  }
  term.values.push_back(variable_value(term.variable, item.text, item.quoted));
  return {};
}

Status read_variable_term(LoopTerm& term, std::string_view values) {
  auto items = read_items(values);
  if (!items) return std::move(items).error();
  std::map<std::string, std::string> written;  // of each value, by what the variable would be
  for (const auto& item : *items) {
    const auto before = term.values.size();
    if (auto status = add_variable_values(term, item); !status.ok()) return status;
    const auto as_written = item.quoted ? '"' + item.text + '"' : item.text;
    for (auto i = before; i < term.values.size(); ++i) {
      const auto [known, first] = written.try_emplace(term.values[i].text, as_written);
      if (!first) {
        return refused(as_written, "sets " + term.variable + " to '" + term.values[i].text + "', and so does '" + known->second +
                                       "': each turn has a value of its own");
      }
    }
  }
  return {};
}

// What stands in the parentheses of one term.
Status read_term(LoopTerm& term, std::string_view kind, std::string_view inside) {
  const auto parts = list_pieces(inside, ';');
  if (!parts || parts->front().empty() || parts->size() > 2) {
    return refused(inside, "write field(NAME), field(NAME; only: A, B), bookmark(TITLE, ...) or variable(NAME; VALUES)");
  }
  const auto second = parts->size() == 2 ? parts->back() : std::string_view();
  if (kind == "bookmark") {
    term.over = LoopTerm::Over::bookmark;
    if (!second.empty()) return refused(inside, "bookmark() takes ids or titles, separated by commas");
    auto items = read_items(parts->front());
    if (!items) return std::move(items).error();
    for (auto& item : *items) term.globs.push_back({std::move(item.text), item.quoted});
    return {};
  }
  auto name = read_item(parts->front());
  if (!name) return std::move(name).error();
  if (kind == "variable") {
    term.over = LoopTerm::Over::variable;
    term.variable = std::move(name->text);
    if (second.empty())
      return refused(inside, "which values? Write variable(" + term.variable + "; 1..12) or variable(" + term.variable + "; a, b)");
    return read_variable_term(term, second);
  }
  term.field = name->quoted ? FieldName{std::move(name->text), {}} : parse_field(name->text);
  if (second.empty()) return {};
  if (!second.starts_with("only:")) return refused(inside, "behind the field's name only 'only: A, B' may follow");
  auto values = parse_values(second.substr(5));
  if (!values) return std::move(values).error();
  term.only = std::move(*values);
  return {};
}

// Where the parenthesis opened at `open` closes: quotes and inner pairs are skipped.
std::size_t closing(std::string_view text, std::size_t open) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return i;
  }
  return std::string_view::npos;
}

}  // namespace

Result<std::vector<LoopTerm>> parse_foreach(std::string_view text) {
  std::vector<LoopTerm> terms;
  auto rest = trimmed(text);
  while (true) {
    const auto open = rest.find('(');
    const auto kind = trimmed(rest.substr(0, open));
    const auto close = open == std::string_view::npos ? open : closing(rest, open);
    if (close == std::string_view::npos || (kind != "field" && kind != "bookmark" && kind != "variable")) {
      return refused(rest, "write field(NAME), bookmark(TITLE, ...) or variable(NAME; VALUES), with ' x ' between them for a product");
    }
    LoopTerm term;
    if (auto status = read_term(term, kind, trimmed(rest.substr(open + 1, close - open - 1))); !status.ok()) return status;
    for (const auto& other : terms) {
      if (other.name() == term.name()) return refused(text, "loops over '" + term.name() + "' twice");
    }
    terms.push_back(std::move(term));
    rest = trimmed(rest.substr(close + 1));
    if (rest.empty()) return terms;
    if (!rest.starts_with("x ") && !rest.starts_with("x\t")) return refused(rest, "write ' x ' between two loops");
    rest = trimmed(rest.substr(1));
  }
}

}  // namespace qonduit::config
