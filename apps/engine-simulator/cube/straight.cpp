// Mode S: one row for each combination, in the order of qInterColumnSortOrder.
#include <algorithm>
#include <numeric>
#include <set>

#include "cube/cube.hpp"

namespace qonduit::simulator {
namespace {

class Straight {
 public:
  Straight(Calculation& calculation, CubeDefinition& definition, EvaluatedCube& cube)
      : calculation_(calculation), definition_(definition), cube_(cube) {
    axis_of_.assign(definition.dimensions.size(), -1);
    for (std::size_t axis = 0; axis < calculation.visible().size(); ++axis) axis_of_[calculation.visible()[axis]] = static_cast<int>(axis);
  }

  void make() {
    read_orders();
    rows_.reserve(calculation_.keys().size());
    for (const auto& key : calculation_.keys()) {
      Row row{&key, {}, std::find(key.begin(), key.end(), kOthersElement) != key.end()};
      row.measures.reserve(calculation_.visible_measures().size());
      for (const auto index : calculation_.visible_measures()) row.measures.push_back(calculation_.measure(index, key));
      rows_.push_back(std::move(row));
    }
    sort();
    render();
    totals();
  }

 private:
  struct Row {
    const GroupKey* key;
    std::vector<Value> measures;  // visible ones
    bool others = false;
  };

  [[nodiscard]] std::size_t columns() const { return definition_.dimensions.size() + definition_.measures.size(); }
  [[nodiscard]] bool hidden(std::size_t column) const {
    const auto dimensions = definition_.dimensions.size();
    return (column < dimensions ? definition_.dimensions[column].info.error : definition_.measures[column - dimensions].info.error) != 0;
  }

  void read_orders() {
    const auto total = static_cast<std::int64_t>(columns());
    auto& order = cube_.layout.sort_order;
    const auto add = [&](std::int64_t column) {
      if (column < 0 || column >= total || hidden(static_cast<std::size_t>(column))) return;
      if (std::find(order.begin(), order.end(), column) == order.end()) order.push_back(column);
    };
    for (const auto column : definition_.sort_order) add(column);
    for (std::int64_t column = 0; column < total; ++column) add(column);
    // A full permutation is the order of the matrix; anything else means definition order.
    std::vector<std::int64_t> shown = definition_.column_order;
    const std::set<std::int64_t> once(shown.begin(), shown.end());
    if (shown.size() != columns() || once.size() != columns() || (total > 0 && (*once.begin() != 0 || *once.rbegin() != total - 1))) {
      shown.resize(columns());
      std::iota(shown.begin(), shown.end(), 0);
    }
    for (const auto column : shown)
      if (!hidden(static_cast<std::size_t>(column))) shown_.push_back(static_cast<std::size_t>(column));
  }

  [[nodiscard]] std::size_t visible_index(std::size_t measure) const {
    const auto& visible = calculation_.visible_measures();
    return static_cast<std::size_t>(std::find(visible.begin(), visible.end(), measure) - visible.begin());
  }

  [[nodiscard]] int compare_column(std::size_t column, const Row& left, const Row& right) const {
    if (column < definition_.dimensions.size()) {
      const auto axis = static_cast<std::size_t>(axis_of_[column]);
      return calculation_.compare(axis, (*left.key)[axis], (*right.key)[axis]);
    }
    const auto index = column - definition_.dimensions.size();
    const auto& sort = definition_.measures[index].sort;
    const Value& a = left.measures[visible_index(index)];
    const Value& b = right.measures[visible_index(index)];
    if (a.is_number() != b.is_number()) return sort.by_numeric == 0 ? 0 : a.is_number() ? -1 : 1;  // nulls last
    int order = a.is_number() ? sort.by_numeric * (a.number < b.number ? -1 : a.number > b.number ? 1 : 0) : 0;
    if (order == 0) order = sort.by_ascii * compare_texts(a.text, b.text);
    return sort.reverse ? -order : order;
  }

  void sort() {
    std::sort(rows_.begin(), rows_.end(), [&](const Row& left, const Row& right) {
      if (left.others != right.others) return right.others;  // Others is the last row whatever the order
      for (const auto column : cube_.layout.sort_order)
        if (const int order = compare_column(static_cast<std::size_t>(column), left, right); order != 0) return order < 0;
      return *left.key < *right.key;
    });
  }

  void render() {
    auto matrix = std::make_shared<StoredMatrix>(static_cast<std::uint32_t>(shown_.size()));
    for (const auto& row : rows_) {
      for (const auto column : shown_) {
        if (column < definition_.dimensions.size()) {
          const auto axis = static_cast<std::size_t>(axis_of_[column]);
          matrix->add_cell(dimension_cell(axis, (*row.key)[axis]));
          continue;
        }
        const auto index = column - definition_.dimensions.size();
        const Value& value = row.measures[visible_index(index)];
        const std::string text = formatted(value, definition_.measures[index].info.format);
        const std::string extra = calculation_.measure_extra(index, *row.key);
        const bool flagged = calculation_.unknowns().text_measures_null && !value.is_null() && !value.is_number() && !text.empty();
        matrix->add_cell(value.is_null() ? null_measure_cell(extra)
                         : flagged       ? text_measure_cell(text, extra)
                                         : measure_cell(text, value.number, extra));
        calculation_.note(index, value, text);
      }
    }
    cube_.layout.columns = matrix->columns();
    cube_.layout.rows = static_cast<std::int64_t>(matrix->rows());
    cube_.matrix = std::move(matrix);
  }

  std::string dimension_cell(std::size_t axis, Element element) {
    const std::string extra = calculation_.dimension_extra(axis, element);
    if (element == kNullElement) return null_dimension_cell(extra);
    if (element == kOthersElement) return others_cell(calculation_.label(axis, element), extra);
    const Symbol& symbol = calculation_.symbol(axis, element);
    return value_cell(symbol.text, symbol.number, element, calculation_.state(axis, element), extra);
  }

  void totals() {
    const GroupKey all(calculation_.visible().size(), kTotalElement);
    for (const auto index : calculation_.visible_measures()) {
      // Without an aggregation there is no total; how the engine writes that is assumed.
      const Value value = definition_.measures[index].grand_total ? calculation_.measure(index, all) : Value{};
      cube_.layout.grand_total->add(total_cell(formatted(value, definition_.measures[index].info.format), value.number));
    }
  }

  Calculation& calculation_;
  CubeDefinition& definition_;
  EvaluatedCube& cube_;
  std::vector<int> axis_of_;        // by dimension of the definition; -1: hidden
  std::vector<std::size_t> shown_;  // columns of the matrix, by definition index
  std::vector<Row> rows_;
};

}  // namespace

void make_straight(Calculation& calculation, CubeDefinition& definition, EvaluatedCube& cube) {
  Straight(calculation, definition, cube).make();
}

}  // namespace qonduit::simulator
