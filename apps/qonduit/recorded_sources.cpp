#include "apps/qonduit/recorded_sources.hpp"

#include <string_view>
#include <vector>

#include "qonduit/list.hpp"

namespace qonduit::app {
namespace {

using config::Cube;
using config::CubeColumn;
using config::CubeSort;
using config::FormatType;

std::string_view word_of(FormatType type) {
  switch (type) {
    case FormatType::none: break;
    case FormatType::integer: return "integer";
    case FormatType::real: return "real";
    case FormatType::fixed: return "fixed";
    case FormatType::money: return "money";
    case FormatType::date: return "date";
    case FormatType::time: return "time";
    case FormatType::timestamp: return "timestamp";
    case FormatType::interval: return "interval";
  }
  return {};
}

std::string_view word_of(CubeSort::By by) {
  switch (by) {
    case CubeSort::By::automatic:
    case CubeSort::By::expression: break;
    case CubeSort::By::number: return "number";
    case CubeSort::By::text: return "text";
    case CubeSort::By::load_order: return "load order";
    case CubeSort::By::frequency: return "frequency";
    case CubeSort::By::state: return "state";
  }
  return {};
}

// Between these marks, the second of which is doubled inside.
std::string between(char open, std::string_view text, char close) {
  std::string out(1, open);
  for (const char c : text) out.append(c == close ? 2 : 1, c);
  return out + close;
}

std::string in_brackets(std::string_view text) { return between('[', text, ']'); }

std::string format_of(const config::NumberFormat& format) {
  if (format.type == FormatType::none) return {};
  const auto text = " format " + std::string(word_of(format.type));
  return format.pattern.empty() ? text : text + " " + between('\'', format.pattern, '\'');
}

class CubeText {
 public:
  CubeText(const Cube& cube, const recording::JsonScrambler& scrambler) : cube_(cube), scrambler_(scrambler) {}

  [[nodiscard]] std::string columns(const std::vector<CubeColumn>& columns, bool dimensions) const {
    std::string text;
    for (const auto& column : columns) text += (text.empty() ? "" : ", ") + written(column, dimensions);
    return text;
  }

  [[nodiscard]] std::string sort() const {
    std::string text;
    for (const auto& sort : cube_.sort) {
      const bool measure = sort.column >= cube_.dimensions.size();
      const auto& column = measure ? cube_.measures[sort.column - cube_.dimensions.size()] : cube_.dimensions[sort.column];
      text += (text.empty() ? "" : ", ") + in_brackets(scrambler_.name(column.name()));
      if (sort.by == CubeSort::By::expression) text += " by =" + scrambler_.expression(sort.expression);
      if (const auto word = word_of(sort.by); !word.empty()) text += " by " + std::string(word);
      text += sort.descending ? " desc" : " asc";
    }
    return text;
  }

 private:
  [[nodiscard]] std::string written(const CubeColumn& column, bool dimension) const {
    if (column.kind == CubeColumn::Kind::master) return in_quotes("master:" + scrambler_.name(column.source));
    const auto source = column.kind == CubeColumn::Kind::field ? in_brackets(scrambler_.name(column.source))
                                                               : (dimension ? "=" : "") + scrambler_.expression(column.source);
    // The label always: the recording has one, made of the source where none was given.
    return source + " as " + in_brackets(scrambler_.name(column.name())) + format_of(column.format);
  }

  const Cube& cube_;
  const recording::JsonScrambler& scrambler_;
};

}  // namespace

std::string recorded_expression(const config::NamedExpression& expression, const recording::JsonScrambler& scrambler) {
  return scrambler.expression(expression.expression) + format_of(expression.format);
}

std::string recorded_cube(const Cube& cube, const std::string& key, const std::string& written, const recording::JsonScrambler& scrambler) {
  const CubeText text(cube, scrambler);
  if (key == "dimensions") return text.columns(cube.dimensions, true);
  if (key == "measures") return text.columns(cube.measures, false);
  if (key == "sort") return text.sort();
  if (key == "set") return scrambler.expression(cube.set);
  if (key == "state") return cube.state == "$" ? cube.state : scrambler.name(cube.state);
  return written;
}

}  // namespace qonduit::app
