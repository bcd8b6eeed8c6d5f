// Answers requests of one connection: finds the handle, finds the method, calls it. Knows nothing of sockets. Used by one thread.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "calls/reply.hpp"
#include "session/engine.hpp"

namespace qonduit::simulator {

// Parameters of a call, positional or named; unknown ones are tolerated.
class Params {
 public:
  explicit Params(const Json& params) : params_(params) {}
  [[nodiscard]] Json get(unsigned index, const std::string& name) const;
  // These throw EngineError -32602 when the parameter is absent or of another kind.
  [[nodiscard]] std::string text(unsigned index, const std::string& name) const;
  [[nodiscard]] JsonObject object(unsigned index, const std::string& name) const;
  [[nodiscard]] JsonArray array(unsigned index, const std::string& name) const;
  [[nodiscard]] bool flag(unsigned index, const std::string& name) const;

 private:
  Json params_;
};

class Dispatcher {
 public:
  Dispatcher(Engine& engine, std::shared_ptr<Session> session, SessionKey key);

  struct Answer {
    std::string frame;
    std::vector<std::string> pushes;  // to be sent after it
    bool drop = false;                // end the connection without a word instead
  };
  // Text of a request frame in, what to send out. Never throws. The buffer's capacity is reused for the reply.
  [[nodiscard]] Answer answer(const std::string& request, std::string buffer);

  // What a call works with.
  struct Call {
    Params params;
    Reply& reply;
    int handle;
    std::shared_ptr<SessionObject> object;  // GenericObject calls only
    App* app;                               // the open app, or null
  };

 private:
  using Method = void (Dispatcher::*)(Call&);
  using Methods = std::map<std::string, Method, std::less<>>;
  static const Methods& global_methods();
  static const Methods& doc_methods();
  static const Methods& object_methods();

  void dispatch(int handle, const std::string& method, Call& call);
  void note_changes(std::vector<std::string>& pushes);

  // global_calls.cpp
  void engine_version(Call& call);
  void product_version(Call& call);
  void os_name(Call& call);
  void is_desktop_mode(Call& call);
  void is_personal_mode(Call& call);
  void get_authenticated_user(Call& call);
  void get_doc_list(Call& call);
  void open_doc(Call& call);
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
  void get_tables_and_keys(Call& call);
  void evaluate(Call& call);
  void evaluate_ex(Call& call);
  void check_expression(Call& call);
  void get_locale_info(Call& call);
  void clear_all(Call& call);

  // object_calls.cpp
  void get_layout(Call& call);
  void get_properties(Call& call);
  void set_properties(Call& call);
  void get_full_property_tree(Call& call);
  void get_child_infos(Call& call);
  void get_info(Call& call);
  void get_child(Call& call);
  void get_parent(Call& call);
  void get_hyper_cube_data(Call& call);
  void get_list_object_data(Call& call);
  void get_pivot_data(Call& call);
  void get_stack_data(Call& call);
  void data_pages(Call& call, const std::string& mode);
  void captured_pages(Call& call, const std::string& mode);
  [[nodiscard]] const Cube& cube_at(Call& call, const std::string& mode, std::shared_ptr<const Evaluation>& keep);

  [[nodiscard]] int handle_of(const std::shared_ptr<SessionObject>& object);
  [[nodiscard]] int doc_handle();
  void write_object(Call& call, const std::shared_ptr<SessionObject>& object);

  struct Held {
    std::shared_ptr<SessionObject> object;  // null: the doc
    bool validated = false;                 // GetLayout was called since the last change
  };

  Engine& engine_;
  std::shared_ptr<Session> session_;
  SessionKey key_;
  std::map<int, Held> handles_;
  std::uint64_t seen_epoch_ = 0;
  bool drop_ = false;
};

}  // namespace qonduit::simulator
