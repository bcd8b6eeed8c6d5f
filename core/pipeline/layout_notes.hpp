// What a layout says that a user should know before its data is read: columns that are hidden, conditions that do not hold, values that
// are gathered. Independent of the adapter that reads it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "qonduit/status.hpp"

namespace qonduit::pipeline {

struct LayoutNotes {
  std::vector<std::string> left_out;  // data the object defines and does not show
  std::vector<std::string> warnings;
};

// Of all hypercubes in it, in their order. Source of the member names: protocol, hypercube layout and errors inside a cube.
Result<LayoutNotes> read_layout_notes(std::string_view layout_json);

// The alternative dimensions and measures a user of a chart may choose, which it does not show: a note for each cube that has some.
Result<std::vector<std::string>> read_alternatives(std::string_view properties_json);

}  // namespace qonduit::pipeline
