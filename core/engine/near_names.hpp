// What a misspelt name may have meant, as the end of a sentence: " (did you mean 'x'?)", or the names there are, the nearest of many.
#pragma once

#include <string>
#include <vector>

namespace qonduit::engine {

std::string near_names(const std::string& name, const std::vector<std::string>& known);
// others may be meant, too, and are not listed.
std::string near_names(const std::string& name, const std::vector<std::string>& known, const std::vector<std::string>& others);

// Something that is named by its title or by its id.
struct Named {
  std::string id, title;  // the title may be empty
};
// The same of things, each of which has two names: both may be meant, and a list shows and counts each thing once.
std::string near_things(const std::string& name, const std::vector<Named>& known);

}  // namespace qonduit::engine
