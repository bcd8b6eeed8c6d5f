#include "core/pipeline/app_state.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>

#include "core/engine/asked_again.hpp"
#include "core/engine/near_names.hpp"
#include "core/logging/logging.hpp"
#include "core/pipeline/variables.hpp"
#include "qonduit/json_text.hpp"

namespace qonduit::pipeline {
namespace {

using engine::array_in;
using engine::number_in;
using engine::object_in;
using engine::text_in;
using Poco::JSON::Array;
using Poco::JSON::Object;

constexpr const char* kDefault = "$";
constexpr int kEntries = 3;  // of the state, when the app is reloaded meanwhile

std::string joined(const std::vector<std::string>& texts, const char* with) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : with) + text;
  return all;
}

// The names a selection lists, else the engine's summary: "12 of 30".
std::string selected_text(const Object::Ptr& item) {
  std::vector<std::string> names;
  engine::each(array_in(item, "qSelectedFieldSelectionInfo"), [&](const Object::Ptr& info) { names.push_back(text_in(info, "qName")); });
  return names.size() == static_cast<std::size_t>(number_in(item, "qSelectedCount")) ? joined_values(names) : text_in(item, "qSelected");
}

Result<Array::Ptr> selections_of(const Object::Ptr& reply) {
  auto items = array_in(object_in(object_in(reply, "qLayout"), "qSelectionObject"), "qSelections");
  if (items.isNull())
    return Status(Code::bad_data, "the engine does not tell what is selected: the layout of its list of selections has no qSelections");
  return items;
}

// The default one first.
std::vector<std::string> states_of(const engine::AppInfo& app) {
  std::vector<std::string> states{kDefault};
  std::copy_if(app.states.begin(), app.states.end(), std::back_inserter(states), [](const auto& state) { return state != kDefault; });
  return states;
}

Status all_ok(const std::vector<engine::Reply>& replies) {
  for (const auto& reply : replies) {
    if (!reply.ok()) return reply.status;
  }
  return {};
}

std::string text_of(const Array::Ptr& items) {
  std::ostringstream text;
  items->stringify(text);
  return text.str();
}

}  // namespace

AppState::AppState(engine::Session& session, const config::State& wanted) : session_(session), wanted_(wanted) {
  session_.restore_with([this](const std::stop_token& stop) {
    auto status = apply(stop);
    return status.ok() && !skipped_.empty() ? Status(Code::not_found, skipped_) : status;
  });
  session_.watch().accompany([this] { return look(); });
}

AppState::~AppState() {
  session_.watch().accompany({});
  session_.restore_with({});
}

Status AppState::enter(LoopTurn turn, const std::stop_token& stop) {
  made_.clear();  // they point into the turn
  turn_ = std::move(turn);
  entered_.reset();
  Status status;
  for (int attempt = 0; attempt < kEntries; ++attempt) {
    status = session_.health().ok() ? apply(stop) : session_.reconnect(stop);
    if (status.ok() || !retryable(status.code())) break;
    logging::log(logging::Level::warn, "makes the selections again", {{"error", status.message()}});
  }
  return status;
}

Status AppState::renew(const std::stop_token& stop) {
  if (in_force_still() && session_.health().ok()) return {};
  if (auto status = enter(turn_, stop); !status.ok()) return status;
  return skipped_.empty() ? Status() : Status(Code::not_found, skipped_);
}

Status AppState::apply(const std::stop_token& stop) {
  ++entries_;
  forget();
  const auto reload_time = begin(stop);
  if (!reload_time) return reload_time.error();
  auto status = use_bookmark(stop);
  if (status.ok()) status = use_variables(stop);
  if (status.ok()) status = use_selections(stop);
  if (!status.ok()) return status;
  auto selections = read_back(*reload_time, stop);
  if (!selections) return std::move(selections).error();
  reload_time_ = *reload_time;
  status = judge();
  if (status.ok()) entered_ = std::make_shared<Entered>(Entered{std::move(*selections)});
  return status;
}

void AppState::forget() {
  made_.clear();
  bookmarked_.clear();
  has_bookmark_ = false;
  entered_.reset();
  in_force_.clear();
  notes_.clear();
  problems_.clear();
  unfiltered_ = false;
  nothing_left_.clear();
  skipped_.clear();
}

