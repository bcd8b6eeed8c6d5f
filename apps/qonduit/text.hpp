// Text for terminals: names from Qlik must not move the cursor, and columns must line up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace qonduit::app {

// Control characters become '?'.
std::string printable(std::string_view text);
// The same, with line ends kept, and blanks in front of each line behind the first.
std::string printable_lines(std::string_view text, std::size_t indent);
// The text with U+FFFD in place of each byte that is not UTF-8.
std::string valid_utf8(std::string_view text);
// Columns on a terminal: code points, wide East Asian ones and emoji counted twice.
std::size_t display_width(std::string_view text);
// The beginning of a text that is no wider than width, with "…" at the end where it was cut.
std::string cut(const std::string& text, std::size_t width);
// The end of a text, with "…" in front where it was cut.
std::string cut_beginning(const std::string& text, std::size_t width);
// 1234567 → "1,234,567"
std::string grouped(std::int64_t number);
// 1, "row" → "1 row"; 1200, "row" → "1,200 rows"; -1: not known
std::string counted(std::int64_t count, std::string_view noun);
// 3565158 → "3.4 MiB"
std::string byte_text(std::int64_t bytes);
// 75.4 → "1:15"
std::string clock_time(double seconds);

}  // namespace qonduit::app
