#include "core/pipeline/transform/filter_text.hpp"

#include <array>
#include <optional>
#include <utility>

#include "qonduit/text.hpp"

namespace qonduit::pipeline::transform {
namespace {

constexpr int kDeepest = 64;

enum class TokenKind : std::uint8_t { end, word, column, text, number, moment, symbol };
struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;          // of what is quoted: the inside
  std::size_t position = 0;  // from 1
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

Status at(std::size_t position, const std::string& what) {
  return {Code::invalid_config, "at character " + std::to_string(position) + ": " + what};
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<Token> next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
    begin_ = at_;
    if (at_ == text_.size()) return token(TokenKind::end, "");
    const char c = text_[at_];
    if (c == '[') return quoted(']', TokenKind::column);
    if (c == '"' || c == '\'') return quoted(c, TokenKind::text);
    if (is_digit(c) ||
        ((c == '-' || c == '+' || c == '.') && at_ + 1 < text_.size() && (is_digit(text_[at_ + 1]) || text_[at_ + 1] == '.')))
      return number();
    if (is_word(c)) {
      while (at_ < text_.size() && is_word(text_[at_])) ++at_;
      return token(TokenKind::word, text_.substr(begin_, at_ - begin_));
    }
    return symbol();
  }

 private:
  Token token(TokenKind kind, std::string_view text) const { return {kind, std::string(text), begin_ + 1}; }