// The app as it is, and nothing selected in it. Which states it has is known from the last look at it: those that are new are cleared then.
Result<std::string> AppState::begin(const std::stop_token& stop) {
  const auto known = states_of(session_.app());
  auto calls = wanted_.clear ? clearing(known) : std::vector<engine::Call>();
  calls.insert(calls.begin(), {session_.doc(), "GetAppLayout", "[]", {}});
  const auto replies = engine::ask_all(session_, stop, calls);
  auto app = engine::read_app_info(replies.front());
  if (!app) return std::move(app).error();
  session_.watch().learn(std::move(*app));
  states_ = states_of(session_.app());
  auto cleared = all_ok(replies);
  if (states_ != known && wanted_.clear) cleared = all_ok(engine::ask_all(session_, stop, clearing(states_)));
  if (!cleared.ok()) return std::move(cleared).within("cannot clear the selections");
  std::set<std::string> used{wanted_.alternate_state};
  for (const auto& selection : wanted_.selections) used.insert(selection.name.state);
  for (const auto& selection : turn_.selections) used.insert(selection.name.state);
  for (const auto& state : used) {
    if (std::find(states_.begin(), states_.end(), state) != states_.end()) continue;
    return Status(Code::not_found, "the app has no alternate state '" + state + "'" + engine::near_names(state, states_));
  }
  for (const auto& column : wanted_.selection_columns) {
    if (checked_columns_) break;
    const auto field = config::parse_field(column).field;
    if (auto list = engine::FieldList::open(session_, field, kDefault, stop); !list) {
      return std::move(list).error().within("selection-columns");
    }
  }
  checked_columns_ = true;
  return session_.app().reload_time;
}

// Locked selections too: this session is nobody else's.
std::vector<engine::Call> AppState::clearing(const std::vector<std::string>& states) const {
  std::vector<engine::Call> calls;
  for (const auto& state : states) calls.push_back({session_.doc(), "ClearAll", "[true," + json_string(state) + "]", {}});
  return calls;
}

Status AppState::use_bookmark(const std::stop_token& stop) {
  const auto& name = turn_.bookmark.empty() ? wanted_.bookmark : turn_.bookmark;
  if (name.empty()) return {};
  const auto known = list_bookmarks(session_, stop);
  if (!known) return known.error();
  const auto bookmark = find_bookmark(*known, name);
  if (!bookmark) return bookmark.error();
  auto fields = apply_bookmark(session_, *bookmark, stop);
  if (!fields) return std::move(fields).error();
  bookmarked_ = std::move(*fields);
  has_bookmark_ = true;
  in_force_.emplace_back("bookmark", bookmark->name());
  if (bookmarked_.empty()) notes_.push_back("what the bookmark '" + bookmark->name() + "' holds is not told by the engine: not compared");
  return {};
}

Status AppState::use_variables(const std::stop_token& stop) {
  auto variables = wanted_.variables;
  variables.insert(variables.end(), turn_.variables.begin(), turn_.variables.end());
  for (const auto& variable : variables) {
    const auto reading = set_variable(session_, variable, stop);
    if (!reading) return reading.error();
    if (!reading->problem.empty()) problems_.push_back("variable." + variable.name + ": " + reading->problem);
    in_force_.emplace_back("variable." + variable.name, reading->text);
  }
  return {};
}

Status AppState::use_selections(const std::stop_token& stop) {
  const auto use = [&](const config::Selection& selection, bool only_possible) -> Status {
    auto made = FieldSelection::make(session_, selection, only_possible, stop);
    if (!made) return std::move(made).error();
    if (made->excluded()) nothing_left_ = selection.name.text() + " = " + selection.written + " is excluded by the other selections";
    unfiltered_ = unfiltered_ || made->nothing_found();
    made_.push_back(std::move(*made));
    return {};
  };
  for (const auto& selection : wanted_.selections) {
    const auto loops = [&](const auto& turn) { return turn.name.field == selection.name.field && turn.name.state == selection.name.state; };
    // The turn's value is one of these: it takes their place.
    if (std::any_of(turn_.selections.begin(), turn_.selections.end(), loops)) continue;
    if (auto status = use(selection, false); !status.ok()) return status;
  }
  for (const auto& selection : turn_.selections) {
    if (auto status = use(selection, true); !status.ok()) return status;
    if (!nothing_left_.empty()) return {};
  }
  return {};
}

