#include "core/pipeline/item.hpp"

namespace qonduit::pipeline {

Status accept_no_data(const ItemPlan& plan, config::OnNoData wish) {
  if (!plan.datasets.empty() || !plan.facts.named || wish == config::OnNoData::warn) return {};
  return {Code::not_found, "'objects' names it, and it holds no data that can be read (on-no-data = warn leaves it out)"};
}

}  // namespace qonduit::pipeline
