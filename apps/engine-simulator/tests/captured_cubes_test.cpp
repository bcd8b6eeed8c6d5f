// Captured pivots and stacks are the judge: from the values of each one a data model is made, the cube is built again from it, and the
// result is compared with the capture, node by node: members present and absent, types, texts, codes, flags, ranges, positions.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "apps/app.hpp"
#include "cube/cube.hpp"
#include "fixtures.hpp"
#include "model/number_format.hpp"

namespace qonduit::simulator {
namespace {

using Tuple = std::vector<std::string>;  // a value per dimension; "" is null
constexpr const char* kBelowCollapsed = "(not shown)";

std::vector<Json> items_of(const JsonObject& of, const char* name) {
  const auto items = array_member(of, name);
  return items.isNull() ? std::vector<Json>() : std::vector<Json>(items->begin(), items->end());
}

std::string type_of(const JsonObject& node) { return text_member(node, "qType"); }

// A leaf of a captured tree: what stands above it.
struct CapturedLeaf {
  Tuple values;
  int measure = -1;
  bool total = false;
};

class Capture {
 public:
  explicit Capture(const JsonObject& cube) : cube_(cube), mode_(text_member(cube, "qMode")) {
    for (const auto& level : items_of(cube, "qEffectiveInterColumnSortOrder")) order_.push_back(level.convert<int>());
    std::erase_if(order_, [](int level) { return level < 0; });
    totals_.resize(order_.size());
  }

  [[nodiscard]] JsonObject page() const {
    return as_object(array_member(cube_, mode_ == "P" ? "qPivotDataPages" : "qStackedDataPages")->get(0));
  }

  // Rows of data whose cube the captured one could be.
  std::map<Tuple, std::map<int, std::string>> rows() {
    std::map<Tuple, std::map<int, std::string>> made;
    if (mode_ == "K") {
      walk_stack(as_object(array_member(page(), "qData")->get(0)), {}, made);
      return made;
    }
    auto left = leaves("qLeft", 0);
    // A level that is nowhere expanded is absent.
    for (auto& leaf : left) leaf.values.resize(left_dimensions(), kBelowCollapsed);
    auto top = leaves("qTop", left_dimensions());
    for (auto& leaf : top) leaf.values.resize(order_.size() - left_dimensions(), kBelowCollapsed);
    if (top.empty()) top.push_back(nothing_);
    const auto data = items_of(page(), "qData");
    for (std::size_t row = 0; row < data.size(); ++row)
      for (std::size_t column = 0; column < top.size(); ++column) {
        const CapturedLeaf& l = left.empty() ? nothing_ : left[row];
        const CapturedLeaf& t = top[column];
        if (l.total || t.total) continue;
        Tuple tuple = l.values;
        tuple.insert(tuple.end(), t.values.begin(), t.values.end());
        const auto value = as_object(as_array(data[row])->get(static_cast<unsigned>(column)));
        if (type_of(value) == "U" && sums()) continue;  // a sum is null where no row is
        if (made.try_emplace(tuple).second) order_of_.push_back(tuple);
        if (type_of(value) == "V") made[tuple][std::max({l.measure, t.measure, 0})] = to_text(value->get("qNum"));
      }
    return made;
  }

  [[nodiscard]] const std::vector<Tuple>& order() const { return order_of_; }
  [[nodiscard]] const std::vector<int>& dimensions() const { return order_; }
  [[nodiscard]] bool has_total(std::size_t level) const { return totals_[level]; }
  [[nodiscard]] const std::vector<Tuple>& expanded() const { return expanded_; }
  [[nodiscard]] bool collapses() const { return collapses_; }
  [[nodiscard]] bool usable() const { return usable_; }
  // Whether every measure is a sum, as far as its title tells.
  [[nodiscard]] bool sums() const {
    const auto measures = items_of(cube_, "qMeasureInfo");
    return std::all_of(measures.begin(), measures.end(),
                       [](const Json& info) { return text_member(as_object(info), "qFallbackTitle").starts_with("Sum("); });
  }

