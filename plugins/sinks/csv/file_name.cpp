#include "file_name.hpp"

#include <qonduit/text.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace qonduit::csv {
namespace {

bool is_device(std::string_view text) {
  std::string stem;
  for (const char c : text.substr(0, text.find('.'))) stem += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  for (const auto* name : {"CON", "PRN", "AUX", "NUL"}) {
    if (stem == name) return true;
  }
  return stem.size() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")) && stem[3] >= '1' && stem[3] <= '9';
}

std::string digest(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr);
  return hex_text(bytes.data(), 8);
}

}  // namespace

std::string safe_part(std::string_view text) {
  if (text.empty()) return "_";
  std::string out;
  const bool device = is_device(text);
  for (std::size_t i = 0; i < text.size();) {
    const auto length = first_character(text.substr(i)).bytes;
    const char c = text[i];
    const bool edge = (i == 0 || i + 1 == text.size()) && (c == '.' || c == ' ');
    // '~' introduces the digest of a cut name and '_' alone is the empty one: both are kept apart from texts that hold them.
    const bool reserved = std::string_view("<>:\"|?*\\%/~").find(c) != std::string_view::npos || (text == "_");
    if (length == 0 || static_cast<unsigned char>(c) < 0x20 || c == 0x7F || edge || reserved || (device && i == 0)) {
      append_percent(c, out);
      ++i;
      continue;
    }
    out += text.substr(i, length);
    i += length;
  }
  if (out.size() <= kLongestPart) return out;
  std::size_t cut = kLongestPart - 17;
  while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0u) == 0x80u) --cut;
  // Not in the middle of %XX either.
  if (cut >= 1 && out[cut - 1] == '%')
    cut -= 1;
  else if (cut >= 2 && out[cut - 2] == '%')
    cut -= 2;
  return out.substr(0, cut) + "~" + digest(text);
}

std::string_view extension_of(std::string_view text) {
  const auto ends = [text](std::string_view extension) {
    return text.size() >= extension.size() &&
           std::equal(extension.begin(), extension.end(), text.end() - static_cast<std::ptrdiff_t>(extension.size()),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
  };
  for (const std::string_view extension : {".csv", ".csv.gz"}) {
    if (ends(extension)) return text.substr(text.size() - extension.size());
  }
  return {};
}

Result<RunTemplate> parse_file_template(std::string_view written) {
  const auto text = written.substr(0, written.size() - extension_of(written).size());
  const auto refused = [&](const std::string& why) {
    return Status(Code::invalid_config, "file = '" + std::string(written) + "': " + why);
  };
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find('/', begin), text.size());
    const auto part = text.substr(begin, end - begin);
    if (part.empty() && begin == 0 && text.starts_with('/'))
      return refused("absolute paths are not allowed; write a path below directory, such as {app}/{title}");
    if (part.empty()) return refused("has an empty part; it is a path below directory, such as {app}/{title}");
    if (part == "." || part == "..") return refused("'" + std::string(part) + "' is not allowed: files stay below directory");
    begin = end + 1;
  }
  return RunTemplate::parse("file", text, '/');
}

std::vector<std::string> path_parts(const RunTemplate& file, const Run& run, Ids ids) {
  auto parts = file.parts(run, Turns::apart, ids);
  for (auto& part : parts) part = safe_part(part);
  return parts;
}

}  // namespace qonduit::csv
