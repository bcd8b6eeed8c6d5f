#include "cube/cube.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine_error.hpp"

namespace qonduit::simulator {
namespace {

constexpr int kInvalidDefinition = 7000;

std::vector<Area> areas_of(const JsonArray& fetch) {
  std::vector<Area> made;
  if (fetch.isNull()) return made;
  for (const auto& item : *fetch) {
    const auto page = as_object(item);
    const Area area{int_member(page, "qLeft"), int_member(page, "qTop"), int_member(page, "qWidth"), int_member(page, "qHeight")};
    if (area.left >= 0 && area.top >= 0 && area.width > 0 && area.height > 0) made.push_back(area);
  }
  return made;
}

// The rows of a list object: values in their order, each with its state and frequency.
class ListBuilder {
 public:
  ListBuilder(Scope& scope, const JsonObject& definition, const std::string& search)
      : scope_(scope), list_(read_list(scope, definition)), search_(search) {
    cube_.state = list_.state;
    cube_.dimensions.push_back(std::move(list_.dimension));
  }

  EvaluatedList build(const JsonObject& definition) {
    // A list shows every value of its field, whatever is selected: its rows come from all the data.
    calculation_ = std::make_unique<Calculation>(scope_, cube_);
    auto& dimension = cube_.dimensions.front();
    EvaluatedList made;
    made.state = list_.state;
    made.field = scope_.model().find_field(unbracketed(dimension.source));
    auto matrix = std::make_shared<StoredMatrix>(1);
    if (dimension.info.error == 0) add_rows(made, *matrix);
    if (std::isnan(dimension.info.min)) dimension.info.min = dimension.info.max = 0;  // as captured
    dimension.info.cube_cardinal = 0;
    made.layout = object({{"qSize", object({{"qcx", 1}, {"qcy", static_cast<std::int64_t>(matrix->rows())}})},
                          {"qDimensionInfo", to_json(dimension.info)},
                          {"qExpressions", array()}});
    if (!list_.state.empty()) made.layout->set("qStateName", list_.state);
    std::string pages = "[";
    for (const auto& area : areas_of(list_.initial_fetch)) {
      if (pages.size() > 1) pages.push_back(',');
      append_page(pages, *matrix, clip(*matrix, area));
    }
    made.layout->set("qDataPages", parse_json(pages + "]"));
    for (const auto& name : definition->getNames())
      if (!name.starts_with('q')) made.layout->set(name, definition->get(name));
    made.matrix = std::move(matrix);
    return made;
  }

 private:
  void add_rows(const EvaluatedList& made, StoredMatrix& matrix) {
    std::vector<Element> order;
    std::vector<double> frequency;
    double total = 0;
    if (made.field >= 0) {
      const Field& field = scope_.model().field(made.field);
      order.resize(field.symbols.size());
      std::iota(order.begin(), order.end(), 0);
      frequency.assign(order.size(), 0);
      for (const auto table : field.tables) {
        const auto& column = *scope_.model().tables()[table].column(made.field);
        for (const auto element : column)
          if (element >= 0) ++frequency[static_cast<std::size_t>(element)], ++total;
        break;  // a key counts in its first table
      }
    } else {
      for (const auto& key : calculation_->keys())
        if (key[0] >= 0) order.push_back(key[0]);
      frequency.assign(order.size(), 0);
    }
    std::sort(order.begin(), order.end(), [&](Element left, Element right) { return calculation_->compare(0, left, right) < 0; });
    const double most = frequency.empty() ? 0 : *std::max_element(frequency.begin(), frequency.end());
    for (const auto element : order) {
      const Symbol& symbol = calculation_->symbol(0, element);
      if (!search_.empty() && !matches_wildcard(symbol.text, search_.find('*') == std::string::npos ? "*" + search_ + "*" : search_))
        continue;
      std::string state = calculation_->state(0, element);
      if (state == "A" && !list_.show_alternatives) state = "X";
      std::string extra = frequency_json(frequency[static_cast<std::size_t>(element)], total, most);
      extra += calculation_->dimension_extra(0, element);
      matrix.add_cell(value_cell(symbol.text, symbol.number, element, state, extra));
    }
  }

  [[nodiscard]] std::string frequency_json(double count, double total, double most) const {
    std::string text;
    if (list_.frequency_mode == "V") append_number(text, count);
    if (list_.frequency_mode == "P") {
      append_number(text, total == 0 ? 0 : std::round(count / total * 1000) / 10);
      text.push_back('%');
    }
    if (list_.frequency_mode == "R") append_number(text, most == 0 ? 0 : count / most);
    return text.empty() ? text : ",\"qFrequency\":\"" + text + "\"";
  }

  Scope& scope_;
  ListDefinition list_;
  std::string search_;
  CubeDefinition cube_;
  std::unique_ptr<Calculation> calculation_;
};

}  // namespace

EvaluatedCube evaluate_cube(Scope& scope, const JsonObject& given, const Expansions* expansions) {
  auto definition = std::make_shared<CubeDefinition>(read_cube(scope, given));
  EvaluatedCube cube;
  cube.layout.mode = definition->mode;
  cube.layout.state_name = definition->state;
  cube.layout.title = definition->title;
  cube.layout.column_order = definition->column_order;
  if (!definition->condition_holds) {
    cube.layout.error = kConditionFailed;
    cube.layout.calc_condition_message = definition->condition_message;
    cube.matrix = std::make_shared<StoredMatrix>(0);
  } else {
    // The calculation keeps its definition alive: pivots compute values when they are asked for.
    struct Both {
      Both(Scope& in, std::shared_ptr<CubeDefinition> of) : definition(std::move(of)), calculation(in, *definition) {}
      std::shared_ptr<CubeDefinition> definition;
      Calculation calculation;
    };
    auto both = std::make_shared<Both>(scope, definition);
    const std::shared_ptr<Calculation> calculation(both, &both->calculation);
    cube.layout.has_others = calculation->has_others();
    if (definition->mode == "S") {
      make_straight(*calculation, *definition, cube);
    } else if (definition->mode == "P") {
      make_pivot(calculation, *definition, expansions, cube);
    } else if (definition->mode == "K") {
      make_stack(*calculation, *definition, cube);
    } else if (definition->mode == "T") {
      make_tree(*calculation, *definition, cube);
    } else {
      throw EngineError{kInvalidDefinition, "qMode " + definition->mode, "All expressions disabled"};
    }
  }
  for (const auto& dimension : definition->dimensions) cube.layout.dimensions.push_back(dimension.info);
  for (const auto& measure : definition->measures) cube.layout.measures.push_back(measure.info);
  return cube;
}

std::string initial_pages(const EvaluatedCube& cube, const JsonArray& fetch) {
  std::string made = "[";
  for (const auto& area : areas_of(fetch)) {
    if (made.size() > 1) made.push_back(',');
    if (cube.matrix) {
      append_page(made, *cube.matrix, clip(*cube.matrix, area));
    } else if (cube.pages) {
      cube.pages->append_page(made, area);
    }
  }
  return made + "]";
}

bool too_large(const JsonArray& fetch, const std::string& mode) {
  constexpr double kMostCells = 10'000;
  double cells = 0;
  for (const auto& area : areas_of(fetch)) {
    const double page = static_cast<double>(area.width) * static_cast<double>(area.height);
    cells = mode == "S" ? cells + page : std::max(cells, page);
  }
  return cells > kMostCells;
}

EvaluatedList evaluate_list(Scope& scope, const JsonObject& definition, const std::string& search) {
  return ListBuilder(scope, definition, search).build(definition);
}

}  // namespace qonduit::simulator
