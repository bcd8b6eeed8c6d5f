// A table of the data model, read row by row as the script loaded it. Selections do not filter it. Why the host reads it itself:
// docs/decisions/0007-tables-are-read-by-the-host.md.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "core/config/config.hpp"
#include "core/engine/session.hpp"
#include "core/pipeline/item.hpp"

namespace qonduit::pipeline {

class TableItem final : public Item {
 public:
  // selected: the pipeline selects something, which the report must say has no effect here.
  TableItem(engine::Session& session, const std::string& table, bool selected, config::OnMixed on_mixed = config::OnMixed::text);

  [[nodiscard]] const ItemFacts& facts() const override { return facts_; }
  Result<std::unique_ptr<ItemPlan>> plan(const std::stop_token& stop) override;

 private:
  engine::Session& session_;
  ItemFacts facts_;
  bool selected_;
  config::OnMixed on_mixed_;
};

}  // namespace qonduit::pipeline