// All of it at once. Where no row can be left only the app is looked at: nothing will be read.
Result<AppState::Selections> AppState::read_back(const std::string& reload_time, const std::stop_token& stop) {
  const bool whole = nothing_left_.empty();
  if (auto status = whole ? open_lists(stop) : Status(); !status.ok()) return std::move(status).within("cannot read the selections back");
  std::vector<engine::Call> calls{{session_.doc(), "GetAppLayout", "[]", {}}};
  for (std::size_t i = 0; whole && i < made_.size(); ++i) {
    for (auto& call : made_[i].look()) calls.push_back(std::move(call));
  }
  for (std::size_t i = 0; whole && i < states_.size(); ++i) calls.push_back({lists_.at(states_[i]).number(), "GetLayout", "[]", {}});
  auto replies = engine::ask_all(session_, stop, calls);
  auto reply = replies.begin();
  auto app = engine::read_app_info(*reply++);
  if (!app) return std::move(app).error();
  session_.watch().learn(std::move(*app));
  // Element numbers are those of one load of the app.
  if (session_.app().reload_time != reload_time) return Status(Code::unavailable, "the app was reloaded while selections were made");
  if (!whole) return Selections();
  for (auto& selection : made_) {
    const auto end = reply + static_cast<std::ptrdiff_t>(selection.look().size());
    if (auto status = selection.read_back({std::make_move_iterator(reply), std::make_move_iterator(end)}); !status.ok()) return status;
    for (const auto& problem : selection.problems()) problems_.push_back("select." + selection.asked().name.text() + ": " + problem);
    reply = end;
  }
  Selections selections;
  for (const auto& state : states_) {
    const auto layout = engine::parse_reply(*reply++);
    const auto items = layout ? selections_of(*layout) : layout.error();
    if (!items) return items.error().within("cannot read the selections back");
    selections[state] = text_of(*items);
    std::vector<Selected> seen;
    engine::each(*items, [&](const Object::Ptr& item) {
      const auto counts = object_in(item, "qStateCounts");
      const auto count = number_in(item, "qSelectedCount");
      const auto possible = counts.isNull() ? count : number_in(counts, "qSelected") + number_in(counts, "qLocked");
      seen.push_back({text_in(item, "qField"), selected_text(item), count, possible, engine::flag_in(item, "qOneAndOnlyOne")});
    });
    compare(state, seen);
  }
  return selections;
}

// Qlik's own list of selections, of each state; they stay from turn to turn.
Status AppState::open_lists(const std::stop_token& stop) {
  const auto properties = [](const std::string& state) {
    return R"({"qInfo":{"qType":"CurrentSelections"},"qSelectionObjectDef":{"qStateName":)" + json_string(state) + "}}";
  };
  std::vector<std::pair<std::string, engine::PendingHandle>> begun;
  for (const auto& state : states_) {
    const auto& list = lists_[state];
    if (!list || list.state() != engine::HandleState::valid) begun.emplace_back(state, session_.begin_session_object(properties(state)));
  }
  for (auto& [state, pending] : begun) {
    auto object = pending.take();
    if (!object && retryable(object.error().code()))
      object = engine::asked_again(session_, stop, [&, &name = state] { return session_.create_session_object(properties(name)); });
    if (!object) return std::move(object).error();
    lists_[state] = std::move(*object);
  }
  return {};
}

// For the session's watch: all lists of selections at once.
engine::AppWatch::Companion AppState::look() const {
  engine::AppWatch::Companion look;
  if (!entered_) {
    look.judge = [](const auto&) { return Status(Code::unavailable, "the selections are being made"); };
    return look;
  }
  for (const auto& [state, selections] : entered_->selections) {
    const auto& list = lists_.at(state);
    if (list.state() != engine::HandleState::valid) entered_->changed = true;
    look.calls.push_back({list.number(), "GetLayout", "[]", {}});
  }
  if (entered_->changed) {
    look.calls.clear();
    look.judge = [](const auto&) { return Status(Code::inconsistent, "what is selected is not known any more"); };
    return look;
  }
  look.judge = [entered = entered_](const std::vector<engine::Reply>& replies) {
    auto before = entered->selections.begin();
    for (const auto& reply : replies) {
      const auto layout = engine::parse_reply(reply);
      const auto items = layout ? selections_of(*layout) : layout.error();
      if (!items) return items.error().within("cannot read the selections back");
      if (text_of(*items) == (before++)->second) continue;
      entered->changed = true;
      return Status(Code::inconsistent, "the selections changed while it was read");
    }
    return Status();
  };
  return look;
}

const FieldSelection* AppState::made(const std::string& field, const std::string& state) const {
  const auto found = std::find_if(made_.begin(), made_.end(), [&](const FieldSelection& selection) {
    return selection.asked().name.field == field && selection.asked().name.state == state;
  });
  return found == made_.end() ? nullptr : &*found;
}

