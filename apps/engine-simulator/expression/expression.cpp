#include "expression/expression.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string_view>
#include <utility>

#include "expression/functions.hpp"

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

// How many parameters an aggregation takes; 0: there is none of that name.
std::size_t aggregate_parameters(const std::string& name) {
  static constexpr std::array<std::pair<std::string_view, std::size_t>, 15> known = {{{"sum", 1},
                                                                                      {"avg", 1},
                                                                                      {"min", 2},
                                                                                      {"max", 2},
                                                                                      {"count", 1},
                                                                                      {"only", 1},
                                                                                      {"nullcount", 1},
                                                                                      {"missingcount", 1},
                                                                                      {"numericcount", 1},
                                                                                      {"textcount", 1},
                                                                                      {"median", 1},
                                                                                      {"mode", 1},
                                                                                      {"stdev", 1},
                                                                                      {"fractile", 2},
                                                                                      {"concat", 3}}};
  const auto* const found = std::find_if(known.begin(), known.end(), [&](const auto& item) { return item.first == name; });
  return found == known.end() ? 0 : found->second;
}

bool is_selection_function(const std::string& name) {
  static constexpr std::array<std::string_view, 8> names = {"getselectedcount", "getpossiblecount",   "getalternativecount",
                                                            "getexcludedcount", "getfieldselections", "fieldvalue",
                                                            "fieldindex",       "fieldvaluecount"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_aggregate(const std::string& name) { return aggregate_parameters(name) > 0; }

Node make(Kind kind, std::string text = {}) {
  auto node = std::make_unique<Expression>();
  node->kind = kind;
  node->text = std::move(text);
  return node;
}

Node joined(Kind kind, std::string operation, Node left, Node right) {
  Node node = make(kind, std::move(operation));
  node->parts.push_back(std::move(left));
  if (right) node->parts.push_back(std::move(right));
  return node;
}

class Parser {
 public:
  explicit Parser(const std::string& source) : source_(source) {}

  Node parse() {
    skip();
    if (peek() == '=') ++at_;
    Node node = scope();
    skip();
    if (at_ < source_.size()) throw ParseError{"Garbage after expression: \"" + source_.substr(at_) + "\""};
    return node;
  }

 private:
  // Blanks and comments.
  void skip() {
    while (at_ < source_.size()) {
      const bool line = source_.compare(at_, 2, "//") == 0;
      if (line || source_.compare(at_, 2, "/*") == 0) {
        const auto end = source_.find(line ? "\n" : "*/", at_ + 2);
        at_ = end == std::string::npos ? source_.size() : end + (line ? 1 : 2);
      } else if (std::isspace(static_cast<unsigned char>(source_[at_])) != 0) {
        ++at_;
      } else {
        return;
      }
    }
  }
  [[nodiscard]] char peek() const { return at_ < source_.size() ? source_[at_] : '\0'; }

  bool take(std::string_view token) {
    skip();
    if (source_.compare(at_, token.size(), token) != 0) return false;
    at_ += token.size();
    return true;
  }

  void need(const std::string& token) {
    if (!take(token)) throw ParseError{"Error in expression: '" + token + "' expected"};
  }

  static bool is_name_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || byte == '_' || byte == '@' || byte == '#' || byte == '.' || byte >= 0x80;
  }

  // A whole word, whatever its case.
  bool take_word(const std::string& word) {
    skip();
    if (lower(source_.substr(at_, word.size())) != word) return false;
    if (at_ + word.size() < source_.size() && is_name_byte(source_[at_ + word.size()])) return false;
    at_ += word.size();
    return true;
  }

  // A set in front of what it is for: the whole expression, or what stands in parentheses.
  Node scope() {
    skip();
    if (peek() != '{') return disjunction();
    ++at_;
    Node node = make(Kind::scoped);
    node->set = set_operations();
    need("}");
    node->parts.push_back(disjunction());
    return node;
  }

  Node disjunction() {
    Node left = conjunction();
    while (take_word("or")) left = joined(Kind::binary, "or", std::move(left), conjunction());
    return left;
  }

  Node conjunction() {
    Node left = negation();
    while (take_word("and")) left = joined(Kind::binary, "and", std::move(left), negation());
    return left;
  }

  Node negation() { return take_word("not") ? joined(Kind::unary, "not", negation(), nullptr) : comparison(); }

  Node comparison() {
    Node left = concatenation();
    for (const char* operation : {"<=", ">=", "<>", "=", "<", ">"})
      if (take(operation)) return joined(Kind::binary, operation, std::move(left), concatenation());
    if (take_word("like")) return joined(Kind::binary, "like", std::move(left), concatenation());
    return left;
  }

  Node concatenation() {
    Node left = additive();
    while (take("&")) left = joined(Kind::binary, "&", std::move(left), additive());
    return left;
  }

  Node additive() {
    Node left = multiplicative();
    while (true) {
      if (take("+"))
        left = joined(Kind::binary, "+", std::move(left), multiplicative());
      else if (take("-"))
        left = joined(Kind::binary, "-", std::move(left), multiplicative());
      else
        return left;
    }
  }

  Node multiplicative() {
    Node left = unary();
    while (true) {
      if (take("*"))
        left = joined(Kind::binary, "*", std::move(left), unary());
      else if (take("/"))
        left = joined(Kind::binary, "/", std::move(left), unary());
      else
        return left;
    }
  }

  Node unary() {
    if (take("-")) return joined(Kind::unary, "-", unary(), nullptr);
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

  std::string bare() {
    const std::size_t begin = at_;
    while (at_ < source_.size() && is_name_byte(source_[at_])) ++at_;
    return source_.substr(begin, at_ - begin);
  }

  Node primary() {
    skip();
    const char c = peek();
    if (c == '(') {
      ++at_;
      Node node = scope();
      need(")");
      return node;
    }
    if (c == '\'') return make(Kind::text, quoted('\''));
    if (c == '[' || c == '"') return field();
    if (std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.') return number();
    if (!is_name_byte(c)) throw ParseError{"Error in expression: operand expected"};
    const std::size_t position = at_;
    std::string name = bare();
    skip();
    if (peek() == '(') return call(lower(name));
    Node node = make(Kind::field, std::move(name));
    node->position = position;
    node->length = node->text.size();
    return node;
  }

  Node number() {
    Node node = make(Kind::number);
    const auto [end, error] = std::from_chars(source_.data() + at_, source_.data() + source_.size(), node->number);
    if (error != std::errc{}) throw ParseError{"Error in expression: number expected"};
    at_ = static_cast<std::size_t>(end - source_.data());
    return node;
  }

  std::vector<Node> arguments() {
    std::vector<Node> made;
    if (take(")")) return made;
    do made.push_back(disjunction());
    while (take(","));
    need(")");
    return made;
  }

  Node call(const std::string& name) {
    need("(");
    if (is_aggregate(name)) return aggregate(name);
    if (name == "aggr") return nested();
    if (is_selection_function(name)) {
      Node node = make(Kind::selection, name);
      node->parts = arguments();
      // fieldvalue('City', 1): some of them take the name as a text.
      if (node->parts.empty() || (node->parts.front()->kind != Kind::field && node->parts.front()->kind != Kind::text))
        throw ParseError{"Error in expression: " + name + " takes a field"};
      return node;
    }
    Node node = make(name == "if" ? Kind::condition : Kind::call, name);
    std::size_t least = 2;
    std::size_t most = 3;
    if (name != "if") {
      node->function = find_function(name);
      if (node->function == nullptr) throw ParseError{"Error in expression: '" + name + "' is not a valid function"};
      least = node->function->least;
      most = node->function->most;
    }
    node->parts = arguments();
    if (node->parts.size() < least || node->parts.size() > most)
      throw ParseError{"Error in expression: " + name + " takes " + std::to_string(least) +
                       (least == most ? "" : "-" + std::to_string(most)) + " parameters"};
    return node;
  }

  Node aggregate(const std::string& name) {
    if (inside_aggregate_) throw ParseError{"Nested aggregation not allowed"};
    Node node = make(Kind::aggregate, name);
    inside_aggregate_ = true;
    while (true) {
      if (take("{")) {
        node->set = set_operations();
        need("}");
      } else if (take_word("distinct")) {
        node->distinct = true;
      } else if (take_word("total")) {
        node->total = true;
        if (take("<")) {
          do {
            node->total_fields.push_back(field());
            node->total_by.push_back(node->total_fields.back()->text);
          } while (take(","));
          need(">");
        }
      } else {
        break;
      }
    }
    node->parts.push_back(disjunction());
    while (take(",")) node->parts.push_back(disjunction());
    inside_aggregate_ = false;
    need(")");
    if (node->parts.size() > aggregate_parameters(name))
      throw ParseError{"Error in expression: " + name + " takes at most " + std::to_string(aggregate_parameters(name)) + " parameters"};
    if (name == "fractile" && node->parts.size() < 2) throw ParseError{"Error in expression: fractile takes 2 parameters"};
    return node;
  }

  // Aggr(expression, dimension, …): inside, aggregations may stand again. A part of its own for each dimension.
  Node nested() {
    Node node = make(Kind::nested, "aggr");
    const bool outside = std::exchange(inside_aggregate_, false);
    node->distinct = take_word("distinct");
    if (!node->distinct) (void)take_word("nodistinct");
    node->parts.push_back(scope());
    while (take(",")) {
      // (Field, (sort type, order)): the order is of no matter here.
      if (take("(")) {
        node->parts.push_back(field());
        for (int open = 1; open > 0 && at_ < source_.size(); ++at_) open += source_[at_] == '(' ? 1 : source_[at_] == ')' ? -1 : 0;
      } else {
        node->parts.push_back(field());
      }
    }
    inside_aggregate_ = outside;
    need(")");
    if (node->parts.size() < 2) throw ParseError{"Error in expression: aggr takes at least 2 parameters"};
    return node;
  }

  std::string field_name() {
    skip();
    if (peek() == '[') return quoted(']');
    if (peek() == '"') return quoted('"');
    std::string name = bare();
    if (name.empty()) throw ParseError{"Error in set modifier: field expected"};
    return name;
  }

  Node field() {
    skip();
    const std::size_t begin = at_;
    Node node = make(Kind::field, field_name());
    const std::size_t quotes = source_[begin] == '[' || source_[begin] == '"' ? 1 : 0;
    node->position = begin + quotes;
    node->length = at_ - begin - 2 * quotes;
    return node;
  }

  using Set = std::unique_ptr<SetExpression>;

  Set set_operations() {
    static const std::array<std::pair<const char*, SetExpression::Kind>, 4> operations = {{{"+", SetExpression::Kind::either},
                                                                                           {"*", SetExpression::Kind::both},
                                                                                           {"-", SetExpression::Kind::without},
                                                                                           {"/", SetExpression::Kind::one_only}}};
    Set left = set_term();
    for (std::size_t i = 0; i < operations.size();) {
      if (!take(operations[i].first)) {
        ++i;
        continue;
      }
      auto node = std::make_unique<SetExpression>();
      node->kind = operations[i].second;
      node->left = std::move(left);
      node->right = set_term();
      left = std::move(node);
      i = 0;
    }
    return left;
  }

  Set set_term() {
    if (take("(")) {
      Set inner = set_operations();
      need(")");
      return inner;
    }
    auto node = std::make_unique<SetExpression>();
    skip();
    if (take("$")) {
      node->identifier = "$";
      if (!bare().empty()) throw ParseError{"Error in set expression: selections of the past are not there"};
    } else if (peek() == '[' || peek() == '"' || is_name_byte(peek())) {
      node->identifier = field_name();
    } else if (peek() != '<' && peek() != '}') {
      throw ParseError{"Error in set expression: identifier expected"};
    }
    if (take("<")) {
      do node->modifiers.push_back(modifier());
      while (take(","));
      need(">");
    }
    return node;
  }

  SetModifier modifier() {
    using Operation = SetModifier::Operation;
    static const std::array<std::pair<const char*, Operation>, 5> operations = {{{"+=", Operation::add},
                                                                                 {"-=", Operation::remove},
                                                                                 {"*=", Operation::intersect},
                                                                                 {"/=", Operation::differ},
                                                                                 {"=", Operation::replace}}};
    SetModifier made;
    made.field = field_name();
    const auto* const found = std::find_if(operations.begin(), operations.end(), [&](const auto& known) { return take(known.first); });
    if (found == operations.end()) throw ParseError{"Error in set modifier ad hoc element list: '=' expected"};
    made.operation = found->second;
    skip();
    if (peek() == ',' || peek() == '>') {
      made.clears = true;
      return made;
    }
    if (!take("{")) throw ParseError{"Error in set modifier ad hoc element list: '{' expected"};
    if (take("}")) return made;
    do made.elements.push_back(element());
    while (take(","));
    if (!take("}")) throw ParseError{"Error in set modifier ad hoc element list: ',' or ')' expected"};
    return made;
  }

  SetModifier::Element element() {
    skip();
    if (peek() == '\'') return {quoted('\''), false};
    if (peek() == '[') return {quoted(']'), false};
    if (peek() == '"') return {quoted('"'), true};
    const std::size_t begin = at_;
    while (at_ < source_.size() && source_[at_] != ',' && source_[at_] != '}') ++at_;
    std::string text = source_.substr(begin, at_ - begin);
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return {text, text.find_first_of("*?") != std::string::npos};
  }

  const std::string& source_;
  std::size_t at_ = 0;
  bool inside_aggregate_ = false;
};

void collect_set_fields(const SetExpression& set, std::vector<std::string>& into) {
  for (const auto& modifier : set.modifiers) into.push_back(modifier.field);
  if (set.left) collect_set_fields(*set.left, into);
  if (set.right) collect_set_fields(*set.right, into);
}

Value compute_binary(const std::string& operation, const Value& left, const Value& right, const Locale& locale) {
  if (operation == "+") return Value::of(left.number + right.number);
  if (operation == "-") return Value::of(left.number - right.number);
  if (operation == "*") return Value::of(left.number * right.number);
  if (operation == "/") return right.number == 0 ? Value{} : Value::of(left.number / right.number);
  if (operation == "&") return Value::of(text_of(left, locale) + text_of(right, locale));
  if (operation == "and") return Value::of(left.holds() && right.holds());
  if (operation == "or") return Value::of(left.holds() || right.holds());
  if (left.is_null() || right.is_null()) return Value::of(false);
  if (operation == "like") return Value::of(matches_wildcard(text_of(left, locale), text_of(right, locale)));
  const int order = compare_values(left, right, locale);
  if (operation == "=") return Value::of(order == 0);
  if (operation == "<>") return Value::of(order != 0);
  if (operation == "<") return Value::of(order < 0);
  if (operation == ">") return Value::of(order > 0);
  return Value::of(operation == "<=" ? order <= 0 : order >= 0);
}

}  // namespace

Parsed parse_expression(const std::string& source) {
  try {
    return {Parser(source).parse(), {}};
  } catch (const ParseError& error) {
    return {nullptr, error.message};
  }
}

void collect_fields(const Expression& expression, std::vector<std::string>& into, bool of_sets) {
  if (expression.set && of_sets) collect_set_fields(*expression.set, into);
  into.insert(into.end(), expression.total_by.begin(), expression.total_by.end());
  if (expression.kind == Kind::field) into.push_back(expression.text);
  for (const auto& part : expression.parts) collect_fields(*part, into, of_sets);
}

void replace_nodes(std::unique_ptr<Expression>& root, const Replace& replace) {
  for (auto& part : root->parts) replace_nodes(part, replace);
  if (auto made = replace(*root)) root = std::move(made);
}

namespace {

void hand_down(Expression& node, std::vector<std::shared_ptr<const SetExpression>>& around) {
  if (node.kind == Kind::aggregate || node.kind == Kind::field || node.kind == Kind::nested) node.outer = around;
  if (node.kind == Kind::scoped) around.push_back(node.set);
  for (auto& part : node.parts) hand_down(*part, around);
  if (node.kind == Kind::scoped) around.pop_back();
}

}  // namespace

void hand_down_sets(Expression& root) {
  std::vector<std::shared_ptr<const SetExpression>> around;
  hand_down(root, around);
}

void collect_aggregates(const Expression& expression, std::vector<const Expression*>& into) {
  if (expression.kind == Kind::aggregate || expression.kind == Kind::field || expression.kind == Kind::nested) {
    into.push_back(&expression);
    return;
  }
  for (const auto& part : expression.parts) collect_aggregates(*part, into);
}

bool is_row_level(const Expression& expression) {
  return expression.kind != Kind::aggregate && expression.kind != Kind::nested &&
         std::all_of(expression.parts.begin(), expression.parts.end(), [](const Node& part) { return is_row_level(*part); });
}

Value evaluate(const Expression& expression, const Locale& locale, const Leaf& leaf) {
  const auto part = [&](std::size_t index) { return evaluate(*expression.parts[index], locale, leaf); };
  switch (expression.kind) {
    case Kind::number:  // of a name that stands for one it may have a text of its own
      return expression.text.empty() ? Value::of(expression.number) : Value{expression.number, expression.text, true};
    case Kind::text: return Value::of(expression.text);
    case Kind::field:
    case Kind::nested:
    case Kind::aggregate: return leaf(expression);
    case Kind::scoped: return part(0);
    case Kind::selection: return {};  // a number or a text by now
    case Kind::unary: return expression.text == "not" ? Value::of(!part(0).holds()) : Value::of(-part(0).number);
    case Kind::condition:
      if (part(0).holds()) return part(1);
      return expression.parts.size() > 2 ? part(2) : Value{};
    case Kind::binary: return compute_binary(expression.text, part(0), part(1), locale);
    case Kind::call: break;
  }
  std::vector<Value> arguments;
  for (std::size_t i = 0; i < expression.parts.size(); ++i) arguments.push_back(part(i));
  return expression.function->compute(arguments, locale);
}

}  // namespace qonduit::simulator
