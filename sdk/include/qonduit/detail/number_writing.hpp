// Whether a text is a writing of a number: compiled once for a column from its pattern and the app's locale. For cell.hpp. Source: Qlik's
// help on number formats; captured cells in tests/fixtures.
#pragma once

#include <qonduit/detail/writing_text.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::detail {

// A section of a pattern, between semicolons: what stands before the digits and behind them.
struct PatternSection {
  enum class Of : std::uint8_t { positive, negative, zero };
  Of of = Of::positive;
  std::string before, after;
  bool digits = true;   // false: the section is a text, which is in before
  bool padded = false;  // two zeros at least are written where there are no digits
  bool code = false;    // INV-000: letters and zeros are the value
  bool alone = false;   // negative numbers are written by it too, with a minus
};

// "$#,##0.00;($#,##0.00)": the digits run from the first # or 0 to the last.
[[nodiscard]] inline std::vector<PatternSection> sections_of(std::string_view pattern) {
  std::vector<PatternSection> sections;
  for (std::size_t at = 0; at <= pattern.size() && sections.size() < 3;) {
    const auto end = std::min(pattern.find(';', at), pattern.size());
    const auto text = pattern.substr(at, end - at);
    const auto first = text.find_first_of("#0");
    PatternSection section;
    section.of = static_cast<PatternSection::Of>(sections.size());
    section.digits = first != std::string_view::npos;
    section.before = std::string(text.substr(0, std::min(first, text.size())));
    if (section.digits) {
      section.after = std::string(text.substr(text.find_last_of("#0") + 1));
      section.padded = text.substr(std::min(text.find_first_not_of('#', first), text.size())).substr(0, 2) == "00";
    }
    sections.push_back(std::move(section));
    at = end + 1;
  }
  sections.front().alone = sections.size() == 1;
  return sections;
}