// Qlik's own list against what was asked: nothing else is selected, and all of the bookmark is.
void AppState::compare(const std::string& state, const std::vector<Selected>& seen) {
  for (const auto& line : seen) {
    const config::FieldName name{line.field, state};
    const auto* own = made(line.field, state);
    if (own == nullptr && line.always_one) {
      notes_.push_back(name.text() + " = " + line.text + " is selected too: the app always keeps one value of this field selected");
    } else if (own == nullptr && wanted_.clear && !has_bookmark_) {
      problems_.push_back(name.text() + " = " + line.text + " is selected, though nobody asked for it");
    }
    if (line.possible == 0 && nothing_left_.empty())
      nothing_left_ = name.text() + " = " + (own == nullptr ? line.text : own->text()) + " is excluded by the other selections";
    in_force_.emplace_back("select." + name.text(), own == nullptr ? line.text : own->text());
  }
  for (const auto& field : bookmarked_) {
    if (field.state != state || made(field.field, state) != nullptr) continue;
    const auto found = std::find_if(seen.begin(), seen.end(), [&](const auto& line) { return line.field == field.field; });
    const config::FieldName name{field.field, state};
    if (found == seen.end()) {
      problems_.push_back("the bookmark selects in " + name.text() + ", but nothing is selected there");
    } else if (field.values >= 0 && static_cast<double>(field.values) != found->count) {
      problems_.push_back("the bookmark selects " + std::to_string(field.values) + " values of " + name.text() + ", but selected is " +
                          found->text);
    }
  }
}

Status AppState::judge() {
  if (problems_.empty()) return {};
  const auto text = joined(problems_, "; ");
  if (wanted_.on_mismatch == config::OnMismatch::fail) return {Code::not_found, text};
  if (wanted_.on_mismatch == config::OnMismatch::warn && unfiltered_)
    return {Code::not_found, text + " (on-filter-mismatch = warn goes on only where something is selected)"};
  logging::log(logging::Level::warn, "what is selected is not what was asked", {{"difference", text}});
  if (wanted_.on_mismatch == config::OnMismatch::skip) {
    skipped_ = text;
    return {};
  }
  notes_.insert(notes_.begin(), problems_.begin(), problems_.end());
  return {};
}

bool AppState::holds_for(const std::string& reload_time) {
  if (!reload_time.empty() && reload_time != reload_time_) entered_.reset();
  return in_force_still();
}

std::string AppState::selected_in(const config::FieldName& name) const {
  const auto found =
      std::find_if(in_force_.begin(), in_force_.end(), [&](const auto& fact) { return fact.first == "select." + name.text(); });
  return found == in_force_.end() ? std::string() : found->second;
}

Result<Facts> AppState::selection_columns(const std::vector<std::string>& states) const {
  Facts columns;
  for (const auto& column : wanted_.selection_columns) {
    auto name = config::parse_field(column);
    const bool of_the_data = name.state.empty() && wanted_.alternate_state == kDefault && !states.empty();
    if (name.state.empty()) name.state = wanted_.alternate_state;
    const auto shown = name.text();
    if (of_the_data) name.state = states.front();
    auto value = selected_in(name);
    for (const auto& state : states) {
      if (!of_the_data || selected_in({name.field, state}) == value) continue;
      return Status(Code::invalid_config, "selection-columns: the data is in the states " + joined(states, ", ") +
                                              ", in which other values of " + name.field + " are selected; write " + name.field +
                                              "@STATE for one of them");
    }
    columns.emplace_back(shown, std::move(value));
  }
  return columns;
}

bool AppState::reaches(const std::string& state) const {
  const auto& wanted = state.empty() ? kDefault : state;
  const auto in = [&](const config::Selection& selection) { return selection.name.state == wanted; };
  const auto any = [&](const auto& selections) { return std::any_of(selections.begin(), selections.end(), in); };
  const auto bookmark = [&](const BookmarkField& field) { return field.state == wanted; };
  if (wanted_.selections.empty() && turn_.selections.empty() && bookmarked_.empty()) return true;
  return any(wanted_.selections) || any(turn_.selections) || std::any_of(bookmarked_.begin(), bookmarked_.end(), bookmark);
}

std::string AppState::unfiltered(const std::vector<std::string>& states) const {
  for (const auto& state : states) {
    if (reaches(state)) continue;
    return "its data is in the alternate state '" + state + "', which the pipeline's selections do not reach; write select.FIELD@" + state +
           ", or on-filter-mismatch = warn to deliver it as it is";
  }
  return {};
}

}  // namespace qonduit::pipeline
