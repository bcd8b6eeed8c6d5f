#include "core/pipeline/group_look.hpp"

#include <algorithm>

namespace qonduit::pipeline {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 20;  // of layouts

}  // namespace

std::size_t look_at_group(const Items& items, std::size_t first, std::size_t most, OpenedApp& opened, const fetch::Flow& flow,
                          const std::stop_token& stop) {
  most = std::min({most, items.size() - first, kMostOfAGroup});
  if (most < 2 || !opened.session->health().ok()) return 0;
  const auto looks = static_cast<std::size_t>(flow.looks());  // layouts are computed, too
  std::size_t begun = 0;
  opened.session->arrivals()->wait(
      [&] {
        std::size_t under_way = 0;
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < begun; ++i) {
          auto& item = *items[first + i];
          if (!item.look_ahead()) ++under_way;
          bytes += item.seen_bytes();
        }
        while (begun < most && under_way < looks && bytes < kMostBytes) {
          if (!items[first + begun]->look_ahead()) ++under_way;
          ++begun;
        }
        return under_way == 0;
      },
      stop);
  return begun;
}

void ask_together(const std::vector<const ItemPlan*>& plans, engine::ExpressionCheck& expressions) {
  std::vector<engine::ExpressionCheck::Question> questions;
  for (const auto* plan : plans) plan->add_questions(questions);
  // What is answered now is not asked again by each of them.
  if (!questions.empty()) static_cast<void>(expressions.check(questions));
}

}  // namespace qonduit::pipeline
