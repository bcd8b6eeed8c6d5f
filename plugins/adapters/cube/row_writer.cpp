#include "plugins/adapters/cube/row_writer.hpp"

#include <qonduit/type_words.hpp>

#include <algorithm>

#include "plugins/adapters/cube/header_side.hpp"
#include "plugins/adapters/hypercube/number_column.hpp"

namespace qonduit::cube {
namespace {

using hypercube::kEmpty;
using hypercube::kNull;
using straight::Companion;
using straight::Slot;

std::string shown(std::string_view text) { return "'" + std::string(text.substr(0, 100)) + "'"; }

}  // namespace

RowWriter::RowWriter(const CubePlan& plan, std::int64_t rows, std::size_t first, std::size_t end, bool with_kind, bool survey)
    : plan_(plan), survey_(survey), met_(plan.columns.columns.size()) {
  if (survey) contradiction_.met.assign(plan.columns.columns.size(), 0);
  const auto& fields = plan.columns.schema.fields;
  const auto output_of = [&](std::size_t slot) { return slot < plan.first_output.size() ? plan.first_output[slot] : plan.value_end(); };
  base_ = first == 0 ? 0 : output_of(first);
  auto until = output_of(end);
  has_measure_name_ = plan.measure_output != kNoSlot && plan.measure_output >= base_ && plan.measure_output < until;
  has_kind_ = with_kind && plan.row_kind();
  has_kind_of_ = with_kind && plan.columns.row_kind_of;
  until += with_kind ? plan.columns.kind_outputs() : 0u;
  for (auto i = base_; i < until; ++i) columns_.emplace_back(fields[i].type, rows);
  numbers_.assign(plan.columns.columns.size(), nullptr);
  for (auto slot = std::max(first, plan.first_value); slot < end && !survey; ++slot) {
    const auto& planned = plan.columns.columns[slot];
    const bool numbers = planned.type == Type::float64 || planned.type == Type::int64;
    if (numbers && planned.writing != nullptr && planned.companions.empty()) numbers_[slot] = &at(plan.first_output[slot]);
  }
}

bool RowWriter::contradict(Slot slot, Type needed, const std::string& title, const std::string& why) {
  contradiction_.slot = slot;
  contradiction_.needed = needed;
  why_ = "column '" + title + "': " + why;
  return false;
}

bool RowWriter::number(std::size_t slot, Column& out, double number) {
  const auto& planned = plan_.columns.columns[slot];
  if (hypercube::append_number(out, number, planned.type, planned.of_day)) return true;
  auto misfit = hypercube::misfit(number, planned.type);
  return contradict(Slot{slot}, misfit.needed, planned.title,
                    misfit.why + ", but the column is delivered as " + std::string(type_word(planned.type)));
}

// A value of a column whose cells say what they are.
bool RowWriter::dual(std::size_t slot, const DualValue& value, cell::Kind kind) {
  const auto& planned = plan_.columns.columns[slot];
  auto& out = at(plan_.first_output[slot]);
  if (survey_) {
    contradiction_.met[slot] = static_cast<cell::Kinds>(contradiction_.met[slot] | cell::bit(kind));
    out.append_null();
    return true;
  }
  if (!planned.holds(kind)) {
    const auto why = !value.has_number          ? shown(value.text) + " is no number"
                     : kind == cell::Kind::text ? shown(value.text) + " is a text with a number behind it"
                     : kind == cell::Kind::real ? hypercube::shown(value.number) + " is no exact integer"
                                                : shown(value.text) + " is a value of another kind";
    return contradict(Slot{slot}, Type::utf8, planned.title,
                      why + ", but the column is delivered as " + std::string(type_word(planned.type)));
  }
  if (kind == cell::Kind::text) {
    met_[slot] |= cell::bit(kind);
    planned.texts_are_null ? out.append_null() : out.append_text(value.text);
    return true;
  }
  if (planned.type != Type::utf8) return number(slot, out, value.number);
  met_[slot] |= cell::bit(kind);
  ValueText room;
  out.append_text(cell::text_of(kind, value.text, value.number, room));
  return true;
}

bool RowWriter::write_member(std::size_t slot, const Node* node, const NodeTree& tree) {
  const auto& planned = plan_.columns.columns[slot];
  const auto output = plan_.first_output[slot];
  auto& out = at(output);
  static const std::vector<DualValue> kNothing;
  // A member without a text is the empty text. A label without one is none: the engine has totals that are called nothing.
  const bool nothing = node == nullptr || node->element == kNull || node->element == kEmpty || node->type == 'U' ||
                       (node->element < 0 && !node->value.has_text && !node->value.has_number);
  if (nothing) {
    out.append_null();
    if (planned.with_text) at(output + 1).append_null();
    return companions(slot, node == nullptr ? AttributeRange() : node->attributes, node == nullptr ? kNothing : tree.attributes());
  }
  const auto& value = node->value;
  if (planned.with_text) at(output + 1).append_text(value.text);
  if (node->element < 0) {
    // The label of Others or of a total is no number, and no contradiction.
    if (planned.type == Type::utf8) {
      out.append_text(value.text);
    } else if (!value.has_number || !hypercube::append_number(out, value.number, planned.type, planned.of_day)) {
      out.append_null();
    }
  } else if (planned.writing != nullptr) {
    if (!dual(slot, value, value.has_number ? planned.writing->kind(value.text, value.number) : cell::Kind::text)) return false;
  } else if (planned.type == Type::utf8) {
    out.append_text(value.text);
  } else if (value.has_number) {
    if (!number(slot, out, value.number)) return false;
  } else if (planned.nan_is_null) {
    out.append_null();
  } else {
    return contradict(Slot{slot}, Type::utf8, planned.title, shown(value.text) + " is no number");
  }
  return planned.companions.empty() || companions(slot, node->attributes, tree.attributes());
}

bool RowWriter::any_value(std::size_t slot, std::size_t measure, const DualValue& value, bool is_null, const AttributeRange& attributes,
                          const std::vector<DualValue>& all) {
  const auto& planned = plan_.columns.columns[slot];
  const auto output = plan_.first_output[slot];
  auto& out = at(output);
  // The dash without a number is how the engine writes a null. A text may be flagged as null.
  const bool null = value.text == "-" ? is_null || !value.has_number : is_null && !value.has_text;
  if (null) {
    out.append_null();
    if (planned.with_text) at(output + 1).append_null();
  } else if (planned.writing != nullptr) {
    const auto& writing = *plan_.measure_writings[measure];
    if (value.raw && value.text.find('\\') != std::string_view::npos) {
      wants_text_ = true;
      return false;
    }
    auto kind = cell::Kind::text;
    if (value.has_number) {
      // A measure without a text is its number: a pattern may hide it.
      kind = value.text.empty() ? cell::Writing::kind_of_number(value.number) : writing.kind(value.text, value.number);
    }
    if (!dual(slot, value, kind)) return false;
  } else {
    if (planned.with_text) at(output + 1).append_text(value.text);
    if (planned.type == Type::utf8) {
      out.append_text(value.text);
    } else if (value.has_number) {
      if (!number(slot, out, value.number)) return false;
    } else if (planned.nan_is_null) {
      out.append_null();
    } else if (planned.type == Type::float64 && (value.text == "NaN" || value.text == "nan")) {
      out.append_float64(value.number);
    } else {
      return contradict(Slot{slot}, Type::utf8, planned.title, shown(value.text) + " is no number");
    }
  }
  return planned.companions.empty() || companions(slot, attributes, all);
}

bool RowWriter::companions(std::size_t slot, const AttributeRange& range, const std::vector<DualValue>& all) {
  const auto& planned = plan_.columns.columns[slot];
  auto output = plan_.first_output[slot] + (planned.with_text ? 2u : 1u);
  for (std::size_t i = 0; i < planned.companions.size(); ++i, ++output) {
    const auto& companion = planned.companions[i];
    const bool expression = companion.kind == Companion::Kind::expression;
    const auto count = expression ? range.expression_count : range.dimension_count;
    auto& out = at(output);
    if (companion.index >= count) {
      out.append_null();
      continue;
    }
    const auto& value = all[(expression ? range.expressions : range.dimensions) + companion.index];
    // A value of another field that has an element and no text is the empty text.
    if (!value.has_number && (value.has_text ? value.text == "-" && expression : expression || value.element < 0)) {
      out.append_null();
      continue;
    }
    auto kind = cell::Kind::text;
    if (expression && value.has_number) {
      const bool plain = companion.writing == nullptr || value.text.empty();
      kind = plain ? cell::Writing::kind_of_number(value.number) : companion.writing->kind(value.text, value.number);
    }
    if (companion.type == Type::utf8) {
      ValueText room;
      out.append_text(cell::text_of(kind, value.text, value.number, room));
    } else if (kind == cell::Kind::text || kind == cell::Kind::long_integer) {
      return contradict(Slot{slot, i}, Type::utf8, companion.name, shown(value.text) + " says more than a number");
    } else if (!hypercube::append_number(out, value.number, companion.type)) {
      auto misfit = hypercube::misfit(value.number, companion.type);
      return contradict(Slot{slot, i}, misfit.needed, companion.name, misfit.why);
    }
  }
  return true;
}

// What is below a total is part of it.
void RowWriter::add_no_member(std::size_t slot, const Node* node, const NodeTree& tree) {
  auto kind = node == nullptr || total_of_ == &tree ? RowKind::total : kind_of(*node, RowKind::value);
  if (kind == RowKind::total) total_of_ = &tree;
  no_members_.push_back({plan_.columns.columns[slot].name, kind});
}

void RowWriter::measure(std::string_view name) {
  if (has_measure_name_) at(plan_.measure_output).append_text(name);
}

bool RowWriter::kind(RowKind kind) {
  if (kind != RowKind::value && !plan_.row_kind()) {
    contradiction_.special_row = true;
    why_ = "a row of kind '" + std::string(hypercube::name_of(kind)) + "', which the layout did not announce";
    return false;
  }
  if (has_kind_) columns_[columns_.size() - plan_.columns.kind_outputs()].append_text(hypercube::name_of(kind));
  if (!has_kind_of_) return true;
  no_members_.empty() ? columns_.back().append_null() : columns_.back().append_text(hypercube::columns_of(no_members_, kind));
  no_members_.clear();
  total_of_ = nullptr;
  return true;
}

}  // namespace qonduit::cube
