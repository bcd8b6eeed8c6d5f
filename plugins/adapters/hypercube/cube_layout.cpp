#include "cube_layout.hpp"

#include <simdjson.h>

#include <algorithm>
#include <set>

namespace qonduit::hypercube {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kCubeKey = "qHyperCube";
constexpr std::string_view kListKey = "qListObject";
// What an object keeps for later and does not show: alternatives.
constexpr std::string_view kAside = "qLayoutExclude";

// Cubes that define what a chart computes; what the user sees is in another cube of the object. Source: protocol, visualization types and
// where data lives.
struct DefinitionCube {
  std::string_view visualization, path;
};
constexpr DefinitionCube kDefinitionCubes[] = {
    {"boxplot", "/boxplotDef/qHyperCube"}, {"histogram", "/qHyperCube"}, {"distributionplot", "/qHyperCube"}};
constexpr std::int64_t kCalcConditionFailed = 7005;
constexpr std::int64_t kPagesTooLarge = 7009;  // of the pages the layout was to hold: those that are asked for are smaller

std::string text_of(dom::element element, std::string_view key) {
  std::string_view text;
  if (element[key].get(text) != simdjson::SUCCESS) return {};
  return std::string(text);
}

std::int64_t integer_of(dom::element element, std::string_view key, std::int64_t fallback) {
  std::int64_t value = fallback;
  if (element[key].get(value) != simdjson::SUCCESS) return fallback;
  return value;
}

// A number, or nothing for the text "NaN" and for what is missing.
std::optional<double> number_of(dom::element element, std::string_view key) {
  double value = 0;
  if (element[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

// Pages hold data, never another cube.
bool is_page_list(std::string_view key) { return key == "qDataPages" || key == "qPivotDataPages" || key == "qStackedDataPages"; }

void walk(dom::element element, std::string& path, std::vector<CubePlace>& found) {
  if (dom::object object; element.get(object) == simdjson::SUCCESS) {
    for (const auto field : object) {
      const std::size_t length = path.size();
      path.append("/").append(field.key);
      if (field.key == kCubeKey) {
        if (auto mode = text_of(field.value, "qMode"); !mode.empty()) found.push_back({path, std::move(mode), {}});
      } else if (field.key == kListKey) {
        if (field.value.is_object()) found.push_back({path, {}, {}});
      } else if (!is_page_list(field.key) && field.key != kAside) {
        walk(field.value, path, found);
      }
      path.resize(length);
    }
  } else if (dom::array array; element.get(array) == simdjson::SUCCESS) {
    std::size_t index = 0;
    for (const auto item : array) {
      const std::size_t length = path.size();
      path.append("/").append(std::to_string(index++));
      walk(item, path, found);
      path.resize(length);
    }
  }
}

// What a path says between the layout's top and the cube: "box", "layer0", "a.b"; empty for the top, and for what /qUndoExclude repeats.
std::string place_of(std::string_view path) {
  std::string place;
  path.remove_suffix(path.size() - std::min(path.rfind('/'), path.size()));
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, end);
    path.remove_prefix(end);
    if (part == "qUndoExclude") continue;
    if (part == "gaLayers") {
      place += place.empty() ? "layer" : ".layer";
    } else if (place.ends_with("layer")) {
      place += part;
    } else {
      place += (place.empty() ? "" : ".") + std::string(part);
    }
  }
  return place;
}

Status parse(std::string_view layout_json, dom::parser& parser, dom::element& layout) {
  const auto error = parser.parse(layout_json.data(), layout_json.size()).get(layout);
  if (error == simdjson::SUCCESS) return {};
  return {Code::bad_data, std::string("the layout is not valid JSON: ") + simdjson::error_message(error)};
}

// An error the engine put on the cube or on a column; nothing when there is none.
std::optional<Status> engine_error(dom::element info, const std::string& what) {
  dom::element error;
  if (info["qError"].get(error) != simdjson::SUCCESS || error.is_null()) return std::nullopt;
  const auto code = integer_of(error, "qErrorCode", 0);
  if (code == 0 || code == kPagesTooLarge) return std::nullopt;
  std::string message = what + ": the engine reports error " + std::to_string(code);
  if (code == kCalcConditionFailed) {
    message += " (calculation condition not met)";
    if (const auto text = text_of(info, "qCalcCondMsg"); !text.empty()) message += ": " + text;
    message += "; the object shows no data until the condition holds, often a selection";
  } else if (const auto extended = text_of(error, "qExtendedMessage"); !extended.empty()) {
    message += ": " + extended;
  }
  return Status(Code::bad_data, std::move(message));
}

// into: a column's or an attribute's.
template <typename Info>
void read_format(dom::element info, Info& into) {
  dom::element format;
  if (info["qNumFormat"].get(format) != simdjson::SUCCESS) return;
  into.format_type = text_of(format, "qType");
  into.format = text_of(format, "qFmt");
  into.decimal = text_of(format, "qDec");
  into.thousands = text_of(format, "qThou");
}

void read_attributes(dom::element info, std::string_view member, AttributeInfo::Kind kind, std::vector<AttributeInfo>& into) {
  dom::array items;
  if (info[member].get(items) != simdjson::SUCCESS) return;
  std::size_t index = 0;
  for (const auto item : items) {
    AttributeInfo attribute;
    attribute.kind = kind;
    attribute.index = index++;
    attribute.id = text_of(item, "id");
    attribute.title = text_of(item, "qFallbackTitle");
    read_format(item, attribute);
    attribute.min = number_of(item, "qMin");
    attribute.max = number_of(item, "qMax");
    into.push_back(std::move(attribute));
  }
}

ColumnInfo read_column(dom::element info, Role role, int index) {
  ColumnInfo column;
  column.role = role;
  column.index = index;
  column.title = text_of(info, "qFallbackTitle");
  column.id = text_of(info, "cId");
  column.library = text_of(info, "qLibraryId");
  read_format(info, column);
  if (dom::array tags; info["qTags"].get(tags) == simdjson::SUCCESS) {
    for (const auto tag : tags) {
      if (std::string_view text; tag.get(text) == simdjson::SUCCESS) column.tags.emplace_back(text);
    }
  }
  const auto kind = text_of(info, "qDimensionType");
  column.continuous = kind == "N" || kind == "T";
  column.min = number_of(info, "qMin");
  column.max = number_of(info, "qMax");
  if (const auto cardinal = integer_of(info, "qCardinal", 0); cardinal > 0) column.cardinal = cardinal;
  if (dom::array fields; info["qGroupFieldDefs"].get(fields) == simdjson::SUCCESS) {
    const auto position = static_cast<std::size_t>(std::max<std::int64_t>(0, integer_of(info, "qGroupPos", 0)));
    if (std::string_view text; fields.at(position).get(text) == simdjson::SUCCESS) column.field = std::string(text);
  }
  read_attributes(info, "qAttrExprInfo", AttributeInfo::Kind::expression, column.attributes);
  read_attributes(info, "qAttrDimInfo", AttributeInfo::Kind::dimension, column.attributes);
  return column;
}

// The cube or list at a path. Fails where the engine reports an error for it.
Status find_element(std::string_view layout_json, std::string_view path, const std::string& what, dom::parser& parser,
                    dom::element& found) {
  dom::element layout;
  if (auto status = parse(layout_json, parser, layout); !status.ok()) return status;
  if (layout.at_pointer(path).get(found) != simdjson::SUCCESS) {
    return {Code::inconsistent, "the layout has no " + what + " at " + std::string(path) + " any more"};
  }
  if (auto error = engine_error(found, what + " " + std::string(path))) return std::move(*error);
  return {};
}

Status read_size(dom::element element, std::string_view path, const std::string& what, CubeLayout& cube) {
  cube.path = std::string(path);
  cube.definition_path = cube.path + "Def";
  dom::element size;
  if (element["qSize"].get(size) == simdjson::SUCCESS) {
    cube.columns = integer_of(size, "qcx", -1);
    cube.rows = integer_of(size, "qcy", -1);
    if (cube.columns >= 0 && cube.rows >= 0) return {};
  }
  return {Code::bad_data, "the " + what + " at " + cube.path + " has no usable qSize"};
}

Status check_columns(const CubeLayout& cube, const std::string& what) {
  if (static_cast<std::int64_t>(cube.visible.size()) == cube.columns) return {};
  return {Code::bad_data, "the " + what + " at " + cube.path + " says " + std::to_string(cube.columns) +
                              " columns (qSize.qcx) but describes " + std::to_string(cube.visible.size()) + " visible ones"};
}

// Qlik's list boxes set frequencyEnabled where they show counts; the mode itself is in the properties, and in the layout of some versions.
Frequency frequency_of(dom::element list) {
  const auto mode = text_of(list, "qFrequencyMode");
  if (mode == "P") return Frequency::percent;
  if (mode == "R") return Frequency::relative;
  bool enabled = false;
  if (list["frequencyEnabled"].get(enabled) != simdjson::SUCCESS) enabled = false;
  return mode == "V" || enabled ? Frequency::count : Frequency::none;
}

// Hidden means error 7005 on the column itself: a show condition, nothing wrong. Source: protocol, errors inside a cube.
bool is_hidden(dom::element info) {
  dom::element error;
  return info["qError"].get(error) == simdjson::SUCCESS && !error.is_null() && integer_of(error, "qErrorCode", 0) == kCalcConditionFailed;
}

struct Infos {
  std::vector<dom::element> all;  // of the dimensions, then of the measures
  std::size_t dimensions = 0;
};

Infos infos_of(dom::element cube) {
  Infos infos;
  if (dom::array array; cube["qDimensionInfo"].get(array) == simdjson::SUCCESS) {
    for (const auto info : array) infos.all.push_back(info);
    infos.dimensions = infos.all.size();
  }
  if (dom::array array; cube["qMeasureInfo"].get(array) == simdjson::SUCCESS) {
    for (const auto info : array) infos.all.push_back(info);
  }
  return infos;
}

// The positions of an order, or of anything else that lists columns.
std::vector<std::int64_t> integers_of(dom::element element, std::string_view member) {
  std::vector<std::int64_t> integers;
  if (dom::array array; element[member].get(array) == simdjson::SUCCESS) {
    // What is no index is no column either.
    for (const auto item : array) integers.push_back(item.is_int64() ? std::int64_t(item) : -1);
  }
  return integers;
}

// All columns by their position in the definition, and the positions of those that are visible.
struct Columns {
  std::vector<ColumnInfo> all;
  Order visible;
};

Result<Columns> read_columns(dom::element cube_element, const Infos& infos_found, CubeLayout& cube) {
  const auto& infos = infos_found.all;
  const auto dimensions = infos_found.dimensions;
  // Grand totals come for the visible measures, in definition order.
  std::vector<dom::element> totals;
  if (dom::array array; cube_element["qGrandTotalRow"].get(array) == simdjson::SUCCESS) {
    for (const auto cell : array) totals.push_back(cell);
  }
  const auto visible_measures = static_cast<std::size_t>(std::count_if(infos.begin() + static_cast<std::ptrdiff_t>(dimensions), infos.end(),
                                                                       [](dom::element info) { return !is_hidden(info); }));
  Columns columns;
  std::size_t measure = 0;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const auto role = i < dimensions ? Role::dimension : Role::measure;
    columns.all.push_back(read_column(infos[i], role, static_cast<int>(role == Role::dimension ? i : i - dimensions)));
    auto& column = columns.all.back();
    if (is_hidden(infos[i])) {
      cube.hidden.push_back({column.title, role});
      continue;
    }
    if (auto error = engine_error(infos[i], "column '" + column.title + "'")) return std::move(*error);
    if (role == Role::measure && visible_measures == totals.size()) {
      const auto total = totals[measure++];
      column.total = number_of(total, "qNum");
      column.total_text = text_of(total, "qText");
      column.total_is_text = !column.total && !column.total_text.empty() && column.total_text != "-";
    }
    columns.visible.push_back(i);
  }
  return columns;
}

// What both kinds of cubes begin with.
Status read_frame(std::string_view layout_json, std::string_view path, dom::parser& parser, dom::element& element, CubeLayout& cube) {
  if (auto status = find_element(layout_json, path, "hypercube", parser, element); !status.ok()) return status;
  if (auto status = read_size(element, path, "hypercube", cube); !status.ok()) return status;
  bool others = false;
  if (element["qHasOtherValues"].get(others) == simdjson::SUCCESS) cube.has_others = others;
  cube.state = text_of(element, "qStateName");
  return {};
}

}  // namespace

