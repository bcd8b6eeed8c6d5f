// The lists an app keeps of itself: fields, master items, variables, bookmarks, master visualizations. Each is a session object that is
// read once. Source: protocol, listing sheets; the engine's schema for the other *ListDef structures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

struct ListedField {
  std::string name;
  std::int64_t distinct = 0;
  std::vector<std::string> tags, tables;
  bool numeric = false;
};

// A field by its name alone.
struct NamedField {
  std::string name;
  bool visible = true;            // no system field, not hidden, not derived
  std::string derived_from = {};  // the field a definition makes it of
};

// A master dimension, or a master measure: that has one expression and one label.
struct MasterItem {
  std::string id, title, description;
  std::string grouping;  // of a dimension: N one field, H drill-down, C cyclic
  std::vector<std::string> expressions, labels, tags;
};

struct ListedVariable {
  std::string id, name, definition, description;
};

struct ListedBookmark {
  std::string id, title, description, created;
};

struct MasterObject {
  std::string id, title, visualization;
};

// What expressions may use by name, for the time of one list.
struct AppNames {
  std::vector<NamedField> fields;  // system fields, hidden ones, and those derived from others by a calendar, too
  std::vector<MasterItem> measures;
  std::vector<ListedVariable> variables;
};

// As loaded: without system and hidden fields.
Result<std::vector<ListedField>> list_fields(Session& session);
// From one session object; from one for each where the engine does not give them together.
Result<AppNames> list_names(Session& session);
// The same, begun before it is wanted.
void begin_names(Session& session);
// Dimensions without their expressions and labels: lists of the engine hold no arrays.
Result<std::vector<MasterItem>> list_dimensions(Session& session);
// With them, read from each dimension's properties.
Result<std::vector<MasterItem>> read_dimensions(Session& session);
Result<std::vector<MasterItem>> list_measures(Session& session);
Result<std::vector<ListedVariable>> list_variables(Session& session);
Result<std::vector<ListedBookmark>> list_bookmarks(Session& session);
Result<std::vector<MasterObject>> list_master_objects(Session& session);

}  // namespace qonduit::engine
