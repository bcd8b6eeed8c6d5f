// One field's selection: what was asked is looked up among the field's values, selected by element number, and read back. What the engine
// does not find, or does not select, is a problem in words; whether that fails the run is the caller's to decide. One thread.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "core/config/selection.hpp"
#include "core/engine/field_list.hpp"
#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

class FieldSelection {
 public:
  // Looks up and selects. `only_possible`: where other selections exclude every value asked for, nothing is selected: Qlik would drop the
  // other selections instead. The selection is one of the caller's, and outlives this.
  static Result<FieldSelection> make(engine::Session& session, const config::Selection& selection, bool only_possible,
                                     const std::stop_token& stop);
  // Compares what is selected now. After every field is selected: a later selection can undo an earlier one. look: the replies to what
  // look() says, which may be asked together with other things.
  [[nodiscard]] std::vector<engine::Call> look() const { return list_.look(); }
  Status read_back(std::vector<engine::Reply> look);

  [[nodiscard]] const config::Selection& asked() const { return *asked_; }
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  // Nothing was found to select: going on would read the field unfiltered.
  [[nodiscard]] bool nothing_found() const { return wanted_.empty(); }
  [[nodiscard]] bool excluded() const { return excluded_; }
  // After read_back: the values selected, as a list; many of them as they were asked for and how many they are.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::int64_t selected() const { return selected_; }
  [[nodiscard]] std::int64_t possible() const { return possible_; }

 private:
  FieldSelection(engine::FieldList list, const config::Selection& asked) : list_(std::move(list)), asked_(&asked) {}
  Status look_up(bool only_possible);
  Status explain(const std::vector<const config::ValuePattern*>& unmatched);

  engine::FieldList list_;
  const config::Selection* asked_;
  std::vector<std::int64_t> wanted_;  // elements, ascending
  std::vector<std::string> problems_;
  bool excluded_ = false;
  std::string text_;
  std::int64_t selected_ = 0;
  std::int64_t possible_ = 0;
};

// a, "b, c": values as a list that reads back as these texts.
std::string joined_values(const std::vector<std::string>& values);

}  // namespace qonduit::pipeline
