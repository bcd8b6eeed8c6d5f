// Items looked at for the time of one: what each of them asks first is asked together, and so is what their expressions are checked for.
#pragma once

#include <cstddef>
#include <stop_token>
#include <vector>

#include "core/fetch/flow.hpp"
#include "core/pipeline/find_items.hpp"

namespace qonduit::pipeline {

constexpr std::size_t kMostOfAGroup = 64;
constexpr std::size_t kMostLayoutBytes = std::size_t{16} << 20;  // of what was looked at and not delivered yet

struct Looks {
  std::size_t begun = 0, under_way = 0;
};
// Looks at items from `first` on, `most` at the most, as far as the flow and memory allow and without waiting. bytes: of layouts that
// are held besides.
Looks go_on_looking(const Items& items, std::size_t first, std::size_t most, const fetch::Flow& flow, std::size_t bytes = 0);

// The same for a group, and waits until all of it is seen: their plan() uses it. The answer is how many; 0 where one is all there is, or
// the connection is lost.
std::size_t look_at_group(const Items& items, std::size_t first, OpenedApp& opened, const fetch::Flow& flow, const std::stop_token& stop);

// Asks about the expressions of these plans, for the time of one: what their check() asks then is answered already. Waits.
void ask_together(const std::vector<const ItemPlan*>& plans, engine::ExpressionCheck& expressions);

}  // namespace qonduit::pipeline
