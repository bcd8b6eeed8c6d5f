// An app as the simulated engine holds it: an id, a title, stored objects with their properties, data and master items. Shared by all
// sessions. What a session reads of it (model, library, objects) is immutable; a reload puts a new model in place of the old one.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cube/cube.hpp"
#include "engine_error.hpp"
#include "json.hpp"
#include "model/scope.hpp"

namespace qonduit::simulator {

// One object of the app or of a session: what GetProperties answers.
struct StoredObject {
  std::string id;
  std::string type;
  JsonObject properties;
  std::vector<std::string> children;  // ids
  std::string parent;                 // empty at the top
};

// What a cube's or list's data calls are answered from.
struct Cube {
  std::string mode = "S";                        // S P K T, or "list" for a list object
  std::shared_ptr<const Matrix> matrix;          // S and list
  std::shared_ptr<const Pages> pages;            // P and K
  std::shared_ptr<const TreeNodes> tree;         // T
  std::shared_ptr<const HeaderTree> left, top;   // P, computed ones
  Expansions expansions;                         // P, computed ones
  std::string state;                             // alternate state
  std::vector<int> dimension_fields;             // by dimension; -1: no field
  std::vector<std::string> dimension_libraries;  // ids of master dimensions, or empty
};

struct Evaluation {
  std::string layout;                 // qLayout as JSON text
  std::map<std::string, Cube> cubes;  // by definition path: "/qHyperCubeDef", "/gaLayers/0/qHyperCubeDef"
};

// What a session did to an object without changing its properties, by definition path.
struct ObjectView {
  std::map<std::string, Expansions> expansions;
  std::map<std::string, std::string> searches;
};

struct BookmarkDefinition {
  std::string id;
  std::string title;
  std::string description;
  std::map<std::string, std::vector<std::string>> selections;  // texts by field
};

class Cassette;
class EvaluationCache;

class App {
 public:
  App(std::string id, std::string title);
  virtual ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::string& title() const { return title_; }
  [[nodiscard]] const std::vector<StoredObject>& objects() const { return objects_; }
  [[nodiscard]] const StoredObject* find(const std::string& id) const;

  // The data a user may see (section access), or null when the user is refused.
  [[nodiscard]] std::shared_ptr<const DataModel> model(const std::string& user) const;
  [[nodiscard]] std::shared_ptr<const Library> library() const { return library_; }
  [[nodiscard]] const std::vector<Variable>& variables() const { return variables_; }
  [[nodiscard]] const std::vector<BookmarkDefinition>& bookmarks() const { return bookmarks_; }
  [[nodiscard]] const BookmarkDefinition* find_bookmark(const std::string& id) const;
  [[nodiscard]] const std::vector<std::string>& states() const { return states_; }
  // What is odd about the app and yet served; said when it is loaded.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  [[nodiscard]] const std::string& script() const { return script_; }
  [[nodiscard]] bool has_section_access() const { return access_.has_value(); }

  // A layout as a session sees it. Throws EngineError.
  [[nodiscard]] std::shared_ptr<const Evaluation> evaluate(const StoredObject& object, Scope& scope, const ObjectView& view);
  // A cube over the app's data. Throws EngineError.
  [[nodiscard]] virtual EvaluatedCube make_cube(Scope& scope, const JsonObject& definition, const Expansions* expansions);

  [[nodiscard]] virtual JsonObject locale_info() const;

  // New data: every evaluation made before is stale. Counted, so that sessions notice. change() takes a row away or adds one, reload()
  // reads the sources again; it throws Poco::Exception when they cannot be read, and then nothing has changed.
  void change();
  void reload();
  [[nodiscard]] std::uint64_t epoch() const { return epoch_.load(); }
  [[nodiscard]] virtual std::string last_reload_time() const;

  // What was recorded of a real engine's answers, in a recorded app; else null.
  [[nodiscard]] virtual const Cassette* cassette() const { return nullptr; }

 protected:
  struct SectionAccess {
    std::string field;
    std::map<std::string, std::vector<std::string>> users;  // "DIRECTORY\\id": values, or "*"
  };

  // A layout that needs no evaluation (captured and recorded objects), or null. Throws EngineError.
  [[nodiscard]] virtual std::shared_ptr<const Evaluation> ready_made(const StoredObject&, const Scope&) const { return nullptr; }
  // The data after a change or a reload; null: as it was.
  [[nodiscard]] virtual std::shared_ptr<const DataModel> changed_model(const DataModel&) { return nullptr; }
  [[nodiscard]] virtual std::shared_ptr<const DataModel> reloaded_model() { return nullptr; }

  void add(StoredObject object) { objects_.push_back(std::move(object)); }
  // A sheet of 24 × 12 whose cells are these objects, two in a row. show_condition: an expression; empty shows it always.
  void add_sheet(const std::string& id, const std::string& title, double rank, const std::vector<std::string>& children,
                 const std::string& show_condition = {});

  std::shared_ptr<const DataModel> model_;
  std::shared_ptr<const Library> library_;
  std::vector<Variable> variables_;
  std::vector<BookmarkDefinition> bookmarks_;
  std::vector<std::string> states_;
  std::vector<std::string> notes_;
  std::string script_;
  std::optional<SectionAccess> access_;
  // What sessions share; null: each evaluates for itself. For apps whose evaluations are made from model, library and objects alone.
  std::unique_ptr<EvaluationCache> evaluations_;

 private:
  void replace(std::shared_ptr<const DataModel> model);

  std::string id_;
  std::string title_;
  std::vector<StoredObject> objects_;
  std::atomic<std::uint64_t> epoch_{0};
  mutable std::mutex mutex_;  // of model_
};

}  // namespace qonduit::simulator