class NumberWriting {
 public:
  // What stands for a decimal and for a thousands separator: the column's own first, then the locale's. Known: what is not among them is
  // none.
  void add_separators(std::string_view decimal, std::string_view thousands) {
    add(decimals_, decimal);
    add(thousands_, thousands);
  }
  void add_pattern(std::string_view pattern) {
    if (pattern.empty()) return;
    for (auto& section : sections_of(pattern)) sections_.push_back(std::move(section));
    scientific_ = scientific_ || pattern.find("0E") != std::string_view::npos || pattern.find("#E") != std::string_view::npos;
  }
  // The app's pattern for money; its literals are a currency.
  void add_money(std::string_view pattern) {
    const auto own = sections_.size();
    add_pattern(pattern);
    for (auto i = own; i < sections_.size(); ++i) add_literals(sections_[i]);
    tells_currency_ = tells_currency_ || !prefixes_.empty() || !suffixes_.empty();
  }
  // qNumericalAbbreviation: "3:k;6:M;9:G;-3:m".
  void add_abbreviations(std::string_view list) {
    while (!list.empty()) {
      const auto entry = list.substr(0, list.find(';'));
      list.remove_prefix(std::min(list.size(), entry.size() + 1));
      const auto colon = entry.find(':');
      if (colon == std::string_view::npos || colon + 1 == entry.size()) continue;
      int power = 0;
      bool negative = false;
      for (const char c : entry.substr(0, colon)) {
        if (c == '-') negative = true;
        if (is_digit(c) && power < 100) power = power * 10 + (c - '0');
      }
      if (negative) power = -power;
      const auto letters = entry.substr(colon + 1);
      abbreviations_.emplace_back(std::string(letters), power);
      // The sign of micro is encoded in two ways.
      if (letters == "\u00b5" || letters == "\u03bc") abbreviations_.emplace_back(letters == "\u00b5" ? "\u03bc" : "\u00b5", power);
    }
    // The longest first: "mi" is no "i".
    std::stable_sort(abbreviations_.begin(), abbreviations_.end(),
                     [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  }
  void finish() {
    // A pattern that writes letters and zeros writes codes, unless its letters are a currency's or an abbreviation of the app.
    for (auto& section : sections_) section.code = section.padded && (names_code(section.before) || names_code(section.after));
    for (const auto& section : sections_) {
      add_literals(section);
      hides_minus_ =
          hides_minus_ || (section.of == PatternSection::Of::negative && section.digits && section.before.empty() && section.after.empty());
    }
    if (decimals_.empty()) decimals_ = {".", ","};
    if (thousands_.empty()) thousands_ = {",", ".", " ", "'"};
    decimal_ = decimals_.front().size() == 1 ? decimals_.front().front() : '.';
  }

  // REQUIRES: the number is finite.
  [[nodiscard, gnu::always_inline]] inline bool writes(std::string_view text, double number) const {
    std::uint64_t mantissa = 0;
    std::size_t digits = 0;
    if (quick(text, mantissa, digits)) {
      return agrees(mantissa, digits, number, text.front() == '-') ||
             (hides_minus_ && number < 0 && text.front() != '-' && agrees(mantissa, digits, -number, false));
    }
    return writes_otherwise(text, number) == Answer::yes;
  }
  // Whether a text is that of a whole number from 2^53 on, and says all of it or more than the number does. REQUIRES: such a number.
  [[nodiscard]] bool is_longer(std::string_view text, double number) const { return writes_otherwise(text, number) == Answer::longer; }

 private:
  // longer: see is_longer().
  enum class Answer : std::uint8_t { no, yes, longer };

  void add_literals(const PatternSection& section) {
    if (section.of != PatternSection::Of::positive || !section.digits || section.code) return;
    add(prefixes_, trimmed(section.before));
    add(suffixes_, trimmed(section.after));
  }
  [[nodiscard]] bool names_code(std::string_view literal) const {
    literal = trimmed(literal);
    const auto known = [&](const std::string& other) { return other == literal; };
    if (std::any_of(prefixes_.begin(), prefixes_.end(), known) || std::any_of(suffixes_.begin(), suffixes_.end(), known)) return false;
    if (std::any_of(abbreviations_.begin(), abbreviations_.end(), [&](const auto& entry) { return entry.first == literal; })) return false;
    for (; !literal.empty(); literal.remove_prefix(first_code_point(literal).size)) {
      if (is_letter(first_code_point(literal).value)) return true;
    }
    return false;
  }

  // A sign of money says more than the number where the app's money has another: of 5, $5 and €5 only one is the number.
  [[nodiscard]] bool takes_currency(std::uint32_t sign) const {
    if (!is_currency(sign) || !tells_currency_) return is_currency(sign);
    const auto is_sign = [&](const std::string& literal) {
      const auto first = first_code_point(literal);
      return first.value == sign && first.size == literal.size();
    };
    return std::any_of(prefixes_.begin(), prefixes_.end(), is_sign) || std::any_of(suffixes_.begin(), suffixes_.end(), is_sign);
  }

  static void add(std::vector<std::string>& list, std::string_view text) {
    if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) list.emplace_back(text);
  }

  // Digits with one decimal separator at most and a minus before, which nearly every number of nearly every page is. False: look closer.
  [[nodiscard, gnu::always_inline]] inline bool quick(std::string_view text, std::uint64_t& mantissa,
                                                      std::size_t& decimals) const noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    if (at == end || text.size() > 16) return false;
    at += *at == '-' ? 1 : 0;
    const char* const first = at;
    std::uint64_t value = 0;
    for (; at != end; ++at) {
      const auto digit = static_cast<unsigned>(*at) - '0';
      if (digit > 9) break;
      value = value * 10 + digit;
    }
    if (at == first || (*first == '0' && at - first > 1)) return false;
    if (at != end) {
      if (*at != decimal_ || ++at == end) return false;
      const char* const point = at;
      for (; at != end; ++at) {
        const auto digit = static_cast<unsigned>(*at) - '0';
        if (digit > 9) return false;
        value = value * 10 + digit;
      }
      decimals = static_cast<std::size_t>(end - point);
    }
    mantissa = value;
    return true;
  }

  // Sixteen letters at most: no mantissa is beyond 2^53 by more than a digit, no power beyond 10^15.
  [[nodiscard, gnu::always_inline]] static inline bool agrees(std::uint64_t mantissa, std::size_t decimals, double number,
                                                              bool negative) noexcept {
    const double shown = static_cast<double>(mantissa);
    if (decimals == 0 && mantissa > static_cast<std::uint64_t>(kLastExact)) return false;
    const double meant = std::fabs(number) * kPowers[decimals];
    return std::fabs(meant - shown) <= 0.5 + meant * kNoise && (mantissa == 0 || negative == (number < 0));
  }

  struct Read {
    long double mantissa = 0;
    int decimals = 0;     // digits behind the decimal separator
    int significant = 0;  // digits of the mantissa without zeros at its ends
    bool grouped = false;
  };

