// Answers requests of one connection: finds the handle, finds the method, calls it. Knows nothing of sockets. Used by one thread; the
// session behind it may be shared by several.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "calls/reply.hpp"
#include "session/engine.hpp"

namespace qonduit::simulator {

// Parameters of a call, positional or named; unknown ones are tolerated.
class Params {
 public:
  explicit Params(const Json& params) : params_(params) {}
  [[nodiscard]] const Json& all() const { return params_; }
  [[nodiscard]] Json get(unsigned index, const std::string& name) const;
  // These throw EngineError -32602 when the parameter is absent or of another kind.
  [[nodiscard]] std::string text(unsigned index, const std::string& name) const;
  [[nodiscard]] std::int64_t integer(unsigned index, const std::string& name) const;
  [[nodiscard]] JsonObject object(unsigned index, const std::string& name) const;
  [[nodiscard]] JsonArray array(unsigned index, const std::string& name) const;
  // Absent: false, empty.
  [[nodiscard]] bool flag(unsigned index, const std::string& name) const;
  [[nodiscard]] std::string optional_text(unsigned index, const std::string& name) const;

 private:
  Json params_;
};

class Dispatcher {
 public:
  Dispatcher(Engine& engine, std::shared_ptr<Session> session, SessionKey key);

  // What a fault does to the connection in place of an answer.
  enum class Ending { none, drop, silent, half_close, close };

  struct Answer {
    std::string frame;
    std::vector<std::string> pushes;  // to be sent after it
    Ending ending = Ending::none;
    std::chrono::milliseconds delay{0};  // the call takes this long
    std::function<std::string()> late;   // makes the frame when the delay is over
    std::string aborted;                 // what to send instead when a selection overtakes it; empty: nothing overtakes it
    bool overtakes = false;              // selections changed: calls still on their way are aborted
  };
  // Text of a request frame in, what to send out. Never throws. The buffer's capacity is reused for the reply.
  [[nodiscard]] Answer answer(const std::string& request, std::string buffer);
  // Pushes for what others did to the session or the app.
  [[nodiscard]] std::vector<std::string> pushes();

  struct Held {
    enum class Kind { doc, object, field, variable, dimension, measure, bookmark, recorded };
    Kind kind = Kind::doc;
    std::string id;                         // of what it is; a field's name; what a recording calls it
    std::string state;                      // of a field
    std::shared_ptr<SessionObject> object;  // of a generic object
    bool validated = false;                 // GetLayout was called since the last change
  };

  // What a call works with.
  struct Call {
    Params params;
    Reply& reply;
    int handle;
    Held* held;                             // null: Global
    std::shared_ptr<SessionObject> object;  // GenericObject calls only
    App* app;                               // the open app, or null
    std::int64_t id;                        // of the request
  };

 private:
  using Method = void (Dispatcher::*)(Call&);
  using Methods = std::map<std::string, Method, std::less<>>;
  static const Methods& global_methods();
  static const Methods& doc_methods();
  static const Methods& object_methods();
  static const Methods& field_methods();
  static const Methods& variable_methods();
  static const Methods& dimension_methods();
  static const Methods& measure_methods();
  static const Methods& bookmark_methods();
  static const Methods& methods_of(Held::Kind kind);

  void dispatch(const std::string& method, Call& call);

  // replay.cpp: false when the call is not answered from a recording.
  bool replay(const std::string& method, Call& call);
  bool replay_table(Call& call);
  [[nodiscard]] std::string recorded_name(const Call& call) const;
  [[nodiscard]] std::vector<int> take_changes();

  // global_calls.cpp
  void engine_version(Call& call);
  void product_version(Call& call);
  void os_name(Call& call);
  void is_desktop_mode(Call& call);
  void get_authenticated_user(Call& call);
  void get_doc_list(Call& call);
  void get_app_entry(Call& call);
  void open_doc(Call& call);
  [[nodiscard]] bool opens_again() const;
  void get_active_doc(Call& call);
  void get_progress(Call& call);
  void nothing(Call& call);

  // doc_calls.cpp
  void get_app_layout(Call& call);
  void get_app_properties(Call& call);
  void get_all_infos(Call& call);
  void get_object(Call& call);
  void get_objects(Call& call);
  void create_session_object(Call& call);
  void destroy_session_object(Call& call);
  void get_locale_info(Call& call);
  void get_field(Call& call);
  void get_variable_by_name(Call& call);
  void get_variable_by_id(Call& call);
  void get_dimension(Call& call);
  void get_measure(Call& call);
  void get_bookmark(Call& call);
  void get_script(Call& call);
  void set_script(Call& call);
  void do_save(Call& call);
  void app_changed(Reply& reply);
  void do_reload(Call& call);
  void do_reload_ex(Call& call);
  void reload(Call& call, bool extended);

  // app_calls.cpp: the app as a whole, and searches
  void get_bookmarks(Call& call);
  void create_bookmark(Call& call);
  void get_set_analysis(Call& call);
  void get_lineage(Call& call);
  void get_connections(Call& call);
  void get_connection(Call& call);
  void get_empty_script(Call& call);
  void check_script_syntax(Call& call);
  void get_matching_fields(Call& call);
  void get_media_list(Call& call);
  void get_favorite_variables(Call& call);
  void get_variable(Call& call);
  void variable_content(Call& call);
  void search_results(Call& call);
  void search_associations(Call& call);
  void get_configuration(Call& call);
  void get_functions(Call& call);
  void get_stream_list(Call& call);
  [[nodiscard]] std::vector<const Field*> searched_fields(const JsonObject& options);

