// What the nodes of pivots, stacks and trees share: their texts, types and flags as JSON.
#pragma once

#include <string>

#include "cube/header_tree.hpp"

namespace qonduit::simulator {

// A node's "qText" (left out for placeholders), "qElemNo" and "qValue", without braces.
void append_node_value(std::string& out, const Calculation& calculation, const HeaderTree& tree, const HeaderNode& node);
// N value, U null, O Others, P measure, T total.
[[nodiscard]] char node_type(const HeaderNode& node);
// The measure's title, as P nodes show it.
[[nodiscard]] const std::string& measure_title(const Calculation& calculation, int visible_index);
// The attributes of a node's value.
[[nodiscard]] std::string node_extra(Calculation& calculation, const HeaderTree& tree, const HeaderNode& node);

}  // namespace qonduit::simulator