  [[nodiscard, gnu::noinline]] Answer writes_otherwise(std::string_view text, double number) const {
    for (const auto& section : sections_) {
      if (const auto answer = fits_section(section, text, number); answer != Answer::no) return answer;
    }
    bool negative = false, bracket = false, currency = false, percent = false, abbreviated = false;
    int power = 0;
    for (bool again = true; again && !text.empty();) {
      const auto [c, size] = first_code_point(text);
      again = true;
      if (is_blank(c) || is_direction_mark(c)) {
        text.remove_prefix(size);
      } else if (is_minus(c) && !negative) {
        negative = true, text.remove_prefix(size);
      } else if (c == '(' && !negative) {
        negative = bracket = true, text.remove_prefix(size);
      } else if (takes_currency(c) && !currency) {
        currency = true, text.remove_prefix(size);
      } else if (is_percent(c) && !percent) {
        percent = true, power -= 2, text.remove_prefix(size);
      } else {
        again = !is_digit(text.front()) && take_one(prefixes_, text, take_front);
      }
    }
    for (bool again = true; again && !text.empty();) {
      const auto [c, size] = last_code_point(text);
      again = true;
      if (is_digit(text.back())) break;
      if (is_blank(c) || is_direction_mark(c)) {
        text.remove_suffix(size);
      } else if (c == ')' && bracket) {
        bracket = false, text.remove_suffix(size);
      } else if (takes_currency(c) && !currency) {
        currency = true, text.remove_suffix(size);
      } else if (is_percent(c) && !percent) {
        percent = true, power -= 2, text.remove_suffix(size);
      } else if (!abbreviated && take_abbreviation(text, power)) {
        abbreviated = true;
      } else {
        again = take_one(suffixes_, text, take_back);
      }
    }
    return bracket ? Answer::no : fits_digits(text, number, negative, power);
  }

  [[nodiscard]] bool take_abbreviation(std::string_view& text, int& power) const {
    for (const auto& [letters, value] : abbreviations_) {
      if (!take_back(text, letters)) continue;
      power += value;
      return true;
    }
    return false;
  }
  template <typename Take>
  [[nodiscard]] static bool take_one(const std::vector<std::string>& literals, std::string_view& text, Take take) {
    return std::any_of(literals.begin(), literals.end(), [&](const std::string& literal) { return take(text, literal); });
  }

  // By this section of a pattern to the letter.
  [[nodiscard]] Answer fits_section(const PatternSection& section, std::string_view text, double number) const {
    using Of = PatternSection::Of;
    const bool minus = number < 0 && section.alone && section.digits;
    if (minus) {
      const auto sign = first_code_point(text);
      if (!is_minus(sign.value)) return Answer::no;
      text.remove_prefix(sign.size);
    }
    const bool of_it = section.of == Of::positive   ? number >= 0 || minus
                       : section.of == Of::negative ? number < 0
                                                    : std::fabs(number) < 0.5;
    if (!of_it || section.code) return Answer::no;
    if (!section.digits) return text == section.before && (section.of == Of::zero || number != 0) ? Answer::yes : Answer::no;
    if (!section.before.empty() && !take_front(text, section.before)) return Answer::no;
    if (!section.after.empty() && !take_back(text, section.after)) return Answer::no;
    const auto percent = [](const std::string& literal) { return literal.find('%') != std::string::npos; };
    return fits_digits(text, number, minus || section.of == Of::negative, percent(section.before) || percent(section.after) ? -2 : 0);
  }

  // Digits alone, with separators and an exponent. power: of ten, that the digits are to be multiplied with.
  [[nodiscard]] Answer fits_digits(std::string_view text, double number, bool negative, int power) const {
    bool exponent = false;
    if (const auto at = text.find_first_of(scientific_ ? "eE" : "e"); at != std::string_view::npos) {
      // 1.2e+15: one digit, a sign, two digits at least. 12E4 is a code.
      const auto said = text.substr(at + 1);
      if (said.size() < 3 || said.size() > 4 || (said[0] != '+' && said[0] != '-')) return Answer::no;
      int value = 0;
      for (const char c : said.substr(1)) {
        if (!is_digit(c)) return Answer::no;
        value = value * 10 + (c - '0');
      }
      power += said[0] == '-' ? -value : value;
      text = text.substr(0, at);
      if (!scientific_ && text.size() > 1 && is_digit(text[1])) return Answer::no;
      exponent = true;
    }
    for (const auto& decimal : decimals_) {
      Read read;
      if (!read_digits(text, decimal, read)) continue;
      if (const auto answer = same(read, number, negative, power, exponent); answer != Answer::no) return answer;
    }
    // A point is a decimal point in every locale where nothing is lost or rounded by it.
    Read read;
    const bool exact = text.find('.') != std::string_view::npos && read_digits(text, ".", read) && !read.grouped &&
                       same(read, number, negative, power, exponent) == Answer::yes &&
                       value_of(read, power) == static_cast<long double>(std::fabs(number));
    return exact ? Answer::yes : Answer::no;
  }

