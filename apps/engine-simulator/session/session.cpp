#include "session/session.hpp"

#include <algorithm>

namespace qonduit::simulator {
namespace {

// Selections of one data model in another, by the texts of the values.
Selections carried(const Selections& selections, const DataModel& from, const DataModel& to) {
  Selections made;
  for (const auto& [index, selection] : selections) {
    const Field& field = from.field(index);
    const int target = to.find_field(field.name);
    if (target < 0) continue;
    FieldSelection moved{std::vector<char>(to.field(target).symbols.size(), 0), selection.locked};
    for (std::size_t i = 0; i < selection.chosen.size(); ++i)
      if (selection.chosen[i] != 0)
        if (const Element element = to.field(target).find(field.symbols[i].text); element >= 0)
          moved.chosen[static_cast<std::size_t>(element)] = 1;
    if (moved.any()) made[target] = std::move(moved);
  }
  return made;
}

}  // namespace

void SessionObject::set_properties(const JsonObject& properties) {
  stored_.properties = properties;
  patched_ = JsonObject();
  evaluation_.reset();
}

void SessionObject::set_patched(const JsonObject& properties) {
  patched_ = properties;
  evaluation_.reset();
}

ObjectView& SessionObject::change_view() {
  evaluation_.reset();
  return view_;
}

std::shared_ptr<const Evaluation> SessionObject::evaluation(App& app, Scope& scope, std::uint64_t revision) {
  if (!evaluation_ || revision_ != revision) {
    StoredObject seen = stored_;
    if (!patched_.isNull()) seen.properties = patched_;
    evaluation_ = app.evaluate(seen, scope, view_);
    revision_ = revision;
  }
  return evaluation_;
}

bool Session::open(App& app, const std::string& user, bool no_data) {
  if (app_ != nullptr) return false;
  const auto model = app.model(user);
  if (!model) throw EngineError{5, app.id(), "Access denied"};
  app_ = &app;
  user_ = user;
  no_data_ = no_data;
  epoch_ = app.epoch();
  bind(model);
  return true;
}

void Session::bind(const std::shared_ptr<const DataModel>& model) {
  auto made = std::make_unique<Scope>(model, app_->library());
  made->alternate_states.insert(app_->states().begin(), app_->states().end());
  made->alternate_states.insert(session_states_.begin(), session_states_.end());
  for (const auto& bookmark : app_->bookmarks()) made->bookmark_ids[bookmark.title] = bookmark.id;
  if (scope_) {
    for (const auto& [state, selections] : scope_->all_selections()) made->select(state, carried(selections, scope_->model(), *model));
    made->variables = scope_->variables;
    made->active_fields = scope_->active_fields;
    made->recorded_state = scope_->recorded_state;
    made->unknowns = scope_->unknowns;
    made->bookmark_ids = scope_->bookmark_ids;
    for (const auto& [id, selections] : scope_->bookmarks) made->bookmarks[id] = carried(selections, scope_->model(), *model);
    past_.clear();
    future_.clear();
  } else {
    for (const auto& variable : app_->variables()) made->variables[variable.name] = variable;
    for (const auto& bookmark : app_->bookmarks()) {
      Selections& selections = made->bookmarks[bookmark.id];
      for (const auto& [name, values] : bookmark.selections) {
        const int field = model->find_field(name);
        if (field < 0) continue;
        FieldSelection chosen{std::vector<char>(model->field(field).symbols.size(), 0), false};
        for (const auto& value : values)
          if (const Element element = model->field(field).find(value); element >= 0) chosen.chosen[static_cast<std::size_t>(element)] = 1;
        selections[field] = std::move(chosen);
      }
    }
  }
  scope_ = std::move(made);
}

Scope& Session::scope() {
  if (const auto now = app_->epoch(); now != epoch_) {
    epoch_ = now;
    if (const auto model = app_->model(user_)) bind(model);
    ++revision_;
  }
  return *scope_;
}

std::uint64_t Session::revision() {
  if (app_ != nullptr) (void)scope();
  return revision_;
}

std::shared_ptr<SessionObject> Session::object(const std::string& id) {
  if (const auto found = objects_.find(id); found != objects_.end()) return found->second;
  if (app_ == nullptr) return nullptr;
  const StoredObject* stored = app_->find(id);
  if (stored == nullptr) return nullptr;
  return objects_[id] = std::make_shared<SessionObject>(*stored, false);
}

std::shared_ptr<SessionObject> Session::create(StoredObject stored) {
  if (objects_.contains(stored.id) || app_->find(stored.id) != nullptr) return nullptr;
  const std::string id = stored.id;
  return objects_[id] = std::make_shared<SessionObject>(std::move(stored), true);
}

bool Session::destroy(const std::string& id) {
  const auto found = objects_.find(id);
  if (found == objects_.end() || !found->second->transient()) return false;
  objects_.erase(found);
  return true;
}

std::vector<const SessionObject*> Session::session_objects() const {
  std::vector<const SessionObject*> made;
  for (const auto& [id, object] : objects_)
    if (object->transient()) made.push_back(object.get());
  return made;
}

std::shared_ptr<const Evaluation> Session::evaluate(SessionObject& object) {
  Scope& seen = scope();
  return object.evaluation(*app_, seen, revision_);
}

Session::Snapshot Session::snapshot() const { return scope_->all_selections(); }

void Session::restore(const Snapshot& snapshot) {
  auto states = scope_->all_selections();
  for (const auto& [state, selections] : states)
    if (!snapshot.contains(state)) scope_->select(state, {});
  for (const auto& [state, selections] : snapshot) scope_->select(state, selections);
  ++revision_;
}

void Session::commit(const std::string& state, Selections selections) {
  if (!before_modal_) {
    past_.push_back(snapshot());
    future_.clear();
  }
  scope_->select(state, std::move(selections));
  count_history();
  ++revision_;
}

void Session::count_history() {
  scope_->back_count = past_.size();
  scope_->forward_count = future_.size();
}

bool Session::select(const std::string& state, int field, std::vector<char> chosen, bool toggle) {
  Selections now = scope().selections(state);
  FieldSelection& own = now[field];
  if (own.locked) return false;
  if (toggle && !own.chosen.empty()) {
    for (std::size_t i = 0; i < chosen.size(); ++i) own.chosen[i] = static_cast<char>(own.chosen[i] ^ chosen[i]);
  } else {
    own.chosen = std::move(chosen);
  }
  commit(state, std::move(now));
  return true;
}

bool Session::clear(const std::string& state, int field) {
  Selections now = scope().selections(state);
  const auto found = now.find(field);
  if (found == now.end()) return true;
  if (found->second.locked) return false;
  now.erase(found);
  commit(state, std::move(now));
  return true;
}

bool Session::lock(const std::string& state, int field, bool locked) {
  Selections now = scope().selections(state);
  const auto found = now.find(field);
  if (found == now.end()) return false;  // nothing is selected, so there is nothing to lock
  found->second.locked = locked;
  commit(state, std::move(now));
  return true;
}

void Session::clear_all(const std::string& state, bool locked_too) {
  Selections now = scope().selections(state);
  std::erase_if(now, [&](const auto& item) { return locked_too || !item.second.locked; });
  commit(state, std::move(now));
}

void Session::replace(const std::string& state, Selections selections) {
  Selections now = scope().selections(state);
  for (auto& [field, selection] : now)
    if (selection.locked) selections[field] = selection;
  commit(state, std::move(selections));
}

bool Session::back() {
  if (past_.empty()) return false;
  future_.push_back(snapshot());
  restore(past_.back());
  past_.pop_back();
  count_history();
  return true;
}

bool Session::forward() {
  if (future_.empty()) return false;
  past_.push_back(snapshot());
  restore(future_.back());
  future_.pop_back();
  count_history();
  return true;
}

bool Session::begin_modal(const std::string& object) {
  if (!modal_.empty() && modal_ != object) return false;
  if (modal_.empty()) {
    (void)scope();
    before_modal_ = snapshot();
  }
  modal_ = object;
  return true;
}

void Session::end_modal(bool accept) {
  if (modal_.empty()) return;
  modal_.clear();
  auto before = std::move(before_modal_);
  before_modal_.reset();
  if (accept) {
    past_.push_back(std::move(*before));
    future_.clear();
    count_history();
  } else {
    restore(*before);
  }
  ++revision_;
}

void Session::add_state(const std::string& state) {
  session_states_.push_back(state);
  scope().alternate_states.insert(state);
  touch();
}

bool Session::remove_state(const std::string& state) {
  if (std::erase(session_states_, state) == 0) return false;
  scope().alternate_states.erase(state);
  touch();
  return true;
}

bool Session::has_state(const std::string& state) const {
  if (state.empty() || state == kDefaultState) return true;
  const auto& stored = app_->states();
  return std::find(stored.begin(), stored.end(), state) != stored.end() ||
         std::find(session_states_.begin(), session_states_.end(), state) != session_states_.end();
}

}  // namespace qonduit::simulator
