// A recorded conversation, indexed: who was asked what, in which state of selections, and what was answered. Layouts and small answers are
// in memory; pages stay in the file. Format: docs/recordings.md. Read-only once loaded; any thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "apps/app.hpp"
#include "cassette/recorded_matrix.hpp"
#include "json.hpp"

namespace qonduit::simulator {

// JSON with the members of every object in one order: equal texts for equal values.
[[nodiscard]] std::string canonical(const Json& value);
// The definition of a session object, by which it is told from others: without its id.
[[nodiscard]] std::string definition_key(const JsonObject& definition);

class Cassette {
 public:
  // Throws Poco::Exception naming the file, the line and what is wrong with it; a file that was cut short is refused.
  explicit Cassette(const std::string& path);

  // A reply that is not a page, or how the engine refused, or what followed a call that selects.
  struct Answer {
    JsonObject result;     // null: refused
    int code = 0;          // of a refusal
    int then = -1;         // the state that follows; -1: the same
    std::string handle;    // the name of what the reply handed out
    std::string returned;  // its type
  };
  // name: "doc", "object:ID", "session:N", "handle:N". What was handed out is the same in every state. Null when it was not recorded.
  [[nodiscard]] const Answer* find(const std::string& name, int state, const std::string& method, const Json& params) const;
  // The first answer in any state, for what selections do not change.
  [[nodiscard]] const Answer* find_in_any_state(const std::string& name, const std::string& method, const Json& params) const;
  // The name of a session object with this definition; empty when there is none.
  [[nodiscard]] std::string session_name(const JsonObject& definition) const;
  // Its layout and cubes, with its id in place of the recorded one; null when its layout was not asked for in that state.
  [[nodiscard]] std::shared_ptr<const Evaluation> evaluation(const std::string& name, int state, const std::string& id) const;

  // The rows [offset, offset + count) of a table of the data model, put together from the windows that were recorded. Null when one of
  // them was not. Selections do not change them.
  [[nodiscard]] JsonArray table_rows(const std::string& table, std::int64_t offset, std::int64_t count) const;

  // The layout of an object without selections, or with the first that were made; null when it was not asked for.
  [[nodiscard]] JsonObject layout(const std::string& name) const;

  struct Object {
    std::string id, type;
  };
  [[nodiscard]] const std::vector<Object>& objects() const { return objects_; }
  [[nodiscard]] const std::string& app_id() const { return app_id_; }
  [[nodiscard]] const JsonObject& app_layout() const { return app_layout_; }

 private:
  struct Page {
    std::string method;
    Area area;
    std::string_view content;
  };
  using Place = std::pair<std::string, int>;  // name and state

  void read_line(std::string_view line);
  void read_page(std::string_view line);
  void read_answer(const JsonObject& line, const char* kind);
  void read_table(const JsonArray& params, const JsonArray& rows);
  void prune_list(const JsonObject& layout) const;
  void evaluate_layouts();
  [[nodiscard]] Cube make_cube(const JsonObject& cube, bool is_list, const std::vector<Page>& pages) const;

  MappedFile file_;
  std::string app_id_;
  JsonObject app_layout_;
  std::vector<Object> objects_;
  std::map<std::string, std::string> sessions_;  // name by definition
  std::map<std::string, Answer> answers_;
  std::map<std::string, Answer> first_answers_;  // whatever the state
  struct RecordedTable {
    std::map<std::int64_t, Json> rows;
    std::int64_t end = -1;  // -1: nobody asked for what is behind the last row
  };
  std::map<std::string, RecordedTable> tables_;
  std::map<Place, JsonObject> layouts_;
  std::map<Place, std::map<std::string, std::vector<Page>>> pages_;  // by path
  std::map<Place, std::shared_ptr<const Evaluation>> evaluations_;
  bool begun_ = false;
  std::int64_t end_ = -1;
};

}  // namespace qonduit::simulator
