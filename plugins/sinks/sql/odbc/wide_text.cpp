#include "wide_text.hpp"

#include <qonduit/text.hpp>
#include "plugins/sinks/sql/core/names.hpp"

namespace qonduit::odbc {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

}  // namespace

std::optional<std::size_t> write_wide(std::string_view text, SQLWCHAR* out) {
  const auto* const begin = out;
  while (!text.empty()) {
    if (const auto byte = static_cast<unsigned char>(text.front()); byte < 0x80) {
      *out++ = byte;
      text.remove_prefix(1);
      continue;
    }
    const auto [code, bytes] = first_character(text);
    if (bytes == 0) return std::nullopt;
    text.remove_prefix(bytes);
    if (code < 0x10000) {
      *out++ = static_cast<SQLWCHAR>(code);
    } else {
      *out++ = static_cast<SQLWCHAR>(0xD800 + ((code - 0x10000) >> 10));
      *out++ = static_cast<SQLWCHAR>(0xDC00 + ((code - 0x10000) & 0x3FF));
    }
  }
  return static_cast<std::size_t>(out - begin);
}

std::vector<SQLWCHAR> wide(std::string_view text) {
  std::vector<SQLWCHAR> out(text.size() + 1);
  if (const auto units = write_wide(text, out.data())) {
    out.resize(*units + 1);
    out.back() = 0;
    return out;
  }
  return wide(sql::clean_text(text));
}

std::string narrow(const SQLWCHAR* text, std::size_t units) {
  std::string out;
  for (std::size_t i = 0; i < units; ++i) {
    char32_t code = text[i];
    if (code >= 0xD800 && code < 0xE000) {
      const char32_t low = i + 1 < units ? text[i + 1] : 0u;
      const bool pair = code < 0xDC00 && low >= 0xDC00 && low < 0xE000;
      code = pair ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : kReplacement;
      if (pair) ++i;
    }
    append_utf8(code, out);
  }
  return out;
}

}  // namespace qonduit::odbc