bool ColumnInfo::tagged(std::string_view tag) const { return std::find(tags.begin(), tags.end(), tag) != tags.end(); }

Result<std::vector<CubePlace>> find_cubes(std::string_view visualization, std::string_view layout_json) {
  dom::parser parser;
  dom::element layout;
  if (auto status = parse(layout_json, parser, layout); !status.ok()) return status;
  std::vector<CubePlace> found;
  std::string path;
  walk(layout, path, found);
  std::set<std::string> taken;
  for (auto& place : found) {
    auto name = dataset_name(visualization, place.path);
    if (name.empty() && taken.contains(name)) name = place.mode.empty() ? "list" : "cube";
    place.dataset = name;
    for (int n = 2; !taken.insert(place.dataset).second; ++n) place.dataset = name + "_" + std::to_string(n);
  }
  return found;
}

Result<std::vector<CubePlace>> find_cubes(std::string_view visualization, std::string_view layout_json, std::string_view mode) {
  auto found = find_cubes(visualization, layout_json);
  if (found) std::erase_if(*found, [&](const CubePlace& place) { return place.mode != mode; });
  return found;
}

std::string dataset_name(std::string_view visualization, std::string_view path) {
  if (visualization.starts_with("sn-")) visualization.remove_prefix(3);
  for (const auto& cube : kDefinitionCubes) {
    if (visualization == cube.visualization && path == cube.path) return std::string(visualization) + ".definition";
  }
  if (path == "/qHyperCube" || path == "/qListObject") return {};
  const auto place = place_of(path);
  if (visualization.empty()) return place.empty() ? "cube" : place;
  return std::string(visualization) + (place.empty() ? "" : "." + place);
}

