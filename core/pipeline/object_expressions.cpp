#include "core/pipeline/object_expressions.hpp"

#include <simdjson.h>

#include <charconv>
#include <optional>
#include <utility>

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

// An expression of properties, {"qv": "..."} or a text; empty for a plain number, which names nothing.
std::string value_expression(const Maybe& value) {
  std::string_view text;
  if (value && value->get(text) != simdjson::SUCCESS) text = {};
  const auto written = text.empty() ? member_text_of(value, "qv") : std::string(text);
  auto expression = std::string(without_sign(written));
  double number = 0;
  const auto* end = expression.data() + expression.size();
  const auto [at, error] = std::from_chars(expression.data(), end, number);
  return error == std::errc() && at == end ? std::string() : expression;
}

class DefinitionWalk {
 public:
  DefinitionWalk(bool attributes, Found& found) : attributes_(attributes), found_(found) {}

  void walk(const dom::element& properties, const Maybe& layout) {
    if (dom::object object; properties.get(object) == simdjson::SUCCESS) {
      for (const auto field : object) {
        if (field.key == "qHyperCubeDef") {
          read_cube(field.value, member_of(layout, "qHyperCube"));
        } else if (field.key == "qListObjectDef") {
          labels_.clear();
          add_dimension(field.value, member_of(member_of(layout, "qListObject"), "qDimensionInfo"));
        } else if (field.key != "qLayoutExclude") {
          walk(field.value, member_of(layout, field.key));
        }
      }
    } else if (dom::array array; properties.get(array) == simdjson::SUCCESS) {
      dom::array there;
      const bool known = layout && layout->get(there) == simdjson::SUCCESS;
      std::size_t index = 0;
      for (const auto item : array) {
        dom::element same;
        walk(item, known && there.at(index).get(same) == simdjson::SUCCESS ? Maybe(same) : std::nullopt);
        ++index;
      }
    }
  }

 private:
  void read_cube(const Maybe& definition, const Maybe& cube) {
    const auto measures = members_of(definition, "qMeasures");
    const auto measure_infos = members_of(cube, "qMeasureInfo");
    labels_.clear();
    for (std::size_t i = 0; i < measures.size(); ++i) {
      auto title = i < measure_infos.size() ? member_text_of(measure_infos[i], "qFallbackTitle") : std::string();
      if (title.empty()) title = member_text_of(member_of(measures[i], "qDef"), "qLabel");
      labels_.push_back(std::move(title));
    }
    add_condition(definition, "the hypercube");
    const auto dimensions = members_of(definition, "qDimensions");
    const auto infos = members_of(cube, "qDimensionInfo");
    for (std::size_t i = 0; i < dimensions.size(); ++i) add_dimension(dimensions[i], i < infos.size() ? Maybe(infos[i]) : std::nullopt);
    for (std::size_t i = 0; i < measures.size(); ++i)
      add_measure(measures[i], i, i < measure_infos.size() ? Maybe(measure_infos[i]) : std::nullopt);
  }

