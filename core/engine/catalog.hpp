// What there is: the apps a user may see, the sheets of an app, the objects on them. Reads over a session and keeps nothing. A name that
// matches nothing is an error that says what comes near. One thread.
#pragma once

#include <string>
#include <vector>

#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

struct AppRef {
  std::string id, title;
  std::string reload_time;  // as the engine writes it; empty when never
  std::string stream;       // where it is published; empty when it is not
};

struct SheetRef {
  std::string id, title;
  double rank = 0;
};

struct ObjectRef {
  std::string id;
  std::string type;   // as the sheet's cell or the object's info says; the layout has the last word
  std::string title;  // where the engine tells without evaluating the object; may be empty
  std::string sheet_id, sheet_title;
};

class Catalog {
 public:
  explicit Catalog(Session& session) : session_(session) {}

  Result<std::vector<AppRef>> apps();
  // By id, or by title where only one app has it.
  Result<AppRef> find_app(const std::string& name);
  // In the order of the app: by rank, then by title.
  Result<std::vector<SheetRef>> sheets();
  // What is on each of these sheets, in reading order: row, then column.
  Result<std::vector<std::vector<ObjectRef>>> objects_on(const std::vector<SheetRef>& sheets);
  // All objects the selectors name, each once, in the order of the selectors, then of the sheets.
  Result<std::vector<ObjectRef>> resolve(const std::vector<std::string>& selectors);

 private:
  Result<ObjectRef> object_anywhere(const std::string& id);

  Session& session_;
};

}  // namespace qonduit::engine