Result<CubeLayout> read_list(std::string_view layout_json, std::string_view path) {
  dom::parser parser;
  dom::element list;
  if (auto status = find_element(layout_json, path, "list", parser, list); !status.ok()) return status;
  CubeLayout cube;
  if (auto status = read_size(list, path, "list", cube); !status.ok()) return status;
  dom::element info;
  if (list["qDimensionInfo"].get(info) != simdjson::SUCCESS || !info.is_object()) {
    return Status(Code::bad_data, "the list at " + cube.path + " has no qDimensionInfo");
  }
  auto values = read_column(info, Role::dimension, 0);
  if (auto error = engine_error(info, "list '" + values.title + "'")) return std::move(*error);
  values.in_list = true;
  values.frequency = frequency_of(list);
  cube.visible.push_back(std::move(values));
  if (dom::array expressions; list["qExpressions"].get(expressions) == simdjson::SUCCESS) {
    for (const auto expression : expressions) {
      if (static_cast<std::int64_t>(cube.visible.size()) == cube.columns) break;
      ColumnInfo column;
      column.role = Role::measure;
      column.index = static_cast<int>(cube.visible.size()) - 1;
      column.title = text_of(expression, "qExpr");
      cube.visible.push_back(std::move(column));
    }
  }
  if (auto status = check_columns(cube, "list"); !status.ok()) return status;
  return cube;
}

