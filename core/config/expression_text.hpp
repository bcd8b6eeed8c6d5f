// Lists of Qlik expressions as people write them in one value: "Sum(Sales * (1 - Discount)) as Net, Count(DISTINCT [Customer ID])". Commas
// and words count only outside of parentheses, braces, [names], 'texts' and "names".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::config {

// What is not closed, in words; empty: nothing.
std::string unclosed(std::string_view text);
// Cut at the commas outside. Blanks around an item are dropped; an empty item is kept, so that it can be refused.
std::vector<std::string> split_expressions(std::string_view text);
// A text in two, around the last `word` outside that stands alone between blanks, whatever its case; nothing when there is none.
struct Halves {
  std::string left, right;
};
std::optional<Halves> split_at_word(std::string_view text, std::string_view word);
// [Sales, net], 'Sales, net' and "Sales, net" are Sales, net; a doubled closing mark is one. Everything else is itself.
std::string unquoted(std::string_view text);
[[nodiscard]] bool is_quoted(std::string_view text);

}  // namespace qonduit::config
