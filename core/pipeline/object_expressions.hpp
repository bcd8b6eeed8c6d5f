// What an object computes: the expressions that decide what is delivered of it, as its definition has them, under the titles of its layout.
// Those of the dimensions and measures, of the conditions that show them, of the limits that make Others, and of attributes where they are
// delivered. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "qonduit/status.hpp"

namespace qonduit::pipeline {

struct ObjectExpression {
  std::string what;                 // measure 'Sales', condition of dimension 'City'
  std::string expression;           // without = in front; empty where a master measure has it
  std::string library;              // the id of that; empty where the object has its own
  std::vector<std::string> labels;  // of the other measures, which this one may use by name; none of more than kMostChecked
  bool field = false;               // the expression is the name of a field, in brackets
  bool optional = false;            // may expand to nothing: a condition or a limit
};

// An object with more is not checked: each costs two calls, and may name every other one.
inline constexpr std::size_t kMostChecked = 500;

// Those of every hypercube and list, but for columns whose show condition does not hold (of them the condition), and what the object has
// put aside (qLayoutExclude). Not those that sort rows or make titles: they decide no value. attributes: those of attributes too. bad_data
// when one of both is not JSON. Source: protocol, HyperCubeDef members; GenericObject.GetEffectiveProperties.
Result<std::vector<ObjectExpression>> read_object_expressions(std::string_view layout_json, std::string_view properties_json,
                                                              bool attributes);

}  // namespace qonduit::pipeline
