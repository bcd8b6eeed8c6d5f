// The names in the set expressions of an expression, read from its text: the engine does not look into them when it checks one. Set
// expressions stand in braces, in an aggregation or in front of all: {Bookmark<Year={2024}>}. Source: Qlik's help, set analysis. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qonduit::engine {

struct SetNames {
  std::vector<std::string> identifiers;  // of bookmarks and alternate states; without 1, $, $1 and the like
  std::vector<std::string> fields;       // of modifiers: what is selected in, and what the values come from
  std::vector<std::string> searches;     // expressions that values are searched by, {"=Sum(Sales)>10"}, without =
};

// Each name once, in the order of the text, without its brackets. Whatever is no set expression is left to the engine. REQUIRES: variables
// and $(=...) are expanded.
SetNames names_in_sets(std::string_view expression);

}  // namespace qonduit::engine
