// Which expressions and fields the objects of an app use: read from their properties, since layouts have none. Source: protocol, object
// identity: own expressions stand in the cube's definition, master items are named by qLibraryId.
#pragma once

#include <string>
#include <vector>

#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

struct UsedExpression {
  std::size_t object = 0;  // index into the ids asked for
  std::string path;        // of the cube or list in the properties: /qHyperCubeDef
  bool measure = false;
  int position = 0;  // among the cube's dimensions or measures
  std::string label;
  std::string expression;  // a dimension's: the field, or '=' and an expression
  std::string library_id;  // of the master item it comes from
  std::vector<std::string> fields;
};

// Of all these objects, in their order. forbidden when the user may not see definitions.
Result<std::vector<UsedExpression>> read_lineage(Session& session, const std::vector<std::string>& object_ids);
// The fields of each definition: a field's name, or an expression behind '='.
Result<std::vector<std::vector<std::string>>> fields_of_definitions(Session& session, const std::vector<std::string>& definitions);

}  // namespace qonduit::engine
