// The text of a filter, read: Sales > 1000 and Region != "North". Knows the grammar and no column; docs/transforms.md has it for users.
//   either     both ("or" both)*
//   both       single ("and" single)*
//   single     "not" single | "(" either ")" | comparison
//   comparison column (= != < <= > >=) literal | column ["not"] "in" "(" literal ("," literal)* ")" | column "is" ["not"] "null"
//   column     a word, or [anything, with ]] for ]]
//   literal    number | "text" or 'text', the quote doubled | true | false | 2024-01-31, 2024-01-31T23:59:59, 23:59:59
// A pure function of the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "qonduit/status.hpp"

namespace qonduit::pipeline::transform {

enum class Compare : std::uint8_t { equal, unequal, less, less_equal, greater, greater_equal, in, not_in, is_null, is_not_null };

enum class LiteralKind : std::uint8_t { number, text, boolean, moment };
struct Literal {
  LiteralKind kind = LiteralKind::number;
  std::string text;
  std::size_t position = 0;  // of its first character, from 1
};

struct Predicate {
  std::string column;
  std::size_t position = 0;
  Compare compare = Compare::equal;
  std::vector<Literal> literals;
};

// The filter in postfix form: a predicate puts a truth on a stack, the others replace the topmost one or two.
enum class StepKind : std::uint8_t { predicate, both, either, negate };
struct FilterStep {
  StepKind kind = StepKind::predicate;
  std::size_t predicate = 0;
};

struct FilterText {
  std::vector<Predicate> predicates;
  std::vector<FilterStep> steps;  // empty: everything is kept
};

// invalid_config with the position, what is there and what is expected.
Result<FilterText> parse_filter(std::string_view text);

}  // namespace qonduit::pipeline::transform
