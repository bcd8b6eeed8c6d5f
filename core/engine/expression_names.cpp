#include "core/engine/expression_names.hpp"

#include <algorithm>
#include <array>

#include "core/engine/expression.hpp"
#include "core/engine/text_walk.hpp"
#include "qonduit/text.hpp"

namespace qonduit::engine {
namespace {

// Functions over the rows of the data. Those over columns and values (RangeSum, Above, Rank) are none of them.
bool is_aggregation(std::string_view name) {
  static constexpr std::array<std::string_view, 28> known = {
      "avg",          "concat",   "correl", "count",     "firstsortedvalue", "fractile", "fractileexc",
      "irr",          "kurtosis", "max",    "maxstring", "median",           "min",      "minstring",
      "missingcount", "mode",     "npv",    "nullcount", "numericcount",     "only",     "skew",
      "stdev",        "sterr",    "steyx",  "sum",       "textcount",        "xirr",     "xnpv"};
  static constexpr std::array<std::string_view, 4> families = {"linest_", "chi2test_", "ttest", "ztest"};
  const auto lower = ascii_lower(name);
  return std::find(known.begin(), known.end(), lower) != known.end() ||
         std::any_of(families.begin(), families.end(), [&](auto family) { return lower.starts_with(family); });
}

bool is_word(std::string_view name) {
  static constexpr std::array<std::string_view, 19> words = {"total",  "distinct", "nodistinct", "all",     "and",    "or",    "not",
                                                             "xor",    "like",     "precedes",   "follows", "bitand", "bitor", "bitnot",
                                                             "bitxor", "div",      "null",       "true",    "false"};
  return std::find(words.begin(), words.end(), ascii_lower(name)) != words.end();
}

// Their first argument is a text that names a field.
bool takes_field_text(std::string_view name) {
  static constexpr std::array<std::string_view, 3> known = {"fieldvalue", "fieldindex", "fieldvaluecount"};
  return std::find(known.begin(), known.end(), ascii_lower(name)) != known.end();
}

class NameWalk : TextWalk {
 public:
  explicit NameWalk(std::string_view text) : TextWalk(text) {}

  void run() {
    std::vector<Place> around = {Place::plain};  // of each open parenthesis
    while (true) {
      skip_blanks();
      if (over()) return;
      if (here() == '(') {
        around.push_back(around.back());
        ++at_;
      } else if (here() == ')') {
        if (around.size() > 1) around.pop_back();
        ++at_;
      } else if (here() == '{') {
        skip_set();
      } else {
        name(around);
      }
    }
  }

  std::vector<PlacedName> names;
  bool aggregates = false;

 private:
  void name(std::vector<Place>& around) {
    const bool text = here() == '\'';
    const bool bare = !quoted();
    const auto taken = take_name();
    if (taken.empty()) return static_cast<void>(++at_);
    if (text || (bare && (is_digit(taken.front()) || taken.front() == '.'))) return;
    skip_blanks();
    if (bare && !over() && here() == '(') {
      ++at_;
      if (takes_field_text(taken)) field_text();
      const bool aggregation = is_aggregation(taken);
      aggregates = aggregates || aggregation;
      around.push_back(aggregation ? Place::aggregated : ascii_lower(taken) == "aggr" ? Place::nested : around.back());
    } else if (bare && is_word(taken)) {
      if (!over() && here() == '<' && ascii_lower(taken) == "total") groups();
    } else {
      keep(unbracketed(taken), around.back());
    }
  }

  // A text that is computed is passed over.
  void field_text() {
    skip_blanks();
    if (over() || here() != '\'') return;
    const auto taken = take_quoted();
    skip_blanks();
    if (over() || (here() != ',' && here() != ')')) return;
    std::string name;
    for (std::size_t i = 1; i + 1 < taken.size(); ++i) {
      name += taken[i];
      if (taken[i] == '\'') ++i;  // doubled
    }
    if (!name.empty()) keep(std::move(name), Place::grouped);
  }

  void keep(std::string name, Place place) {
    PlacedName found{std::move(name), place};
    if (std::find(names.begin(), names.end(), found) == names.end()) names.push_back(std::move(found));
  }

  // <A, B> behind TOTAL.
  void groups() {
    while (!over() && here() != '>') {
      skip_blanks();
      if (over()) return;
      if (const auto taken = take_name(); !taken.empty())
        keep(unbracketed(taken), Place::grouped);
      else if (here() != '>')
        ++at_;
    }
  }

  void skip_set() {
    int open = 0;
    do {
      if (skip_quoted() || skip_comment()) continue;
      open += here() == '{' ? 1 : here() == '}' ? -1 : 0;
      ++at_;
    } while (!over() && open > 0);
  }
};

}  // namespace

std::vector<PlacedName> names_in(std::string_view expression) {
  NameWalk walk(expression);
  walk.run();
  return std::move(walk.names);
}

bool aggregates(std::string_view expression) {
  NameWalk walk(expression);
  walk.run();
  return walk.aggregates;
}

}  // namespace qonduit::engine
