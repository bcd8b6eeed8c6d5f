// What a calculation sees: the data, the master items, and one session's selections, bookmarks and variables. Used by one thread at a time.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "expression/expression.hpp"
#include "json.hpp"
#include "model/association.hpp"

namespace qonduit::simulator {

// Master items: the inner qDim or qMeasure definitions by id, and what they say of themselves (qMetaDef).
struct Library {
  std::map<std::string, JsonObject> dimensions;
  std::map<std::string, JsonObject> measures;
  std::map<std::string, JsonObject> metas;

  // The title of an item, or its id.
  [[nodiscard]] std::string title(const std::string& id) const {
    const auto found = metas.find(id);
    return found == metas.end() ? id : text_member(found->second, "title", id);
  }
};

struct Variable {
  std::string id;
  std::string name;
  std::string definition;
  double number = kNaN;
};

inline const std::string kDefaultState = "$";

// How what is unknown of an engine's calculations is played.
struct Unknowns {
  bool constants_count_rows = false;  // Count(1) over everything: the rows of the first table, not 1
  bool text_measures_null = false;    // the cell of a measure that is a text says qIsNull
};

class Scope {
 public:
  Scope(std::shared_ptr<const DataModel> model, std::shared_ptr<const Library> library);

  [[nodiscard]] const DataModel& model() const { return *model_; }
  [[nodiscard]] const std::shared_ptr<const DataModel>& shared_model() const { return model_; }
  [[nodiscard]] const Library& library() const { return *library_; }
  [[nodiscard]] const Locale& locale() const { return model_->locale(); }

  // An empty name is the default state; a state that does not exist has no selections.
  [[nodiscard]] const Selections& selections(const std::string& state) const;
  [[nodiscard]] const RecordSet& records(const std::string& state);
  void select(const std::string& state, Selections selections);
  [[nodiscard]] const std::map<std::string, Selections>& all_selections() const { return selections_; }
  [[nodiscard]] std::vector<State> states(const std::string& state, int field) const;

  // The active member of cyclic and drill-down groups, by the id of the master dimension.
  std::map<std::string, std::int64_t> active_fields;
  std::map<std::string, Variable> variables;        // by name
  std::map<std::string, Selections> bookmarks;      // by id; what they select in the default state
  std::map<std::string, std::string> bookmark_ids;  // by title
  std::set<std::string> alternate_states;           // that exist
  std::size_t back_count = 0;                       // steps there are to go back and forward
  std::size_t forward_count = 0;
  Unknowns unknowns;
  int recorded_state = 0;  // in a recorded app: what is selected, by the number the recording has for it

  // A text that is the same only where everything that a session can change here is the same.
  [[nodiscard]] std::string fingerprint() const;

  // $(name) and $(=expression) replaced.
  [[nodiscard]] std::string expand(const std::string& source);
  // The text of a label or title: "=…" is computed.
  [[nodiscard]] std::string expand_label(const std::string& source);
  // Measures by the label of their column: what an expression may call them, beside fields.
  using Labels = std::map<std::string, std::string>;
  // Expanded, parsed, and names that are no field replaced: labels of columns, variables, master measures, functions over selections. What
  // cannot be parsed is null.
  [[nodiscard]] Parsed parse(const std::string& source, const Labels& labels = {});
  // The value of a variable: of its expression where it has one.
  [[nodiscard]] Value value_of(const Variable& variable);
  // Whether an expression may use the name although no field has it.
  [[nodiscard]] bool knows(const std::string& name) const;
  // The records an aggregation works on: its set expression's, or the state's.
  [[nodiscard]] std::shared_ptr<const RecordSet> records_of(const Expression& aggregate, const std::string& state);
  // An expression over all records of a state.
  [[nodiscard]] Value evaluate(const Expression& expression, const std::string& state = {});

 private:
  [[nodiscard]] std::shared_ptr<const RecordSet> shared_records(const std::string& state);
  // What the sets around another one leave of the selections it starts from, and of the records.
  struct Around {
    std::optional<Selections> selections;  // nothing: no record
    std::vector<RecordSet> limits;
  };
  [[nodiscard]] RecordSet evaluate_set(const SetExpression& set, const std::string& state, const Around& around);
  [[nodiscard]] std::optional<Selections> start_of(const SetExpression& set, const std::string& state, const Around& around);
  [[nodiscard]] RecordSet possible(const std::optional<Selections>& selections) const;
  // The value of an expression inside another one.
  [[nodiscard]] Value computed(const std::string& source);
  [[nodiscard]] Parsed parse_as_is(const std::string& source);
  [[nodiscard]] std::unique_ptr<Expression> named(const Expression& node, const Labels& labels);
  [[nodiscard]] std::unique_ptr<Expression> selection_value(const Expression& node) const;
  [[nodiscard]] std::optional<Selections> identified(const std::string& identifier, const std::string& state) const;
  void modify(Selections& selections, const SetModifier& modifier);
  // The values of a field for which an expression holds.
  [[nodiscard]] std::vector<char> holding(int field, const std::string& source);

  std::shared_ptr<const DataModel> model_;
  std::shared_ptr<const Library> library_;
  std::map<std::string, Selections> selections_;
  std::map<std::string, std::shared_ptr<const RecordSet>> records_;
  int depth_ = 0;  // of names that stand for expressions with names
};

}  // namespace qonduit::simulator
