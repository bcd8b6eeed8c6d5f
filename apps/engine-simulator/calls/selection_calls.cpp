// Calls that select: on fields, on list objects and cubes, on the app as a whole.
#include <algorithm>

#include "calls/dispatcher.hpp"
#include "model/search.hpp"

namespace qonduit::simulator {

const Dispatcher::Methods& Dispatcher::field_methods() {
  static const Methods methods = {
      {"Select", &Dispatcher::field_select},
      {"SelectValues", &Dispatcher::field_select_values},
      {"LowLevelSelect", &Dispatcher::field_low_level_select},
      {"SelectAll", &Dispatcher::field_select_all},
      {"SelectPossible", &Dispatcher::field_select_possible},
      {"SelectExcluded", &Dispatcher::field_select_excluded},
      {"SelectAlternative", &Dispatcher::field_select_alternative},
      {"Clear", &Dispatcher::field_clear},
      {"ClearAllButThis", &Dispatcher::field_clear_all_but_this},
      {"Lock", &Dispatcher::field_lock},
      {"Unlock", &Dispatcher::field_unlock},
      {"GetCardinal", &Dispatcher::field_cardinal},
  };
  return methods;
}

// While an object is in selection mode nothing else selects.
void Dispatcher::refuse_modal(const Call& call) const {
  const auto& modal = session_->modal_object();
  if (modal.empty() || (call.object && call.object->stored().id == modal)) return;
  throw EngineError{6003, modal, "Modal object error"};
}

void Dispatcher::finish_selection(Call& call, bool done) {
  call.reply.member("qReturn", done);
  overtakes_ = true;
}

namespace {

// Element numbers of a parameter, as a choice of values. False when one of them is no value of the field.
bool choose(const JsonArray& elements, std::vector<char>& chosen) {
  for (const auto& item : *elements) {
    const auto element = item.isNumeric() ? item.convert<std::int64_t>() : -1;
    if (element < 0 || element >= static_cast<std::int64_t>(chosen.size())) return false;
    chosen[static_cast<std::size_t>(element)] = 1;
  }
  return true;
}

}  // namespace

// App.

void Dispatcher::clear_all(Call& call) {
  refuse_modal(call);
  session_->clear_all(call.params.optional_text(1, "qStateName"), call.params.flag(0, "qLockedAlso"));
  overtakes_ = true;
}

void Dispatcher::lock_all(Call& call) {
  const std::string state = call.params.optional_text(0, "qStateName");
  const auto selections = session_->scope().selections(state);
  for (const auto& [field, selection] : selections) session_->lock(state, field, true);
  overtakes_ = true;
}

void Dispatcher::unlock_all(Call& call) {
  const std::string state = call.params.optional_text(0, "qStateName");
  const auto selections = session_->scope().selections(state);
  for (const auto& [field, selection] : selections) session_->lock(state, field, false);
  overtakes_ = true;
}

void Dispatcher::back(Call& call) {
  refuse_modal(call);
  finish_selection(call, session_->back());
}

void Dispatcher::forward(Call& call) {
  refuse_modal(call);
  finish_selection(call, session_->forward());
}

void Dispatcher::abort_modal(Call& call) {
  session_->end_modal(call.params.flag(0, "qAccept"));
  overtakes_ = true;
}

void Dispatcher::apply_bookmark(Call& call) {
  refuse_modal(call);
  const std::string id = call.params.text(0, "qId");
  const auto& bookmarks = session_->scope().bookmarks;
  const auto found = bookmarks.find(id);
  if (found != bookmarks.end()) session_->replace(kDefaultState, found->second);
  overtakes_ = found != bookmarks.end();
  call.reply.member("qSuccess", found != bookmarks.end());
}

void Dispatcher::add_state(Call& call) {
  const std::string name = call.params.text(0, "qStateName");
  if (session_->has_state(name)) throw EngineError{3, name, "Resource already exists"};
  session_->add_state(name);
}

void Dispatcher::remove_state(Call& call) {
  const std::string name = call.params.text(0, "qStateName");
  call.reply.member("qSuccess", session_->remove_state(name));
}

// Fields.

int Dispatcher::field_of(Call& call) const { return session_->scope().model().find_field(call.held->id); }

void Dispatcher::field_select(Call& call) {
  refuse_modal(call);
  const int field = field_of(call);
  const std::string match = call.params.text(0, "qMatch");
  auto chosen = match_elements(session_->scope().model().field(field), session_->scope().locale(), match, true);
  const bool any = std::find(chosen.begin(), chosen.end(), char{1}) != chosen.end();
  finish_selection(call, any && session_->select(call.held->state, field, std::move(chosen), false));
}

void Dispatcher::field_select_values(Call& call) {
  refuse_modal(call);
  const int index = field_of(call);
  const Field& field = session_->scope().model().field(index);
  std::vector<char> chosen(field.symbols.size(), 0);
  bool any = false;
  for (const auto& item : *call.params.array(0, "qFieldValues")) {
    const auto value = as_object(item);
    const Json given = member(value, "qNumber");
    const Element element = bool_member(value, "qIsNumeric") && given.isNumeric() ? field.find(given.convert<double>())
                                                                                  : field.find(text_member(value, "qText"));
    if (element < 0) continue;
    chosen[static_cast<std::size_t>(element)] = 1;
    any = true;
  }
  finish_selection(call, any && session_->select(call.held->state, index, std::move(chosen), call.params.flag(1, "qToggleMode")));
}

void Dispatcher::field_low_level_select(Call& call) {
  refuse_modal(call);
  const int field = field_of(call);
  std::vector<char> chosen(session_->scope().model().field(field).symbols.size(), 0);
  const bool known = choose(call.params.array(0, "qValues"), chosen);
  finish_selection(call, known && session_->select(call.held->state, field, std::move(chosen), call.params.flag(1, "qToggleMode")));
}

// Selects the values that are in one of these states. False when there are none.
bool Dispatcher::select_states(int field, const std::string& state, std::initializer_list<State> wanted) {
  std::vector<char> chosen;
  for (const auto of : session_->scope().states(state, field))
    chosen.push_back(std::find(wanted.begin(), wanted.end(), of) != wanted.end() ? 1 : 0);
  const bool any = std::find(chosen.begin(), chosen.end(), char{1}) != chosen.end();
  return any && session_->select(state, field, std::move(chosen), false);
}

void Dispatcher::select_field_states(Call& call, std::initializer_list<State> wanted) {
  refuse_modal(call);
  finish_selection(call, select_states(field_of(call), call.held->state, wanted));
}

namespace {

constexpr auto kEveryState = {State::optional,          State::selected, State::alternative,    State::excluded,
                              State::selected_excluded, State::locked,   State::locked_excluded};
constexpr auto kPossibleStates = {State::optional, State::selected};
constexpr auto kExcludedStates = {State::excluded, State::alternative};
constexpr auto kAlternativeStates = {State::alternative};

}  // namespace

void Dispatcher::field_select_all(Call& call) { select_field_states(call, kEveryState); }
void Dispatcher::field_select_possible(Call& call) { select_field_states(call, kPossibleStates); }
void Dispatcher::field_select_excluded(Call& call) { select_field_states(call, kExcludedStates); }
void Dispatcher::field_select_alternative(Call& call) { select_field_states(call, kAlternativeStates); }

void Dispatcher::field_clear(Call& call) {
  refuse_modal(call);
  finish_selection(call, session_->clear(call.held->state, field_of(call)));
}

void Dispatcher::field_clear_all_but_this(Call& call) {
  refuse_modal(call);
  Selections kept = session_->scope().selections(call.held->state);
  const int mine = field_of(call);
  std::erase_if(kept, [&](const auto& item) { return item.first != mine; });
  session_->replace(call.held->state, std::move(kept));
  finish_selection(call, true);
}

void Dispatcher::field_lock(Call& call) { finish_selection(call, session_->lock(call.held->state, field_of(call), true)); }
void Dispatcher::field_unlock(Call& call) { finish_selection(call, session_->lock(call.held->state, field_of(call), false)); }

void Dispatcher::field_cardinal(Call& call) {
  call.reply.member("qReturn", static_cast<std::int64_t>(session_->scope().model().field(field_of(call)).symbols.size()));
}

// List objects and cubes.

std::pair<int, std::string> Dispatcher::list_field(Call& call, std::size_t dimension) {
  const std::string path = call.params.text(0, "qPath");
  const auto made = session_->evaluate(*call.object);
  const auto found = made->cubes.find(path);
  if (found == made->cubes.end()) throw EngineError{4, path, "Invalid path"};
  const auto& fields = found->second.dimension_fields;
  return {dimension < fields.size() ? fields[dimension] : -1, found->second.state};
}

namespace {

// Selections through objects answer qSuccess, those through fields qReturn.
void as_success(Reply& reply, bool done) { reply.member("qSuccess", done); }

}  // namespace

void Dispatcher::list_select_values(Call& call) {
  refuse_modal(call);
  const auto [field, state] = list_field(call);
  bool done = field >= 0;
  if (done) {
    std::vector<char> chosen(session_->scope().model().field(field).symbols.size(), 0);
    done = choose(call.params.array(1, "qValues"), chosen) &&
           session_->select(state, field, std::move(chosen), call.params.flag(2, "qToggleMode"));
  }
  as_success(call.reply, done);
  overtakes_ = true;
}

void Dispatcher::select_list_states(Call& call, std::initializer_list<State> wanted) {
  refuse_modal(call);
  const auto [field, state] = list_field(call);
  as_success(call.reply, field >= 0 && select_states(field, state, wanted));
  overtakes_ = true;
}

void Dispatcher::list_select_all(Call& call) { select_list_states(call, kEveryState); }
void Dispatcher::list_select_possible(Call& call) { select_list_states(call, kPossibleStates); }
void Dispatcher::list_select_excluded(Call& call) { select_list_states(call, kExcludedStates); }
void Dispatcher::list_select_alternative(Call& call) { select_list_states(call, kAlternativeStates); }

void Dispatcher::list_search(Call& call) {
  const auto [field, state] = list_field(call);
  call.object->change_view().searches[call.params.text(0, "qPath")] = call.params.text(1, "qMatch");
  call.held->validated = false;
  call.reply.member("qSuccess", field >= 0);
  call.reply.change(call.handle);
}

void Dispatcher::list_accept_search(Call& call) {
  refuse_modal(call);
  const std::string path = call.params.text(0, "qPath");
  const auto [field, state] = list_field(call);
  const auto open = call.object->view().searches.find(path);
  if (field < 0 || open == call.object->view().searches.end()) return;
  const std::string pattern = open->second.find('*') == std::string::npos ? "*" + open->second + "*" : open->second;
  (void)session_->select(state, field, match_elements(session_->scope().model().field(field), session_->scope().locale(), pattern, true),
                         call.params.flag(1, "qToggleMode"));
  call.object->change_view().searches.erase(path);
  overtakes_ = true;
}

void Dispatcher::list_abort_search(Call& call) {
  call.object->change_view().searches.erase(call.params.text(0, "qPath"));
  call.held->validated = false;
  call.reply.change(call.handle);
}

void Dispatcher::cube_select_values(Call& call) {
  refuse_modal(call);
  const auto [field, state] = list_field(call, static_cast<std::size_t>(call.params.integer(1, "qDimNo")));
  bool done = field >= 0;
  if (done) {
    std::vector<char> chosen(session_->scope().model().field(field).symbols.size(), 0);
    done = choose(call.params.array(2, "qValues"), chosen) &&
           session_->select(state, field, std::move(chosen), call.params.flag(3, "qToggleMode"));
  }
  as_success(call.reply, done);
  overtakes_ = true;
}

// Rows of a straight cube; in the columns named, every dimension's value of those rows.
void Dispatcher::cube_select_cells(Call& call) {
  refuse_modal(call);
  std::shared_ptr<const Evaluation> keep;
  const Cube& cube = cube_at(call, "S", keep);
  bool done = true;
  for (const auto& column_item : *call.params.array(2, "qColIndices")) {
    const auto column = static_cast<std::size_t>(column_item.convert<std::uint32_t>());
    const int field = column < cube.dimension_fields.size() ? cube.dimension_fields[column] : -1;
    if (field < 0) {
      done = false;
      continue;
    }
    std::vector<char> chosen(session_->scope().model().field(field).symbols.size(), 0);
    for (const auto& row_item : *call.params.array(1, "qRowIndices")) {
      const auto row = row_item.convert<std::uint64_t>();
      if (row >= cube.matrix->rows()) continue;
      std::string cell;
      cube.matrix->append_cells(cell, row, static_cast<std::uint32_t>(column), 1);
      const auto element = int_member(as_object(parse_json(cell)), "qElemNumber", -1);
      if (element >= 0) chosen[static_cast<std::size_t>(element)] = 1;
    }
    done = session_->select(cube.state, field, std::move(chosen), false) && done;
  }
  as_success(call.reply, done);
  overtakes_ = true;
}

void Dispatcher::clear_selections(Call& call) {
  refuse_modal(call);
  const auto made = session_->evaluate(*call.object);
  const auto found = made->cubes.find(call.params.text(0, "qPath"));
  if (found == made->cubes.end()) throw EngineError{4, call.params.text(0, "qPath"), "Invalid path"};
  for (const int field : found->second.dimension_fields)
    if (field >= 0) session_->clear(found->second.state, field);
  overtakes_ = true;
}

void Dispatcher::lock_object(Call& call) {
  const auto [field, state] = list_field(call);
  if (field >= 0) (void)session_->lock(state, field, true);
  overtakes_ = true;
}

void Dispatcher::unlock_object(Call& call) {
  const auto [field, state] = list_field(call);
  if (field >= 0) (void)session_->lock(state, field, false);
  overtakes_ = true;
}

void Dispatcher::begin_selections(Call& call) {
  if (!session_->begin_modal(call.object->stored().id)) throw EngineError{6003, session_->modal_object(), "Modal object error"};
}

void Dispatcher::end_selections(Call& call) {
  if (session_->modal_object() != call.object->stored().id) throw EngineError{6003, session_->modal_object(), "Modal object error"};
  session_->end_modal(call.params.flag(0, "qAccept"));
  overtakes_ = true;
}

void Dispatcher::reset_made_selections(Call& call) {
  if (session_->modal_object() != call.object->stored().id) throw EngineError{6003, session_->modal_object(), "Modal object error"};
  const std::string id = session_->modal_object();
  session_->end_modal(false);
  (void)session_->begin_modal(id);
  overtakes_ = true;
}

// Up in a drill-down: the selections that led down go, from the lowest.
void Dispatcher::drill_up(Call& call) {
  refuse_modal(call);
  const std::string path = call.params.text(0, "qPath");
  const auto dimension = static_cast<std::size_t>(call.params.integer(1, "qDimNo"));
  auto steps = call.params.integer(2, "qNbrSteps");
  const auto made = session_->evaluate(*call.object);
  const auto found = made->cubes.find(path);
  if (found == made->cubes.end() || dimension >= found->second.dimension_libraries.size()) throw EngineError{4, path, "Invalid path"};
  const auto& library = call.app->library()->dimensions;
  const auto definition = library.find(found->second.dimension_libraries[dimension]);
  if (definition == library.end() || text_member(definition->second, "qGrouping") != "H")
    throw EngineError{6002, path, "Invalid object state"};
  const auto& model = session_->scope().model();
  const auto fields = array_member(definition->second, "qFieldDefs");
  for (auto i = fields->size(); i-- > 0 && steps > 0;) {
    const int field = model.find_field(fields->get(static_cast<unsigned>(i)).convert<std::string>());
    if (!session_->scope().selections(found->second.state).contains(field)) continue;
    session_->clear(found->second.state, field);
    --steps;
  }
  overtakes_ = true;
}

}  // namespace qonduit::simulator
