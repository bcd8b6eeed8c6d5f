// A straight hypercube computed from its definition (HyperCubeDef) over a data model: dimensions, measures, sort order, suppression,
// Others, calculation conditions, totals.
#pragma once

#include <map>
#include <string>

#include "cube/layout.hpp"
#include "json.hpp"
#include "model/data_model.hpp"

namespace qonduit::simulator {

// Master items: the inner qDim or qMeasure definitions by id.
struct Library {
  std::map<std::string, JsonObject> dimensions;
  std::map<std::string, JsonObject> measures;
};

// Throws EngineError for a measure that does not parse and a library id that is not there.
[[nodiscard]] StraightCube build_cube(DataModel& model, const Library& library, const JsonObject& definition);

// The number format a measure shows when its definition names none, and the text of its values.
[[nodiscard]] NumFormat automatic_format(const DataModel& model, const Expression& expression);
[[nodiscard]] NumFormat parse_format(const JsonObject& definition, const Locale& locale);

// Qlik's tags of a field.
[[nodiscard]] std::vector<std::string> tags_of(const Field& field);

}  // namespace qonduit::simulator
