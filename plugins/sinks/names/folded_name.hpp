// Whether two names, or two paths, are the same to somebody: file systems, databases and people compare names without case, and in any
// Unicode form. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace qonduit::names {

enum class Accents : bool { kept, dropped };

// What two names have in common that are written alike: letters of either case, accents as one character or two, wide and narrow forms, in
// any alphabet (Unicode's NFKC_Casefold). dropped: also with accents and without. A text that is no UTF-8 is left as it is.
std::string folded_name(std::string_view name, Accents accents = Accents::kept);

// One writing of a path, past links and dots; as it is where it cannot be followed.
std::string one_path(const std::string& path);

}  // namespace qonduit::names