  [[nodiscard]] static long double power_of_ten(int power) noexcept { return std::pow(10.0L, static_cast<long double>(power)); }
  [[nodiscard]] static long double value_of(const Read& read, int power) noexcept {
    return static_cast<double>(read.mantissa * power_of_ten(power - read.decimals));
  }

  [[nodiscard]] static Answer same(const Read& read, double number, bool negative, int power, bool exponent) noexcept {
    constexpr auto kNoisy = static_cast<long double>(kNoise);
    const auto meant = static_cast<long double>(std::fabs(number)) * power_of_ten(read.decimals - power);
    const auto off = std::fabs(meant - read.mantissa);
    if (!(off <= 0.5L + meant * kNoisy) || (read.mantissa != 0 && negative != (number < 0))) return Answer::no;
    // Above 2^53 a double cannot tell neighbours apart: the text must say no more than the double does, and digits alone are an id.
    if (std::fabs(number) < kLastExact || power != 0 || exponent) return Answer::yes;
    if (read.mantissa <= static_cast<long double>(kLastExact) * power_of_ten(read.decimals)) return Answer::yes;
    if (read.decimals == 0 && !read.grouped) return Answer::longer;
    return read.significant <= 15 || off <= meant * kRounding ? Answer::yes : Answer::longer;
  }

  [[nodiscard]] bool read_digits(std::string_view text, std::string_view decimal, Read& read) const {
    int group = 0, integers = 0;
    bool leading_zero = false;
    int zeros = 0;
    const auto put = [&](char c) {
      read.mantissa = read.mantissa * 10 + static_cast<long double>(c - '0');
      zeros = c == '0' ? zeros + 1 : 0;
      if (read.significant > 0 || c != '0') ++read.significant;
    };
    while (!text.empty() && (is_digit(text.front()) || text.substr(0, decimal.size()) != decimal)) {
      if (is_digit(text.front())) {
        // What begins with a zero it does not need is a code.
        if (integers == 1 && leading_zero) return false;
        leading_zero = integers == 0 && text.front() == '0';
        put(text.front());
        ++integers, ++group;
        text.remove_prefix(1);
        continue;
      }
      if (integers == 0 || group > 3 || (read.grouped && group < 2) || leading_zero || !take_thousands(text, decimal)) return false;
      read.grouped = true;
      group = 0;
    }
    if (read.grouped && group != 3) return false;
    if (!text.empty()) {
      text.remove_prefix(decimal.size());
      if (text.empty()) return false;
      for (; !text.empty(); text.remove_prefix(1)) {
        if (!is_digit(text.front())) return false;
        put(text.front());
        ++read.decimals;
      }
    }
    read.significant -= std::min(read.significant, zeros);
    return integers + read.decimals > 0 && integers + read.decimals < 400;
  }

  // Blanks are one as good as the other, and so are apostrophes.
  [[nodiscard]] bool take_thousands(std::string_view& text, std::string_view decimal) const {
    const auto [c, size] = first_code_point(text);
    for (const auto& separator : thousands_) {
      if (separator == decimal) continue;
      if (take_front(text, separator)) return true;
      const auto own = first_code_point(separator);
      if (own.size != separator.size()) continue;
      if ((is_blank(c) && is_blank(own.value)) || (is_apostrophe(c) && is_apostrophe(own.value))) {
        text.remove_prefix(size);
        return true;
      }
    }
    return false;
  }

  static constexpr double kLastExact = 9007199254740992.0;  // 2^53
  static constexpr double kNoise = 1e-15;                   // of arithmetic in doubles
  static constexpr long double kRounding = 2e-19L;          // of arithmetic in long doubles
  // Of the class: a table of the function would be built on the stack at each call.
  static constexpr double kPowers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

  std::vector<PatternSection> sections_;
  std::vector<std::string> decimals_, thousands_, prefixes_, suffixes_;
  std::vector<std::pair<std::string, int>> abbreviations_;
  char decimal_ = '.';
  bool scientific_ = false;
  bool hides_minus_ = false;     // #,##0;#,##0 writes the digits of a negative number alone
  bool tells_currency_ = false;  // the app has a sign or a word for its money
};

}  // namespace qonduit::detail
