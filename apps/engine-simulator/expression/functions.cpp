#include "expression/functions.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>

#include "model/date_text.hpp"
#include "model/number_format.hpp"

namespace qonduit::simulator {
namespace {

using Arguments = std::vector<Value>;

const Value& at(const Arguments& arguments, std::size_t index) {
  static const Value null;
  return index < arguments.size() ? arguments[index] : null;
}

std::string text_at(const Arguments& arguments, std::size_t index, const Locale& locale) { return text_of(at(arguments, index), locale); }

// A dual: the number as given, the text under a format.
Value formatted(const Arguments& arguments, const Locale& locale, NumFormat format, const std::string& fallback) {
  const Value& value = at(arguments, 0);
  if (!value.is_number()) return {};
  format.pattern = arguments.size() > 1 ? text_at(arguments, 1, locale) : fallback;
  format.decimal = arguments.size() > 2 ? text_at(arguments, 2, locale) : locale.decimal;
  format.thousands = arguments.size() > 3 ? text_at(arguments, 3, locale) : locale.thousands;
  return {value.number, format_number(value.number, format), true};
}

Value num(const Arguments& arguments, const Locale& locale) {
  if (arguments.size() == 1) {
    if (!arguments[0].is_number()) return {};
    return {arguments[0].number, format_general(arguments[0].number, locale.decimal), true};
  }
  return formatted(arguments, locale, {"F", 0, 1, "", "", ""}, "");
}
Value money(const Arguments& a, const Locale& l) { return formatted(a, l, {"M", 2, 1, "", "", ""}, l.money); }
Value date(const Arguments& a, const Locale& l) { return formatted(a, l, {"D", 0, 0, "", "", ""}, l.date); }
Value time(const Arguments& a, const Locale& l) { return formatted(a, l, {"T", 0, 0, "", "", ""}, l.time); }
Value timestamp(const Arguments& a, const Locale& l) { return formatted(a, l, {"TS", 0, 0, "", "", ""}, l.timestamp); }
Value interval(const Arguments& a, const Locale& l) { return formatted(a, l, {"IV", 0, 0, "", "", ""}, "D hh:mm:ss"); }

Value text(const Arguments& a, const Locale& l) { return a[0].is_null() ? Value{} : Value::of(text_of(a[0], l)); }
Value dual(const Arguments& a, const Locale& l) { return {a[1].number, text_of(a[0], l), true}; }
Value is_null(const Arguments& a, const Locale&) { return Value::of(a[0].is_null()); }
Value null(const Arguments&, const Locale&) { return {}; }

Value alt(const Arguments& arguments, const Locale&) {
  for (const auto& value : arguments)
    if (value.is_number()) return value;
  return arguments.back();
}

Value range_sum(const Arguments& arguments, const Locale&) {
  double sum = 0;
  for (const auto& value : arguments)
    if (value.is_number()) sum += value.number;
  return Value::of(sum);
}

// Characters of UTF-8 text: where each begins, and the end.
std::vector<std::size_t> characters(const std::string& of) {
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < of.size(); ++i)
    if ((static_cast<unsigned char>(of[i]) & 0xc0) != 0x80) begins.push_back(i);
  begins.push_back(of.size());
  return begins;
}

Value slice(const std::string& of, double from, double count) {
  const auto begins = characters(of);
  const auto last = static_cast<double>(begins.size() - 1);
  const double first = std::clamp(std::isnan(from) ? 0 : from, 0.0, last);
  const double end = std::clamp(first + (std::isnan(count) ? last : std::max(count, 0.0)), first, last);
  const auto begin_byte = begins[static_cast<std::size_t>(first)];
  return Value::of(of.substr(begin_byte, begins[static_cast<std::size_t>(end)] - begin_byte));
}

Value len(const Arguments& a, const Locale& l) { return Value::of(static_cast<double>(characters(text_of(a[0], l)).size() - 1)); }
Value left(const Arguments& a, const Locale& l) { return slice(text_of(a[0], l), 0, a[1].number); }
Value right(const Arguments& a, const Locale& l) {
  const std::string of = text_of(a[0], l);
  return slice(of, static_cast<double>(characters(of).size() - 1) - a[1].number, kNaN);
}
Value mid(const Arguments& a, const Locale& l) { return slice(text_of(a[0], l), a[1].number - 1, at(a, 2).number); }

Value upper(const Arguments& a, const Locale& l) {
  std::string of = text_of(a[0], l);
  std::transform(of.begin(), of.end(), of.begin(), [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::toupper(c) : c); });
  return Value::of(std::move(of));
}
Value lower(const Arguments& a, const Locale& l) {
  std::string of = text_of(a[0], l);
  std::transform(of.begin(), of.end(), of.begin(), [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
  return Value::of(std::move(of));
}
Value trim(const Arguments& a, const Locale& l) {
  const std::string of = text_of(a[0], l);
  const auto first = of.find_first_not_of(' ');
  return Value::of(first == std::string::npos ? std::string() : of.substr(first, of.find_last_not_of(' ') - first + 1));
}

Value absolute(const Arguments& a, const Locale&) { return Value::of(std::fabs(a[0].number)); }
double step_of(const Arguments& a) { return a.size() > 1 && a[1].is_number() && a[1].number != 0 ? a[1].number : 1; }
Value floor(const Arguments& a, const Locale&) { return Value::of(std::floor(a[0].number / step_of(a)) * step_of(a)); }
Value ceil(const Arguments& a, const Locale&) { return Value::of(std::ceil(a[0].number / step_of(a)) * step_of(a)); }
Value round(const Arguments& a, const Locale&) { return Value::of(std::floor(a[0].number / step_of(a) + 0.5) * step_of(a)); }

Value part_of_date(const Value& serial, const char* pattern) {
  return serial.is_number() ? Value::of(std::strtod(format_date(serial.number, pattern).c_str(), nullptr)) : Value{};
}
Value year(const Arguments& a, const Locale&) { return part_of_date(a[0], "YYYY"); }
Value day(const Arguments& a, const Locale&) { return part_of_date(a[0], "D"); }
Value month(const Arguments& a, const Locale&) {  // a dual: the name over the number
  if (!a[0].is_number()) return {};
  return {part_of_date(a[0], "M").number, format_date(a[0].number, "MMM"), true};
}
Value make_date(const Arguments& a, const Locale& l) {
  if (!a[0].is_number()) return {};
  const auto whole = [&](std::size_t index) { return at(a, index).is_number() ? static_cast<int>(at(a, index).number) : 1; };
  const auto serial = static_cast<double>(day_serial(whole(0), whole(1), whole(2)));
  return {serial, format_date(serial, l.date), true};
}

Value matched(const Arguments& a, const Locale& l, bool (*same)(const std::string& text, const std::string& pattern)) {
  const std::string text = text_of(a[0], l);
  for (std::size_t i = 1; i < a.size(); ++i)
    if (same(text, text_of(a[i], l))) return Value::of(static_cast<double>(i));
  return Value::of(0.0);
}
Value match(const Arguments& a, const Locale& l) {
  return matched(a, l, [](const std::string& text, const std::string& pattern) { return text == pattern; });
}
Value mix_match(const Arguments& a, const Locale& l) {
  return matched(a, l, [](const std::string& text, const std::string& pattern) {
    return pattern.find_first_of("*?") == std::string::npos && matches_wildcard(text, pattern);
  });
}
Value wild_match(const Arguments& a, const Locale& l) {
  return matched(a, l, [](const std::string& text, const std::string& pattern) { return matches_wildcard(text, pattern); });
}

// The engine's clock, as local time; here that is the simulator's.
double serial_now() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  return static_cast<double>(day_serial(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday)) +
         (local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec) / 86400.0;
}
Value today(const Arguments&, const Locale& l) {
  const double serial = std::floor(serial_now());
  return {serial, format_date(serial, l.date), true};
}
Value now(const Arguments&, const Locale& l) {
  const double serial = serial_now();
  return {serial, format_date(serial, l.timestamp), true};
}
Value hour(const Arguments& a, const Locale&) { return part_of_date(a[0], "h"); }
Value minute(const Arguments& a, const Locale&) { return part_of_date(a[0], "m"); }
Value second(const Arguments& a, const Locale&) { return part_of_date(a[0], "s"); }
Value read_date(const Arguments& a, const Locale& l) {
  const std::string text = text_of(a[0], l);
  const auto serial = parse_date(text, a.size() > 1 ? text_of(a[1], l) : l.date);
  return serial ? Value{*serial, text, true} : a[0].is_null() ? Value{} : Value::of(text);
}
Value read_number(const Arguments& a, const Locale& l) {
  const std::string text = text_of(a[0], l);
  const auto number = parse_number(text, l);
  return number ? Value{*number, text, true} : a[0].is_null() ? Value{} : Value::of(text);
}
Value coalesce(const Arguments& arguments, const Locale&) {
  for (const auto& value : arguments)
    if (!value.is_null()) return value;
  return {};
}
Value pick(const Arguments& a, const Locale&) {
  const double index = a[0].number;
  return index >= 1 && index < static_cast<double>(a.size()) ? a[static_cast<std::size_t>(index)] : Value{};
}
Value replace(const Arguments& a, const Locale& l) {
  std::string text = text_of(a[0], l);
  const std::string from = text_of(a[1], l);
  const std::string to = text_of(a[2], l);
  for (auto at = from.empty() ? std::string::npos : text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return Value::of(std::move(text));
}

constexpr std::array kFunctions = {
    Function{"abs", 1, 1, absolute},
    Function{"alt", 1, 16, alt},
    Function{"ceil", 1, 2, ceil},
    Function{"date", 1, 2, date},
    Function{"day", 1, 1, day},
    Function{"dual", 2, 2, dual},
    Function{"floor", 1, 2, floor},
    Function{"interval", 1, 2, interval},
    Function{"isnull", 1, 1, is_null},
    Function{"left", 2, 2, left},
    Function{"len", 1, 1, len},
    Function{"lower", 1, 1, lower},
    Function{"makedate", 1, 3, make_date},
    Function{"mid", 2, 3, mid},
    Function{"money", 1, 4, money},
    Function{"month", 1, 1, month},
    Function{"null", 0, 0, null},
    Function{"num", 1, 4, num},
    Function{"rangesum", 1, 64, range_sum},
    Function{"right", 2, 2, right},
    Function{"round", 1, 2, round},
    Function{"text", 1, 1, text},
    Function{"time", 1, 2, time},
    Function{"timestamp", 1, 2, timestamp},
    Function{"trim", 1, 1, trim},
    Function{"upper", 1, 1, upper},
    Function{"year", 1, 1, year},
    Function{"coalesce", 1, 64, coalesce},
    Function{"date#", 1, 2, read_date},
    Function{"hour", 1, 1, hour},
    Function{"match", 2, 64, match},
    Function{"minute", 1, 1, minute},
    Function{"mixmatch", 2, 64, mix_match},
    Function{"now", 0, 1, now},
    Function{"num#", 1, 4, read_number},
    Function{"pick", 2, 64, pick},
    Function{"replace", 3, 3, replace},
    Function{"second", 1, 1, second},
    Function{"today", 0, 1, today},
    Function{"wildmatch", 2, 64, wild_match},
};

}  // namespace

const Function* find_function(const std::string& name) {
  const auto* const found = std::find_if(kFunctions.begin(), kFunctions.end(), [&](const Function& known) { return name == known.name; });
  return found == kFunctions.end() ? nullptr : found;
}

std::vector<std::string> function_names() {
  std::vector<std::string> made;
  for (const auto& function : kFunctions) made.emplace_back(function.name);
  return made;
}

}  // namespace qonduit::simulator
