#include "plugins/adapters/cube/row_writer.hpp"

#include <algorithm>

#include "plugins/adapters/hypercube/number_column.hpp"

namespace qonduit::cube {
namespace {

using hypercube::kEmpty;
using hypercube::kNull;
using straight::Companion;
using straight::Slot;

bool has_letters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto folded = static_cast<char>(c | 0x20);
    return folded >= 'a' && folded <= 'z';
  });
}

std::string shown(std::string_view text) { return "'" + std::string(text.substr(0, 100)) + "'"; }

}  // namespace

RowWriter::RowWriter(const CubePlan& plan, std::int64_t rows, std::size_t first, std::size_t end, bool with_kind) : plan_(plan) {
  const auto& fields = plan.columns.schema.fields;
  const auto output_of = [&](std::size_t slot) {
    return slot < plan.first_output.size() ? plan.first_output[slot] : fields.size() - (plan.row_kind() ? 1u : 0u);
  };
  base_ = first == 0 ? 0 : output_of(first);
  auto until = output_of(end);
  has_measure_name_ = plan.measure_output != kNoSlot && plan.measure_output >= base_ && plan.measure_output < until;
  has_kind_ = with_kind && plan.row_kind();
  until += has_kind_ ? 1u : 0u;
  for (auto i = base_; i < until; ++i) columns_.emplace_back(fields[i].type, rows);
}

bool RowWriter::contradict(Slot slot, Type needed, const std::string& title, const std::string& why) {
  contradiction_.slot = slot;
  contradiction_.needed = needed;
  why_ = "column '" + title + "': " + why;
  return false;
}

bool RowWriter::number(std::size_t slot, Column& out, double number) {
  const auto& planned = plan_.columns.columns[slot];
  if (hypercube::append_number(out, number, planned.type)) return true;
  auto misfit = hypercube::misfit(number, planned.type);
  return contradict(Slot{slot}, misfit.needed, planned.title,
                    misfit.why + ", but the column is delivered as " + std::string(to_string(planned.type)));
}

bool RowWriter::write_member(std::size_t slot, const Node* node, const NodeTree& tree) {
  const auto& planned = plan_.columns.columns[slot];
  const auto output = plan_.first_output[slot];
  auto& out = at(output);
  static const std::vector<DualValue> kNothing;
  // An empty text has no qText: with an element of its own it is a value like any other.
  const bool nothing = node != nullptr && node->element < 0 && !(node->value.has_text || node->value.has_number);
  if (node == nullptr || node->element == kNull || node->element == kEmpty || nothing) {
    out.append_null();
    if (planned.with_text) at(output + 1).append_null();
    return companions(slot, node == nullptr ? AttributeRange() : node->attributes, node == nullptr ? kNothing : tree.attributes());
  }
  const auto& value = node->value;
  if (planned.with_text) at(output + 1).append_text(value.text);
  if (planned.type == Type::utf8) {
    out.append_text(value.text);
  } else if (!value.has_number) {
    // The label of Others or of a total is no number, and no contradiction.
    if (node->element >= 0 && !planned.nan_is_null) {
      return contradict(Slot{slot}, Type::utf8, planned.title, shown(value.text) + " is no number");
    }
    out.append_null();
  } else if (planned.own_text && node->element >= 0 && has_letters(value.text)) {
    return contradict(Slot{slot}, Type::utf8, planned.title, shown(value.text) + " is a text with a number behind it");
  } else if (!number(slot, out, value.number)) {
    return false;
  }
  return planned.companions.empty() || companions(slot, node->attributes, tree.attributes());
}

bool RowWriter::value(std::size_t slot, const DualValue& value, bool is_null, const AttributeRange& attributes,
                      const std::vector<DualValue>& all) {
  const auto& planned = plan_.columns.columns[slot];
  const auto output = plan_.first_output[slot];
  auto& out = at(output);
  // A null is marked, or is the dash without a number.
  if (is_null || (!value.has_number && (value.text == "-" || !value.has_text))) {
    out.append_null();
    if (planned.with_text) at(output + 1).append_null();
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
    if (!value.has_number && (!value.has_text || value.text == "-")) {
      out.append_null();
    } else if (companion.type == Type::utf8) {
      out.append_text(value.text);
    } else if (!value.has_number || (companion.own_text && has_letters(value.text))) {
      return contradict(Slot{slot, i}, Type::utf8, companion.name, shown(value.text) + " says more than a number");
    } else if (!hypercube::append_number(out, value.number, companion.type)) {
      auto misfit = hypercube::misfit(value.number, companion.type);
      return contradict(Slot{slot, i}, misfit.needed, companion.name, misfit.why);
    }
  }
  return true;
}

void RowWriter::measure(std::string_view name) {
  if (has_measure_name_) at(plan_.measure_output).append_text(name);
}

bool RowWriter::kind(RowKind kind) {
  if (kind != RowKind::value && !plan_.row_kind()) {
    contradiction_.special_row = true;
    why_ = "a row of kind '" + std::string(kRowKindNames[static_cast<std::size_t>(kind)]) + "', which the layout did not announce";
    return false;
  }
  if (has_kind_) columns_.back().append_text(kRowKindNames[static_cast<std::size_t>(kind)]);
  return true;
}

}  // namespace qonduit::cube
