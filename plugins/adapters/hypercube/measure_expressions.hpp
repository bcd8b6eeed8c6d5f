// The expressions behind a cube's measures, which layouts do not hold.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace qonduit::hypercube {

// By index in the definition. Library measures carry only an id there and are left out, as is everything where there is no definition.
std::map<int, std::string> measure_expressions(std::string_view properties_json, const std::string& definition_path);

}  // namespace qonduit::hypercube
