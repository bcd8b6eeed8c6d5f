// Finds the objects of sheets as users see them: containers, tabs, layout containers and filter panes stand for what is in them, however
// deep, and links to master visualizations for what they show. Asks level by level, all of a level at once. One thread.
#pragma once

#include <functional>
#include <vector>

#include "core/engine/calls.hpp"
#include "core/engine/object_ref.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

struct KnownObject {
  const ObjectRef* object;
  bool shown;  // for sure; else conditions are evaluated first
};
// Told of objects before titles and conditions are evaluated, and again when they are. Must not wait.
using TellKnown = std::function<void(const std::vector<KnownObject>&)>;

// For each sheet its objects in reading order, each once. What the app does not show is among them and says why. A container that cannot be
// read, or is empty, stands for itself.
Result<std::vector<std::vector<ObjectRef>>> walk_sheets(Objects& engine, const std::vector<SheetRef>& sheets, const TellKnown& tell = {});
// An object that is on no sheet, or what is in it.
Result<std::vector<ObjectRef>> walk_object(Objects& engine, ObjectRef object);

}  // namespace qonduit::engine
