// From the template and what a run is called to a path that is safe whatever an app's author put into a title: nothing leaves the base
// folder, no two names become one, and every file system takes it.
//
// Rules for each part between slashes: bytes that are control characters, one of <>:"|?*\%/ or no valid UTF-8 are written as %XX; so are a
// leading '.' or ' ', a trailing '.' or ' ', and the first letter of a Windows device name (CON, NUL, COM1 ...). A part that is longer than
// fits is cut at a character and gets ~ and sixteen hexadecimal digits of its SHA-256. An empty part is "_".
#pragma once

#include <qonduit/run_template.hpp>
#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace qonduit::csv {

// The longest a part may be, so that ".<name>.<run>.partial" still fits into 255 bytes.
inline constexpr std::size_t kLongestPart = 160;

// One part of a path. Different texts give different parts.
std::string safe_part(std::string_view text);

// The end of the file option that is the file's extension, whatever its case: ".csv", ".csv.gz"; empty: it has none.
std::string_view extension_of(std::string_view text);
// The template of the file option, a path below the directory, without its extension. invalid_config for a part that is empty, "." or "..".
Result<RunTemplate> parse_file_template(std::string_view text);
// The parts of a delivery's path, the last one without its extension. REQUIRES: file.check(run).
std::vector<std::string> path_parts(const RunTemplate& file, const Run& run, Ids ids = Ids::as_templated);

}  // namespace qonduit::csv
