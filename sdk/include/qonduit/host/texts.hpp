// Texts that cross the boundary, seen from the host: lent to a plugin, or copied from one and never trusted.
#pragma once

#include <qonduit/abi.h>
#include <qonduit/text.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace qonduit::host {

inline qonduit_str borrow(std::string_view text) noexcept { return {text.data(), text.size()}; }

// Bounded and valid UTF-8, whatever a plugin says: for people.
inline std::string clean_text(qonduit_str text) {
  constexpr std::size_t kLongest = 64 << 10;
  if (text.data == nullptr || text.size == 0) return {};
  std::string_view rest(text.data, text.size);
  std::string out;
  const bool cut = rest.size() > kLongest;
  rest = rest.substr(0, kLongest);
  out.reserve(rest.size());
  while (!rest.empty()) {
    const auto length = first_character(rest).bytes;
    if (length == 0) {
      if (cut && rest.size() < 4) break;  // a character the cut went through
      out += '?';
      rest.remove_prefix(1);
    } else {
      out += rest.substr(0, length);
      rest.remove_prefix(length);
    }
  }
  if (cut) out += "...";
  return out;
}

// Bytes as they are: for what is handed back. Nothing where the text is null but claims bytes, or claims more than most.
inline std::optional<std::string> copy_text(qonduit_str text, std::size_t most) {
  if (text.size == 0) return std::string();
  if (text.data == nullptr || text.size > most) return std::nullopt;
  return std::string(text.data, text.size);
}

}  // namespace qonduit::host