  void add(std::string what, std::string expression, bool optional) {
    if (!expression.empty()) found_.push_back({std::move(what), std::move(expression), {}, other_labels(kAll), false, optional});
  }
  // A definition that begins with = is an expression, any other the name of a field.
  void add_field(std::string what, std::string_view text) {
    const auto expression = without_sign(text);
    const bool computed = expression.data() != text.data();
    found_.push_back(
        {std::move(what), computed ? std::string(expression) : engine::bracketed(engine::unbracketed(text)), {}, {}, !computed});
  }
  // What makes the engine leave a column, or the whole cube, out.
  void add_condition(const Maybe& definition, const std::string& of) {
    auto condition = value_expression(member_of(member_of(definition, "qCalcCondition"), "qCond"));
    if (condition.empty()) condition = value_expression(member_of(definition, "qCalcCond"));
    add("condition of " + of, std::move(condition), true);
  }
  void add_attributes(const Maybe& definition, const std::string& of) {
    if (!attributes_) return;
    const auto name = [&](const dom::element& item, const char* text) {
      auto id = member_text_of(item, "id");
      if (id.empty()) id = member_text_of(item, text);
      return "attribute '" + id + "' of " + of;
    };
    for (const auto& item : members_of(definition, "qAttributeExpressions")) {
      if (member_text_of(item, "qLibraryId").empty())
        add(name(item, "qExpression"), std::string(without_sign(member_text_of(item, "qExpression"))), false);
    }
    for (const auto& item : members_of(definition, "qAttributeDimensions")) {
      if (const auto text = member_text_of(item, "qDef"); !text.empty()) add_field(name(item, "qDef"), text);
    }
  }
  // Which members become Others.
  void add_limits(const Maybe& definition, const std::string& of) {
    const auto spec = member_of(definition, "qOtherTotalSpec");
    const auto mode = member_text_of(spec, "qOtherMode");
    if (mode.empty() || mode == "OTHER_OFF") return;
    add("limit of " + of, value_expression(member_of(spec, mode == "OTHER_COUNTED" ? "qOtherCounted" : "qOtherLimit")), true);
    add("limit of " + of, value_expression(member_of(spec, "qReferencedExpression")), true);
  }

  void add_dimension(const Maybe& definition, const Maybe& info) {
    auto fields = members_of(info, "qGroupFieldDefs");  // of a master dimension, too
    if (fields.empty()) fields = members_of(member_of(definition, "qDef"), "qFieldDefs");
    const auto title = member_text_of(info, "qFallbackTitle");
    std::string_view first;
    if (!fields.empty() && fields.front().get(first) != simdjson::SUCCESS) first = {};
    const auto what = [&](std::string_view text) { return "dimension '" + (title.empty() ? std::string(text) : title) + "'"; };
    add_condition(definition, what(first));
    if (is_hidden(info)) return;
    for (const auto& field : fields) {
      std::string_view text;
      if (field.get(text) == simdjson::SUCCESS && !text.empty()) add_field(what(text), text);
    }
    add_limits(definition, what(first));
    add_attributes(definition, what(first));
  }

  void add_measure(const dom::element& definition, std::size_t at, const Maybe& info) {
    const auto own = member_text_of(member_of(definition, "qDef"), "qDef");
    ObjectExpression measure;
    measure.library = member_text_of(definition, "qLibraryId");
    if (measure.library.empty()) measure.expression = std::string(without_sign(own));
    measure.what = "measure '" + (labels_[at].empty() ? own : labels_[at]) + "'";
    measure.labels = other_labels(at);
    const auto what = measure.what;
    add_condition(definition, what);
    if (is_hidden(info)) return;
    if (!measure.library.empty() || !measure.expression.empty()) found_.push_back(std::move(measure));
    add_attributes(definition, what);
  }

  std::vector<std::string> other_labels(std::size_t own) const {
    std::vector<std::string> labels;
    for (std::size_t i = 0; labels_.size() <= kMostChecked && i < labels_.size(); ++i) {
      if (i != own && !labels_[i].empty()) labels.push_back(labels_[i]);
    }
    return labels;
  }

  static constexpr std::size_t kAll = static_cast<std::size_t>(-1);
  bool attributes_;
  Found& found_;
  std::vector<std::string> labels_;  // of the measures of the cube
};

}  // namespace

Result<std::vector<ObjectExpression>> read_object_expressions(std::string_view layout_json, std::string_view properties_json,
                                                              bool attributes) {
  dom::parser layouts, definitions;
  dom::element layout, properties;
  auto error = layouts.parse(layout_json.data(), layout_json.size()).get(layout);
  if (error == simdjson::SUCCESS) error = definitions.parse(properties_json.data(), properties_json.size()).get(properties);
  if (error != simdjson::SUCCESS)
    return Status(Code::bad_data, std::string("the engine's layout or definition is not valid JSON: ") + simdjson::error_message(error));
  Found found;
  DefinitionWalk(attributes, found).walk(properties, layout);
  return found;
}

}  // namespace qonduit::pipeline
