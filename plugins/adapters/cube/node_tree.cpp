#include "plugins/adapters/cube/node_tree.hpp"

#include <utility>

namespace qonduit::cube {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;
using simdjson::SUCCESS;

bool other_type(error_code error) { return error == simdjson::INCORRECT_TYPE || error == simdjson::NUMBER_ERROR; }
error_code unless_other_type(error_code error) { return other_type(error) ? SUCCESS : error; }

error_code read_dual(ondemand::value value, DualValue& out) {
  ondemand::object members;
  if (const auto error = value.get_object().get(members)) return error;
  for (auto item : members) {
    ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    auto error = SUCCESS;
    if (is_key(field.key(), "qText")) error = read_text(field.value(), out);
    if (is_key(field.key(), "qNum") || is_key(field.key(), "qValue")) error = read_number(field.value(), out);
    if (is_key(field.key(), "qElemNo")) error = read_integer(field.value(), out.element);
    if (error) return error;
  }
  return SUCCESS;
}

}  // namespace

error_code read_text(ondemand::value value, DualValue& out) {
  const auto error = value.get_string().get(out.text);
  out.has_text = !error;
  return unless_other_type(error);
}

error_code read_number(ondemand::value value, DualValue& out) {
  double number = 0;
  auto error = value.get_double().get(number);
  if (!error) {
    out.number = number;
    out.has_number = true;
    return SUCCESS;
  }
  if (!other_type(error)) return error;
  // "NaN", as a rule; what it says is looked at where it stands.
  const std::string_view raw = value.raw_json_token();
  const auto says = [&](std::string_view word) { return raw.substr(1, word.size()) == word; };
  if (raw.empty() || raw.front() != '"' || !(says("Infinity\"") || says("-Infinity\""))) return SUCCESS;
  out.number = raw[1] == '-' ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  out.has_number = true;
  return SUCCESS;
}

error_code read_integer(ondemand::value value, std::int64_t& out) {
  std::int64_t number = 0;
  const auto error = value.get_int64().get(number);
  if (!error) out = number;
  return unless_other_type(error);
}

error_code read_type(ondemand::value value, char& out) {
  // A single letter, read where it stands.
  const auto raw = value.raw_json_token();
  if (raw.size() >= 3 && raw[0] == '"' && raw[2] == '"') out = raw[1];
  return SUCCESS;
}

error_code read_flag(ondemand::value value, bool& out) {
  bool flag = false;
  const auto error = value.get_bool().get(flag);
  if (!error) out = flag;
  return unless_other_type(error);
}

error_code read_attribute_values(ondemand::value value, std::vector<DualValue>& into, std::uint32_t& first, std::uint32_t& count) {
  ondemand::object holder;
  if (const auto error = value.get_object().get(holder)) return unless_other_type(error);
  for (auto item : holder) {
    ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    if (!is_key(field.key(), "qValues")) continue;
    ondemand::array values;
    if (const auto error = field.value().get_array().get(values)) return error;
    first = static_cast<std::uint32_t>(into.size());
    for (auto entry : values) {
      ondemand::value attribute;
      if (const auto error = entry.get(attribute)) return error;
      if (const auto error = read_dual(attribute, into.emplace_back())) return error;
    }
    count = static_cast<std::uint32_t>(into.size()) - first;
  }
  return SUCCESS;
}

void NodeTree::clear() { nodes_.clear(), values_.clear(), attributes_.clear(); }

error_code NodeTree::read(ondemand::array nodes, std::uint32_t levels, Content content) {
  clear();
  levels_ = levels;
  content_ = content;
  return read_level(nodes, 0);
}

error_code NodeTree::read_level(ondemand::array nodes, std::uint32_t depth) {
  for (auto item : nodes) {
    ondemand::object members;
    if (const auto error = item.get_object().get(members)) return error;
    if (depth == levels_) return simdjson::DEPTH_ERROR;
    if (const auto error = content_ == Content::everything ? read_node(members, depth) : read_plain(members, depth)) return error;
  }
  return SUCCESS;
}

error_code NodeTree::read_plain(ondemand::object& members, std::uint32_t depth) {
  auto& node = nodes_.emplace_back();
  node.depth = depth;
  ondemand::value value;
  auto error = members.find_field("qText").get(value);
  if (!error) error = read_text(value, node.value);
  if (!error) error = members.find_field("qElemNo").get(value);
  if (!error) error = read_integer(value, node.element);
  if (!error && content_ == Content::plain_with_numbers) {
    error = members.find_field("qValue").get(value);
    if (!error) error = read_number(value, node.value);
  }
  if (!error) error = members.find_field("qType").get(value);
  if (!error) error = read_type(value, node.type);
  if (!error) error = members.find_field("qSubNodes").get(value);
  return error ? error : read_below(value, depth);
}

error_code NodeTree::read_node(ondemand::object members, std::uint32_t depth) {
  const auto index = nodes_.size();  // the list grows below
  nodes_.emplace_back().depth = depth;
  for (auto item : members) {
    ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    // The letter behind the q tells most members apart; of the others a node has no use.
    const auto key = field.key();
    auto error = SUCCESS;
    switch (key.raw()[0] == 'q' ? key.raw()[1] : '\0') {
      case 'T':
        if (is_key(key, "qText")) error = read_text(field.value(), nodes_[index].value);
        if (is_key(key, "qType")) error = read_type(field.value(), nodes_[index].type);
        break;
      case 'E':
        if (is_key(key, "qElemNo")) error = read_integer(field.value(), nodes_[index].element);
        break;
      case 'V':
        if (is_key(key, "qValue")) error = read_number(field.value(), nodes_[index].value);
        if (is_key(key, "qValues")) error = read_values(field.value(), index);
        break;
      case 'R':
        if (is_key(key, "qRow")) error = read_integer(field.value(), nodes_[index].row);
        break;
      case 'S':
        if (is_key(key, "qSubNodes")) error = read_below(field.value(), depth);
        break;
      case 'N':
        if (is_key(key, "qNodes")) error = read_below(field.value(), depth);
        break;
      case 'C':
        if (is_key(key, "qCanExpand")) error = read_flag(field.value(), nodes_[index].can_expand);
        break;
      case 'A': error = read_attributes(field, nodes_[index].attributes); break;
      default: break;
    }
    if (error) return error;
  }
  return SUCCESS;
}

error_code NodeTree::read_below(ondemand::value value, std::uint32_t depth) {
  ondemand::array below;
  if (const auto error = value.get_array().get(below)) return error;
  return read_level(below, depth + 1);
}

error_code NodeTree::read_attributes(ondemand::field& field, AttributeRange& range) {
  if (is_key(field.key(), "qAttrExps")) return read_attribute_values(field.value(), attributes_, range.expressions, range.expression_count);
  if (is_key(field.key(), "qAttrDims")) return read_attribute_values(field.value(), attributes_, range.dimensions, range.dimension_count);
  return SUCCESS;
}

error_code NodeTree::read_values(ondemand::value value, std::size_t index) {
  ondemand::array values;
  if (const auto error = value.get_array().get(values)) return error;
  auto& node = nodes_[index];
  node.first_value = static_cast<std::uint32_t>(values_.size());
  for (auto item : values) {
    ondemand::value entry;
    if (const auto error = item.get(entry)) return error;
    if (const auto error = read_dual(entry, values_.emplace_back())) return error;
  }
  node.value_count = static_cast<std::uint32_t>(values_.size()) - node.first_value;
  return SUCCESS;
}

}  // namespace qonduit::cube
