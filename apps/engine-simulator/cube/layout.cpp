#include "cube/layout.hpp"

namespace qonduit::simulator {
namespace {

JsonArray texts(const std::vector<std::string>& values) {
  JsonArray made = array();
  for (const auto& value : values) made->add(value);
  return made;
}

JsonArray integers(const std::vector<std::int64_t>& values) {
  JsonArray made = array();
  for (const auto value : values) made->add(value);
  return made;
}

constexpr int kPagesTooLarge = 7009;

void add_custom(JsonObject& info, const JsonObject& custom) {
  if (custom.isNull()) return;
  for (const auto& name : custom->getNames()) info->set(name, custom->get(name));
}

void add_error(JsonObject& to, int code) {
  if (code != 0) to->set("qError", object({{"qErrorCode", code}}));
}

JsonArray to_json(const std::vector<AttributeInfo>& attributes) {
  JsonArray made = array();
  for (const auto& info : attributes) {
    JsonObject item = object({{"qMin", number(info.min)}, {"qMax", number(info.max)}, {"qFallbackTitle", info.title}});
    if (!info.min_text.empty()) item->set("qMinText", info.min_text);
    if (!info.max_text.empty()) item->set("qMaxText", info.max_text);
    item->set("qNumFormat", to_json(info.format));
    item->set("qIsAutoFormat", true);
    add_custom(item, info.custom);
    made->add(item);
  }
  return made;
}

JsonArray to_json(const std::vector<AttributeDimensionInfo>& attributes) {
  JsonArray made = array();
  for (const auto& info : attributes) {
    JsonObject item =
        object({{"qCardinal", info.cardinal}, {"qSize", object({{"qcx", 2}, {"qcy", info.rows}})}, {"qFallbackTitle", info.title}});
    add_custom(item, info.custom);
    made->add(item);
  }
  return made;
}

JsonObject to_json(const MeasureInfo& info) {
  JsonObject made = object({{"qFallbackTitle", info.title}, {"qApprMaxGlyphCount", info.glyphs}, {"qCardinal", 0}});
  add_error(made, info.error);
  made->set("qSortIndicator", info.sort_indicator);
  made->set("qNumFormat", to_json(info.format));
  made->set("qMin", number(info.min));
  made->set("qMax", number(info.max));
  if (info.reverse_sort) made->set("qReverseSort", true);
  made->set("qIsAutoFormat", true);
  made->set("qAttrExprInfo", to_json(info.attributes));
  made->set("qAttrDimInfo", array());
  if (!info.library_id.empty()) made->set("qLibraryId", info.library_id);
  made->set("qTrendLines", array());
  add_custom(made, info.custom);
  return made;
}

std::string cell(std::string_view text, double value, std::int64_t element, std::string_view state, std::string_view flag,
                 std::string_view extra) {
  std::string made = "{";
  // Captured: an empty text is left out.
  if (!text.empty()) {
    made.append("\"qText\":");
    append_quoted(made, text);
    made.push_back(',');
  }
  made.append("\"qNum\":");
  append_number(made, value);
  made.append(",\"qElemNumber\":").append(std::to_string(element));
  made.append(",\"qState\":\"").append(state).append("\"").append(flag).append(extra).append("}");
  return made;
}

}  // namespace

std::string value_cell(std::string_view text, double number, std::int64_t element, std::string_view state, std::string_view extra) {
  return cell(text, number, element, state, "", extra);
}

std::string null_dimension_cell(std::string_view extra) { return cell("-", kNaN, kNullElement, "L", ",\"qIsNull\":true", extra); }

std::string others_cell(std::string_view label, std::string_view extra) {
  return cell(label, kNaN, kOthersElement, "L", ",\"qIsOtherCell\":true", extra);
}

std::string measure_cell(std::string_view text, double number, std::string_view extra) { return cell(text, number, 0, "L", "", extra); }

std::string text_measure_cell(std::string_view text, std::string_view extra) {
  return cell(text, kNaN, 0, "L", ",\"qIsNull\":true", extra);
}

// As captured in nebula.js--scenario-1.
std::string null_measure_cell(std::string_view extra) { return cell("-", kNaN, 0, "L", ",\"qIsNull\":true", extra); }

std::string total_dimension_cell(std::string_view label) { return cell(label, kNaN, kTotalElement, "L", ",\"qIsTotalCell\":true", {}); }

JsonObject total_cell(std::string_view text, double value) {
  return object({{"qText", std::string(text)}, {"qNum", number(value)}, {"qElemNumber", -1}, {"qState", "X"}, {"qIsTotalCell", true}});
}

JsonObject to_json(const StateCounts& counts) {
  return object({{"qLocked", counts.locked},
                 {"qSelected", counts.selected},
                 {"qOption", counts.option},
                 {"qDeselected", 0},
                 {"qAlternative", counts.alternative},
                 {"qExcluded", counts.excluded},
                 {"qSelectedExcluded", counts.selected_excluded},
                 {"qLockedExcluded", counts.locked_excluded}});
}

JsonObject to_json(const DimensionInfo& info) {
  JsonObject made = object({{"qFallbackTitle", info.title}, {"qApprMaxGlyphCount", info.glyphs}, {"qCardinal", info.cardinal}});
  if (info.locked) made->set("qLocked", true);
  add_error(made, info.error);
  made->set("qSortIndicator", info.sort_indicator);
  made->set("qGroupFallbackTitles", texts(info.titles));
  made->set("qGroupPos", info.group_position);
  made->set("qStateCounts", to_json(info.states));
  made->set("qTags", texts(info.tags));
  made->set("qDimensionType", info.type);
  if (info.reverse_sort) made->set("qReverseSort", true);
  made->set("qGrouping", info.grouping);
  made->set("qNumFormat", to_json(info.format));
  made->set("qIsAutoFormat", true);
  made->set("qGroupFieldDefs", texts(info.fields));
  made->set("qMin", number(info.min));
  made->set("qMax", number(info.max));
  if (info.continuous) made->set("qContinuousAxes", true);
  if (info.grouping == "C") made->set("qIsCyclic", true);
  made->set("qAttrExprInfo", to_json(info.attributes));
  made->set("qAttrDimInfo", to_json(info.attribute_dimensions));
  if (info.calculated) made->set("qIsCalculated", true);
  made->set("qCardinalities",
            object({{"qCardinal", info.cardinal}, {"qHypercubeCardinal", info.cube_cardinal}, {"qAllValuesCardinal", -1}}));
  if (!info.library_id.empty()) made->set("qLibraryId", info.library_id);
  add_custom(made, info.custom);
  return made;
}

JsonObject to_json(const NumFormat& format) {
  JsonObject made = object({{"qType", format.type}, {"qnDec", format.decimals}, {"qUseThou", format.use_thousands}});
  if (!format.pattern.empty()) made->set("qFmt", format.pattern);
  if (!format.decimal.empty()) made->set("qDec", format.decimal);
  if (!format.thousands.empty()) made->set("qThou", format.thousands);
  return made;
}

JsonObject to_layout(const CubeLayout& cube, const Json& initial_pages) {
  JsonObject made = object();
  if (!cube.state_name.empty()) made->set("qStateName", cube.state_name);
  const bool failed = cube.error != 0;
  made->set("qSize", object({{"qcx", failed ? 0 : cube.columns}, {"qcy", failed ? 0 : cube.rows}}));
  add_error(made, cube.fetch_too_large ? kPagesTooLarge : cube.error);
  JsonArray dimensions = array();
  for (const auto& info : cube.dimensions) dimensions->add(to_json(info));
  made->set("qDimensionInfo", dimensions);
  JsonArray measures = array();
  for (const auto& info : cube.measures) measures->add(to_json(info));
  made->set("qMeasureInfo", measures);
  made->set("qEffectiveInterColumnSortOrder", integers(cube.sort_order));
  made->set("qGrandTotalRow", cube.grand_total);
  const auto pages = [&](const char* mode) { return !failed && cube.mode == mode ? initial_pages : Json(array()); };
  made->set("qDataPages", pages("S"));
  made->set("qPivotDataPages", pages("P"));
  made->set("qStackedDataPages", pages("K"));
  made->set("qMode", cube.mode);
  made->set("qNoOfLeftDims", cube.left_dimensions);
  if (cube.has_others) made->set("qHasOtherValues", true);
  if (cube.indent) made->set("qIndentMode", true);
  if (!cube.title.empty()) made->set("qTitle", cube.title);
  made->set("qTreeNodesOnDim", integers(cube.tree_nodes));
  if (!cube.calc_condition_message.empty()) made->set("qCalcCondMsg", cube.calc_condition_message);
  made->set("qColumnOrder", integers(cube.column_order));
  return made;
}

}  // namespace qonduit::simulator
