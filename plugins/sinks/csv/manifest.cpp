#include "manifest.hpp"

#include <qonduit/json_text.hpp>

#include <charconv>

namespace qonduit::csv {

void ManifestWriter::member(std::string_view name, const std::string& raw) {
  out_ += out_.size() == 1 ? "\n" : ",\n";
  out_ += "  " + json_string(name) + ": " + raw;
}

void ManifestWriter::text(std::string_view name, std::string_view value) { member(name, json_string(value)); }
void ManifestWriter::number(std::string_view name, std::uint64_t value) { member(name, std::to_string(value)); }

void ManifestWriter::pairs(std::string_view name, const std::vector<std::pair<std::string, std::string>>& values) {
  std::string raw;
  for (const auto& [key, value] : values) raw += (raw.empty() ? "{" : ", ") + json_string(key) + ": " + json_string(value);
  member(name, raw + "}");
}

void ManifestWriter::schema(const Schema& schema) {
  std::string raw = "[";
  for (const auto& field : schema.fields) {
    raw += raw.size() == 1 ? "\n" : ",\n";
    raw += "    {\"name\": " + json_string(field.name) + ", \"type\": " + json_string(to_string(field.type));
    for (const auto& [key, value] : field.metadata) raw += ", " + json_string(key) + ": " + json_string(value);
    raw += "}";
  }
  member("schema", raw + "\n  ]");
}

std::string ManifestWriter::finish() { return out_ + "\n}\n"; }

namespace {

// The raw value of a member in the form ManifestWriter gives it: at the beginning of a line, to its end.
std::string_view raw_member(std::string_view manifest, std::string_view name) {
  const auto key = "\n  " + json_string(name) + ": ";
  const auto at = manifest.find(key);
  if (at == std::string_view::npos) return {};
  auto value = manifest.substr(at + key.size());
  value = value.substr(0, value.find('\n'));
  if (value.ends_with(',')) value.remove_suffix(1);
  return value;
}

}  // namespace

std::optional<std::uint64_t> manifest_number(std::string_view manifest, std::string_view name) {
  const auto raw = raw_member(manifest, name);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  if (raw.empty() || error != std::errc() || end != raw.data() + raw.size()) return std::nullopt;
  return value;
}

std::string manifest_text(std::string_view manifest, std::string_view name) {
  const auto raw = raw_member(manifest, name);
  return raw.size() < 2 ? std::string() : std::string(raw.substr(1, raw.size() - 2));
}

std::string as_in_manifest(std::string_view text) {
  const auto raw = json_string(text);
  return raw.substr(1, raw.size() - 2);
}

bool manifest_says(std::string_view manifest, std::string_view name, std::string_view text) {
  return raw_member(manifest, name) == json_string(text);
}

}  // namespace qonduit::csv