void CubeLayout::arrange(const Order& order) {
  visible.clear();
  for (const auto position : order) visible.push_back(definition[position]);
  order_used = order;
}

Result<CubeLayout> read_cube(std::string_view layout_json, std::string_view path) {
  dom::parser parser;
  dom::element element;
  CubeLayout cube;
  if (auto status = read_frame(layout_json, path, parser, element, cube); !status.ok()) return status;
  auto columns = read_columns(element, infos_of(element), cube);
  if (!columns) return std::move(columns).error();
  cube.definition = std::move(columns->all);
  auto choice = choose_order(integers_of(element, "qColumnOrder"), integers_of(element, "columnOrder"), columns->visible,
                             cube.definition.size(), static_cast<std::size_t>(cube.columns));
  const auto& likeliest = choice.likely.front();
  for (const auto position : columns->visible) {
    if (std::find(likeliest.begin(), likeliest.end(), position) == likeliest.end()) cube.unnamed.push_back(cube.definition[position].title);
  }
  cube.orders = std::move(choice.likely);
  cube.order_said = std::move(choice.said);
  cube.order_is_certain = choice.certain;
  cube.arrange(cube.orders.front());
  if (auto status = check_columns(cube, "hypercube"); !status.ok()) return status;
  // The page in the layout may tell more: the first of the orders is then the one it allows.
  dom::array rows;
  if (!choice.certain && element.at_pointer("/qDataPages/0/qMatrix").get(rows) == simdjson::SUCCESS) {
    const auto page = simdjson::minify(element.at_pointer("/qDataPages/0").value_unsafe());
    const bool whole = static_cast<std::int64_t>(rows.size()) == cube.rows;
    if (auto known = order_of_page(cube.orders, cube.definition, page, whole).order) cube.arrange(*known);
  }
  return cube;
}

Result<CubeLayout> read_deep_cube(std::string_view layout_json, std::string_view path) {
  dom::parser parser;
  dom::element element;
  CubeLayout cube;
  if (auto status = read_frame(layout_json, path, parser, element, cube); !status.ok()) return status;
  auto columns = read_columns(element, infos_of(element), cube);
  if (!columns) return std::move(columns).error();
  cube.definition = std::move(columns->all);
  cube.arrange(columns->visible);
  return cube;
}

}  // namespace qonduit::hypercube
