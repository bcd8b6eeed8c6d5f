#include "core/pipeline/group_look.hpp"

#include <algorithm>

namespace qonduit::pipeline {

Looks go_on_looking(const Items& items, std::size_t first, std::size_t most, const fetch::Flow& flow, std::size_t bytes) {
  const auto at_a_time = static_cast<std::size_t>(flow.looks());  // layouts are computed, too
  Looks looks;
  while (looks.begun < std::min(most, items.size() - first) && looks.under_way < at_a_time && bytes < kMostLayoutBytes) {
    auto& item = *items[first + looks.begun++];
    if (!item.look_ahead()) ++looks.under_way;
    bytes += item.seen_bytes();
  }
  return looks;
}

std::size_t look_at_group(const Items& items, std::size_t first, OpenedApp& opened, const fetch::Flow& flow, const std::stop_token& stop) {
  if (items.size() - first < 2 || !opened.session->health().ok()) return 0;
  Looks looks;
  opened.session->arrivals()->wait(
      [&] {
        looks = go_on_looking(items, first, kMostOfAGroup, flow);
        return looks.under_way == 0;
      },
      stop);
  return looks.begun;
}

void ask_together(const std::vector<const ItemPlan*>& plans, engine::ExpressionCheck& expressions) {
  std::vector<engine::ExpressionCheck::Question> questions;
  for (const auto* plan : plans) plan->add_questions(questions);
  // What is answered now is not asked again by each of them.
  if (!questions.empty()) static_cast<void>(expressions.check(questions));
}

}  // namespace qonduit::pipeline
