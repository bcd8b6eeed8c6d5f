// One user's work in one app: session objects, selections with their history, variables, and what the session sees of the data. Sockets of
// the same session share it; calls() is held while a request is answered, and everything else here is used under it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "apps/app.hpp"

namespace qonduit::simulator {

// An object as a session sees it: a stored object of the app or a session object, with its last evaluation.
class SessionObject {
 public:
  SessionObject(StoredObject stored, bool transient) : stored_(std::move(stored)), transient_(transient) {}

  [[nodiscard]] const StoredObject& stored() const { return stored_; }
  [[nodiscard]] bool transient() const { return transient_; }  // a session object
  void set_properties(const JsonObject& properties);
  // Properties with soft patches; null when there are none.
  [[nodiscard]] const JsonObject& patched() const { return patched_; }
  void set_patched(const JsonObject& properties);

  // What the user did to it. Changing it makes the evaluation stale.
  [[nodiscard]] const ObjectView& view() const { return view_; }
  [[nodiscard]] ObjectView& change_view();

  // Evaluated on first use and again after something it may depend on changed (the revision). Throws EngineError.
  [[nodiscard]] std::shared_ptr<const Evaluation> evaluation(App& app, Scope& scope, std::uint64_t revision);

 private:
  StoredObject stored_;
  JsonObject patched_;
  bool transient_;
  ObjectView view_;
  std::shared_ptr<const Evaluation> evaluation_;
  std::uint64_t revision_ = 0;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  [[nodiscard]] std::mutex& calls() { return calls_; }

  [[nodiscard]] App* app() const { return app_; }
  // False when an app is open already. Throws EngineError 5 when section access refuses the user.
  [[nodiscard]] bool open(App& app, const std::string& user, bool no_data);
  [[nodiscard]] bool no_data() const { return no_data_; }
  // Of the app, or what SetScript made of it. REQUIRES: an app is open.
  [[nodiscard]] const std::string& script() const { return script_ ? *script_ : app_->script(); }
  void set_script(std::string script) { script_ = std::move(script); }
  void play(const Unknowns& unknowns) { scope_->unknowns = unknowns; }
  [[nodiscard]] int new_handle() { return next_handle_++; }

  // Null when there is no such app object or session object.
  [[nodiscard]] std::shared_ptr<SessionObject> object(const std::string& id);
  // Returns null when an object of that id exists.
  [[nodiscard]] std::shared_ptr<SessionObject> create(StoredObject stored);
  [[nodiscard]] bool destroy(const std::string& id);
  [[nodiscard]] std::vector<const SessionObject*> session_objects() const;
  // Throws EngineError.
  [[nodiscard]] std::shared_ptr<const Evaluation> evaluate(SessionObject& object);

  // REQUIRES: an app is open. After a reload: with the new data, selections carried over by their texts.
  [[nodiscard]] Scope& scope();
  // Moves with everything that makes layouts stale: selections, variables, the app's data.
  [[nodiscard]] std::uint64_t revision();
  void touch() { ++revision_; }

  // Selections of one field in one state. False when the field is locked.
  bool select(const std::string& state, int field, std::vector<char> chosen, bool toggle);
  bool clear(const std::string& state, int field);
  bool lock(const std::string& state, int field, bool locked);
  void clear_all(const std::string& state, bool locked_too);
  void replace(const std::string& state, Selections selections);
  bool back();
  bool forward();

  // Modal selections: one object at a time. begin is false when another object is in selection mode.
  [[nodiscard]] const std::string& modal_object() const { return modal_; }
  [[nodiscard]] bool begin_modal(const std::string& object);
  void end_modal(bool accept);

  [[nodiscard]] bool has_state(const std::string& state) const;
  // Of the session alone. remove is false when it has no such state.
  void add_state(const std::string& state);
  [[nodiscard]] bool remove_state(const std::string& state);

 private:
  using Snapshot = std::map<std::string, Selections>;
  void commit(const std::string& state, Selections selections);
  void bind(const std::shared_ptr<const DataModel>& model);
  void count_history();
  [[nodiscard]] Snapshot snapshot() const;
  void restore(const Snapshot& snapshot);

  std::mutex calls_;
  App* app_ = nullptr;
  std::string user_;
  bool no_data_ = false;
  std::optional<std::string> script_;
  int next_handle_ = 1;
  std::uint64_t revision_ = 1;
  std::uint64_t epoch_ = 0;
  std::unique_ptr<Scope> scope_;
  std::map<std::string, std::shared_ptr<SessionObject>> objects_;
  std::vector<Snapshot> past_, future_;
  std::vector<std::string> session_states_;
  std::string modal_;
  std::optional<Snapshot> before_modal_;
};

}  // namespace qonduit::simulator
