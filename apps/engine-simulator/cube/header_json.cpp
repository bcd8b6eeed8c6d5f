#include "cube/header_json.hpp"

#include "json.hpp"

namespace qonduit::simulator {

void append_node_value(std::string& out, const Calculation& calculation, const HeaderTree& tree, const HeaderNode& node) {
  double value = kNaN;
  if (node.kind == HeaderNode::Kind::pseudo) {
    out.append("\"qText\":");
    append_quoted(out, measure_title(calculation, node.element));
    out.append(",");
  } else if (node.kind != HeaderNode::Kind::placeholder && node.kind != HeaderNode::Kind::empty) {
    const auto axis = static_cast<std::size_t>(tree.levels()[static_cast<std::size_t>(node.level)]);
    if (const std::string label = calculation.label(axis, node.element); !label.empty()) {
      out.append("\"qText\":");
      append_quoted(out, label);
      out.append(",");
    }
    value = calculation.number(axis, node.element);
  }
  out.append("\"qElemNo\":").append(std::to_string(node.element)).append(",\"qValue\":");
  append_number(out, value);
}

char node_type(const HeaderNode& node) {
  switch (node.kind) {
    case HeaderNode::Kind::pseudo: return 'P';
    case HeaderNode::Kind::total:
    case HeaderNode::Kind::placeholder: return 'T';
    case HeaderNode::Kind::empty: return 'E';
    case HeaderNode::Kind::value: break;
  }
  return node.element == kNullElement ? 'U' : node.element == kOthersElement ? 'O' : 'N';
}

const std::string& measure_title(const Calculation& calculation, int visible_index) {
  const auto index = calculation.visible_measures()[static_cast<std::size_t>(visible_index)];
  return calculation.definition().measures[index].info.title;
}

std::string node_extra(Calculation& calculation, const HeaderTree& tree, const HeaderNode& node) {
  if (node.kind == HeaderNode::Kind::pseudo) return {};
  return calculation.dimension_extra(static_cast<std::size_t>(tree.levels()[static_cast<std::size_t>(node.level)]), node.element);
}

}  // namespace qonduit::simulator
