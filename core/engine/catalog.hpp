// What there is: the apps a user may see, the sheets of an app, the objects on them. Reads over a session and keeps nothing. A name that
// matches nothing is an error that says what comes near. One thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/config/selector.hpp"
#include "core/engine/object_ref.hpp"
#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

struct AppRef {
  std::string id, title;
  std::string reload_time;  // as the engine writes it; empty when never
  std::string stream;       // where it is published; empty when it is not
};

class Catalog {
 public:
  explicit Catalog(Session& session) : session_(session) {}

  Result<std::vector<AppRef>> apps();
  // By id, or by title where only one app has it.
  Result<AppRef> find_app(const std::string& name);
  // In the order of the app: by rank, then by title.
  Result<std::vector<SheetRef>> sheets();
  // Begins to read that list, and does not wait for it. Meanwhile sheets that the selectors name are opened, `ahead` of them at the most.
  static void begin_sheets(Session& session, const std::vector<std::string>& selectors, std::size_t ahead);
  // What is on each of these sheets, in reading order: row, then column. Containers stand for what is in them: see sheet_walk.hpp.
  Result<std::vector<std::vector<ObjectRef>>> objects_on(const std::vector<SheetRef>& sheets);
  // All objects the selectors name, each once, in the order of the selectors, then of the sheets; without those taken out. A container's
  // name names what is in it.
  Result<std::vector<ObjectRef>> resolve(const std::vector<std::string>& selectors);
  // What is done with objects before all of them are found.
  struct Ahead {
    std::size_t opened = 0;  // the most that are opened as soon as their ids are known
    // Told of those that are chosen and shown for sure, as soon as that is known. Must not wait.
    std::function<void(const std::vector<std::string>& ids)> found{};
  };
  // The same, with what is wrong with each selector put into problems; answered are the objects of the others.
  Result<std::vector<ObjectRef>> resolve(const std::vector<std::string>& selectors, std::vector<Status>& problems, const Ahead& ahead);

 private:
  struct Inventory;
  Result<Inventory> take_inventory(const std::vector<config::Selector>& selectors, const Ahead& ahead);
  // What one selector names; not_found, with what comes near, when that is nothing.
  Result<std::vector<ObjectRef>> find(const config::Selector& selector, const Inventory& inventory);
  static bool may_miss(const config::Selector& selector, const Inventory& inventory);
  Result<std::vector<ObjectRef>> insides(std::vector<ObjectRef> masters);
  Result<std::vector<ObjectRef>> objects_anywhere(const std::string& id);

  Session& session_;
};

}  // namespace qonduit::engine
