#include "expression/expression.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "model/number_format.hpp"

namespace qonduit::simulator {
namespace {

using Node = std::unique_ptr<Expression>;
using Kind = Expression::Kind;

struct ParseError {
  std::string message;
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_aggregate(const std::string& name) {
  return name == "sum" || name == "avg" || name == "min" || name == "max" || name == "count" || name == "only";
}

Node make(Kind kind, std::string text = {}) {
  auto node = std::make_unique<Expression>();
  node->kind = kind;
  node->text = std::move(text);
  return node;
}

class Parser {
 public:
  explicit Parser(const std::string& source) : source_(source) {}

  Node parse() {
    skip();
    if (peek() == '=') ++at_;
    Node node = comparison();
    skip();
    if (at_ < source_.size()) throw ParseError{"Garbage after expression: \"" + source_.substr(at_) + "\""};
    return node;
  }

 private:
  void skip() {
    while (at_ < source_.size() && std::isspace(static_cast<unsigned char>(source_[at_])) != 0) ++at_;
  }
  [[nodiscard]] char peek() const { return at_ < source_.size() ? source_[at_] : '\0'; }

  bool take(const std::string& token) {
    skip();
    if (source_.compare(at_, token.size(), token) != 0) return false;
    at_ += token.size();
    return true;
  }

  void need(const std::string& token) {
    if (!take(token)) throw ParseError{"Error in expression: '" + token + "' expected"};
  }

  Node binary(std::string operation, Node left, Node right) {
    Node node = make(Kind::binary, std::move(operation));
    node->parts.push_back(std::move(left));
    node->parts.push_back(std::move(right));
    return node;
  }

  Node comparison() {
    Node left = additive();
    for (const char* operation : {"<=", ">=", "<>", "=", "<", ">"})
      if (take(operation)) return binary(operation, std::move(left), additive());
    return left;
  }

  Node additive() {
    Node left = multiplicative();
    while (true) {
      if (take("+"))
        left = binary("+", std::move(left), multiplicative());
      else if (take("-"))
        left = binary("-", std::move(left), multiplicative());
      else if (take("&"))
        left = binary("&", std::move(left), multiplicative());
      else
        return left;
    }
  }

  Node multiplicative() {
    Node left = unary();
    while (true) {
      if (take("*"))
        left = binary("*", std::move(left), unary());
      else if (take("/"))
        left = binary("/", std::move(left), unary());
      else
        return left;
    }
  }

  Node unary() {
    if (take("-")) {
      Node node = make(Kind::unary, "-");
      node->parts.push_back(unary());
      return node;
    }
    if (take("+")) return unary();
    return primary();
  }

  std::string quoted(char end) {
    std::string made;
    for (++at_; at_ < source_.size(); ++at_) {
      if (source_[at_] != end) {
        made += source_[at_];
      } else if (at_ + 1 < source_.size() && source_[at_ + 1] == end) {
        made += source_[++at_];
      } else {
        ++at_;
        return made;
      }
    }
    throw ParseError{std::string("Error in expression: ") + end + " expected"};
  }

