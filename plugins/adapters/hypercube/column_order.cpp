#include "plugins/adapters/hypercube/column_order.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "plugins/adapters/hypercube/cube_layout.hpp"
#include "plugins/adapters/hypercube/number_value.hpp"

namespace qonduit::hypercube {
namespace {

namespace dom = simdjson::dom;

// Each column that is named and visible, once.
Order named_of(const std::vector<std::int64_t>& stated, const Order& visible, bool& clean, std::size_t all) {
  Order named;
  std::set<std::int64_t> seen;
  for (const auto index : stated) {
    const bool is_column = index >= 0 && index < static_cast<std::int64_t>(all);
    clean = clean && is_column && seen.insert(index).second;
    if (!is_column) continue;
    const auto position = static_cast<std::size_t>(index);
    const bool known = std::find(visible.begin(), visible.end(), position) != visible.end();
    if (known && std::find(named.begin(), named.end(), position) == named.end()) named.push_back(position);
  }
  return named;
}

Order completed(Order named, const Order& visible) {
  for (const auto position : visible) {
    if (std::find(named.begin(), named.end(), position) == named.end()) named.push_back(position);
  }
  return named;
}

void add(std::vector<Order>& orders, Order order) {
  if (std::find(orders.begin(), orders.end(), order) == orders.end()) orders.push_back(std::move(order));
}

std::string listed(const std::vector<std::int64_t>& indices) {
  std::string text;
  for (const auto index : indices) text += (text.empty() ? "" : ",") + std::to_string(index);
  return "[" + text + "]";
}

// What the cells of one matrix column show.
struct Seen {
  bool dimension = false;  // a cell that no measure has: a state but L, an element that counts
  bool measure = false;    // one element with several values
  bool number = false, fraction = false, text = false, beyond_ascii = false;
  double min = std::numeric_limits<double>::infinity(), max = -min;
  std::map<std::int64_t, std::string_view> elements;
};

std::string_view member_of(dom::element cell, std::string_view key) {
  std::string_view text;
  return cell[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::int64_t element_of(dom::element cell) {
  std::int64_t element = 0;
  return cell["qElemNumber"].get(element) == simdjson::SUCCESS ? element : 0;
}

void look_at(dom::element cell, Seen& seen) {
  const auto element = element_of(cell);
  const auto state = member_of(cell, "qState");
  const auto text = member_of(cell, "qText");
  if (element > 0 || element == kNull || element == kOthers || !(state.empty() || state == "L")) seen.dimension = true;
  bool null = element < 0;
  if (!null && cell["qIsNull"].get(null) != simdjson::SUCCESS) null = false;
  double number = 0;
  const bool has_number = cell["qNum"].get(number) == simdjson::SUCCESS;
  if (null || (!has_number && text == "-")) return;
  const auto [known, is_new] = seen.elements.try_emplace(element, text);
  if (!is_new && known->second != text) seen.measure = true;
  seen.beyond_ascii =
      seen.beyond_ascii || std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 127; });
  (has_number ? seen.number : seen.text) = true;
  if (!has_number) return;
  seen.fraction = seen.fraction || std::floor(number) != number;
  seen.min = std::min(seen.min, number);
  seen.max = std::max(seen.max, number);
}

// Rows of Others and totals are left out: the ranges of the layout are those of the values.
bool is_special(dom::array row) {
  return std::any_of(row.begin(), row.end(), [](dom::element cell) {
    const auto element = element_of(cell);
    return element == kTotal || element == kOthers;
  });
}

struct Page {
  std::vector<Seen> columns;
  bool special = false;
};

// Nothing where the page has no rows of so many columns.
std::optional<Page> look_at_page(dom::element found, std::size_t columns) {
  dom::element page;
  if (found.at_pointer("/qDataPages/0").get(page) != simdjson::SUCCESS) page = found;
  dom::array matrix;
  if (page["qMatrix"].get(matrix) != simdjson::SUCCESS || matrix.size() == 0) return std::nullopt;
  Page seen;
  seen.columns.resize(columns);
  for (const auto item : matrix) {
    dom::array row;
    if (item.get(row) != simdjson::SUCCESS || row.size() != columns) return std::nullopt;
    const bool special = is_special(row);
    seen.special = seen.special || special;
    std::size_t column = 0;
    for (const auto cell : row) {
      auto& into = seen.columns[column++];
      if (special) {
        into.dimension = into.dimension || element_of(cell) == kOthers;
      } else {
        look_at(cell, into);
      }
    }
  }
  return seen;
}

bool in_range(const ColumnInfo& column, const Seen& seen) {
  if (!seen.number || !column.min || !column.max) return true;
  const auto slack = 1e-9 * std::max(std::fabs(*column.min), std::fabs(*column.max));
  return seen.min >= *column.min - slack && seen.max <= *column.max + slack;
}

bool fits(const ColumnInfo& column, const Seen& seen) {
  if (!in_range(column, seen)) return false;
  if (column.role == Role::measure) return !seen.dimension;
  const bool only_text = column.tagged("$text");
  return !seen.measure && !(only_text && seen.number) && !(!only_text && column.tagged("$numeric") && seen.text) &&
         !(column.tagged("$integer") && seen.fraction) && !(column.tagged("$ascii") && seen.beyond_ascii) &&
         !(column.cardinal && static_cast<std::int64_t>(seen.elements.size()) > *column.cardinal);
}

bool allows(const Order& order, const std::vector<ColumnInfo>& columns, const Page& page) {
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (!fits(columns[order[i]], page.columns[i])) return false;
  }
  return true;
}

// Whether every measure has its smallest and its largest value, to the last digit: in a page that holds every row the right order has.
bool attains(const Order& order, const std::vector<ColumnInfo>& columns, const Page& page) {
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto& column = columns[order[i]];
    const auto& seen = page.columns[i];
    if (column.role == Role::measure && column.min && column.max && (seen.min != *column.min || seen.max != *column.max)) return false;
  }
  return true;
}

