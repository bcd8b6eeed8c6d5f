// Fills the output columns of one page, row after row: members, values, the measure's name, the kind of row. A value that does not fit
// its column is a contradiction: it is remembered, and nothing more is to be written.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "plugins/adapters/cube/cube_plan.hpp"
#include "plugins/adapters/cube/node_tree.hpp"
#include "plugins/adapters/hypercube/number_column.hpp"
#include "plugins/adapters/straight/page_decoder.hpp"

namespace qonduit::cube {

class RowWriter {
 public:
  // slots [first, end) are written; with_kind: the row_kind column too, where the plan has one. survey: what values are is noted, and nulls
  // are written in their place.
  RowWriter(const CubePlan& plan, std::int64_t rows, std::size_t first, std::size_t end, bool with_kind, bool survey);

  // Null where there is no node: a level that is not shown, below a total or a collapsed member.
  bool member(std::size_t dimension, const Node* node, const NodeTree& tree) {
    const auto slot = plan_.dimension_slots[dimension];
    if (slot == kNoSlot) return true;
    notice(slot, node, tree);
    return write_member(slot, node, tree);
  }
  // For the kind of the row alone: the member is written with another piece of it.
  void member_elsewhere(std::size_t dimension, const Node* node, const NodeTree& tree) {
    const auto slot = plan_.dimension_slots[dimension];
    if (slot != kNoSlot) notice(slot, node, tree);
  }
  // measure: the one it is of.
  bool value(std::size_t slot, std::size_t measure, const DualValue& value, bool is_null, const AttributeRange& attributes,
             const std::vector<DualValue>& all) {
    auto* const numbers = numbers_[slot];
    if (numbers != nullptr && value.has_number && !is_null && plan_.measure_writings[measure]->is_number(value.text, value.number) &&
        hypercube::append_number(*numbers, value.number, numbers->type())) {
      return true;
    }
    return any_value(slot, measure, value, is_null, attributes, all);
  }
  // Behind its members and values.
  bool kind(RowKind kind);
  void measure(std::string_view name);

  void finish(ArrowArray* out, straight::Findings* findings) {
    for (std::size_t slot = 0; findings != nullptr && slot < met_.size(); ++slot) findings->add(slot, met_[slot]);
    finish_batch(columns_, out);
  }
  // A text must be read with its escapes before it can be written: the page is to be read again.
  [[nodiscard]] bool wants_text() const noexcept { return wants_text_; }
  // After something answered false.
  [[nodiscard]] const std::string& why() const noexcept { return why_; }
  [[nodiscard]] const straight::Contradiction& contradiction() const noexcept { return contradiction_; }

 private:
  Column& at(std::size_t output) { return columns_[output - base_]; }
  void notice(std::size_t slot, const Node* node, const NodeTree& tree) {
    if (has_kind_of_ && (node == nullptr || (node->element < 0 && node->element != hypercube::kNull))) add_no_member(slot, node, tree);
  }
  void add_no_member(std::size_t slot, const Node* node, const NodeTree& tree);
  bool write_member(std::size_t slot, const Node* node, const NodeTree& tree);
  bool any_value(std::size_t slot, std::size_t measure, const DualValue& value, bool is_null, const AttributeRange& attributes,
                 const std::vector<DualValue>& all);
  bool companions(std::size_t slot, const AttributeRange& attributes, const std::vector<DualValue>& all);
  bool contradict(straight::Slot slot, Type needed, const std::string& title, const std::string& why);
  bool number(std::size_t slot, Column& out, double number);
  bool dual(std::size_t slot, const DualValue& value, cell::Kind kind);

  const CubePlan& plan_;
  std::vector<Column> columns_;
  std::vector<Column*> numbers_;  // by slot: the column, where it is one of numbers and nothing else is wanted of a cell
  std::size_t base_ = 0;          // the first output column of the page
  bool has_measure_name_ = false, has_kind_ = false, has_kind_of_ = false;
  bool survey_ = false, wants_text_ = false;
  std::vector<hypercube::NoMember> no_members_;  // of the row
  const NodeTree* total_of_ = nullptr;           // the side on which the row is a total
  std::vector<cell::Kinds> met_;                 // by slot, for the findings
  std::string why_;
  straight::Contradiction contradiction_;
};

}  // namespace qonduit::cube
