#include "core/pipeline/foreach.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/config/selector.hpp"
#include "core/engine/near_names.hpp"
#include "core/pipeline/value_match.hpp"
#include "core/pipeline/variables.hpp"
#include "qonduit/text.hpp"

namespace qonduit::pipeline {
namespace {

using Over = config::LoopTerm::Over;

constexpr std::size_t kNamed = 5;  // values written out in a note

std::string escaped(const std::string& text, std::string_view reserved) {
  std::string made;
  for (const char c : text) {
    if (reserved.find(c) == std::string_view::npos)
      made += c;
    else
      append_percent(c, made);
  }
  return made;
}

}  // namespace

std::string turn_text(const Facts& values) {
  std::string text;
  for (const auto& [name, value] : values) text += (text.empty() ? "" : ", ") + escaped(name, "%,=") + "=" + escaped(value, "%,");
  return text;
}

std::string named_in_errors(const std::string& object_id, const std::string& dataset, const Facts& turn) {
  return "object '" + object_id + "'" + (dataset.empty() ? "" : ", dataset '" + dataset + "'") +
         (turn.empty() ? "" : " (" + turn_text(turn) + ")");
}

std::string delivered_name(const std::string& dataset, const Facts& turn) {
  const auto text = turn_text(turn);
  return dataset + (dataset.empty() || text.empty() ? "" : ", ") + text;
}

Result<Foreach> Foreach::find(engine::Session& session, AppState& state, const config::State& wanted, const std::stop_token& stop) {
  Foreach made(session, state, wanted, stop);
  for (const auto& term : wanted.foreach) {
    Loop loop{&term, {}, 0};
    Status status;
    switch (term.over) {
      case Over::field: status = made.find_field(loop); break;
      case Over::bookmark: status = made.find_bookmarks(loop); break;
      case Over::variable: made.find_variable(loop); break;
    }
    if (!status.ok()) return std::move(status).within("foreach");
    made.loops_.push_back(std::move(loop));
  }
  if (auto status = made.check_count(); !status.ok()) return status;
  return made;
}

Status Foreach::check_count() const {
  double turns = 1;
  std::string factors;
  for (const auto& loop : loops_) {
    turns *= static_cast<double>(loop.count);
    factors += (factors.empty() ? "" : " x ") + std::to_string(loop.count) + " of " + loop.term->name();
  }
  if (turns <= wanted_.foreach_limit) return {};
  return {Code::invalid_config, "foreach: " + factors +
                                    " are more deliveries than foreach-limit = " + std::to_string(wanted_.foreach_limit) +
                                    " allows; raise it, or narrow the loop: field(NAME; only: ...)"};
}

Status Foreach::find_field(Loop& loop) {
  const auto& term = *loop.term;
  const auto name = term.field.text();
  auto list = engine::FieldList::open(session_, term.field.field, term.field.state, stop_);
  if (!list) return std::move(list).error();
  // What `only` names is looked up among all values, so that a name that is misspelt is told from one that the selections exclude.
  ValueMatch match(term.only);
  if (!term.only.empty()) {
    if (auto read = list->read([&](const auto& value) { match.see(value); }); !read) return std::move(read).error().within(name);
    for (const auto* pattern : match.unmatched()) {
      const auto what = "only: no value of " + name + " fits '" + pattern->written + "'";
      if (wanted_.on_mismatch == config::OnMismatch::fail) return {Code::not_found, what};
      notes_.push_back("foreach: " + what);
    }
  }
  const auto only = match.elements();
  std::map<std::string, int> seen;
  std::vector<std::string> excluded;
  std::int64_t excluded_count = 0;
  const auto read = list->read([&](const engine::FieldValue& value) {
    if (!term.only.empty() && !std::binary_search(only.begin(), only.end(), value.element)) return;
    if (!value.possible) {
      if (excluded.size() < kNamed) excluded.emplace_back(value.text);
      ++excluded_count;
      return;
    }
    ++loop.count;
    if (loop.count > wanted_.foreach_limit) return;
    ++seen[std::string(value.text)];
    loop.values.push_back({std::string(value.text), value.number, value.element, std::string(value.text), {}});
  });
  if (!read) return read.error().within(name);
  // Dates shown as months, say: one text for several values.
  for (auto& value : loop.values) {
    if (seen[value.shown] > 1) value.text += " (" + number_text(value.number) + ")";
  }
  if (excluded_count > 0) {
    notes_.push_back("foreach: " + std::to_string(excluded_count) + " values of " + name + " are excluded by the selections: " +
                     joined_values(excluded) + (static_cast<std::size_t>(excluded_count) > excluded.size() ? " and others" : ""));
  }
  if (loop.count == 0) notes_.push_back("foreach: no value of " + name + " is left by the selections: nothing is delivered");
  notes_.push_back("foreach: rows where " + name + " is null are in none of its deliveries");
  return {};
}

Status Foreach::find_bookmarks(Loop& loop) {
  const auto known = list_bookmarks(session_, stop_);
  if (!known) return known.error();
  std::vector<std::string> names;
  std::map<std::string, int> titles;
  for (const auto& bookmark : *known) names.push_back(bookmark.name()), ++titles[bookmark.name()];
  std::unordered_set<std::string> taken;
  for (const auto& glob : loop.term->globs) {
    bool matched = false;
    for (const auto& bookmark : *known) {
      if (!glob.matches(bookmark.id) && !glob.matches(bookmark.title)) continue;
      matched = true;
      if (!taken.insert(bookmark.id).second) continue;
      const auto text = titles[bookmark.name()] > 1 ? bookmark.name() + " (" + bookmark.id + ")" : bookmark.name();
      loop.values.push_back({text, 0, -1, text, bookmark.id});
    }
    if (!matched) return {Code::not_found, "no bookmark is called '" + glob.text + "'" + engine::near_names(glob.text, names)};
  }
  loop.count = static_cast<std::int64_t>(loop.values.size());
  return {};
}

void Foreach::find_variable(Loop& loop) {
  for (const auto& value : loop.term->values) loop.values.push_back({value.text, value.number, -1, value.text, {}});
  loop.count = static_cast<std::int64_t>(loop.values.size());
}

LoopTurn Foreach::with(LoopTurn turn, const Loop& loop, const Value& value) {
  const auto& term = *loop.term;
  turn.values.emplace_back(term.name(), value.text);
  switch (term.over) {
    case Over::field: {
      config::ValuePattern pattern;
      pattern.kind = config::Wanted::dual;
      pattern.text = pattern.written = value.shown;
      pattern.numbers = {value.number, value.number, true, true};
      turn.selections.push_back({term.field, {std::move(pattern)}, value.text});
      break;
    }
    case Over::bookmark: turn.bookmark = value.id; break;
    case Over::variable: turn.variables.push_back({term.variable, value.shown, value.number}); break;
  }
  return turn;
}

void Foreach::run(const TurnListeners& listeners) { static_cast<void>(descend(0, {}, listeners)); }

bool Foreach::descend(std::size_t level, const LoopTurn& turn, const TurnListeners& listeners) {
  if (level == loops_.size()) return enter(turn, listeners);
  const auto& loop = loops_[level];
  std::unordered_set<std::int64_t> possible;
  // Which values an outer turn leaves is asked once, not found out turn by turn.
  const bool narrowed = level > 0 && loop.term->over == Over::field;
  if (narrowed) {
    if (auto status = state_.enter(turn, stop_); !status.ok()) return listeners.failed(turn.values, status);
    if (!state_.skipped().empty()) return leave_out(level, turn, state_.skipped(), listeners);
    if (!state_.nothing_left().empty()) return leave_out(level, turn, state_.nothing_left(), listeners);
    auto list = engine::FieldList::open(session_, loop.term->field.field, loop.term->field.state, stop_);
    const auto read = list ? list->read([&](const auto& value) {
                                   if (value.possible) possible.insert(value.element);
                                 })
                                 .status()
                           : list.error();
    if (!read.ok()) return listeners.failed(turn.values, read);
  }
  for (auto value = loop.values.begin(); value != loop.values.end(); ++value) {
    const auto next = with(turn, loop, *value);
    const bool empty = narrowed && !possible.contains(value->element);
    const auto why = loop.term->name() + " = " + value->text + " has no rows with " + turn_text(turn.values);
    if (empty ? leave_out(level + 1, next, why, listeners) : descend(level + 1, next, listeners)) continue;
    while (++value != loop.values.end()) end_before(level + 1, with(turn, loop, *value), listeners);
    return false;
  }
  return true;
}

// Every turn below this one was not tried.
void Foreach::end_before(std::size_t level, const LoopTurn& turn, const TurnListeners& listeners) const {
  if (level == loops_.size()) return listeners.not_tried(turn.values);
  for (const auto& value : loops_[level].values) end_before(level + 1, with(turn, loops_[level], value), listeners);
}

// Every turn below this one, each reported.
bool Foreach::leave_out(std::size_t level, const LoopTurn& turn, const std::string& why, const TurnListeners& listeners) {
  if (level == loops_.size()) return listeners.nothing_left(turn.values, why);
  for (const auto& value : loops_[level].values) {
    if (!leave_out(level + 1, with(turn, loops_[level], value), why, listeners)) return false;
  }
  return true;
}

bool Foreach::enter(const LoopTurn& turn, const TurnListeners& listeners) {
  if (stop_.stop_requested()) return listeners.failed(turn.values, {Code::cancelled, "stopped"});
  if (auto status = state_.enter(turn, stop_); !status.ok()) return listeners.failed(turn.values, status);
  if (!state_.skipped().empty()) return listeners.nothing_left(turn.values, state_.skipped());
  if (!state_.nothing_left().empty()) return listeners.nothing_left(turn.values, state_.nothing_left());
  return listeners.entered();
}

}  // namespace qonduit::pipeline
