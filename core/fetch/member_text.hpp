// The raw JSON text of one member of an object, without parsing the rest of it into a tree.
#pragma once

#include <string_view>

#include "qonduit/status.hpp"

namespace qonduit::fetch {

// A slice of object_json. REQUIRES: kPadding bytes behind object_json may be read (it is a slice of an engine::Message).
Result<std::string_view> member_text(std::string_view object_json, std::string_view member);

}  // namespace qonduit::fetch
