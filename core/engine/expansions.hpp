// The variables and expressions in $(...) of an expression's text. They are read from the text, because the engine expands a variable that
// the app does not have to nothing, without an error. Source: Qlik's help, dollar-sign expansions. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qonduit::engine {

struct Expansions {
  std::vector<std::string> variables;    // what stands in $(...), as written: vRate, vTax(1), v$(vYear)
  std::vector<std::string> expressions;  // of $(=...), without =
};

// Each once, in the order of the text, those inside of others too. In texts and searches Qlik expands as everywhere; what stands in
// comments decides nothing and is left out.
Expansions expansions_in(std::string_view text);

// The name of the variable that $(...) names, without parameters and the signs # and & for how it is written. Empty: it names none, such
// as a file. REQUIRES: what is expanded inside of it is expanded.
std::string variable_of(std::string_view inside);

}  // namespace qonduit::engine
