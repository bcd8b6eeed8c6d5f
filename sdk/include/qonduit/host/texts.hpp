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
  const std::string_view whole(text.data, text.size);
  const auto kept = cut_utf8(whole, kLongest);
  return repaired_utf8(kept) + (kept.size() < whole.size() ? "..." : "");
}

// Bytes as they are: for what is handed back. Nothing where the text is null but claims bytes, or claims more than most.
inline std::optional<std::string> copy_text(qonduit_str text, std::size_t most) {
  if (text.size == 0) return std::string();
  if (text.data == nullptr || text.size > most) return std::nullopt;
  return std::string(text.data, text.size);
}

}  // namespace qonduit::host
