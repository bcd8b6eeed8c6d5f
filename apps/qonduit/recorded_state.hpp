// What a pipeline selects, sets and loops over, written for its recording: names as the recording has them, and each value that was meant
// in place of searches, ranges and comparisons, whose scrambled text would mean nothing. Used by one thread; what it is made of outlives
// it.
#pragma once

#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/recording/json_scrambler.hpp"
#include "core/recording/recorder.hpp"

namespace qonduit::app {

class RecordedState {
 public:
  RecordedState(const config::State& state, const recording::Recorder& recorder, const recording::JsonScrambler& scrambler)
      : state_(state), recorder_(recorder), scrambler_(scrambler) {}

  // Behind the = of select.FIELD.
  [[nodiscard]] std::string values(const std::vector<config::ValuePattern>& patterns, const config::FieldName& field) const;
  // "FIELD" or FIELD@STATE.
  [[nodiscard]] std::string field(const config::FieldName& field) const;
  // An item of selection-columns.
  [[nodiscard]] std::string column(const std::string& written) const;
  // The name of an alternate state.
  [[nodiscard]] std::string state(const std::string& name) const;
  // Behind the = of variable.NAME.
  [[nodiscard]] std::string variable(const config::VariableValue& value) const;
  // bookmarks: the titles of the turns.
  [[nodiscard]] std::string loops(const std::vector<std::string>& bookmarks) const;

  // The fields whose values it needs to know.
  static std::vector<std::string> fields_of(const config::State& state);

 private:
  [[nodiscard]] std::string loop(const config::LoopTerm& term, const std::vector<std::string>& bookmarks) const;
  [[nodiscard]] std::string bookmarks(const config::LoopTerm& term, const std::vector<std::string>& bookmarks) const;

  const config::State& state_;
  const recording::Recorder& recorder_;
  const recording::JsonScrambler& scrambler_;
};

}  // namespace qonduit::app
