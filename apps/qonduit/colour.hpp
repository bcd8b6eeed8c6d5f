// Words in colour, where a person looks: standard output is a terminal that knows colours, and NO_COLOR is not set.
#pragma once

#include <cstdint>
#include <string>

namespace qonduit::app {

enum class Colour : std::uint8_t { good, bad, careful };

std::string coloured(const std::string& word, Colour colour);

}  // namespace qonduit::app
