// Pieces of JSON for calls to the engine.
#pragma once

#include <string>
#include <string_view>

#include "qonduit/detail/option_text.hpp"

namespace qonduit::engine {

// A JSON string with its quotes.
inline std::string json_text(std::string_view text) { return qonduit::detail::json_string(text); }

}  // namespace qonduit::engine
