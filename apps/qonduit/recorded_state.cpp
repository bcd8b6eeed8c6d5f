#include "apps/qonduit/recorded_state.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/pipeline/value_match.hpp"
#include "qonduit/list.hpp"

namespace qonduit::app {
namespace {

using config::LoopTerm;
using config::ValuePattern;

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

}  // namespace

std::vector<std::string> RecordedState::fields_of(const config::State& state) {
  std::vector<std::string> fields;
  for (const auto& selection : state.selections) fields.push_back(selection.name.field);
  for (const auto& term : state.foreach) {
    if (term.over == LoopTerm::Over::field) fields.push_back(term.field.field);
  }
  return fields;
}

std::string RecordedState::values(const std::vector<ValuePattern>& patterns, const config::FieldName& field) const {
  const auto listed = recorder_.values_of(field.field, field.state.empty() ? state_.alternate_state : field.state);
  std::vector<std::string> items;
  std::set<std::string> known;
  const auto add = [&](const ValuePattern& pattern, const std::string& text) {
    auto item = (pattern.exclude ? "!" : "") + in_quotes(text);
    if (known.insert(item).second) items.push_back(std::move(item));
  };
  for (const auto& pattern : patterns) {
    std::vector<ValuePattern> alone{pattern};
    alone.front().exclude = false;
    pipeline::ValueMatch match(alone);
    for (const auto& value : listed) match.see({value.text, value.number, value.element});
    const auto elements = match.elements();
    // What fits no value fits none of the recording either.
    if (elements.empty()) add(pattern, scrambler_.value(pattern.text));
    for (const auto& value : listed) {
      if (std::binary_search(elements.begin(), elements.end(), value.element)) add(pattern, scrambler_.value(value.text, value.number));
    }
  }
  return joined(items);
}

std::string RecordedState::field(const config::FieldName& field) const {
  const auto name = scrambler_.name(field.field);
  // In quotes a name has no state, and is selected in the pipeline's.
  if (field.state.empty() || field.state == state_.alternate_state) return in_quotes(name);
  return name + "@" + state(field.state);
}

std::string RecordedState::column(const std::string& written) const {
  const auto field = config::parse_field(written);
  return list_item(scrambler_.name(field.field) + (field.state.empty() ? "" : "@" + state(field.state)));
}

std::string RecordedState::state(const std::string& name) const { return name == "$" ? name : scrambler_.name(name); }

std::string RecordedState::variable(const config::VariableValue& value) const {
  if (std::isnan(value.number)) return in_quotes(scrambler_.value(value.text));
  const auto made = scrambler_.params("SetNumValue", "[" + value.text + "]");
  return made ? made->substr(1, made->size() - 2) : std::string();
}

std::string RecordedState::bookmarks(const LoopTerm& term, const std::vector<std::string>& bookmarks) const {
  std::vector<std::string> items;
  for (const auto& glob : term.globs) {
    const bool told = glob.is_glob() && (scrambler_.what() != recording::Scramble::names || glob.text == "*");
    if (told) {
      items.push_back(glob.text);
    } else if (!glob.is_glob()) {
      items.push_back(in_quotes(scrambler_.name(glob.text)));
    } else {
      for (const auto& title : bookmarks) {
        if (glob.matches(title)) items.push_back(in_quotes(scrambler_.name(title)));
      }
    }
  }
  return "bookmark(" + joined(items) + ")";
}

std::string RecordedState::loop(const LoopTerm& term, const std::vector<std::string>& bookmark_titles) const {
  switch (term.over) {
    case LoopTerm::Over::bookmark: return bookmarks(term, bookmark_titles);
    case LoopTerm::Over::field: {
      return "field(" + field(term.field) + (term.only.empty() ? "" : "; only: " + values(term.only, term.field)) + ")";
    }
    case LoopTerm::Over::variable: break;
  }
  // Two values that became one would be refused.
  std::vector<std::string> items;
  std::set<std::string> known;
  for (const auto& value : term.values) {
    auto item = variable(value);
    std::string plain;
    if (unquote(item, plain) && known.insert(plain).second) items.push_back(std::move(item));
  }
  return "variable(" + in_quotes(scrambler_.name(term.variable)) + "; " + joined(items) + ")";
}

std::string RecordedState::loops(const std::vector<std::string>& bookmarks) const {
  std::string text;
  for (const auto& term : state_.foreach) text += (text.empty() ? "" : " x ") + loop(term, bookmarks);
  return text;
}

}  // namespace qonduit::app
