#include "core/config/sources.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/config/expression_text.hpp"
#include "core/config/properties.hpp"
#include "qonduit/text.hpp"

namespace qonduit::config {
namespace {

constexpr std::size_t kLargestFile = 4 << 20;

// What the engine, the log and JSON can carry.
bool is_text(std::string_view text) { return text.find('\0') == std::string_view::npos && is_utf8(text); }

}  // namespace

Sources::Sources(const std::filesystem::path& main_file, const std::vector<std::string>& overrides) {
  std::error_code error;
  folder_ = main_file.empty() ? std::filesystem::current_path(error) : std::filesystem::absolute(main_file, error).parent_path();
  if (!main_file.empty()) {
    read_file(main_file);
    read_folder(main_file.parent_path() / "conf.d");
  }
  for (const auto& text : overrides) read_override(text);
}

void Sources::read_file(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return problem({path.string(), 0}, "", "is a folder, not a file");
  std::ifstream file(path, std::ios::binary);
  if (!file) return problem({path.string(), 0}, "", std::string("cannot read the configuration: ") + std::strerror(errno));
  std::string text;
  char buffer[4096];
  while (text.size() <= kLargestFile && (file.read(buffer, sizeof buffer), file.gcount() > 0))
    text.append(buffer, static_cast<std::size_t>(file.gcount()));
  if (file.bad()) return problem({path.string(), 0}, "", "cannot read the configuration to its end");
  if (text.size() > kLargestFile) return problem({path.string(), 0}, "", "is larger than 4 MiB: not a configuration");

  std::map<std::string, int> seen;
  for (auto& property : parse_properties(text)) {
    const Origin origin{path.string(), property.line};
    for (auto& found : property.problems)
      problem({path.string(), found.line}, is_text(property.key) ? property.key : "", std::move(found.what));
    if (!is_text(property.key) || !is_text(property.value)) {
      problem(origin, is_text(property.key) ? property.key : "", "is not UTF-8 text");
    } else if (property.key.empty()) {
      problem(origin, "", "a line without a key: write key = value");
    } else if (!property.separated) {
      problem(origin, property.key, "has no value: write key = value (does the line before it miss a '\\' at its end?)");
    } else {
      const auto [first, fresh] = seen.emplace(property.key, property.line);
      if (!fresh) problem(origin, property.key, "is set twice in this file, first in line " + std::to_string(first->second));
    }
    // Kept all the same, or the key would be reported as missing too.
    if (!property.key.empty() && is_text(property.key)) set(property.key, std::move(property.value), origin);
  }
}

void Sources::read_folder(const std::filesystem::path& path) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  std::filesystem::directory_iterator entry(path, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const auto& file = entry->path();
    // Names that begin with a dot are what editors leave behind.
    if (file.extension() == ".properties" && !file.filename().string().starts_with('.')) files.push_back(file);
  }
  if (error && error != std::errc::no_such_file_or_directory) problem({path.string(), 0}, "", "cannot list the folder: " + error.message());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) read_file(file);
}

void Sources::read_override(const std::string& text) {
  // A name that has '=' in it is written as in a file: \=.
  std::string written;
  std::size_t equals = 0;
  for (; equals < text.size() && text[equals] != '='; ++equals) {
    if (text.compare(equals, 2, "\\=") == 0) ++equals;
    written += text[equals];
  }
  if (equals == text.size()) equals = std::string::npos;
  std::string key(trimmed(written));
  // Without '=' nobody knows whether it is a key or a password: it is not repeated.
  if (equals == std::string::npos || key.empty()) return problem({"-D", 0}, "", "expects KEY=VALUE");
  if (!is_text(text)) return problem({"-D", 0}, is_text(key) ? key : "", "is not UTF-8 text");
  set(std::move(key), std::string(trimmed(std::string_view(text).substr(equals + 1))), {"-D", 0});
}

void Sources::set(std::string key, std::string text, Origin origin) {
  values_[std::move(key)] = {std::move(text), std::move(origin), order_++};
}

void Sources::problem(Origin origin, std::string key, std::string what) {
  problems_.push_back({std::move(origin), std::move(key), std::move(what)});
}

}  // namespace qonduit::config
