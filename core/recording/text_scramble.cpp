// Scrambler::text and what is made of it: texts letter by letter, expressions token by token.
#include <algorithm>
#include <cctype>
#include <charconv>

#include "core/recording/letters.hpp"
#include "core/recording/scrambler.hpp"
#include "core/recording/shuffle.hpp"
#include "qonduit/text.hpp"

namespace qonduit::recording {
namespace {

constexpr std::uint32_t kText = 0x100;    // purposes of shuffle(); so many tries follow each
constexpr std::uint32_t kTextTries = 8;   // until a text is not itself
constexpr std::size_t kExactDigits = 15;  // of a double

// "2024" is the number 2024 to those who compare the two, and so is "-17.25" a number; one with too many digits is a code.
std::optional<double> plain_number(std::string_view text) {
  const auto digits = text.substr(text.starts_with('-') ? 1 : 0);
  const auto point = digits.find('.');
  const auto is_digits = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (digits.size() > kExactDigits || !is_digits(digits.substr(0, point))) return std::nullopt;
  if (point != std::string_view::npos && !is_digits(digits.substr(point + 1))) return std::nullopt;
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

bool looks_like_expression(std::string_view text) {
  if (text.starts_with('=') || (text.starts_with('[') && text.ends_with(']'))) return true;
  const auto open = text.find('(');
  return open != std::string_view::npos && open > 0 && text.find(')', open) != std::string_view::npos &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(open), [](char c) { return is_word(c); });
}

constexpr std::string_view kKeywords[] = {"and",   "or",     "not",    "xor",      "like",  "follows",    "precedes", "bitand",
                                          "bitor", "bitnot", "bitxor", "distinct", "total", "nodistinct", "all"};

bool is_keyword(std::string_view word) {
  std::string folded(word);
  std::transform(folded.begin(), folded.end(), folded.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(std::begin(kKeywords), std::end(kKeywords), folded) != std::end(kKeywords);
}

// Walks one expression. Source of the grammar: Qlik's help on set analysis; 'text' is a literal, "text" and [text] are fields, but
// between the braces of a set modifier all three are values.
class ExpressionWalk {
 public:
  ExpressionWalk(const Scrambler& scrambler, std::string_view source, bool names) : scrambler_(scrambler), source_(source), names_(names) {}

  std::string run() {
    while (at_ < source_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    const char c = source_[at_];
    if (source_.substr(at_, 2) == "$(") return expansion();
    if (c == '\'' || c == '"') return quoted(c, c == '\'' || in_values());
    if (c == '[') return quoted(']', in_values());
    if (source_.substr(at_, 2) == "//") return comment("\n", 0);
    if (source_.substr(at_, 2) == "/*") return comment("*/", 2);
    if (c == '{') braces_.push_back(after_equals_);
    if (c == '}' && !braces_.empty()) braces_.pop_back();
    if (is_word(c)) return word();
    if (c == '(') ++depth_;
    if (c == ')') close();
    if (c == '=') {
      after_equals_ = true;
    } else if (c != ' ') {
      after_equals_ = false;
    }
    out_.push_back(c);
    ++at_;
  }

  [[nodiscard]] bool in_values() const { return !braces_.empty() && braces_.back(); }

  void quoted(char end, bool value) {
    const auto close = std::min(source_.find(end, at_ + 1), source_.size());
    const auto inner = source_.substr(at_ + 1, close - at_ - 1);
    out_.push_back(source_[at_]);
    out_ += value || names_ ? scrambler_.text_with_variables(inner, names_) : std::string(inner);
    if (close < source_.size()) out_.push_back(end);
    at_ = std::min(close + 1, source_.size());
    after_equals_ = false;
  }

  // $(NAME), $(NAME(...)), or $(= and an expression, also where values are.
  void expansion() {
    out_ += "$(";
    at_ += 2;
    ++depth_;
    if (at_ < source_.size() && source_[at_] == '=') {
      braces_.push_back(false);
      computed_.push_back(depth_);
      return;
    }
    const auto end = std::min(source_.find_first_of("(),", at_), source_.size());
    const auto name = source_.substr(at_, end - at_);
    out_ += names_ ? scrambler_.text(name) : std::string(name);
    at_ = end;
    after_equals_ = false;
  }

  void close() {
    if (!computed_.empty() && computed_.back() == depth_) {
      computed_.pop_back();
      if (!braces_.empty()) braces_.pop_back();
    }
    --depth_;
  }

  void comment(std::string_view end, std::size_t length) {
    const auto close = std::min(source_.find(end, at_ + 2), source_.size());
    const auto whole = std::min(close + length, source_.size());
    out_ += scrambler_.text(source_.substr(at_, whole - at_));
    at_ = whole;
  }

  void word() {
    auto end = at_;
    const bool digit = std::isdigit(static_cast<unsigned char>(source_[at_])) != 0;
    while (end < source_.size() && (is_word(source_[end]) || (digit && source_[end] == '.'))) ++end;
    const auto text = source_.substr(at_, end - at_);
    auto next = end;
    while (next < source_.size() && source_[next] == ' ') ++next;
    const bool function = next < source_.size() && source_[next] == '(';
    // One digit is how functions are told what to do (Left(x, 3)); a longer number may be somebody's.
    bool replace = in_values();
    if (!replace && digit) replace = text.size() > 1;
    if (!replace && !digit) replace = names_ && !function && !is_keyword(text);
    out_ += replace ? scrambler_.text(text) : std::string(text);
    at_ = end;
    after_equals_ = false;
  }

  const Scrambler& scrambler_;
  std::string_view source_;
  bool names_;
  std::string out_;
  std::size_t at_ = 0;
  bool after_equals_ = false;
  std::vector<bool> braces_;   // true: between these are values
  std::vector<int> computed_;  // depths of $(= that are open
  int depth_ = 0;              // of parentheses
};

}  // namespace

std::string Scrambler::text(std::string_view text) const {
  if (const auto value = plain_number(text)) {
    if (auto made = formatted_number(text, *value)) return std::move(made->text);
  }
  if (auto made = iso_date(text)) return std::move(*made);
  const auto points = code_points(text);
  std::vector<Alphabet> alphabets(points.size());
  std::vector<Wheel> wheels;
  for (std::size_t i = 0; i < points.size(); ++i) {
    alphabets[i] = alphabet_of(points[i]);
    // The first digit of a run stays zero or stays none: 007 and 10 keep their form.
    if (is_digit(points[i]) && (i == 0 || !is_digit(points[i - 1]))) {
      alphabets[i] = points[i] == U'0' ? Alphabet{} : Alphabet{U'1', 9};
    }
    if (alphabets[i].letters > 0) wheels.push_back({static_cast<std::uint32_t>(points[i] - alphabets[i].first), alphabets[i].letters});
    // A letter outside its stand-in alphabet begins somewhere in it.
    if (alphabets[i].letters > 0) wheels.back().at %= alphabets[i].letters;
  }
  std::string out(text);
  for (std::uint32_t attempt = 0; attempt < kTextTries && out == text && !wheels.empty(); ++attempt) {
    auto turned = wheels;
    shuffle(key_, turned, kText + attempt);
    out.clear();
    auto wheel = turned.begin();
    for (std::size_t i = 0; i < points.size(); ++i) {
      append_utf8(alphabets[i].letters > 0 ? alphabets[i].first + (wheel++)->at : points[i], out);
    }
  }
  return out;
}

std::string Scrambler::text_with_variables(std::string_view text, bool names) const {
  std::string out;
  while (true) {
    const auto begin = text.find("$(");
    if (begin == std::string_view::npos || begin + 2 >= text.size() || text[begin + 2] == '=') return out + this->text(text);
    const auto end = std::min(text.find_first_of("(),", begin + 2), text.size());
    const auto name = text.substr(begin + 2, end - begin - 2);
    out += this->text(text.substr(0, begin)) + "$(" + (names ? this->text(name) : std::string(name));
    text.remove_prefix(end);
  }
}

std::string Scrambler::expression(std::string_view expression, bool names) const { return ExpressionWalk(*this, expression, names).run(); }

std::string Scrambler::name(std::string_view name, bool names) const {
  if (looks_like_expression(name)) return expression(name, names);
  return names ? text(name) : std::string(name);
}

}  // namespace qonduit::recording
