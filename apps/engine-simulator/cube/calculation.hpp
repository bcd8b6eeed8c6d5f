// A hypercube's numbers, whatever its mode: which combinations of dimension values exist, in which order the values of a dimension stand,
// and what the measures are worth in a combination or over a total. The modes arrange this (straight, pivot, stack, tree).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cube/definition.hpp"
#include "model/aggregation.hpp"

namespace qonduit::simulator {

class Calculation {
 public:
  // Completes the infos of the definition (cardinals, tags, states, formats). REQUIRES: both outlive this.
  Calculation(Scope& scope, CubeDefinition& definition);
  Calculation(const Calculation&) = delete;  // what it computes with knows where it is
  Calculation& operator=(const Calculation&) = delete;
  ~Calculation() = default;

  [[nodiscard]] const CubeDefinition& definition() const { return definition_; }
  [[nodiscard]] const Unknowns& unknowns() const { return scope_.unknowns; }
  // Dimensions whose condition holds, as indices of the definition; keys have one element for each of them.
  [[nodiscard]] const std::vector<std::size_t>& visible() const { return visible_; }
  [[nodiscard]] const std::vector<std::size_t>& visible_measures() const { return visible_measures_; }
  [[nodiscard]] bool has_others() const { return has_others_; }

  // The combinations the cube shows, each once, in no particular order.
  [[nodiscard]] const std::vector<GroupKey>& keys() const { return keys_; }
  // What a measure (index of the definition) is worth; elements may be kTotalElement.
  [[nodiscard]] Value measure(std::size_t index, const GroupKey& key);

  // Order of two elements of a visible dimension; values, then null, then Others.
  [[nodiscard]] int compare(std::size_t axis, Element left, Element right) const;

  [[nodiscard]] const Symbol& symbol(std::size_t axis, Element element) const { return axes_[axis]->symbol(element); }
  [[nodiscard]] std::string label(std::size_t axis, Element element) const;
  [[nodiscard]] double number(std::size_t axis, Element element) const;
  // The letters of a cell's qState.
  [[nodiscard]] const char* state(std::size_t axis, Element element) const;

  // ",\"qAttrExps\":…,\"qAttrDims\":…" of a dimension's value or a measure's cell; empty without attributes.
  [[nodiscard]] std::string dimension_extra(std::size_t axis, Element element);
  [[nodiscard]] std::string measure_extra(std::size_t index, const GroupKey& key);

  // Widens the measure's and its attributes' glyph counts and ranges.
  void note(std::size_t index, const Value& value, const std::string& text);

 private:
  [[nodiscard]] Value evaluate_at(const Expression& expression, const GroupKey& key);
  [[nodiscard]] std::shared_ptr<const RecordSet> records_of(const Expression& aggregate);
  [[nodiscard]] const GroupValues& values_of(const Expression& aggregate, const std::vector<char>& by);
  [[nodiscard]] GroupKey only(std::size_t axis, Element element) const;
  // What the cube is about: the records of its context set, or of its state.
  [[nodiscard]] const RecordSet& records() const { return context_ ? *context_ : scope_.records(definition_.state); }
  void describe(std::size_t axis);
  void limit_to_others(std::size_t axis);
  void find_keys();
  [[nodiscard]] bool suppressed(const GroupKey& key);
  void rank(std::size_t axis);
  [[nodiscard]] std::string attribute_json(const std::vector<Attribute>& attributes, std::vector<AttributeInfo>& infos,
                                           const GroupKey& key);

  Scope& scope_;
  CubeDefinition& definition_;
  std::vector<std::size_t> visible_;
  std::vector<std::size_t> visible_measures_;
  std::vector<std::unique_ptr<Axis>> axes_;
  std::vector<std::vector<State>> states_;        // by axis, of fields
  std::vector<std::vector<std::int32_t>> ranks_;  // by axis, by element
  std::unique_ptr<Aggregation> aggregation_;
  std::map<const Expression*, std::map<std::vector<char>, GroupValues>> values_;  // by aggregation and the axes that count
  std::map<const Expression*, std::shared_ptr<const RecordSet>> records_;
  std::map<std::pair<std::size_t, std::size_t>, std::map<Element, Element>> attribute_elements_;  // by axis and attribute dimension
  std::map<std::pair<std::size_t, std::size_t>, std::unique_ptr<Axis>> attribute_axes_;
  std::vector<GroupKey> keys_;
  GroupKey at_;           // of evaluate_at: where an aggregation is looked up
  std::vector<char> by_;  // of evaluate_at: which axes count there
  std::shared_ptr<const RecordSet> context_;
  bool has_others_ = false;
};

}  // namespace qonduit::simulator
