#include "core/recording/letters.hpp"

#include <algorithm>
#include <array>

#include "qonduit/text.hpp"

namespace qonduit::recording {
namespace {

struct Range {
  char32_t first, last;
};

// Letters that stand for others of their range. Gaps between ranges of one script (× in Latin-1) are left out on purpose.
constexpr std::array kAlphabets = {
    Range{'0', '9'},         Range{'A', 'Z'},     Range{'a', 'z'},     Range{0xC0, 0xD6},
    Range{0xD8, 0xDE},       Range{0xDF, 0xF6},   Range{0xF8, 0xFF},   Range{0x391, 0x3A1},  // Greek
    Range{0x3A3, 0x3A9},     Range{0x3B1, 0x3C9}, Range{0x410, 0x42F},                       // Cyrillic
    Range{0x430, 0x44F},     Range{0x5D0, 0x5EA},                                            // Hebrew
    Range{0x621, 0x63A},                                                                     // Arabic
    Range{0x641, 0x64A},     Range{0xE01, 0xE2E},                                            // Thai
    Range{0x3041, 0x3096},                                                                   // Hiragana
    Range{0x30A1, 0x30FA},                                                                   // Katakana
    Range{0x4E00, 0x9FFF},                                                                   // Han
    Range{0xAC00, 0xD7A3},                                                                   // Hangul
    Range{0xFF10, 0xFF19},                                                                   // full-width digits
    Range{0x1F300, 0x1F5FF},                                                                 // pictographs
};

// Punctuation, symbols, spaces and combining marks: form, not content.
constexpr std::array kForm = {
    Range{0x80, 0xBF},     Range{0xD7, 0xD7},     Range{0xF7, 0xF7},     Range{0x300, 0x36F},
    Range{0x2000, 0x2BFF}, Range{0x3000, 0x303F}, Range{0xFE00, 0xFE0F}, Range{0xFF01, 0xFF0F},
};

// Everything else, by the length of its UTF-8.
constexpr Range kTwoBytes{0x100, 0x17F}, kThreeBytes{0x4E00, 0x9FFF}, kFourBytes{0x20000, 0x2A6DF};

Alphabet alphabet(const Range& range) { return {range.first, static_cast<std::uint32_t>(range.last - range.first + 1)}; }

}  // namespace

Alphabet alphabet_of(char32_t point) {
  for (const auto& range : kAlphabets) {
    if (point >= range.first && point <= range.last) return alphabet(range);
  }
  if (point < 0x80) return {};
  for (const auto& range : kForm) {
    if (point >= range.first && point <= range.last) return {};
  }
  return alphabet(point < 0x800 ? kTwoBytes : point < 0x10000 ? kThreeBytes : kFourBytes);
}

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> points;
  points.reserve(text.size());
  while (!text.empty()) {
    const auto [code, bytes] = first_character(text);
    points.push_back(bytes == 0 ? U'\uFFFD' : code);
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return points;
}

}  // namespace qonduit::recording
