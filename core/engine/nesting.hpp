// What sheets and containers say about the objects in them: which, in which order, and on what condition. Pure readings of one layout each,
// or of what a tree of properties says in its place; the walk through an app is in sheet_walk.hpp. Source: protocol, sheet layout and
// visualization types, GetFullPropertyTree.
#pragma once

#include <Poco/JSON/Object.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/engine/object_ref.hpp"

namespace qonduit::engine {

// A show condition. Engines and apps write it as a truth value, a number, a text, or an expression that nobody has evaluated yet.
struct Condition {
  bool holds = true;
  std::string expression{};  // not empty: evaluating it tells
};
Condition read_condition(std::string text);
Condition condition_in(const Poco::JSON::Object::Ptr& object, const std::string& key);

// An object in a sheet or a container.
struct Part {
  std::string id, type, title;
  std::string title_expression{};       // not empty: evaluating it tells the title
  std::vector<Condition> conditions{};  // all must hold
  ObjectRef::Sight sight = ObjectRef::Sight::visible;
  std::string reason{};   // why it is not visible
  bool retitled = false;  // it shows another object's title, or one that no list tells: its properties have the last word
};

// By row and column of the cells, then the children that have no cell. A cell may lack its child, and a child its cell.
std::vector<Part> parts_of_sheet(const Poco::JSON::Object::Ptr& layout);
// In the order of the tabs; a filter pane's in the order of its children. Children that have no tab are hidden, tabs without one missing.
std::vector<Part> parts_of_container(const Poco::JSON::Object::Ptr& layout);

// What an entry of a tree of properties says as a layout would: the properties, and the children in qChildList. Titles and conditions are
// as they were written, expressions too.
Poco::JSON::Object::Ptr as_layout(const Poco::JSON::Object::Ptr& entry);

// Whether objects of this type hold others instead of data: containers, tabs, layout containers, filter panes.
bool is_container(std::string_view type);

}  // namespace qonduit::engine
