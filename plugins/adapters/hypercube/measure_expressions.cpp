#include "plugins/adapters/hypercube/measure_expressions.hpp"

#include <simdjson.h>

namespace qonduit::hypercube {

std::map<int, std::string> measure_expressions(std::string_view properties_json, const std::string& definition_path) {
  std::map<int, std::string> expressions;
  simdjson::dom::parser parser;
  simdjson::dom::element properties;
  if (parser.parse(properties_json.data(), properties_json.size()).get(properties) != simdjson::SUCCESS) return expressions;
  simdjson::dom::array measures;
  if (properties.at_pointer(definition_path + "/qMeasures").get(measures) != simdjson::SUCCESS) return expressions;
  int index = 0;
  for (const auto measure : measures) {
    std::string_view expression;
    if (measure.at_pointer("/qDef/qDef").get(expression) == simdjson::SUCCESS && !expression.empty())
      expressions.emplace(index, expression);
    ++index;
  }
  return expressions;
}

}  // namespace qonduit::hypercube
