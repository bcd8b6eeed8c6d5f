#include "core/fetch/same_data.hpp"

#include <simdjson.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace qonduit::fetch {
namespace {

namespace dom = simdjson::dom;

// The element numbers of a total and of Others: their texts are labels.
constexpr std::int64_t kTotal = -1, kOthers = -3;

bool one_of(std::string_view key, std::initializer_list<std::string_view> keys) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// Where in a cube an element stands, as far as it matters for what of it is only shown.
enum class Place : std::uint8_t { cube, columns, attributes, data, other };

struct Found {
  std::string path;
  dom::element element;
};

// Every hypercube and list, the object's own alternate state, and what it is shown as: that names its datasets.
void find(dom::element element, std::string& path, std::vector<Found>& found) {
  if (dom::object object; element.get(object) == simdjson::SUCCESS) {
    for (const auto field : object) {
      const auto length = path.size();
      path.append("/").append(field.key);
      if (one_of(field.key, {"qHyperCube", "qListObject", "qStateName", "visualization"})) {
        found.push_back({path, field.value});
      } else if (field.key != "qLayoutExclude") {
        find(field.value, path, found);
      }
      path.resize(length);
    }
  } else if (dom::array array; element.get(array) == simdjson::SUCCESS) {
    std::size_t index = 0;
    for (const auto item : array) {
      const auto length = path.size();
      path.append("/").append(std::to_string(index++));
      find(item, path, found);
      path.resize(length);
    }
  }
}

template <typename Members>
std::string_view text_of(const Members& element, std::string_view key) {
  std::string_view text;
  return element[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

class Comparison {
 public:
  explicit Comparison(Beside beside) : beside_(beside) {}

  // Whether both are the same but for what is only shown; else path says where they part.
  bool same(dom::element before, dom::element now, Place place, std::string& path) {
    dom::object old_members;
    dom::object new_members;
    if (before.get(old_members) == simdjson::SUCCESS && now.get(new_members) == simdjson::SUCCESS) {
      return same_members(old_members, new_members, place, path);
    }
    dom::array old_items;
    dom::array new_items;
    if (before.get(old_items) != simdjson::SUCCESS || now.get(new_items) != simdjson::SUCCESS) {
      return simdjson::minify(before) == simdjson::minify(now);
    }
    if (place == Place::columns && changed_places(old_items, new_items)) return false;
    auto at = new_items.begin();
    std::size_t index = 0;
    for (const auto item : old_items) {
      if (at == new_items.end()) return false;
      const auto length = path.size();
      path.append("/").append(std::to_string(index++));
      if (!same(item, *at, place, path)) return false;
      path.resize(length);
      ++at;
    }
    return at == new_items.end();
  }

 private:
  bool same_members(dom::object before, dom::object now, Place place, std::string& path) {
    const bool label = is_label(before);
    for (const auto field : before) {
      if (is_shown(field.key, place, label)) continue;
      const auto length = path.size();
      path.append("/").append(field.key);
      dom::element other;
      if (now[field.key].get(other) != simdjson::SUCCESS) return false;
      if (!same(field.value, other, below(field.key, place), path)) return false;
      path.resize(length);
    }
    for (const auto field : now) {
      dom::element other;
      if (is_shown(field.key, place, label) || before[field.key].get(other) == simdjson::SUCCESS) continue;
      path.append("/").append(field.key);
      return false;
    }
    return true;
  }

  // Members that are only shown. Those without a q are the chart's own, and may be expressions.
  [[nodiscard]] bool is_shown(std::string_view key, Place place, bool label) const {
    switch (place) {
      case Place::cube:
        return !(key.starts_with('q') || one_of(key, {"columnOrder", "frequencyEnabled"})) || one_of(key, {"qTitle", "qCalcCondMsg"});
      case Place::columns:
        if (one_of(key, {"qAttrExprInfo", "qAttrDimInfo"})) return beside_ == Beside::shown;
        return !(key.starts_with('q') || key == "cId") ||
               one_of(key, {"qFallbackTitle", "qGroupFallbackTitles", "qCalcCondMsg", "qMiniChart", "qTrendLines"});
      case Place::attributes: return !(key.starts_with('q') || key == "id") || key == "qFallbackTitle";
      case Place::data:
        if (one_of(key, {"qAttrExps", "qAttrDims"})) return beside_ == Beside::shown;
        return one_of(key, {"qMiniChart", "qLabel"}) || (label && key == "qText");
      case Place::other: break;
    }
    return false;
  }

  // A cell or node whose text is a label: a measure's, a total's, that of Others.
  static bool is_label(dom::object members) {
    if (one_of(text_of(members, "qType"), {"P", "T", "O"})) return true;
    for (const auto* key : {"qElemNo", "qElemNumber"}) {
      std::int64_t element = 0;
      if (members[key].get(element) == simdjson::SUCCESS) return element == kTotal || element == kOthers;
    }
    return false;
  }

  static Place below(std::string_view key, Place place) {
    if (one_of(key, {"qAttrExprInfo", "qAttrDimInfo"})) return Place::attributes;
    if (one_of(key, {"qDimensionInfo", "qMeasureInfo", "qExpressions"})) return Place::columns;
    if (one_of(key, {"qDataPages", "qPivotDataPages", "qStackedDataPages", "qGrandTotalRow"})) return Place::data;
    return place == Place::data ? Place::data : Place::other;
  }

  // A label that was another column's before: the columns were moved, which labels that only say the time do not look like.
  static bool changed_places(dom::array before, dom::array now) {
    std::vector<std::string_view> labels;
    for (const auto info : before) labels.push_back(text_of(info, "qFallbackTitle"));
    std::size_t index = 0;
    for (const auto info : now) {
      const auto label = text_of(info, "qFallbackTitle");
      const bool is_new = index < labels.size() && label != labels[index++];
      if (is_new && !label.empty() && std::find(labels.begin(), labels.end(), label) != labels.end()) return true;
    }
    return false;
  }

  Beside beside_;
};

Status moved(const std::string& what) { return {Code::inconsistent, "the object changed while it was read: " + what + " is another now"}; }

}  // namespace

Status same_data(std::string_view before, std::string_view now, Beside beside) {
  if (before == now) return {};
  dom::parser old_parser;
  dom::parser new_parser;
  dom::element old_layout;
  dom::element new_layout;
  if (old_parser.parse(before.data(), before.size()).get(old_layout) != simdjson::SUCCESS ||
      new_parser.parse(now.data(), now.size()).get(new_layout) != simdjson::SUCCESS) {
    return moved("its layout");
  }
  std::vector<Found> old_parts;
  std::vector<Found> new_parts;
  std::string path;
  find(old_layout, path, old_parts);
  find(new_layout, path, new_parts);
  const bool holds_data = std::any_of(old_parts.begin(), old_parts.end(), [](const Found& part) {
    return part.path.ends_with("/qHyperCube") || part.path.ends_with("/qListObject");
  });
  if (!holds_data || old_parts.size() != new_parts.size()) return moved("its layout");
  Comparison comparison(beside);
  for (std::size_t i = 0; i < old_parts.size(); ++i) {
    if (old_parts[i].path != new_parts[i].path) return moved("its layout");
    path = old_parts[i].path;
    if (!comparison.same(old_parts[i].element, new_parts[i].element, Place::cube, path)) return moved(path);
  }
  return {};
}

}  // namespace qonduit::fetch
