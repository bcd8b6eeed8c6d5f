// The adapter for tables. It takes any other object with a straight cube too, as second best: charts have an adapter of their own.
#pragma once

#include <cstdint>
#include <string_view>

#include "plugins/adapters/straight/straight_adapter.hpp"

namespace qonduit::table {

class TableAdapter final : public straight::StraightAdapter {
 public:
  using StraightAdapter::StraightAdapter;

  static std::uint32_t accepts(std::string_view object_type, std::string_view layout_json) {
    if (!reads(object_type, layout_json)) return 0;
    return object_type == "table" || object_type == "sn-table" ? 100 : 50;
  }
};

}  // namespace qonduit::table
