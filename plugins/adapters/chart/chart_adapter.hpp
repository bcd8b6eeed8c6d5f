// The adapter for charts: every object with a straight cube that is no table, extensions nobody has heard of among them. It reads the
// whole cube; what charts draw with, reduced, binned and continuous data, it never asks for and never takes from a layout.
#pragma once

#include <cstdint>
#include <string_view>

#include "plugins/adapters/straight/straight_adapter.hpp"

namespace qonduit::chart {

class ChartAdapter final : public straight::StraightAdapter {
 public:
  using StraightAdapter::StraightAdapter;

  static std::uint32_t accepts(std::string_view object_type, std::string_view layout_json) {
    if (!reads(object_type, layout_json)) return 0;
    return object_type == "table" || object_type == "sn-table" ? 40 : 80;
  }
};

}  // namespace qonduit::chart
