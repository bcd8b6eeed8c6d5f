// The turns of a pipeline's foreach: the values of each loop as they are under the pipeline's own selections, every combination of them,
// the app brought into the state of each. One thread; session and state outlive it.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/config/config.hpp"
#include "core/engine/session.hpp"
#include "core/pipeline/app_state.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

// What becomes of a turn. Each answers whether to go on with the next.
struct TurnListeners {
  std::function<bool()> entered;                                                  // the app is in this turn's state
  std::function<bool(const Facts& values, const std::string& why)> nothing_left;  // no row can be left, nothing was entered
  std::function<bool(const Facts& values, const Status& why)> failed;             // its state could not be entered
  std::function<void(const Facts& values)> not_tried = [](const Facts&) {};       // behind the turn that a listener ended the loop at
};

class Foreach {
 public:
  // Finds the values. REQUIRES: the state was entered with an empty turn. invalid_config where there are more turns than foreach-limit.
  static Result<Foreach> find(engine::Session& session, AppState& state, const config::State& wanted, const std::stop_token& stop);

  void run(const TurnListeners& listeners);
  // What is in no turn: values that are excluded, rows without a value.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Value {
    std::string text;  // unique in its loop
    double number = 0;
    std::int64_t element = -1;
    std::string shown;  // as Qlik shows it
    std::string id;     // of a bookmark
  };
  struct Loop {
    const config::LoopTerm* term;
    std::vector<Value> values;
    std::int64_t count = 0;  // of values; those beyond the limit are not kept
  };

  Foreach(engine::Session& session, AppState& state, const config::State& wanted, std::stop_token stop)
      : session_(session), state_(state), wanted_(wanted), stop_(std::move(stop)) {}
  Status find_field(Loop& loop);
  Status find_bookmarks(Loop& loop);
  void find_variable(Loop& loop);
  Status check_count() const;
  // False: stop.
  bool descend(std::size_t level, const LoopTurn& turn, const TurnListeners& listeners);
  bool leave_out(std::size_t level, const LoopTurn& turn, const std::string& why, const TurnListeners& listeners);
  bool enter(const LoopTurn& turn, const TurnListeners& listeners);
  void end_before(std::size_t level, const LoopTurn& turn, const TurnListeners& listeners) const;
  static LoopTurn with(LoopTurn turn, const Loop& loop, const Value& value);

  engine::Session& session_;
  AppState& state_;
  const config::State& wanted_;
  std::stop_token stop_;
  std::vector<Loop> loops_;
  std::vector<std::string> notes_;
};

// "Region=North, Year=2024": different values give different texts.
std::string turn_text(const Facts& values);
// "object 'orders', dataset 'boxplot.box' (Region=North)": whose failure it is.
std::string named_in_errors(const std::string& object_id, const std::string& dataset, const Facts& turn);
// What sinks know a dataset by: its own name and its turn.
std::string delivered_name(const std::string& dataset, const Facts& turn);
// A turn as deliveries are told of it: "Region=North, Year=2024", with what would be mistaken percent-encoded.
std::string turn_text(const Facts& values);

}  // namespace qonduit::pipeline
