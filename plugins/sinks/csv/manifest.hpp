// The manifest: a small JSON object beside each file. Written here member by member, a line each, and read back for some of them.
#pragma once

#include <qonduit/batch.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::csv {

// What a manifest's name has behind that of its file.
inline constexpr std::string_view kManifest = ".manifest.json";

class ManifestWriter {
 public:
  void text(std::string_view name, std::string_view value);
  void number(std::string_view name, std::uint64_t value);
  void pairs(std::string_view name, const std::vector<std::pair<std::string, std::string>>& values);
  void schema(const Schema& schema);
  std::string finish();

 private:
  void member(std::string_view name, const std::string& raw);
  std::string out_ = "{";
};

// A member of a manifest this sink wrote; nothing when the text is none.
std::optional<std::uint64_t> manifest_number(std::string_view manifest, std::string_view name);
std::string manifest_text(std::string_view manifest, std::string_view name);
// A text as manifest_text gives it.
std::string as_in_manifest(std::string_view text);
// Whether its member is this text.
bool manifest_says(std::string_view manifest, std::string_view name, std::string_view text);

}  // namespace qonduit::csv
