// In which order the columns of a straight matrix stand. The layout's qColumnOrder says it where it names every column; one that is stale
// (an index that is no column's, one twice, some missing) leaves several orders, and what the layout knows of each column (its role, tags,
// range, number of values) is held against the cells of a page to tell which it is. Why: docs/decisions/0019.
#pragma once

#include <qonduit/status.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::hypercube {

struct ColumnInfo;

// Columns by their position in the definition (dimensions, then measures): the first is that of the matrix' first column.
using Order = std::vector<std::size_t>;

struct OrderChoice {
  std::vector<Order> likely;  // what the layout can mean, the likeliest first
  bool certain = false;       // there is one, and nothing speaks against it
  std::string said;           // what the layout says, for messages: "qColumnOrder [2,0] for 3 columns"
};

// stated: qColumnOrder; shown: columnOrder, which classic tables keep for themselves; visible: positions of the columns that are not
// hidden; all: how many there are; matrix: how many columns the matrix has. A matrix with fewer columns than are visible has those that are
// named.
OrderChoice choose_order(const std::vector<std::int64_t>& stated, const std::vector<std::int64_t>& shown, const Order& visible,
                         std::size_t all, std::size_t matrix);

struct PageOrder {
  bool has_rows = false;
  std::optional<Order> order;  // nothing: the cells allow several
};
// The one of `likely` that the cells of a page allow; where they allow none of them, the only other order they do. columns: by position in
// the definition. whole: the page holds every row. page_json: an NxDataPage, or a reply that holds one.
PageOrder order_of_page(const std::vector<Order>& likely, const std::vector<ColumnInfo>& columns, std::string_view page_json, bool whole);

// Whether the cells of a page allow this order.
bool page_allows(const Order& order, const std::vector<ColumnInfo>& columns, std::string_view page_json);

}  // namespace qonduit::hypercube
