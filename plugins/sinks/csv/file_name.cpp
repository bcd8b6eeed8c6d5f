#include "file_name.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace qonduit::csv {
namespace {

constexpr std::string_view kTokens[] = {"app", "sheet", "object", "title", "dataset", "run", "date", "loop"};
constexpr std::string_view kOneLoop = "loop:";

void percent(char c, std::string& out) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  out += '%';
  out += kDigits[(static_cast<unsigned char>(c) >> 4) & 0xF];
  out += kDigits[static_cast<unsigned char>(c) & 0xF];
}

// Bytes of the valid UTF-8 character at the front; 0 when there is none.
std::size_t character(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto tail = [&](std::size_t i) { return (at(i) & 0xC0u) == 0x80u; };
  if (at(0) < 0x80) return 1;
  if (at(0) >= 0xC2 && at(0) <= 0xDF && tail(1)) return 2;
  if (at(0) >= 0xE0 && at(0) <= 0xEF && tail(1) && tail(2) && !(at(0) == 0xE0 && at(1) < 0xA0) && !(at(0) == 0xED && at(1) > 0x9F))
    return 3;
  if (at(0) >= 0xF0 && at(0) <= 0xF4 && tail(1) && tail(2) && tail(3) && !(at(0) == 0xF0 && at(1) < 0x90) &&
      !(at(0) == 0xF4 && at(1) > 0x8F))
    return 4;
  return 0;
}

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
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) out += {kDigits[bytes[i] >> 4], kDigits[bytes[i] & 0xF]};
  return out;
}

}  // namespace

std::string safe_part(std::string_view text) {
  if (text.empty()) return "_";
  std::string out;
  const bool device = is_device(text);
  for (std::size_t i = 0; i < text.size();) {
    const auto length = character(text.substr(i));
    const char c = text[i];
    const bool edge = (i == 0 || i + 1 == text.size()) && (c == '.' || c == ' ');
    // '~' introduces the digest of a cut name and '_' alone is the empty one: both are kept apart from texts that hold them.
    const bool reserved = std::string_view("<>:\"|?*\\%/~").find(c) != std::string_view::npos || (text == "_");
    if (length == 0 || static_cast<unsigned char>(c) < 0x20 || c == 0x7F || edge || reserved || (device && i == 0)) {
      percent(c, out);
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

namespace {

// The values of all loops; with several, a comma in one of them is no separator.
std::string all_values(const Run& run) {
  std::string text;
  for (const auto& [name, value] : run.loop) {
    text += text.empty() ? "" : ", ";
    for (const char c : value) {
      if (run.loop.size() > 1 && (c == ',' || c == '%')) {
        percent(c, text);
      } else {
        text += c;
      }
    }
  }
  return text;
}

std::string_view value_of(const Run& run, std::string_view loop) {
  for (const auto& [name, value] : run.loop) {
    if (name == loop) return value;
  }
  return {};
}

}  // namespace

Result<FileTemplate> FileTemplate::parse(std::string_view text) {
  const auto refused = [&](const std::string& why) { return Status(Code::invalid_config, "file = '" + std::string(text) + "': " + why); };
  FileTemplate result;
  result.folders_.emplace_back();
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '/') {
      result.folders_.emplace_back();
      ++i;
    } else if (text[i] == '{') {
      const auto end = text.find('}', i);
      if (end == std::string_view::npos) return refused("a '{' without '}'");
      const std::string token(text.substr(i + 1, end - i - 1));
      bool known = false;
      for (const auto name : kTokens) known = known || name == token;
      known = known || (token.starts_with(kOneLoop) && token.size() > kOneLoop.size());
      if (!known) return refused("'{" + token + "}' is none of {app} {sheet} {object} {title} {dataset} {run} {date} {loop} {loop:NAME}");
      result.folders_.back().push_back({{}, token});
      i = end + 1;
    } else {
      const auto end = std::min(text.find_first_of("/{", i), text.size());
      result.folders_.back().push_back({std::string(text.substr(i, end - i)), {}});
      i = end;
    }
  }
  for (const auto& pieces : result.folders_) {
    if (pieces.empty()) return refused("has an empty part; it is a path below directory, such as {app}/{title}");
    if (pieces.size() == 1 && pieces[0].token.empty() && (pieces[0].literal == "." || pieces[0].literal == "..")) {
      return refused("'" + pieces[0].literal + "' is not allowed: files stay below directory");
    }
  }
  return result;
}

bool FileTemplate::has(std::string_view token) const {
  return std::any_of(folders_.begin(), folders_.end(), [&](const auto& pieces) {
    return std::any_of(pieces.begin(), pieces.end(), [&](const Piece& piece) { return piece.token == token; });
  });
}

bool FileTemplate::names_turn(const Run& run) const {
  return has("loop") || std::all_of(run.loop.begin(), run.loop.end(),
                                    [&](const auto& loop) { return has(std::string(kOneLoop) + std::string(loop.first)); });
}

Status FileTemplate::check(const Run& run) const {
  for (const auto& pieces : folders_) {
    for (const auto& piece : pieces) {
      if (run.loop.empty() || !piece.token.starts_with(kOneLoop)) continue;
      const auto name = std::string_view(piece.token).substr(kOneLoop.size());
      const auto known = std::any_of(run.loop.begin(), run.loop.end(), [&](const auto& loop) { return loop.first == name; });
      if (known) continue;
      std::string names;
      for (const auto& [loop, value] : run.loop) names += (names.empty() ? "" : ", ") + std::string(loop);
      return {Code::invalid_config, "file: {" + piece.token + "} names no loop of this pipeline's foreach; there is: " + names};
    }
  }
  return {};
}

std::vector<std::string> FileTemplate::parts(const Run& run) const {
  const auto dataset = names_turn(run) && !run.loop.empty() ? run.hypercube : run.dataset;
  const auto value = [&](const std::string& token) -> std::string {
    if (token == "app") return std::string(run.app);
    if (token == "sheet") return std::string(run.sheet);
    if (token == "object") return std::string(run.object_id);
    if (token == "title") return std::string(run.title.empty() ? run.object_id : run.title);
    if (token == "dataset") return std::string(dataset);
    if (token == "run") return std::string(run.run_id);
    if (token == "loop") return all_values(run);
    if (token.starts_with(kOneLoop)) return std::string(value_of(run, std::string_view(token).substr(kOneLoop.size())));
    return std::string(run.started_at.substr(0, 10));
  };
  std::vector<std::string> parts;
  for (const auto& pieces : folders_) {
    std::string text;
    for (const auto& piece : pieces) text += piece.token.empty() ? piece.literal : value(piece.token);
    if (&pieces == &folders_.back() && !has("dataset") && !dataset.empty()) text += "." + std::string(dataset);
    parts.push_back(safe_part(text));
  }
  return parts;
}

}  // namespace qonduit::csv