 private:
  // Of the levels on the left, those that are no measures.
  [[nodiscard]] std::size_t left_dimensions() const {
    std::size_t made = 0;
    std::int64_t left = int_member(cube_, "qNoOfLeftDims");
    for (const auto& level : items_of(cube_, "qEffectiveInterColumnSortOrder"))
      if (left-- > 0 && level.convert<int>() >= 0) ++made;
    return made;
  }

  std::vector<CapturedLeaf> leaves(const char* side, std::size_t level) {
    std::vector<CapturedLeaf> made;
    for (const auto& node : items_of(page(), side)) walk(as_object(node), {}, level, made);
    return made;
  }

  void note(const JsonObject& node, std::size_t level, CapturedLeaf& at) {
    const std::string type = type_of(node);
    if (type == "P") {
      at.measure = static_cast<int>(int_member(node, "qElemNo"));
      return;
    }
    if (type == "O") usable_ = false;  // Others are not rebuilt
    if (type == "T" && int_member(node, "qElemNo") == kTotalElement) {
      totals_[level] = true;
      at.total = true;
    }
    at.values.push_back(type == "N" ? text_member(node, "qText") : type == "U" ? "" : kBelowCollapsed);
    if (bool_member(node, "qCanCollapse")) expanded_.push_back(at.values);
    collapses_ = collapses_ || bool_member(node, "qCanExpand") || bool_member(node, "qCanCollapse");
  }

  void walk(const JsonObject& node, CapturedLeaf at, std::size_t level, std::vector<CapturedLeaf>& into) {
    note(node, level + at.values.size(), at);
    const auto children = items_of(node, "qSubNodes");
    if (children.empty()) into.push_back(at);
    for (const auto& child : children) walk(as_object(child), at, level, into);
  }

  void walk_stack(const JsonObject& node, CapturedLeaf at, std::map<Tuple, std::map<int, std::string>>& into) {
    for (const auto& item : items_of(node, "qSubNodes")) {
      const auto child = as_object(item);
      if (at.values.size() == order_.size()) {
        if (at.total) continue;
        if (into.try_emplace(at.values).second) order_of_.push_back(at.values);
        if (type_of(child) == "V") into[at.values][0] = to_text(child->get("qValue"));
      } else {
        CapturedLeaf below = at;
        note(child, at.values.size(), below);
        walk_stack(child, below, into);
      }
    }
  }

