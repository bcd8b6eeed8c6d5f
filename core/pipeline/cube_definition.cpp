#include "core/pipeline/cube_definition.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "core/engine/expression.hpp"
#include "qonduit/json_text.hpp"

namespace qonduit::pipeline {
namespace {

using config::Cube;
using config::CubeColumn;
using config::CubeSort;
using config::FormatType;

// A number format's code; see protocol, formats and duals.
const char* code_of(FormatType type) {
  switch (type) {
    case FormatType::none: return "U";
    case FormatType::integer: return "I";
    case FormatType::real: return "R";
    case FormatType::fixed: return "F";
    case FormatType::money: return "M";
    case FormatType::date: return "D";
    case FormatType::time: return "T";
    case FormatType::timestamp: return "TS";
    case FormatType::interval: return "IV";
  }
  return "U";
}

struct Separators {
  std::string decimal, thousands;
};

// What a pattern separates its digits with, whatever the app's own are: #.##0,00 and # ##0.0 say it themselves. A separator in front of
// "##0" is one of thousands, so is one that stands there twice; the last of the others is the decimal one.
Separators separators_of(std::string_view pattern) {
  pattern = pattern.substr(0, pattern.find(';'));
  const auto is_place = [](char c) { return c == '#' || c == '0'; };
  Separators found;
  auto at = pattern.find_first_of("#0");
  while (at < pattern.size()) {
    const auto end = std::min(pattern.find_first_not_of("#0", at), pattern.size());
    const auto next = std::min(pattern.find_first_of("#0", end), pattern.size());
    if (next == pattern.size()) break;
    const auto separator = pattern.substr(end, next - end);
    static constexpr std::string_view kKnown[] = {".", ",", " ", "'", "\u00a0", "\u202f", "\u2019"};
    if (std::find(std::begin(kKnown), std::end(kKnown), separator) == std::end(kKnown)) return {};
    const bool three = pattern.substr(next, 3) == "##0" && (next + 3 == pattern.size() || !is_place(pattern[next + 3]));
    if ((three && found.thousands.empty()) || separator == found.thousands || separator == found.decimal) {
      if (separator == found.decimal) found.decimal.clear();
      found.thousands = separator;
    } else {
      if (found.thousands.empty()) found.thousands = found.decimal;
      found.decimal = separator;
    }
    at = next;
  }
  return found;
}

std::string number_format(const config::NumberFormat& format) {
  if (format.type == FormatType::none) return {};
  auto json = R"("qNumFormat":{"qType":")" + std::string(code_of(format.type)) + "\"";
  if (!format.pattern.empty()) json += ",\"qFmt\":" + json_string(format.pattern);
  const bool number = format.type == FormatType::integer || format.type == FormatType::real || format.type == FormatType::fixed ||
                      format.type == FormatType::money;
  if (const auto own = number ? separators_of(format.pattern) : Separators(); !own.thousands.empty() || !own.decimal.empty()) {
    if (!own.decimal.empty()) json += ",\"qDec\":" + json_string(own.decimal);
    if (!own.thousands.empty()) json += ",\"qThou\":" + json_string(own.thousands) + ",\"qUseThou\":1";
  }
  return json + "}";
}

// SortCriteria; dimensions that nobody sorts by are ordered as Qlik's own tables are.
std::string criteria(const CubeSort* sort, bool measure) {
  const auto way = [&] { return std::string(sort != nullptr && sort->descending ? "-1" : "1"); };
  const auto by = sort == nullptr ? CubeSort::By::automatic : sort->by;
  switch (by) {
    case CubeSort::By::automatic:
      if (measure && sort == nullptr) return "{}";
      return measure ? "{\"qSortByNumeric\":" + way() + "}" : "{\"qSortByNumeric\":" + way() + ",\"qSortByAscii\":" + way() + "}";
    case CubeSort::By::number: return "{\"qSortByNumeric\":" + way() + "}";
    case CubeSort::By::text: return "{\"qSortByAscii\":" + way() + "}";
    case CubeSort::By::load_order: return "{\"qSortByLoadOrder\":" + way() + "}";
    case CubeSort::By::frequency: return "{\"qSortByFrequency\":" + way() + "}";
    case CubeSort::By::state: return "{\"qSortByState\":" + way() + "}";
    case CubeSort::By::expression:
      return "{\"qSortByExpression\":" + way() + R"(,"qExpression":{"qv":)" + json_string("=" + sort->expression) + "}}";
  }
  return "{}";
}

// Top values of the first dimension by the first measure.
std::string limits(const Cube& cube) {
  return R"(,"qOtherTotalSpec":{"qOtherMode":"OTHER_COUNTED","qOtherCounted":{"qv":")" + std::to_string(cube.top) +
         R"("},"qOtherSortMode":"OTHER_SORT_DESCENDING","qSuppressOther":)" + (cube.others ? "false" : "true") + "}";
}

