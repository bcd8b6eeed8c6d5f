#include "core/pipeline/layout_notes.hpp"

#include <simdjson.h>

namespace qonduit::pipeline {
namespace {

namespace dom = simdjson::dom;

constexpr std::int64_t kConditionFailed = 7005;
constexpr std::int64_t kPagesTooLarge = 7009;  // the object's own first fetch; pages are read all the same

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
  } else if (error != 0 && error != kPagesTooLarge) {
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
      } else if (field.key != "qDataPages" && field.key != "qLayoutExclude") {
        walk(field.value, below, notes);
      }
    }
  } else if (dom::array array; element.get(array) == simdjson::SUCCESS) {
    std::size_t index = 0;
    for (const auto item : array) walk(item, path + "/" + std::to_string(index++), notes);
  }
}

// The first of these that is there.
std::string name_in(dom::element item, std::initializer_list<const char*> pointers) {
  for (const auto* pointer : pointers) {
    std::string_view text;
    if (item.at_pointer(pointer).get(text) == simdjson::SUCCESS && !text.empty()) return std::string(text);
  }
  return {};
}

void add_alternatives(dom::element cube, const std::string& path, std::vector<std::string>& notes) {
  std::string names;
  const auto add = [&](const char* list, const char* what, std::initializer_list<const char*> pointers) {
    dom::array items;
    if (cube.at_pointer(std::string("/qLayoutExclude/qHyperCubeDef/") + list).get(items) != simdjson::SUCCESS) return;
    for (const auto item : items) names += (names.empty() ? "" : ", ") + std::string(what) + " '" + name_in(item, pointers) + "'";
  };
  add("qDimensions", "dimension", {"/qDef/qFieldLabels/0", "/qDef/qFieldDefs/0", "/qLibraryId"});
  add("qMeasures", "measure", {"/qDef/qLabel", "/qDef/qDef", "/qLibraryId"});
  if (names.empty()) return;
  notes.push_back((path == "/qHyperCubeDef" ? std::string() : "hypercube " + path + ": ") +
                  "alternatives that are not shown are left out: " + names);
}

void walk_definition(dom::element element, const std::string& path, std::vector<std::string>& notes) {
  if (dom::object object; element.get(object) == simdjson::SUCCESS) {
    for (const auto field : object) {
      const auto below = path + "/" + std::string(field.key);
      if (field.key == "qHyperCubeDef") {
        add_alternatives(field.value, below, notes);
      } else if (field.key != "qLayoutExclude") {
        walk_definition(field.value, below, notes);
      }
    }
  } else if (dom::array array; element.get(array) == simdjson::SUCCESS) {
    std::size_t index = 0;
    for (const auto item : array) walk_definition(item, path + "/" + std::to_string(index++), notes);
  }
}

}  // namespace

Result<std::vector<std::string>> read_alternatives(std::string_view properties_json) {
  dom::parser parser;
  dom::element properties;
  if (const auto error = parser.parse(properties_json.data(), properties_json.size()).get(properties)) {
    return Status(Code::bad_data, std::string("the engine's definition is not valid JSON: ") + simdjson::error_message(error));
  }
  std::vector<std::string> notes;
  walk_definition(properties, "", notes);
  return notes;
}

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
