#include "core/pipeline/layout_notes.hpp"

#include <simdjson.h>

namespace qonduit::pipeline {
namespace {

namespace dom = simdjson::dom;

constexpr std::int64_t kConditionFailed = 7005;

std::string text_of(dom::element element, std::string_view key) {
  std::string_view text;
  return element[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

// 0: none.
std::int64_t error_of(dom::element element) {
  dom::element error;
  std::int64_t code = 0;
  if (element["qError"].get(error) != simdjson::SUCCESS || error.is_null()) return 0;
  return error["qErrorCode"].get(code) == simdjson::SUCCESS ? code : 0;
}

void read_column(dom::element info, const std::string& where, LayoutNotes& notes) {
  const auto column = where + "column '" + text_of(info, "qFallbackTitle") + "'";
  const auto error = error_of(info);
  if (error == kConditionFailed) {
    notes.left_out.push_back(column + " is hidden: its show condition does not hold");
  } else if (error != 0) {
    notes.warnings.push_back(column + ": the engine reports error " + std::to_string(error));
  }
}

void read_cube(dom::element cube, const std::string& where, LayoutNotes& notes) {
  if (const auto error = error_of(cube); error == kConditionFailed) {
    const auto why = text_of(cube, "qCalcCondMsg");
    notes.warnings.push_back(where + "the calculation condition is not met" + (why.empty() ? "" : " (" + why + ")") +
                             ": there is no data until it holds, often after a selection");
  } else if (error != 0) {
    notes.warnings.push_back(where + "the engine reports error " + std::to_string(error));
  }
  if (bool others = false; cube["qHasOtherValues"].get(others) == simdjson::SUCCESS && others) {
    notes.warnings.push_back(where + "a dimension is limited: the values beyond the limit are one row, Others");
  }
  for (const auto* key : {"qDimensionInfo", "qMeasureInfo"}) {
    if (dom::array infos; cube[key].get(infos) == simdjson::SUCCESS) {
      for (const auto info : infos) read_column(info, where, notes);
    }
  }
}

void walk(dom::element element, const std::string& path, LayoutNotes& notes) {
  if (dom::object object; element.get(object) == simdjson::SUCCESS) {
    for (const auto field : object) {
      const auto below = path + "/" + std::string(field.key);
      if (field.key == "qHyperCube") {
        read_cube(field.value, path.empty() ? "" : "hypercube " + below + ": ", notes);
      } else if (field.key != "qDataPages") {
        walk(field.value, below, notes);
      }
    }
  } else if (dom::array array; element.get(array) == simdjson::SUCCESS) {
    std::size_t index = 0;
    for (const auto item : array) walk(item, path + "/" + std::to_string(index++), notes);
  }
}

}  // namespace

Result<LayoutNotes> read_layout_notes(std::string_view layout_json) {
  dom::parser parser;
  dom::element layout;
  if (const auto error = parser.parse(layout_json.data(), layout_json.size()).get(layout)) {
    return Status(Code::bad_data, std::string("the engine's layout is not valid JSON: ") + simdjson::error_message(error));
  }
  LayoutNotes notes;
  walk(layout, "", notes);
  return notes;
}

}  // namespace qonduit::pipeline