std::string dimension(const Cube& cube, std::size_t index, const CubeSort* sort, const MasterIds& ids) {
  const auto& column = cube.dimensions[index];
  const auto sorting = "\"qSortCriterias\":[" + criteria(sort, false) + "]";
  std::string json;
  if (column.kind == CubeColumn::Kind::master) {
    // Master dimensions keep their own order unless the cube says otherwise.
    json = "{\"qLibraryId\":" + json_string(ids.dimensions.at(column.source)) + (sort == nullptr ? "" : ",\"qDef\":{" + sorting + "}");
  } else {
    const auto definition = column.kind == CubeColumn::Kind::field ? engine::bracketed(column.source) : "=" + column.source;
    json = R"({"qDef":{"qGrouping":"N","qFieldDefs":[)" + json_string(definition) + R"(],"qFieldLabels":[)" + json_string(column.name()) +
           "]," + sorting + "}";
  }
  if (cube.suppress_null) json += ",\"qNullSuppression\":true";
  if (index == 0 && cube.top > 0) json += limits(cube);
  return json + "}";
}

std::string measure(const CubeColumn& column, const CubeSort* sort, const MasterIds& ids) {
  std::string json;
  if (column.kind == CubeColumn::Kind::master) {
    json = "{\"qLibraryId\":" + json_string(ids.measures.at(column.source));
  } else {
    const auto format = number_format(column.format);
    json = "{\"qDef\":{\"qLabel\":" + json_string(column.name()) + ",\"qDef\":" + json_string(column.source) +
           (format.empty() ? "" : "," + format) + "}";
  }
  return json + ",\"qSortBy\":" + criteria(sort, true) + "}";
}

// All columns: those sorted by first. Both this and the column's own criteria are needed: a measure alone sorts nothing.
std::string sort_order(const Cube& cube) {
  std::vector<std::size_t> order;
  for (const auto& sort : cube.sort) order.push_back(sort.column);
  for (std::size_t i = 0; i < cube.dimensions.size() + cube.measures.size(); ++i) {
    if (std::find(order.begin(), order.end(), i) == order.end()) order.push_back(i);
  }
  std::string json;
  for (const auto column : order) json += (json.empty() ? "" : ",") + std::to_string(column);
  return "[" + json + "]";
}

const CubeSort* sort_of(const Cube& cube, std::size_t column) {
  const auto found = std::find_if(cube.sort.begin(), cube.sort.end(), [&](const auto& sort) { return sort.column == column; });
  return found == cube.sort.end() ? nullptr : &*found;
}

const char* flag(bool value) { return value ? "true" : "false"; }

}  // namespace

std::string cube_properties(const Cube& cube, const MasterIds& ids, const std::string& state) {
  std::string dimensions;
  for (std::size_t i = 0; i < cube.dimensions.size(); ++i)
    dimensions += (dimensions.empty() ? "" : ",") + dimension(cube, i, sort_of(cube, i), ids);
  std::string measures;
  for (std::size_t i = 0; i < cube.measures.size(); ++i)
    measures += (measures.empty() ? "" : ",") + measure(cube.measures[i], sort_of(cube, cube.dimensions.size() + i), ids);

  auto json = R"({"qInfo":{"qType":"cube"},"qHyperCubeDef":{"qDimensions":[)" + dimensions + "],\"qMeasures\":[" + measures +
              "],\"qInterColumnSortOrder\":" + sort_order(cube) + ",\"qSuppressZero\":" + flag(cube.suppress_zero) +
              ",\"qSuppressMissing\":" + flag(cube.suppress_missing) + ",\"qInitialDataFetch\":[]";
  if (cube.pivot) {
    json += ",\"qMode\":\"P\",\"qAlwaysFullyExpanded\":true,\"qNoOfLeftDims\":" + std::to_string(cube.left_dimensions);
  } else {
    json += ",\"qMode\":\"S\"";
  }
  if (const auto& own = cube.state.empty() ? state : cube.state; own != "$") json += ",\"qStateName\":" + json_string(own);
  if (!cube.set.empty()) json += ",\"qContextSetExpression\":" + json_string(cube.set);
  return json + "}}";
}

std::string field_properties(const std::string& field, const std::string& state) {
  const auto own = state == "$" ? std::string() : "\"qStateName\":" + json_string(state) + ",";
  return R"({"qInfo":{"qType":"field"},"qListObjectDef":{)" + own + R"("qDef":{"qGrouping":"N","qFieldDefs":[)" +
         json_string(engine::bracketed(field)) + R"(],"qFieldLabels":[)" + json_string(field) +
         R"(],"qSortCriterias":[{"qSortByNumeric":1,"qSortByAscii":1,"qSortByLoadOrder":1}]},)"
         R"("qFrequencyMode":"V","qShowAlternatives":true,"qInitialDataFetch":[]}})";
}

}  // namespace qonduit::pipeline
