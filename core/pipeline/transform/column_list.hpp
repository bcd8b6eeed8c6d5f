// The text of columns, read: Region, Sales as revenue, !Internal, *. A name is written as it is, or quoted: "Net, Sales". A pure function.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "qonduit/status.hpp"

namespace qonduit::pipeline::transform {

enum class ItemKind : std::uint8_t { keep, drop, rest };
struct ColumnItem {
  ItemKind kind = ItemKind::keep;
  std::string column;  // empty for the rest
  std::string as;      // the name it is delivered under
};

// In the order written; where all that is written is dropped, the rest is added. invalid_config says what is wrong with which item.
Result<std::vector<ColumnItem>> parse_column_list(std::string_view text);

}  // namespace qonduit::pipeline::transform
