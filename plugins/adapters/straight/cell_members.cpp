#include "plugins/adapters/straight/cell_members.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace qonduit::straight {
namespace {

constexpr std::pair<std::string_view, std::string_view> kStates[] = {
    {"O", "possible"}, {"S", "selected"},           {"A", "alternative"},      {"X", "excluded"},
    {"L", "locked"},   {"XS", "selected-excluded"}, {"XL", "locked-excluded"}, {"D", "deselected"}};

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

// Whether an error only says that the value is not what it was taken for.
bool other_type(error_code error) { return error == simdjson::INCORRECT_TYPE || error == simdjson::NUMBER_ERROR; }

template <typename T>
error_code take(ondemand::value value, std::optional<T>& out) {
  T found{};
  const auto error = value.get(found);
  if (!error) out = found;
  return other_type(error) ? simdjson::SUCCESS : error;
}

error_code read_number(ondemand::value value, CellMembers& cell) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type == ondemand::json_type::string) return take(value, cell.number_text);
  if (type == ondemand::json_type::null) return value.is_null().get(cell.null_number);
  return take(value, cell.number);
}

error_code read_attribute(ondemand::value value, AttributeValue& attribute) {
  ondemand::object members;
  if (const auto error = value.get_object().get(members)) return error;
  for (auto item : members) {
    ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    auto error = simdjson::SUCCESS;
    if (field.key() == "qText") error = take(field.value(), attribute.text);
    if (field.key() == "qNum") error = take(field.value(), attribute.number);
    if (field.key() == "qElemNo") error = take(field.value(), attribute.element);
    if (error) return error;
  }
  return simdjson::SUCCESS;
}

error_code read_attributes(ondemand::value value, bool& present, std::vector<AttributeValue>& into) {
  ondemand::object holder;
  if (const auto error = value.get_object().get(holder)) return other_type(error) ? simdjson::SUCCESS : error;
  for (auto item : holder) {
    ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    if (!(field.key() == "qValues") || present) continue;
    ondemand::array values;
    if (const auto error = field.value().get_array().get(values)) return error;
    present = true;
    for (auto entry : values) {
      ondemand::value attribute;
      if (const auto error = entry.get(attribute)) return error;
      if (const auto error = read_attribute(attribute, into.emplace_back())) return error;
    }
  }
  return simdjson::SUCCESS;
}

error_code read_member(ondemand::field& field, CellMembers& cell) {
  if (field.key() == "qText") return take(field.value(), cell.text);
  if (field.key() == "qNum") return read_number(field.value(), cell);
  if (field.key() == "qElemNumber") return take(field.value(), cell.element);
  if (field.key() == "qState") return take(field.value(), cell.state);
  if (field.key() == "qFrequency") return take(field.value(), cell.frequency);
  if (field.key() == "qAttrExps") return read_attributes(field.value(), cell.has_expressions, cell.expressions);
  if (field.key() == "qAttrDims") return read_attributes(field.value(), cell.has_dimensions, cell.dimensions);
  if (field.key() == "qIsNull") {
    std::optional<bool> flag;
    const auto error = take(field.value(), flag);
    cell.is_null = flag.value_or(false);
    return error;
  }
  return simdjson::SUCCESS;
}

}  // namespace

error_code CellMembers::read(ondemand::object& cell) {
  text.reset(), state.reset(), frequency.reset(), number_text.reset(), number.reset(), element.reset();
  null_number = is_null = has_expressions = has_dimensions = false;
  expressions.clear(), dimensions.clear();
  for (auto item : cell) {
    ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    if (const auto error = read_member(field, *this)) return error;
  }
  return simdjson::SUCCESS;
}

std::string_view state_word(std::string_view code) {
  for (const auto& [known, word] : kStates) {
    if (code == known) return word;
  }
  return {};
}

std::optional<double> frequency_number(std::string_view text) {
  char copy[32];
  const bool percent = text.ends_with('%');
  if (percent) text.remove_suffix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.empty() || text.size() >= sizeof copy) return std::nullopt;
  const bool part = text.starts_with("0.") || text.starts_with("0,");
  if (!percent && !part && text.find_first_of(".,") != std::string_view::npos) return std::nullopt;
  std::replace_copy(text.begin(), text.end(), copy, ',', '.');
  double number = 0;
  const auto [at, error] = std::from_chars(copy, copy + text.size(), number);
  if (error != std::errc() || at != copy + text.size()) return std::nullopt;
  return number;
}

}  // namespace qonduit::straight
