#include "calls/export.hpp"

#include <Poco/UUIDGenerator.h>

#include <algorithm>
#include <vector>

namespace qonduit::simulator {
namespace {

constexpr std::uint64_t kMostColumns = 1000;
constexpr std::uint64_t kMostCells = 5'000'000;

void append_field(std::string& out, const std::string& text, char delimiter) {
  if (text.find_first_of("\"\r\n") == std::string::npos && text.find(delimiter) == std::string::npos) {
    out.append(text);
    return;
  }
  out.push_back('"');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

std::vector<std::string> titles_of(const JsonObject& cube, std::uint32_t columns) {
  std::vector<std::string> made;
  for (const char* name : {"qDimensionInfo", "qMeasureInfo"})
    if (const auto infos = array_member(cube, name); !infos.isNull())
      for (const auto& info : *infos)
        if (!as_object(info)->has("qError")) made.push_back(text_member(as_object(info), "qFallbackTitle"));
  made.resize(columns);
  return made;
}

}  // namespace

Exported export_csv(const JsonObject& layout, const std::string& path, const Matrix& matrix, char delimiter) {
  Exported made;
  std::string cube_path = path;
  if (cube_path.ends_with("Def")) cube_path.resize(cube_path.size() - 3);
  const auto columns = static_cast<std::uint32_t>(std::min<std::uint64_t>(matrix.columns(), kMostColumns));
  const auto rows = columns == 0 ? 0 : std::min<std::uint64_t>(matrix.rows(), kMostCells / columns);
  made.truncated = columns < matrix.columns() || rows < matrix.rows();
  const auto titles = titles_of(as_object(resolve_pointer(layout, cube_path)), matrix.columns());
  for (std::uint32_t i = 0; i < columns; ++i) {
    if (i > 0) made.text.push_back(delimiter);
    append_field(made.text, titles[i], delimiter);
  }
  made.text.append("\r\n");
  for (std::uint64_t row = 0; row < rows; ++row) {
    std::string cells = "[";
    matrix.append_cells(cells, row, 0, columns);
    const auto parsed = as_array(parse_json(cells + "]"));
    for (std::uint32_t i = 0; i < columns; ++i) {
      if (i > 0) made.text.push_back(delimiter);
      append_field(made.text, text_member(as_object(parsed->get(i)), "qText"), delimiter);
    }
    made.text.append("\r\n");
  }
  return made;
}

std::string Exports::add(std::string content, const std::string& extension, const std::string& owner) {
  const std::string path = "/tempcontent/" + Poco::UUIDGenerator::defaultGenerator().createRandom().toString() + "." + extension;
  const std::lock_guard lock(mutex_);
  files_[path] = {std::move(content), owner};
  return path;
}

std::optional<std::string> Exports::find(const std::string& path, const std::string& owner) const {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(path);
  if (found == files_.end() || found->second.owner != owner) return std::nullopt;
  return found->second.content;
}

}  // namespace qonduit::simulator
