#include "calls/export.hpp"

#include <Poco/UUIDGenerator.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace qonduit::simulator {
namespace {

constexpr std::uint64_t kMostColumns = 1000;
constexpr std::uint64_t kMostExportedCells = 5'000'000;

std::vector<Json> items_of(const JsonObject& from, const std::string& name) {
  const auto found = array_member(from, name);
  return found.isNull() ? std::vector<Json>() : std::vector<Json>(found->begin(), found->end());
}

struct Column {
  std::string title;
  bool date = false;
  bool hidden = false;
};

bool is_date(const JsonObject& info) {
  static const std::set<std::string> types = {"D", "T", "TS", "IV"};
  if (types.contains(text_member(object_member(info, "qNumFormat"), "qType"))) return true;
  const auto tags = items_of(info, "qTags");
  return std::any_of(tags.begin(), tags.end(), [](const Json& tag) {
    return tag.isString() && (tag.extract<std::string>() == "$date" || tag.extract<std::string>() == "$timestamp");
  });
}

std::vector<Column> columns_of(const JsonObject& cube, const std::string& name) {
  std::vector<Column> made;
  for (const auto& item : items_of(cube, name)) {
    const auto info = as_object(item);
    made.push_back({text_member(info, "qFallbackTitle"), is_date(info), info->has("qError")});
  }
  return made;
}

double number_of(const JsonObject& cell, const std::string& name) {
  const Json value = cell->has(name) ? cell->get(name) : Json();
  return !value.isEmpty() && value.isNumeric() ? value.convert<double>() : kNaN;
}

void add_column(ExportTable& to, const Column& column) {
  to.titles.push_back(column.title);
  to.dates.push_back(column.date ? 1 : 0);
}

// How many of these rows an export holds; less where there are so many cells that the engine cuts it.
std::uint64_t limited(ExportTable& table, std::uint64_t columns, std::uint64_t rows) {
  const std::uint64_t shown = std::min<std::uint64_t>(columns, kMostColumns);
  const std::uint64_t most = shown == 0 ? 0 : std::min<std::uint64_t>(rows, kMostExportedCells / shown);
  table.truncated = shown < columns || most < rows;
  return most;
}

ExportTable straight(const JsonObject& cube, const Matrix& matrix) {
  ExportTable made;
  auto columns = columns_of(cube, "qDimensionInfo");
  const auto measures = columns_of(cube, "qMeasureInfo");
  columns.insert(columns.end(), measures.begin(), measures.end());
  // A full permutation is the order of the matrix.
  std::vector<std::size_t> order;
  for (const auto& index : items_of(cube, "qColumnOrder")) order.push_back(index.convert<std::size_t>());
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::size_t> as_defined(columns.size());
  std::iota(as_defined.begin(), as_defined.end(), std::size_t{0});
  if (sorted != as_defined) order = as_defined;
  for (const auto index : order)
    if (!columns[index].hidden && made.titles.size() < kMostColumns) add_column(made, columns[index]);
  const auto width = static_cast<std::uint32_t>(std::min<std::uint64_t>(matrix.columns(), kMostColumns));
  made.titles.resize(width);
  made.dates.resize(width);
  const auto rows = limited(made, matrix.columns(), matrix.rows());
  for (std::uint64_t row = 0; row < rows; ++row) {
    std::string cells = "[";
    matrix.append_cells(cells, row, 0, width);
    const auto parsed = as_array(parse_json(cells + "]"));
    auto& into = made.rows.emplace_back();
    for (const auto& item : *parsed) into.push_back({text_member(as_object(item), "qText"), number_of(as_object(item), "qNum")});
  }
  return made;
}

using Path = std::vector<ExportCell>;

// What stands above each leaf of one side of a pivot, from the outermost level.
void leaves_of(const std::vector<Json>& nodes, const Path& above, std::vector<Path>& into) {
  for (const auto& item : nodes) {
    const auto node = as_object(item);
    Path here = above;
    here.push_back({text_member(node, "qText"), number_of(node, "qValue")});
    const auto below = items_of(node, "qSubNodes");
    if (below.empty()) {
      into.push_back(std::move(here));
    } else {
      leaves_of(below, here, into);
    }
  }
}

ExportTable pivot(const JsonObject& cube, const Pages& pages) {
  ExportTable made;
  const auto dimensions = columns_of(cube, "qDimensionInfo");
  const auto order = items_of(cube, "qEffectiveInterColumnSortOrder");
  const auto left_levels = std::min(static_cast<std::size_t>(std::max<std::int64_t>(int_member(cube, "qNoOfLeftDims"), 0)), order.size());
  for (std::size_t i = 0; i < left_levels; ++i) {
    const auto index = order[i].convert<std::int64_t>();
    add_column(made,
               index < 0 || index >= static_cast<std::int64_t>(dimensions.size()) ? Column{} : dimensions[static_cast<std::size_t>(index)]);
  }
  const auto columns = static_cast<std::uint64_t>(pages.columns());
  const auto shown = std::min<std::uint64_t>(columns, kMostColumns);
  const auto rows = limited(made, columns, static_cast<std::uint64_t>(pages.rows()));
  std::string text;
  pages.append_page(text, {0, 0, static_cast<std::int64_t>(shown), static_cast<std::int64_t>(rows)});
  const auto page = as_object(parse_json(text));
  std::vector<Path> left;
  std::vector<Path> top;
  leaves_of(items_of(page, "qLeft"), {}, left);
  leaves_of(items_of(page, "qTop"), {}, top);
  if (top.empty()) top.emplace_back();
  for (const auto& leaf : top) {
    std::string title;
    for (const auto& part : leaf) title.append(title.empty() ? "" : ", ").append(part.text);
    add_column(made, {title, false, false});
  }
  const auto data = items_of(page, "qData");
  for (std::size_t row = 0; row < data.size(); ++row) {
    Path into = row < left.size() ? left[row] : Path{};
    into.resize(left_levels);
    const auto cells = as_array(data[row]);
    for (const auto& cell : *cells) into.push_back({text_member(as_object(cell), "qText"), number_of(as_object(cell), "qNum")});
    made.rows.push_back(std::move(into));
  }
  return made;
}

void stack_rows(const JsonObject& node, std::size_t levels, const Path& above, std::vector<std::vector<ExportCell>>& into) {
  const auto below = items_of(node, "qSubNodes");
  if (above.size() == levels) {
    auto row = above;
    for (const auto& value : below) row.push_back({text_member(as_object(value), "qText"), number_of(as_object(value), "qValue")});
    into.push_back(std::move(row));
    return;
  }
  for (const auto& item : below) {
    const auto child = as_object(item);
    Path here = above;
    here.push_back({text_member(child, "qText"), number_of(child, "qValue")});
    stack_rows(child, levels, here, into);
  }
}

ExportTable stack(const JsonObject& cube, const Pages& pages) {
  ExportTable made;
  const auto dimensions = columns_of(cube, "qDimensionInfo");
  std::size_t levels = 0;
  for (const auto& item : items_of(cube, "qEffectiveInterColumnSortOrder")) {
    const auto index = item.convert<std::int64_t>();
    if (index < 0 || index >= static_cast<std::int64_t>(dimensions.size())) continue;
    add_column(made, dimensions[static_cast<std::size_t>(index)]);
    ++levels;
  }
  for (const auto& measure : columns_of(cube, "qMeasureInfo"))
    if (!measure.hidden) add_column(made, measure);
  std::string text;
  pages.append_page(text, {0, 0, pages.columns(), pages.rows()});
  const auto data = items_of(as_object(parse_json(text)), "qData");
  if (!data.empty()) stack_rows(as_object(data.front()), levels, {}, made.rows);
  const auto rows = limited(made, made.titles.size(), made.rows.size());
  made.rows.resize(rows);
  return made;
}

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

}  // namespace

std::optional<ExportTable> export_table(const JsonObject& layout, const std::string& path, const Cube& cube) {
  std::string cube_path = path;
  if (cube_path.ends_with("Def")) cube_path.resize(cube_path.size() - 3);
  const auto shown = as_object(resolve_pointer(layout, cube_path));
  if (shown.isNull()) return std::nullopt;
  if (cube.mode == "S" && cube.matrix) return straight(shown, *cube.matrix);
  if (cube.mode == "P" && cube.pages) return pivot(shown, *cube.pages);
  if (cube.mode == "K" && cube.pages) return stack(shown, *cube.pages);
  return std::nullopt;
}

std::string to_csv(const ExportTable& table, char delimiter) {
  std::string made;
  for (std::size_t i = 0; i < table.titles.size(); ++i) {
    if (i > 0) made.push_back(delimiter);
    append_field(made, table.titles[i], delimiter);
  }
  made.append("\r\n");
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) made.push_back(delimiter);
      append_field(made, row[i].text, delimiter);
    }
    made.append("\r\n");
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
