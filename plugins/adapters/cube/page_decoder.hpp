// The hot path: the bytes of one reply become rows, each page on its own. Pure functions of layout, plan, page and bytes, run on several
// threads at once. With a contradiction given they survey the cells, as straight::decode_page does. A header that contradicts the data, or
// a reply for another area, is bad data.
#pragma once

#include <qonduit/adapter.hpp>
#include <qonduit/status.hpp>

#include <string_view>
#include <vector>

#include "plugins/adapters/cube/cube_plan.hpp"
#include "plugins/adapters/cube/header_side.hpp"
#include "plugins/adapters/cube/level_layout.hpp"
#include "plugins/adapters/straight/page_decoder.hpp"

namespace qonduit::cube {

struct DecoderSettings {
  const LevelLayout* layout = nullptr;
  const CubePlan* plan = nullptr;
  Totals totals = Totals::drop;
  straight::Findings* findings = nullptr;  // gets what is met; null: nobody wants to know
};

// A reply to GetHyperCubePivotData. rows: rows of the data matrix; where measures are innermost on the left, whole combinations of them.
Result<Decoded> decode_pivot(const DecoderSettings& settings, const Page& page, std::string_view reply_json,
                             straight::Contradiction* contradiction = nullptr);
// A reply to GetHyperCubeStackData, whose rows are members of the outermost dimension with all that is below them.
Result<Decoded> decode_stack(const DecoderSettings& settings, const Page& page, std::string_view reply_json,
                             straight::Contradiction* contradiction = nullptr);
// Which nodes above the leaves this part of a tree is the first to show.
struct TreeWindow {
  bool with_root = true, with_outer = true;
};
// A reply to GetHyperCubeTreeData. rows: leaves.
Result<Decoded> decode_tree(const DecoderSettings& settings, TreeWindow window, std::string_view reply_json,
                            straight::Contradiction* contradiction = nullptr);

// The columns a layout's first page announces, in shape wide. unsupported where it does not hold all of them.
Result<std::vector<WideColumn>> wide_columns(const LevelLayout& layout, const std::string& separator);

// Measure nodes are counted among the visible measures or among all, which differs where some are hidden. The numbers of a whole side tell
// which; where they do not, the texts of the nodes, which may be other ones with each look, must.
enum class Counting : std::uint8_t { visible, all, by_text };
Counting counting_of(const LevelLayout& layout, const HeaderSide& side);
// The measure a measure node stands for. kNoSlot: none.
std::size_t measure_of(const LevelLayout& layout, Counting counting, int element, std::string_view text);

}  // namespace qonduit::cube
