// Whether an app has what expressions name. To the engine a name it does not know is no error: a field that is not there is null in every
// row, a set modifier on one selects nothing, a set that is not there is empty, and $(...) of a variable that is not there is nothing. So
// each distinct expression costs two calls, made together: CheckExpression, which does not look into set modifiers, and
// GetFieldsFromExpression; a field that is in the list of fields costs none. Nothing is computed, and nothing is asked twice. Source:
// Doc.CheckExpression, Doc.GetFieldsFromExpression; what the first leaves out was measured on live sites.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/engine/app_lists.hpp"
#include "core/engine/expression_names.hpp"
#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

// Used by one thread. The session outlives it, and may reconnect.
class ExpressionCheck {
 public:
  explicit ExpressionCheck(Session& session) : session_(session) {}

  struct Question {
    std::string expression;                // with = in front, or without
    std::vector<std::string> labels = {};  // of the measures beside it, which it may use by name
    bool field = false;                    // the name of a field and nothing else: no variable or measure stands for one
    bool optional = false;                 // may expand to nothing, as a condition may
    bool doubts = false;                   // told, too, is what may have a value and may have none
  };
  // An answer for each, in their order. Ok: the engine understands it, and every field, variable, measure, bookmark and state in it exists,
  // also in what is computed inside of it: $(=Max(Year)), the searches of sets, variables that hold expressions. invalid_argument: it is no
  // expression. not_found names what is not there, and similar names. Anything else: it could not be checked.
  std::vector<Status> check(const std::vector<Question>& questions);
  Status check(const Question& question) { return std::move(check(std::vector<Question>{question}).front()); }

  // not_found when the app has no alternate state of this name, with what comes near. "$" is the default one.
  Status state(const std::string& name);
  // What variables are set to has changed: they are read again.
  void forget_variables() { variables_.reset(); }
  // Begins to read what every check needs, without waiting for it.
  void begin();

  // The expression of a master measure; read once, together with all others. not_found when there is none of this id.
  Result<std::string> measure(const std::string& library_id);

 private:
  // What the engine said of an expression, whoever asks.
  struct Answer {
    Status status;                      // it is no expression
    std::vector<PlacedName> names;      // that are no fields
    bool nameless = false;              // the engine finds fault with a name, and does not tell where it is
    std::vector<std::string> doubtful;  // names that may be those of derived fields
    std::vector<std::string> sets;      // identifiers of sets
  };
  using Suspects = std::map<std::string, std::vector<PlacedName>>;  // by the key of their answer: fields that no list has

  // What a text names by $(...).
  struct Expanded {
    std::vector<std::string> missing;   // variables that the app has not, as they are told
    std::vector<std::string> computed;  // expressions whose values are put in: of $(=...), and of variables
  };
  enum class Derived { no, known, doubtful };

  [[nodiscard]] std::vector<bool> listed_fields(const std::vector<Question>& questions, const std::vector<std::string>& texts);
  std::vector<Status> check_each(const std::vector<Question>& questions, std::vector<std::vector<std::string>>& inner);
  Status find_computed(const Question& question, const std::string& text, std::vector<std::string>& computed);
  std::vector<Status> expand(std::vector<std::string>& texts);
  std::vector<Status> learn(const std::vector<std::pair<std::string, std::vector<std::string>>>& asked,
                            const std::vector<std::string>& keys);
  Result<std::vector<Expanded>> follow_variables(const std::vector<std::string>& texts);
  [[nodiscard]] std::vector<std::string> variable_names() const;
  Status ask_for(const char* method, std::vector<std::string> names, std::map<std::string, bool>& known);
  Status keep_unknown(Suspects& suspects);
  Status judge_names(const Question& question, const std::vector<PlacedName>& names, std::vector<std::string>& problems);
  [[nodiscard]] const MasterItem* measure_called(const std::string& name) const;
  Status load_names();
  Status load_variables();
  Status load_sets();
  [[nodiscard]] Derived derived(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> near_fields(const std::string& name) const;
  // missing: the variables in $(...) that the app has not, as they are told.
  Status judge(const Question& question, const Answer& answer, const std::vector<std::string>& missing);

  Session& session_;
  std::map<std::string, Answer> answers_;
  std::map<std::string, bool> is_field_;     // fields that no list has
  std::map<std::string, bool> is_variable_;  // variables that no list has
  std::optional<std::set<std::string>> fields_;
  std::map<std::string, std::vector<std::string>> derived_;  // fields, by the field they are made of
  std::vector<std::string> visible_;                         // of them, for near misses
  std::optional<std::vector<MasterItem>> measures_;
  std::optional<std::vector<ListedVariable>> variables_;
  std::optional<std::vector<std::string>> sets_;  // bookmarks and alternate states
};

}  // namespace qonduit::engine
