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

void add_custom(JsonObject& info, const JsonObject& custom) {
  if (custom.isNull()) return;
  for (const auto& name : custom->getNames()) info->set(name, custom->get(name));
}

void add_error(JsonObject& to, int code) {
  if (code != 0) to->set("qError", object({{"qErrorCode", code}}));
}

JsonObject to_json(const DimensionInfo& info) {
  JsonObject made = object({{"qFallbackTitle", info.title}, {"qApprMaxGlyphCount", info.glyphs}, {"qCardinal", info.cardinal}});
  add_error(made, info.error);
  made->set("qSortIndicator", info.sort_indicator);
  made->set("qGroupFallbackTitles", array({info.title}));
  made->set("qGroupPos", 0);
  made->set("qStateCounts", object({{"qLocked", 0},
                                    {"qSelected", 0},
                                    {"qOption", info.cardinal},
                                    {"qDeselected", 0},
                                    {"qAlternative", 0},
                                    {"qExcluded", 0},
                                    {"qSelectedExcluded", 0},
                                    {"qLockedExcluded", 0}}));
  made->set("qTags", texts(info.tags));
  made->set("qDimensionType", info.type);
  if (info.reverse_sort) made->set("qReverseSort", true);
  made->set("qGrouping", "N");
  made->set("qNumFormat", to_json(info.format));
  made->set("qIsAutoFormat", true);
  made->set("qGroupFieldDefs", array({info.field}));
  made->set("qMin", number(info.min));
  made->set("qMax", number(info.max));
  if (info.continuous) made->set("qContinuousAxes", true);
  made->set("qAttrExprInfo", array());
  made->set("qAttrDimInfo", array());
  if (info.calculated) made->set("qIsCalculated", true);
  made->set("qCardinalities",
            object({{"qCardinal", info.cardinal}, {"qHypercubeCardinal", info.cube_cardinal}, {"qAllValuesCardinal", -1}}));
  if (!info.library_id.empty()) made->set("qLibraryId", info.library_id);
  add_custom(made, info.custom);
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
  made->set("qAttrExprInfo", array());
  made->set("qAttrDimInfo", array());
  if (!info.library_id.empty()) made->set("qLibraryId", info.library_id);
  made->set("qTrendLines", array());
  add_custom(made, info.custom);
  return made;
}

std::string cell(std::string_view text, double value, std::int64_t element, const char* rest) {
  std::string made = "{\"qText\":";
  append_quoted(made, text);
  made.append(",\"qNum\":");
  append_number(made, value);
  made.append(",\"qElemNumber\":").append(std::to_string(element)).append(rest);
  return made;
}

}  // namespace

std::string value_cell(std::string_view text, double number, std::int64_t element) {
  return cell(text, number, element, ",\"qState\":\"O\"}");
}

std::string null_dimension_cell() { return cell("-", kNaN, -2, ",\"qState\":\"L\",\"qIsNull\":true}"); }

std::string others_cell(std::string_view label) { return cell(label, kNaN, -3, ",\"qState\":\"L\",\"qIsOtherCell\":true}"); }

std::string measure_cell(std::string_view text, double number) { return cell(text, number, 0, ",\"qState\":\"L\"}"); }

// As captured in nebula.js--scenario-1.
std::string null_measure_cell() { return cell("-", kNaN, 0, ",\"qState\":\"L\",\"qIsNull\":true}"); }

JsonObject total_cell(std::string_view text, double value) {
  return object({{"qText", std::string(text)}, {"qNum", number(value)}, {"qElemNumber", -1}, {"qState", "X"}, {"qIsTotalCell", true}});
}

JsonObject to_json(const NumFormat& format) {
  JsonObject made = object({{"qType", format.type}, {"qnDec", format.decimals}, {"qUseThou", format.use_thousands}});
  if (!format.pattern.empty()) made->set("qFmt", format.pattern);
  if (!format.decimal.empty()) made->set("qDec", format.decimal);
  if (!format.thousands.empty()) made->set("qThou", format.thousands);
  return made;
}

JsonObject to_layout(const StraightCube& cube, const Json& initial_pages) {
  JsonObject made = object();
  if (!cube.state_name.empty()) made->set("qStateName", cube.state_name);
  const bool failed = cube.error != 0;
  made->set("qSize", object({{"qcx", failed ? 0 : static_cast<std::int64_t>(cube.matrix->columns())},
                             {"qcy", failed ? 0 : static_cast<std::int64_t>(cube.matrix->rows())}}));
  add_error(made, cube.error);
  JsonArray dimensions = array();
  for (const auto& info : cube.dimensions) dimensions->add(to_json(info));
  made->set("qDimensionInfo", dimensions);
  JsonArray measures = array();
  for (const auto& info : cube.measures) measures->add(to_json(info));
  made->set("qMeasureInfo", measures);
  made->set("qEffectiveInterColumnSortOrder", integers(cube.sort_order));
  made->set("qGrandTotalRow", cube.grand_total);
  made->set("qDataPages", failed ? Json(array()) : initial_pages);
  made->set("qPivotDataPages", array());
  made->set("qStackedDataPages", array());
  made->set("qMode", "S");
  made->set("qNoOfLeftDims", -1);
  if (cube.has_others) made->set("qHasOtherValues", true);
  if (!cube.title.empty()) made->set("qTitle", cube.title);
  made->set("qTreeNodesOnDim", array());
  if (!cube.calc_condition_message.empty()) made->set("qCalcCondMsg", cube.calc_condition_message);
  made->set("qColumnOrder", integers(cube.column_order));
  return made;
}

}  // namespace qonduit::simulator
