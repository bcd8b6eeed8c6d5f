#include "time_pattern.hpp"

#include <qonduit/text.hpp>

#include <algorithm>
#include <cstddef>

#include "plugins/sinks/names/letter_case.hpp"

namespace qonduit::csv {
namespace {

bool is_letter(char32_t code) { return (code >= U'a' && code <= U'z') || code > 0x7F; }

struct Letters {
  char32_t code;
  std::size_t count;
};

// What the letters of one part mean, as one letter of TimeFormat; 0: none that is known.
char meaning(Letters letters, char32_t year, TimeKind kind, bool behind_hours) {
  const auto [code, count] = letters;
  if (code == year && count == 4) return 'Y';
  if (code == U'f' || (code == U's' && count == 3)) return 'f';
  if (count > 2) return 0;
  switch (code) {
    case U'd':
    case U'\u0434': return 'd';
    case U't':  // TT.MM.JJJJ
      return year == U'j' ? 'd' : '\0';
    case U'j':  // JJ/MM/AAAA
    case U'g':  // GG/MM/AAAA
      return year == U'a' ? 'd' : '\0';
    case U'm':
    case U'\u043C': return kind == TimeKind::time || (kind == TimeKind::timestamp && behind_hours) ? 'M' : 'm';
    case U'h':
    case U'\u0447': return 'H';
    case U's':
    case U'\u0441': return 'S';
    default: return 0;
  }
}

}  // namespace

std::string time_pattern_of(std::string_view written, TimeKind kind) {
  std::u32string text;
  for (std::size_t i = 0; i < written.size();) {
    const auto [code, bytes] = first_character(written.substr(i));
    if (bytes == 0 || code == U'%') return {};
    // Quotes stand around what is no letter of the format, brackets around what is not always there.
    if (code != U'\'' && code != U'[' && code != U']') text += names::small_of(code);
    i += bytes;
  }
  char32_t year = 0;
  for (const auto candidate : {U'y', U'j', U'a', U'\u0433'}) {
    if (text.find(std::u32string(4, candidate)) != std::u32string::npos) year = candidate;
  }
  std::string pattern;
  bool hours = false, any = false;
  for (std::size_t i = 0; i < text.size();) {
    const auto code = text[i];
    const auto end = std::min(text.find_first_not_of(code, i), text.size());
    const Letters letters{code, end - i};
    i = end;
    if (!is_letter(code)) {
      pattern.append(letters.count, static_cast<char>(code));
      continue;
    }
    const auto letter = meaning(letters, year, kind, hours);
    if (letter == 0 && code == U't' && letters.count == 1 && any) {
      pattern += 'T';  // of ISO 8601, between date and time
      continue;
    }
    if (letter == 0 || (kind == TimeKind::time && (letter == 'Y' || letter == 'm' || letter == 'd'))) return {};
    hours = letter == 'H' || (hours && letter != 'Y' && letter != 'd');
    any = true;
    pattern += {'%', letter};
  }
  return any ? pattern : std::string();
}

}  // namespace qonduit::csv
