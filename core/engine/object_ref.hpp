// Names of sheets and objects, as far as they are known without reading the objects.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace qonduit::engine {

// An object as the cell of a sheet names it.
struct Cell {
  std::string id, type;
};

struct SheetRef {
  std::string id, title;
  double rank = 0;
  std::vector<Cell> cells{};  // as the list of sheets tells: without what is in containers
};

struct Enclosing {
  std::string id, title;
};

struct ObjectRef {
  std::string id;
  std::string type;   // as the sheet's cell or the object's info says; the layout has the last word
  std::string title;  // where the engine tells without evaluating the object; may be empty
  std::string sheet_id, sheet_title;
  std::vector<Enclosing> inside{};  // the containers around it, outermost first

  // hidden: the app does not show it now; missing: a container names it, and the engine has no such child.
  enum class Sight : std::uint8_t { visible, hidden, missing };
  Sight sight = Sight::visible;
  std::string reason{};  // why it is not visible
  bool named = false;    // a selector names it, by id or title without a glob
};

}  // namespace qonduit::engine
