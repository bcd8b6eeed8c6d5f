// Checks on Arrow structs that came from a plugin, before anybody follows their pointers: a stranger's plugin may return garbage. What
// cannot be checked is whether a pointer points anywhere.
#pragma once

#include <string>

#include "qonduit/batch.hpp"

namespace qonduit::plugin {

// Each answers what is wrong, as the end of a sentence that begins with who gave it; empty when nothing is.

// That the schema can be walked: its columns and their dictionaries are there.
std::string check_schema(const ArrowSchema& schema);

// That the array is a struct array of at most so many columns, all of its length, and that texts and dictionary indices stay within
// their buffers.
std::string check_array(const ArrowArray& array, std::int64_t most_columns);

// That the array has exactly the schema's columns, each with the buffers of its type. REQUIRES: check_array found nothing.
std::string check_types(const ArrowArray& array, const Schema& schema);

}  // namespace qonduit::plugin
