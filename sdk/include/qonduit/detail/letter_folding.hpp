// Words that are the same but for their case, their accents, or how an accent is encoded: "DÉCEMBRE", "décembre", "de\u0301cembre". For the
// names of months and days, which are compared with a number beside them: nothing is told apart by an accent alone.
#pragma once

#include <qonduit/detail/writing_text.hpp>

#include <cstdint>
#include <string_view>

namespace qonduit::detail {

[[nodiscard]] constexpr bool is_combining(std::uint32_t c) noexcept { return c >= 0x300 && c <= 0x36F; }

// The small letter without an accent; what is no letter of Latin, Greek, Cyrillic or Armenian is itself.
[[nodiscard]] constexpr std::uint32_t folded(std::uint32_t c) noexcept {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  const auto of = [](const char* letters, std::uint32_t at, std::uint32_t otherwise) {
    return letters[at] == '?' ? otherwise : static_cast<std::uint32_t>(letters[at]);
  };
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) c += 0x20;
  if (c >= 0xE0 && c <= 0xFF) return of("aaaaaa?ceeeeiiii?nooooo?ouuuuy?y", c - 0xE0, c);
  if (c >= 0x100 && c <= 0x17F) {
    return of(
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii??jjkk?llllllllllnnnnnnnnnoooooo??rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs",
        c - 0x100, c);
  }
  if (c >= 0x1EA0 && c <= 0x1EF9)  // Vietnamese
    return of("aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy", c - 0x1EA0, c);
  switch (c) {
    case 0x386:
    case 0x3AC: return 0x3B1;
    case 0x388:
    case 0x3AD: return 0x3B5;
    case 0x389:
    case 0x3AE: return 0x3B7;
    case 0x38A:
    case 0x390:
    case 0x3AA:
    case 0x3AF:
    case 0x3CA: return 0x3B9;
    case 0x38C:
    case 0x3CC: return 0x3BF;
    case 0x38E:
    case 0x3AB:
    case 0x3B0:
    case 0x3CB:
    case 0x3CD: return 0x3C5;
    case 0x38F:
    case 0x3CE: return 0x3C9;
    case 0x3C2: return 0x3C3;
    case 0xB5: return 0x3BC;
    default: break;
  }
  if (c >= 0x391 && c <= 0x3A9) return c + 0x20;
  if (c >= 0x410 && c <= 0x42F) c += 0x20;
  if (c >= 0x400 && c <= 0x40F) c += 0x50;
  if (c == 0x450 || c == 0x451) return 0x435;
  if (c == 0x439) return 0x438;
  if (c == 0x457) return 0x456;
  if (c == 0x490) return 0x491;
  return c >= 0x531 && c <= 0x556 ? c + 0x30 : c;
}

// The next letter of a text, folded, with the accents behind it taken off; 0 at its end.
[[nodiscard]] inline std::uint32_t take_letter(std::string_view& text) noexcept {
  const auto drop_accents = [&] {
    while (!text.empty() && static_cast<unsigned char>(text.front()) >= 0xCC && is_combining(first_code_point(text).value))
      text.remove_prefix(2);
  };
  drop_accents();
  const auto letter = first_code_point(text);
  text.remove_prefix(letter.size);
  drop_accents();
  return letter.size == 0 ? 0 : folded(letter.value);
}

// Takes a word off the front of a text.
[[nodiscard]] inline bool take_folded(std::string_view& text, std::string_view word) noexcept {
  if (word.empty()) return false;
  auto rest = text;
  while (!word.empty()) {
    const auto wanted = take_letter(word);
    if (wanted != 0 && take_letter(rest) != wanted) return false;
  }
  text = rest;
  return true;
}

}  // namespace qonduit::detail