  Result<Token> quoted(char close, TokenKind kind) {
    std::string inside;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != close) {
        inside += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == close) {
        inside += text_[at_++];
      } else {
        ++at_;
        return token(kind, inside);
      }
    }
    return at(begin_ + 1,
              std::string(kind == TokenKind::column ? "the column's name" : "the text") + " is not closed: '" + close + "' is missing");
  }

  // A number, or a date or time: what has dashes or colons where those have them.
  Result<Token> number() {
    ++at_;
    bool moment = false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const char before = text_[at_ - 1];
      const bool sign = (c == '-' || c == '+') && (before == 'e' || before == 'E');
      const bool separator = (c == '-' || c == ':' || c == 'T') && is_digit(before) && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
      if (separator && !sign) moment = true;
      if (!is_word(c) && c != '.' && !sign && !separator) break;
      ++at_;
    }
    return token(moment ? TokenKind::moment : TokenKind::number, text_.substr(begin_, at_ - begin_));
  }

  Result<Token> symbol() {
    static constexpr std::array<std::string_view, 9> kSymbols = {"!=", "<=", ">=", "=", "<", ">", "(", ")", ","};
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kForeign = {
        {{"==", "="}, {"<>", "!="}, {"&&", "and"}, {"||", "or"}, {"&", "and"}, {"|", "or"}}};
    const auto rest = text_.substr(at_);
    for (const auto& [foreign, ours] : kForeign) {
      if (rest.starts_with(foreign)) return at(begin_ + 1, "'" + std::string(foreign) + "' is written " + std::string(ours) + " here");
    }
    for (const auto symbol : kSymbols) {
      if (!rest.starts_with(symbol)) continue;
      at_ += symbol.size();
      return token(TokenKind::symbol, symbol);
    }
    if (rest.front() == '!') return at(begin_ + 1, "'!' is written not here");
    return at(begin_ + 1, "'" + std::string(1, rest.front()) + "' has no meaning here");
  }

  std::string_view text_;
  std::size_t at_ = 0, begin_ = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  Result<FilterText> parse() {
    advance();
    if (failure_.ok()) either();
    if (failure_.ok() && token_.kind != TokenKind::end) expected("and, or, or the end");
    if (!failure_.ok()) return std::move(failure_);
    return std::move(filter_);
  }

 private:
  void advance() {
    auto next = lexer_.next();
    if (next)
      token_ = std::move(*next);
    else
      failure_ = std::move(next).error();
  }

  void fail(std::size_t position, const std::string& what) {
    if (failure_.ok()) failure_ = at(position, what);
  }
  void expected(const std::string& what) {
    fail(token_.position, "expected " + what + (token_.kind == TokenKind::end ? ", not the end" : ", not '" + token_.text + "'"));
  }

  [[nodiscard]] bool is_symbol(std::string_view symbol) const { return token_.kind == TokenKind::symbol && token_.text == symbol; }
  [[nodiscard]] bool is_keyword(std::string_view word) const { return token_.kind == TokenKind::word && ascii_lower(token_.text) == word; }
  bool take_keyword(std::string_view word) {
    if (!failure_.ok() || !is_keyword(word)) return false;
    advance();
    return true;
  }

  void either() {
    both();
    while (take_keyword("or")) both(), filter_.steps.push_back({StepKind::either, 0});
  }

  void both() {
    single();
    while (take_keyword("and")) single(), filter_.steps.push_back({StepKind::both, 0});
  }

  void single() {
    if (!failure_.ok()) return;
    if (++depth_ > kDeepest) return fail(token_.position, "is nested deeper than " + std::to_string(kDeepest));
    if (take_keyword("not")) {
      single();
      filter_.steps.push_back({StepKind::negate, 0});
    } else if (is_symbol("(")) {
      const auto open = token_.position;
      advance();
      either();
      if (!failure_.ok()) return;
      if (!is_symbol(")")) return fail(token_.position, "the parenthesis of character " + std::to_string(open) + " is not closed");
      advance();
    } else {
      comparison();
    }
    --depth_;
  }

  void comparison() {
    static constexpr std::array<std::string_view, 8> kKeywords = {"and", "or", "not", "in", "is", "null", "true", "false"};
    bool keyword = false;
    for (const auto word : kKeywords) keyword = keyword || is_keyword(word);
    if (keyword) return expected("a column (one of that name is written [" + token_.text + "])");
    if (token_.kind == TokenKind::text) return expected("a column (its name is written without quotes, or in [ ])");
    if (token_.kind != TokenKind::word && token_.kind != TokenKind::column) return expected("a column");
    Predicate predicate{token_.text, token_.position, Compare::equal, {}};
    advance();
    if (failure_.ok()) operation(predicate);
    if (!failure_.ok()) return;
    filter_.steps.push_back({StepKind::predicate, filter_.predicates.size()});
    filter_.predicates.push_back(std::move(predicate));
  }

  void operation(Predicate& predicate) {
    static constexpr std::array<std::pair<std::string_view, Compare>, 6> kOperators = {{{"=", Compare::equal},
                                                                                        {"!=", Compare::unequal},
                                                                                        {"<", Compare::less},
                                                                                        {"<=", Compare::less_equal},
                                                                                        {">", Compare::greater},
                                                                                        {">=", Compare::greater_equal}}};
    for (const auto& [symbol, compare] : kOperators) {
      if (!is_symbol(symbol)) continue;
      predicate.compare = compare;
      advance();
      return literal(predicate);
    }
    if (take_keyword("is")) {
      predicate.compare = take_keyword("not") ? Compare::is_not_null : Compare::is_null;
      if (!take_keyword("null")) expected("null");
      return;
    }
    const bool negated = take_keyword("not");
    if (take_keyword("in")) {
      predicate.compare = negated ? Compare::not_in : Compare::in;
      return list(predicate);
    }
    if (negated) return expected("in");
    const bool two_words = token_.kind == TokenKind::word && !is_keyword("and") && !is_keyword("or");
    expected(two_words ? "a comparison (a name with blanks is written [" + predicate.column + " " + token_.text + "])"
                       : "a comparison: = != < <= > >=, in (...), is null");
  }

  void list(Predicate& predicate) {
    if (!failure_.ok()) return;
    if (!is_symbol("(")) return expected("'(' and the values");
    do {
      advance();
      if (failure_.ok()) literal(predicate);
    } while (failure_.ok() && is_symbol(","));
    if (!failure_.ok()) return;
    if (!is_symbol(")")) return expected("',' or ')'");
    advance();
  }

  void literal(Predicate& predicate) {
    if (!failure_.ok()) return;
    Literal value{LiteralKind::number, token_.text, token_.position};
    if (token_.kind == TokenKind::text)
      value.kind = LiteralKind::text;
    else if (token_.kind == TokenKind::moment)
      value.kind = LiteralKind::moment;
    else if (is_keyword("true") || is_keyword("false"))
      value.kind = LiteralKind::boolean, value.text = ascii_lower(token_.text);
    else if (is_keyword("null"))
      return fail(token_.position, "nothing equals null: write is null or is not null");
    else if (token_.kind != TokenKind::number)
      return expected(token_.kind == TokenKind::word ? "a value (a text is written \"" + token_.text + "\")" : "a value");
    predicate.literals.push_back(std::move(value));
    advance();
  }

  Lexer lexer_;
  Token token_;
  Status failure_;
  FilterText filter_;
  int depth_ = 0;
};

}  // namespace

Result<FilterText> parse_filter(std::string_view text) { return Parser(text).parse(); }

}  // namespace qonduit::pipeline::transform