  JsonObject cube_;
  std::string mode_;
  std::vector<int> order_;
  std::vector<Tuple> order_of_;
  std::vector<bool> totals_;
  std::vector<Tuple> expanded_;
  bool collapses_ = false;
  bool usable_ = true;
  CapturedLeaf nothing_;
};

std::string quoted(const std::string& text) {
  std::string made = "\"";
  for (const char c : text) made.append(c == '"' ? "\"\"" : std::string(1, c));
  return made + "\"";
}

// A data model with one table of the captured values, D0… and M0….
std::shared_ptr<const DataModel> model_of(Capture& capture, std::size_t measures, std::size_t wanted_rows) {
  const auto rows = capture.rows();
  const auto dimensions = capture.dimensions().size();
  std::string csv;
  std::vector<std::pair<std::string, FieldType>> fields;
  const auto add_field = [&](const std::string& name, FieldType type) {
    csv += (csv.empty() ? "" : ",") + name;
    fields.emplace_back(name, type);
  };
  for (std::size_t i = 0; i < dimensions; ++i) add_field("D" + std::to_string(i), FieldType::text);
  for (std::size_t i = 0; i < measures; ++i) add_field("M" + std::to_string(i), FieldType::real);
  for (const auto& tuple : capture.order()) {
    csv += "\n";
    for (std::size_t i = 0; i < dimensions; ++i) csv += (i > 0 ? "," : "") + (tuple[i].empty() ? "" : quoted(tuple[i]));
    for (std::size_t i = 0; i < measures; ++i) {
      const auto& values = rows.at(tuple);
      const auto value = values.find(static_cast<int>(i));
      csv += "," + (value == values.end() ? "" : value->second);
    }
  }
  // A capture shows a window; rows behind it are there all the same.
  for (auto i = capture.order().size(); dimensions == 1 && i < wanted_rows; ++i)
    csv += "\nbehind the window " + std::to_string(i) + ",1.2214285714285715";
  auto model = std::make_shared<DataModel>(Locale{});
  model->load("T", csv, fields);
  model->link();
  return model;
}

void compare(const JsonObject& ours, const JsonObject& theirs, const std::string& where) {
  auto expected = theirs->getNames();
  std::erase_if(expected, [](const std::string& name) { return name == "qAttrExps" || name == "qAttrDims"; });
  ASSERT_EQ(ours->getNames(), expected) << where;
  for (const auto& name : expected) {
    if (name == "qSubNodes") continue;
    const Json a = ours->get(name);
    const Json b = theirs->get(name);
    if (name == "qElemNo" && b.convert<int>() >= 0) {
      EXPECT_GE(a.convert<int>(), 0) << where;  // numbers of values follow the order they were loaded in
    } else if (name == "qValue" || name == "qRow") {
      continue;  // dimension values are texts here; rows stand in another order
    } else if (name == "qText") {
      // Measures are formatted and named otherwise.
      if (type_of(theirs) != "V" && type_of(theirs) != "P") {
        EXPECT_EQ(to_text(a), to_text(b)) << where;
      }
    } else if (b.isNumeric() && !b.isInteger()) {
      EXPECT_NEAR(a.convert<double>(), b.convert<double>(), 1e-6 * std::fabs(b.convert<double>())) << where << " " << name;
    } else {
      EXPECT_EQ(to_text(a), to_text(b)) << where << " " << name;
    }
  }
  // Where null stands among its siblings differs between captures, so nodes are compared by what they show.
  const auto key = [](const Json& node) {
    return type_of(as_object(node)) + "|" +
           (type_of(as_object(node)) == "P" ? text_member(as_object(node), "qElemNo") : text_member(as_object(node), "qText"));
  };
  auto a = items_of(ours, "qSubNodes");
  auto b = items_of(theirs, "qSubNodes");
  const bool measures = !b.empty() && (type_of(as_object(b[0])) == "V" ||
                                       (type_of(as_object(b[0])) == "U" && items_of(as_object(b[0]), "qSubNodes").empty()));
  if (!measures) {
    std::stable_sort(a.begin(), a.end(), [&](const Json& l, const Json& r) { return key(l) < key(r); });
    std::stable_sort(b.begin(), b.end(), [&](const Json& l, const Json& r) { return key(l) < key(r); });
  }
  ASSERT_EQ(a.size(), b.size()) << where;
  for (std::size_t i = 0; i < a.size(); ++i) {
    compare(as_object(a[i]), as_object(b[i]), where + "/" + text_member(as_object(b[i]), "qText", "#" + std::to_string(i)));
    if (testing::Test::HasFatalFailure()) return;
  }
}

JsonObject definition_of(const JsonObject& captured, const Capture& capture, std::size_t measures) {
  JsonArray dimensions = array();
  for (std::size_t i = 0; i < capture.dimensions().size(); ++i) {
    JsonObject dimension = object({{"qDef", object({{"qFieldDefs", array({"D" + std::to_string(i)})},
                                                    {"qSortCriterias", array({object({{"qSortByLoadOrder", 1}})})}})}});
    if (capture.has_total(i)) dimension->set("qOtherTotalSpec", object({{"qTotalMode", "TOTAL_EXPR"}}));
    dimensions->add(dimension);
  }
  JsonArray values = array();
  for (std::size_t i = 0; i < measures; ++i) {
    const std::string sum = "Sum(M" + std::to_string(i) + ")";
    values->add(object({{"qDef", object({{"qDef", capture.sums() ? sum : "If(Count(M" + std::to_string(i) + ")>0," + sum + ")"}})}}));
  }
  JsonObject made = object({{"qDimensions", dimensions},
                            {"qMeasures", values},
                            {"qMode", captured->get("qMode")},
                            {"qNoOfLeftDims", captured->get("qNoOfLeftDims")},
                            {"qInterColumnSortOrder", array()},
                            {"qAlwaysFullyExpanded", !capture.collapses()}});
  // The captured dimensions in the order they stand in, the measures where they were.
  JsonArray order = array();
  int next = 0;
  for (const auto& level : items_of(captured, "qEffectiveInterColumnSortOrder")) order->add(level.convert<int>() < 0 ? -1 : next++);
  made->set("qInterColumnSortOrder", order);
  return made;
}

std::ptrdiff_t nulls_in(const JsonObject& page) {
  std::ptrdiff_t made = 0;
  for (const auto& row : items_of(page, "qData")) {
    const auto cells = as_array(row);
    made += std::count_if(cells->begin(), cells->end(), [](const Json& cell) { return type_of(as_object(cell)) == "U"; });
  }
  return made;
}

TEST(CapturedCubes, AreRebuiltFromTheirDataNodeByNode) {
  int pivots = 0;
  int stacks = 0;
  for (const auto& [file, captured, pages] : captured_cubes({"layouts", "captures"})) {
    const std::string mode = text_member(captured, "qMode");
    if (mode != "P" && mode != "K") continue;
    if (items_of(captured, mode == "P" ? "qPivotDataPages" : "qStackedDataPages").empty()) continue;
    SCOPED_TRACE(file);
    Capture capture(captured);
    if (mode == "K" && items_of(capture.page(), "qData").empty()) continue;
    const auto measures = items_of(captured, "qMeasureInfo").size();
    const auto size = object_member(captured, "qSize");
    const auto model = model_of(capture, measures, static_cast<std::size_t>(int_member(size, "qcy")));
    if (!capture.usable()) continue;
    Scope scope(model, std::make_shared<Library>());
    Expansions expansions;
    for (const auto& path : capture.expanded()) {
      // A path says for itself whether it is of the left or of the top: its first value is one of that side's first dimension.
      for (auto* side : {&expansions.left, &expansions.top}) {
        const auto first = side == &expansions.left ? std::size_t{0} : static_cast<std::size_t>(int_member(captured, "qNoOfLeftDims"));
        Expansion::Path elements;
        for (std::size_t i = 0; i < path.size() && first + i < capture.dimensions().size(); ++i)
          elements.push_back(path[i].empty() ? kNullElement : model->field(static_cast<int>(first + i)).find(path[i]));
        if (std::find(elements.begin(), elements.end(), -1) == elements.end()) side->expanded.insert(elements);
      }
    }
    const auto cube = evaluate_cube(scope, definition_of(captured, capture, measures), &expansions);
    EXPECT_EQ(cube.layout.left_dimensions, int_member(captured, "qNoOfLeftDims"));
    const auto area = object_member(capture.page(), "qArea");
    std::string text;
    cube.pages->append_page(text,
                            {int_member(area, "qLeft"), int_member(area, "qTop"), int_member(area, "qWidth"), int_member(area, "qHeight")});
    const auto ours = as_object(parse_json(text));
    EXPECT_EQ(ours->getNames(), capture.page()->getNames());
    if (mode == "K") {
      ++stacks;
      EXPECT_EQ(to_text(object_member(ours, "qArea")), to_text(area)) << "members of the outermost dimension are counted";
      compare(as_object(array_member(ours, "qData")->get(0)), as_object(array_member(capture.page(), "qData")->get(0)), "root");
      continue;
    }
    ++pivots;
    // A capture of the whole cube also tells how many values each dimension shows.
    if (int_member(area, "qWidth") == int_member(size, "qcx") && int_member(area, "qHeight") == int_member(size, "qcy")) {
      for (std::size_t i = 0; i < capture.dimensions().size(); ++i) {
        const auto info = as_object(array_member(captured, "qDimensionInfo")->get(static_cast<unsigned>(capture.dimensions()[i])));
        EXPECT_EQ(cube.layout.dimensions[i].cube_cardinal, int_member(object_member(info, "qCardinalities"), "qHypercubeCardinal")) << i;
      }
    }
    const auto side = [](const JsonObject& page, const char* name) {
      return object({{"qType", "side"}, {"qSubNodes", array_member(page, name)}});
    };
    compare(side(ours, "qLeft"), side(capture.page(), "qLeft"), "left");
    compare(side(ours, "qTop"), side(capture.page(), "qTop"), "top");
    const auto value = as_object(as_array(array_member(ours, "qData")->get(0))->get(0));
    EXPECT_EQ(value->getNames(), (std::vector<std::string>{"qText", "qNum", "qType"}));
    EXPECT_EQ(array_member(ours, "qData")->size(), array_member(capture.page(), "qData")->size());
    EXPECT_EQ(nulls_in(ours), nulls_in(capture.page())) << "crossings that no row belongs to";
  }
  EXPECT_GE(pivots, 8);
  EXPECT_GE(stacks, 4);
}

// The members of every kind of node, in the order of the captured tree.
TEST(CapturedCubes, TreesHaveTheMembersOfTheCapturedOne) {
  int trees = 0;
  for (const auto& [file, captured, pages] : captured_cubes({"captures"})) {
    if (text_member(captured, "qMode") != "T") continue;
    ++trees;
    const auto theirs = as_object(array_member(captured, "qTreeDataPages")->get(0));
    DataModel model{Locale{}};
    std::string csv = "A,B,X\n";
    for (const auto& outer : items_of(theirs, "qNodes"))
      for (const auto& inner : items_of(as_object(outer), "qNodes"))
        csv += text_member(as_object(outer), "qText") + "," + text_member(as_object(inner), "qText") + "," +
               to_text(as_object(items_of(as_object(inner), "qValues").front())->get("qValue")) + "\n";
    model.load("T", csv, {{"A", FieldType::text}, {"B", FieldType::text}, {"X", FieldType::real}});
    model.link();
    Scope scope(std::make_shared<const DataModel>(std::move(model)), std::make_shared<Library>());
    const std::string definition =
        R"~({"qMode":"T","qMeasures":[{"qDef":{"qDef":"Sum(X)"}}],"qDimensions":[{"qDef":{"qFieldDefs":["A"]}},)~"
        R"~({"qDef":{"qFieldDefs":["B"]},"qAttributeExpressions":[{"qExpression":"Sum(X)"}]}]})~";
    const auto cube = evaluate_cube(scope, as_object(parse_json(definition)));
    EXPECT_EQ(cube.layout.tree_nodes, (std::vector<std::int64_t>{5, 25}));
    EXPECT_EQ(cube.layout.rows, int_member(object_member(captured, "qSize"), "qcy"));
    std::string text;
    cube.tree->append_nodes(text, {});
    const auto ours = as_object(as_array(parse_json(text))->get(0));
    const auto first = [](const JsonObject& node) { return as_object(array_member(node, "qNodes")->get(0)); };
    EXPECT_EQ(ours->getNames(), theirs->getNames());
    EXPECT_EQ(first(ours)->getNames(), first(theirs)->getNames());
    EXPECT_EQ(first(first(ours))->getNames(), first(first(theirs))->getNames());
    const auto second = as_object(array_member(ours, "qNodes")->get(1));
    EXPECT_EQ(int_member(second, "qRow"), 5) << "the first leaf's";
    EXPECT_EQ(to_text(second->get("qValues")), "[]");
    EXPECT_EQ(to_text(first(second)->get("qTreePath")), "[1]");
  }
  EXPECT_EQ(trees, 1);
}

}  // namespace
}  // namespace qonduit::simulator