// The only way to give each matrix column a column it fits; nothing where there are several, or none. Where there is only one, some
// matrix column, or some column, has one choice left, again and again.
std::optional<Order> only_order(Order open, const std::vector<ColumnInfo>& columns, const Page& page) {
  constexpr auto kNone = static_cast<std::size_t>(-1);
  Order found(page.columns.size(), kNone);
  const auto fitting = [&](std::size_t at, std::size_t column) { return found[at] == kNone && fits(columns[column], page.columns[at]); };
  while (!open.empty()) {
    const auto before = open.size();
    for (std::size_t at = 0; at < found.size(); ++at) {
      const auto choices = std::count_if(open.begin(), open.end(), [&](std::size_t column) { return fitting(at, column); });
      if (found[at] != kNone || choices != 1) continue;
      const auto one = std::find_if(open.begin(), open.end(), [&](std::size_t column) { return fitting(at, column); });
      found[at] = *one;
      open.erase(one);
    }
    for (std::size_t i = 0; i < open.size(); ++i) {
      std::size_t choices = 0;
      std::size_t choice = 0;
      for (std::size_t at = 0; at < found.size(); ++at) {
        if (fitting(at, open[i])) ++choices, choice = at;
      }
      if (choices != 1) continue;
      found[choice] = open[i];
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(i--));
    }
    if (open.size() == before) return std::nullopt;
  }
  return found;
}

std::optional<Page> read_page(dom::parser& parser, std::string_view page_json, std::size_t columns) {
  dom::element page;
  if (parser.parse(page_json.data(), page_json.size()).get(page) != simdjson::SUCCESS) return std::nullopt;
  return look_at_page(page, columns);
}

}  // namespace

OrderChoice choose_order(const std::vector<std::int64_t>& stated, const std::vector<std::int64_t>& shown, const Order& visible,
                         std::size_t all, std::size_t matrix) {
  OrderChoice choice;
  bool clean = true;
  const auto named = named_of(stated, visible, clean, all);
  const bool complete = clean && named.size() == visible.size();
  choice.said = stated.empty() ? "columnOrder " + listed(shown) : "qColumnOrder " + listed(stated);
  choice.said += " for " + std::to_string(all) + " columns";
  if (matrix < visible.size() && named.size() == matrix) {
    choice.likely.push_back(named);
    choice.certain = clean;
    if (!clean) {
      auto sorted = named;
      std::sort(sorted.begin(), sorted.end());
      add(choice.likely, std::move(sorted));
    }
    return choice;
  }
  if (complete && !stated.empty()) {
    choice.likely.push_back(named);
    choice.certain = true;
    return choice;
  }
  if (!stated.empty()) {
    add(choice.likely, completed(named, visible));
    // Counted among the columns that are not hidden.
    bool counted = visible.size() < all;
    const auto places = [&] {
      Order numbers(visible.size());
      for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i;
      return numbers;
    }();
    auto of_visible = named_of(stated, places, counted, visible.size());
    if (counted && of_visible.size() == visible.size()) {
      for (auto& position : of_visible) position = visible[position];
      add(choice.likely, std::move(of_visible));
    }
  }
  add(choice.likely, visible);
  bool proper = true;
  const auto by_table = named_of(shown, visible, proper, all);
  if (proper && by_table.size() == visible.size()) add(choice.likely, by_table);
  choice.certain = stated.empty() && choice.likely.size() == 1;
  return choice;
}

PageOrder order_of_page(const std::vector<Order>& likely, const std::vector<ColumnInfo>& columns, std::string_view page_json, bool whole) {
  dom::parser parser;
  const auto page = read_page(parser, page_json, likely.front().size());
  if (!page) return {};
  std::vector<Order> fitting;
  for (const auto& order : likely) {
    if (allows(order, columns, *page)) fitting.push_back(order);
  }
  if (fitting.size() > 1 && whole && !page->special) {
    std::vector<Order> attaining;
    for (const auto& order : fitting) {
      if (attains(order, columns, *page)) attaining.push_back(order);
    }
    if (attaining.size() == 1) fitting = std::move(attaining);
  }
  if (fitting.size() == 1) return {true, std::move(fitting.front())};
  return {true, fitting.empty() ? only_order(likely.front(), columns, *page) : std::nullopt};
}

bool page_allows(const Order& order, const std::vector<ColumnInfo>& columns, std::string_view page_json) {
  dom::parser parser;
  const auto page = read_page(parser, page_json, order.size());
  return !page || allows(order, columns, *page);
}

}  // namespace qonduit::hypercube