  Node primary() {
    skip();
    const char c = peek();
    if (c == '(') {
      ++at_;
      Node node = comparison();
      need(")");
      return node;
    }
    if (c == '\'') return make(Kind::text, quoted('\''));
    if (c == '[') return make(Kind::field, quoted(']'));
    if (c == '"') return make(Kind::field, quoted('"'));
    if (std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.') return number();
    if (std::isalpha(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '@' && c != '#' && static_cast<unsigned char>(c) < 0x80)
      throw ParseError{"Error in expression: operand expected"};
    const std::size_t begin = at_;
    while (at_ < source_.size()) {
      const auto byte = static_cast<unsigned char>(source_[at_]);
      if (std::isalnum(byte) == 0 && byte != '_' && byte != '@' && byte != '#' && byte != '.' && byte < 0x80) break;
      ++at_;
    }
    std::string name = source_.substr(begin, at_ - begin);
    skip();
    if (peek() == '(') return call(lower(name));
    return make(Kind::field, std::move(name));
  }

  Node number() {
    Node node = make(Kind::number);
    const auto [end, error] = std::from_chars(source_.data() + at_, source_.data() + source_.size(), node->number);
    if (error != std::errc{}) throw ParseError{"Error in expression: number expected"};
    at_ = static_cast<std::size_t>(end - source_.data());
    return node;
  }

  Node call(const std::string& name) {
    need("(");
    if (name == "if") {
      Node node = make(Kind::condition);
      node->parts.push_back(comparison());
      need(",");
      node->parts.push_back(comparison());
      if (take(",")) node->parts.push_back(comparison());
      need(")");
      return node;
    }
    if (!is_aggregate(name)) throw ParseError{"Error in expression: '" + name + "' is not a valid function"};
    if (inside_aggregate_) throw ParseError{"Nested aggregation not allowed"};
    Node node = make(Kind::aggregate, name);
    inside_aggregate_ = true;
    skip();
    if (lower(source_.substr(at_, 8)) == "distinct" && at_ + 8 < source_.size() &&
        std::isalnum(static_cast<unsigned char>(source_[at_ + 8])) == 0) {
      at_ += 8;
      node->distinct = true;
    }
    node->parts.push_back(comparison());
    inside_aggregate_ = false;
    need(")");
    return node;
  }

  const std::string& source_;
  std::size_t at_ = 0;
  bool inside_aggregate_ = false;
};

Value numeric(double number) {
  Value value;
  value.number = std::isfinite(number) ? number : kNaN;
  return value;
}

std::string text_of(const Value& value) { return value.is_null() ? "" : value.has_text ? value.text : format_general(value.number); }

Value compare(const std::string& operation, const Value& left, const Value& right) {
  int order = 0;
  if (!std::isnan(left.number) && !std::isnan(right.number)) {
    order = left.number < right.number ? -1 : left.number > right.number ? 1 : 0;
  } else if (left.is_null() || right.is_null()) {
    return numeric(0);
  } else {
    order = text_of(left).compare(text_of(right));
  }
  const bool holds = operation == "="    ? order == 0
                     : operation == "<>" ? order != 0
                     : operation == "<"  ? order < 0
                     : operation == ">"  ? order > 0
                     : operation == "<=" ? order <= 0
                                         : order >= 0;
  return numeric(holds ? -1 : 0);  // true is -1
}

}  // namespace

Parsed parse_expression(const std::string& source) {
  try {
    return {Parser(source).parse(), {}};
  } catch (const ParseError& error) {
    return {nullptr, error.message};
  }
}

void collect_fields(const Expression& expression, std::vector<std::string>& into) {
  if (expression.kind == Kind::field) into.push_back(expression.text);
  for (const auto& part : expression.parts) collect_fields(*part, into);
}

void collect_aggregates(const Expression& expression, std::vector<const Expression*>& into) {
  if (expression.kind == Kind::aggregate || expression.kind == Kind::field) {
    into.push_back(&expression);
    return;
  }
  for (const auto& part : expression.parts) collect_aggregates(*part, into);
}

Value evaluate(const Expression& expression, const std::function<Value(const Expression&)>& aggregate) {
  const auto part = [&](std::size_t index) { return evaluate(*expression.parts[index], aggregate); };
  switch (expression.kind) {
    case Kind::number: return numeric(expression.number);
    case Kind::text: return {kNaN, expression.text, true};
    case Kind::field:
    case Kind::aggregate: return aggregate(expression);
    case Kind::unary: return numeric(-part(0).number);
    case Kind::condition: {
      const Value condition = part(0);
      if (!std::isnan(condition.number) && condition.number != 0) return part(1);
      return expression.parts.size() > 2 ? part(2) : Value{};
    }
    case Kind::binary: break;
  }
  const Value left = part(0);
  const Value right = part(1);
  const std::string& operation = expression.text;
  if (operation == "+") return numeric(left.number + right.number);
  if (operation == "-") return numeric(left.number - right.number);
  if (operation == "*") return numeric(left.number * right.number);
  if (operation == "/") return right.number == 0 ? Value{} : numeric(left.number / right.number);
  if (operation == "&") return {kNaN, text_of(left) + text_of(right), true};
  return compare(operation, left, right);
}

}  // namespace qonduit::simulator
