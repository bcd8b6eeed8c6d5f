#include "core/pipeline/object_expressions.hpp"

#include <simdjson.h>

#include <optional>

#include "core/engine/expression.hpp"
#include "core/engine/rpc.hpp"

namespace qonduit::pipeline {
namespace {

namespace dom = simdjson::dom;

using Found = std::vector<ObjectExpression>;
using Maybe = std::optional<dom::element>;

Maybe member_of(const Maybe& element, std::string_view key) {
  dom::element found;
  return element && (*element)[key].get(found) == simdjson::SUCCESS ? Maybe(found) : std::nullopt;
}

std::string member_text_of(const Maybe& element, std::string_view key) {
  const auto found = member_of(element, key);
  std::string_view text;
  return found && found->get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::vector<dom::element> members_of(const Maybe& element, std::string_view key) {
  std::vector<dom::element> found;
  const auto list = member_of(element, key);
  if (dom::array array; list && list->get(array) == simdjson::SUCCESS) {
    for (const auto item : array) found.push_back(item);
  }
  return found;
}

// Left out of the delivery: its show condition does not hold.
bool is_hidden(const Maybe& info) {
  const auto error = member_of(member_of(info, "qError"), "qErrorCode");
  std::int64_t code = 0;
  return error && error->get(code) == simdjson::SUCCESS && code == engine::engine_code::calc_condition;
}

std::string_view without_sign(std::string_view expression) {
  const auto begin = expression.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : expression.substr(begin + (expression[begin] == '=' ? 1 : 0));
}

// A definition that begins with = is an expression, any other the name of a field.
void add_dimension(const Maybe& definition, const Maybe& info, Found& found) {
  if (is_hidden(info)) return;
  auto fields = members_of(info, "qGroupFieldDefs");  // of a master dimension, too
  if (fields.empty()) fields = members_of(member_of(definition, "qDef"), "qFieldDefs");
  for (const auto& field : fields) {
    std::string_view text;
    if (field.get(text) != simdjson::SUCCESS || text.empty()) continue;
    const auto expression = without_sign(text);
    const bool computed = expression.data() != text.data();
    const auto title = member_text_of(info, "qFallbackTitle");
    found.push_back({"dimension '" + (title.empty() ? std::string(text) : title) + "'",
                     computed ? std::string(expression) : engine::bracketed(engine::unbracketed(text)),
                     {},
                     {},
                     !computed});
  }
}

void add_measures(const std::vector<dom::element>& definitions, const std::vector<dom::element>& infos, Found& found) {
  std::vector<std::string> titles;
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    auto title = i < infos.size() ? member_text_of(infos[i], "qFallbackTitle") : std::string();
    titles.push_back(title.empty() ? member_text_of(member_of(definitions[i], "qDef"), "qLabel") : std::move(title));
  }
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    if (i < infos.size() && is_hidden(infos[i])) continue;
    const auto own = member_text_of(member_of(definitions[i], "qDef"), "qDef");
    ObjectExpression measure;
    measure.library = member_text_of(definitions[i], "qLibraryId");
    if (measure.library.empty()) measure.expression = std::string(without_sign(own));
    measure.what = "measure '" + (titles[i].empty() ? own : titles[i]) + "'";
    for (std::size_t other = 0; titles.size() <= kMostChecked && other < titles.size(); ++other) {
      if (other != i && !titles[other].empty()) measure.labels.push_back(titles[other]);
    }
    if (!measure.library.empty() || !measure.expression.empty()) found.push_back(std::move(measure));
  }
}

void read_cube(const Maybe& definition, const Maybe& cube, Found& found) {
  const auto dimensions = members_of(definition, "qDimensions");
  const auto infos = members_of(cube, "qDimensionInfo");
  for (std::size_t i = 0; i < dimensions.size(); ++i)
    add_dimension(dimensions[i], i < infos.size() ? Maybe(infos[i]) : std::nullopt, found);
  add_measures(members_of(definition, "qMeasures"), members_of(cube, "qMeasureInfo"), found);
}

void walk_definition(const dom::element& properties, const Maybe& layout, Found& found) {
  if (dom::object object; properties.get(object) == simdjson::SUCCESS) {
    for (const auto field : object) {
      if (field.key == "qHyperCubeDef") {
        read_cube(field.value, member_of(layout, "qHyperCube"), found);
      } else if (field.key == "qListObjectDef") {
        add_dimension(field.value, member_of(member_of(layout, "qListObject"), "qDimensionInfo"), found);
      } else if (field.key != "qLayoutExclude") {
        walk_definition(field.value, member_of(layout, field.key), found);
      }
    }
  } else if (dom::array array; properties.get(array) == simdjson::SUCCESS) {
    dom::array there;
    const bool known = layout && layout->get(there) == simdjson::SUCCESS;
    std::size_t index = 0;
    for (const auto item : array) {
      dom::element same;
      walk_definition(item, known && there.at(index).get(same) == simdjson::SUCCESS ? Maybe(same) : std::nullopt, found);
      ++index;
    }
  }
}

}  // namespace

Result<std::vector<ObjectExpression>> read_object_expressions(std::string_view layout_json, std::string_view properties_json) {
  dom::parser layouts, definitions;
  dom::element layout, properties;
  auto error = layouts.parse(layout_json.data(), layout_json.size()).get(layout);
  if (error == simdjson::SUCCESS) error = definitions.parse(properties_json.data(), properties_json.size()).get(properties);
  if (error != simdjson::SUCCESS)
    return Status(Code::bad_data, std::string("the engine's layout or definition is not valid JSON: ") + simdjson::error_message(error));
  Found found;
  walk_definition(properties, layout, found);
  return found;
}

}  // namespace qonduit::pipeline