  // data_calls.cpp: the data model and expressions
  void get_tables_and_keys(Call& call);
  void get_table_data(Call& call);
  void get_field_description(Call& call);
  void evaluate(Call& call);
  void evaluate_ex(Call& call);
  void check_expression(Call& call);
  void expand_expression(Call& call);
  void get_fields_from_expression(Call& call);

  // object_calls.cpp
  void get_layout(Call& call);
  void get_properties(Call& call);
  void get_effective_properties(Call& call);
  void set_properties(Call& call);
  void apply_patches(Call& call);
  void clear_soft_patches(Call& call);
  void get_full_property_tree(Call& call);
  void get_child_infos(Call& call);
  void get_info(Call& call);
  void get_child(Call& call);
  void get_parent(Call& call);
  void get_linked_objects(Call& call);
  void export_data(Call& call);

  // cube_calls.cpp
  void get_hyper_cube_data(Call& call);
  void get_list_object_data(Call& call);
  void get_pivot_data(Call& call);
  void get_stack_data(Call& call);
  void get_tree_data(Call& call);
  void expand_left(Call& call);
  void expand_top(Call& call);
  void collapse_left(Call& call);
  void collapse_top(Call& call);
  void resize_pivot(Call& call, bool left, bool expand);
  using WritePage = std::function<void(std::string& out, const Cube& cube, const Area& area)>;
  void write_pages(Call& call, const std::string& mode, const WritePage& write);
  void data_pages(Call& call, const std::string& mode);
  void tree_pages(Call& call, const std::string& mode);
  [[nodiscard]] FaultCounter::DataCall note_data_call(Call& call);
  [[nodiscard]] std::vector<Area> areas(Call& call, unsigned index, const std::string& name) const;
  [[nodiscard]] const Cube& cube_at(Call& call, const std::string& mode, std::shared_ptr<const Evaluation>& keep);

  // selection_calls.cpp
  void clear_all(Call& call);
  void lock_all(Call& call);
  void unlock_all(Call& call);
  void back(Call& call);
  void forward(Call& call);
  void abort_modal(Call& call);
  void apply_bookmark(Call& call);
  void add_state(Call& call);
  void remove_state(Call& call);
  void field_select(Call& call);
  void field_select_values(Call& call);
  void field_low_level_select(Call& call);
  void field_select_all(Call& call);
  void field_select_possible(Call& call);
  void field_select_excluded(Call& call);
  void field_select_alternative(Call& call);
  void field_clear(Call& call);
  void field_clear_all_but_this(Call& call);
  void field_lock(Call& call);
  void field_unlock(Call& call);
  void field_cardinal(Call& call);
  void list_select_values(Call& call);
  void list_select_all(Call& call);
  void list_select_possible(Call& call);
  void list_select_excluded(Call& call);
  void list_select_alternative(Call& call);
  void list_search(Call& call);
  void list_accept_search(Call& call);
  void list_abort_search(Call& call);
  void cube_select_values(Call& call);
  void cube_select_cells(Call& call);
  void clear_selections(Call& call);
  void lock_object(Call& call);
  void unlock_object(Call& call);
  void begin_selections(Call& call);
  void end_selections(Call& call);
  void reset_made_selections(Call& call);
  void drill_up(Call& call);
  void refuse_modal(const Call& call) const;
  [[nodiscard]] int field_of(Call& call) const;
  [[nodiscard]] bool select_states(int field, const std::string& state, std::initializer_list<State> wanted);
  void select_field_states(Call& call, std::initializer_list<State> wanted);
  void select_list_states(Call& call, std::initializer_list<State> wanted);
  [[nodiscard]] std::pair<int, std::string> list_field(Call& call, std::size_t dimension = 0);
  void finish_selection(Call& call, bool done);

  // item_calls.cpp: variables, master items, bookmarks
  void variable_layout(Call& call);
  void variable_properties(Call& call);
  void variable_set_text(Call& call);
  void variable_set_number(Call& call);
  void variable_set_dual(Call& call);
  void dimension_definition(Call& call);
  void dimension_properties(Call& call);
  void dimension_layout(Call& call);
  void dimension_step(Call& call);
  void dimension_set_active(Call& call);
  void measure_definition(Call& call);
  void measure_properties(Call& call);
  void measure_layout(Call& call);
  void bookmark_layout(Call& call);
  void bookmark_properties(Call& call);
  void bookmark_apply(Call& call);
  void item_info(Call& call);
  void item_linked_objects(Call& call);
  [[nodiscard]] JsonObject item_definition(const Call& call) const;
  [[nodiscard]] Variable& variable_of(Call& call);

  [[nodiscard]] int handle_of(const Held& what);
  [[nodiscard]] int doc_handle() { return handle_of({}); }
  void write_object(Call& call, const std::shared_ptr<SessionObject>& object);
  void write_item(Call& call, Held::Kind kind, const std::string& id, const char* type, const char* generic_type);
  static void write_null(Call& call);

  Engine& engine_;
  std::shared_ptr<Session> session_;
  SessionKey key_;
  std::map<int, Held> handles_;
  std::uint64_t seen_revision_ = 0;
  DeltaCache deltas_;
  Ending ending_ = Ending::none;
  bool overtakes_ = false;
  bool opened_here_ = false;  // the app, by this socket
  std::chrono::milliseconds delay_{0};
  std::function<std::string()> late_;
  std::map<std::int64_t, std::chrono::steady_clock::time_point> reloads_;  // started, by request
};

}  // namespace qonduit::simulator
