// The scalar functions of expressions.
#pragma once

#include <string>
#include <vector>

#include "expression/value.hpp"

namespace qonduit::simulator {

struct Function {
  const char* name;  // lower case
  std::size_t least;
  std::size_t most;
  Value (*compute)(const std::vector<Value>& arguments, const Locale& locale);
};

// Null when there is none of that name (lower case).
[[nodiscard]] const Function* find_function(const std::string& name);

// All of them.
[[nodiscard]] std::vector<std::string> function_names();

}  // namespace qonduit::simulator
