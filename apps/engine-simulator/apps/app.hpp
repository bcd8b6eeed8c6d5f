// An app as the simulated engine holds it: an id, a title, stored objects with their properties, and a way to evaluate any properties
// into a layout with its cubes. Shared by all sessions; evaluation is serialised by the app, what it returns is immutable.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cube/layout.hpp"
#include "cube/matrix.hpp"
#include "json.hpp"

namespace qonduit::simulator {

// One object of the app or of a session: what GetProperties answers.
struct StoredObject {
  std::string id;
  std::string type;
  JsonObject properties;
  std::vector<std::string> children;  // ids
  std::string parent;                 // empty at the top
};

// What a cube's data calls are answered from.
struct Cube {
  std::string mode = "S";                // S P K T, or "list" for a list object
  std::shared_ptr<const Matrix> matrix;  // S and list
  std::string pages;                     // P and K of captured layouts: the captured pages, verbatim
};

struct Evaluation {
  std::string layout;                 // qLayout as JSON text
  std::map<std::string, Cube> cubes;  // by definition path: "/qHyperCubeDef", "/gaLayers/0/qHyperCubeDef"
};

// An error of the engine, answered to the client as {"code", "parameter", "message"}.
struct EngineError {
  int code;
  std::string parameter;
  std::string message;
};

class App {
 public:
  App(std::string id, std::string title);
  virtual ~App() = default;
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::string& title() const { return title_; }
  [[nodiscard]] const std::vector<StoredObject>& objects() const { return objects_; }
  [[nodiscard]] const StoredObject* find(const std::string& id) const;

  // Throws EngineError.
  [[nodiscard]] std::shared_ptr<const Evaluation> evaluate(const StoredObject& object);

  // Answers of Doc calls over the data model.
  [[nodiscard]] JsonObject tables();
  [[nodiscard]] std::pair<std::string, double> expression(const std::string& source);
  [[nodiscard]] JsonObject checked_expression(const std::string& source);
  [[nodiscard]] virtual JsonObject locale_info() const;

  // New data: every evaluation made before is stale. Counted, so that connections notice.
  void change();
  [[nodiscard]] std::uint64_t epoch() const { return epoch_.load(); }
  [[nodiscard]] std::string last_reload_time() const;

 protected:
  // All of these run under the app's lock.
  // A hypercube over the app's data. Throws EngineError.
  [[nodiscard]] virtual StraightCube make_cube(const JsonObject& definition) = 0;
  // A layout that needs no evaluation (captured objects), or null.
  [[nodiscard]] virtual std::shared_ptr<const Evaluation> ready_made(const StoredObject&) { return nullptr; }
  virtual void data_changed() {}
  // An app without a data model has no tables, and no expression means anything in it.
  [[nodiscard]] virtual JsonObject tables_and_keys() { return object({{"qtr", array()}, {"qk", array()}}); }
  [[nodiscard]] virtual std::pair<std::string, double> evaluate_expression(const std::string& expression);
  [[nodiscard]] virtual JsonObject check_expression(const std::string& expression);

  void add(StoredObject object) { objects_.push_back(std::move(object)); }
  // A sheet of 24 × 12 whose cells are these objects, two in a row.
  void add_sheet(const std::string& id, const std::string& title, double rank, const std::vector<std::string>& children);

 private:
  friend class Evaluator;
  std::string id_;
  std::string title_;
  std::vector<StoredObject> objects_;
  std::atomic<std::uint64_t> epoch_{0};
  std::mutex mutex_;
};

}  // namespace qonduit::simulator
