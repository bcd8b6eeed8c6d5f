// What to say of a column that is not there: which one may have been meant. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qonduit::pipeline::transform {

// " (did you mean 'x'?)", or what there is to choose from. A name that looks the same and is written in another Unicode form, an accent as
// a character of its own or not, is said to be so.
std::string near_column(std::string_view name, const std::vector<std::string_view>& names);

}  // namespace qonduit::pipeline::transform
