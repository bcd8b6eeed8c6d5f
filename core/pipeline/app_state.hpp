// The state a pipeline reads an app in: cleared, a bookmark applied, variables set, selections made, each read back and compared. Whatever
// it says is in force was seen to be in force, in this session, for the app as it was loaded then. It registers itself with
// the session, which is not read from after a reconnect before the state is the same again, and whose watch compares what is selected
// each time it looks at the app: nothing is proven that was read in another state. One thread; the session outlives it.
#pragma once

#include <Poco/JSON/Array.h>

#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/config/config.hpp"
#include "core/engine/session.hpp"
#include "core/pipeline/bookmarks.hpp"
#include "core/pipeline/field_selection.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

using Facts = std::vector<std::pair<std::string, std::string>>;

// What a turn of a loop sets beside what the pipeline always sets.
struct LoopTurn {
  Facts values;  // name and value of each loop, outermost first
  std::vector<config::Selection> selections;
  std::vector<config::VariableValue> variables;
  std::string bookmark;  // an id
};

class AppState {
 public:
  AppState(engine::Session& session, const config::State& wanted);
  AppState(const AppState&) = delete;
  AppState& operator=(const AppState&) = delete;
  ~AppState();

  // Brings the app into the state of this turn. A lost connection is renewed. When it fails nothing may be read before it succeeded.
  Status enter(LoopTurn turn, const std::stop_token& stop);
  // Again, where it is not, or may not be, in force any more.
  Status renew(const std::stop_token& stop);
  // Whether it is in force for the app as it was loaded then; a reload can take selected values away.
  bool holds_for(const std::string& reload_time);

  [[nodiscard]] const LoopTurn& turn() const { return turn_; }
  // How often it was brought into force.
  [[nodiscard]] int entries() const { return entries_; }
  // "select.Region" and "North, South", "bookmark" and its title, "variable.vTop" and "3".
  [[nodiscard]] const Facts& in_force() const { return in_force_; }
  // Every delivery says these: what could not be selected, what the app selects by itself.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  // Why no row can be left: selections that exclude each other. Empty: there may be some.
  [[nodiscard]] const std::string& nothing_left() const { return nothing_left_; }
  // Why nothing is delivered, by on-filter-mismatch = skip. Empty: deliver.
  [[nodiscard]] const std::string& skipped() const { return skipped_; }
  // Of the fields of selection-columns: name and what is selected; no value where nothing is. states: those the data is in; empty: the
  // pipeline's own. A field that names no state is looked up there; invalid_config where they differ in it.
  [[nodiscard]] Result<Facts> selection_columns(const std::vector<std::string>& states) const;
  // Whether anything is selected in this state ("" and "$": the default one), or nothing is anywhere.
  [[nodiscard]] bool reaches(const std::string& state) const;
  // Why data in one of these states would be delivered unfiltered. Empty: the selections reach all of them.
  [[nodiscard]] std::string unfiltered(const std::vector<std::string>& states) const;

 private:
  struct Selected {  // a line of Qlik's own list of selections
    std::string field, text;
    double count = 0;
    double possible = 0;
    bool always_one = false;
  };
  using Selections = std::map<std::string, std::string>;  // by state: Qlik's own list, as it was read back
  Status apply(const std::stop_token& stop);
  Result<std::string> begin(const std::stop_token& stop);  // answers the reload time
  [[nodiscard]] std::vector<engine::Call> clearing(const std::vector<std::string>& states) const;
  Status use_bookmark(const std::stop_token& stop);
  Status use_variables(const std::stop_token& stop);
  Status use_selections(const std::stop_token& stop);
  Result<Selections> read_back(const std::string& reload_time, const std::stop_token& stop);
  void compare(const std::string& state, const std::vector<Selected>& seen);
  Status open_lists(const std::stop_token& stop);
  [[nodiscard]] bool in_force_still() const { return entered_ && !entered_->changed; }
  [[nodiscard]] engine::AppWatch::Companion look() const;
  Status judge();
  void forget();
  [[nodiscard]] std::string selected_in(const config::FieldName& name) const;
  const FieldSelection* made(const std::string& field, const std::string& state) const;

  engine::Session& session_;
  const config::State& wanted_;
  LoopTurn turn_;
  int entries_ = 0;
  bool checked_columns_ = false;

  std::vector<std::string> states_;  // of the app, the default one first
  std::map<std::string, engine::Handle> lists_;
  // What was selected when the state was entered, and whether that was seen to be otherwise since. Looks that are under way have it, too.
  struct Entered {
    Selections selections;
    bool changed = false;
  };
  std::shared_ptr<Entered> entered_;  // null: it is not in force
  std::vector<FieldSelection> made_;
  std::vector<BookmarkField> bookmarked_;
  bool has_bookmark_ = false;

  std::string reload_time_;
  Facts in_force_;
  std::vector<std::string> notes_;
  std::vector<std::string> problems_;
  bool unfiltered_ = false;  // a field in which nothing was found to select
  std::string nothing_left_;
  std::string skipped_;
};

}  // namespace qonduit::pipeline
