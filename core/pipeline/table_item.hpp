// A table of the data model, read row by row as the script loaded it. Selections do not filter it. Why the host reads it itself:
// docs/decisions/0007-tables-are-read-by-the-host.md.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/engine/data_model.hpp"
#include "core/engine/session.hpp"
#include "core/pipeline/item.hpp"

namespace qonduit::pipeline {

// The tables of the app as it was loaded at that time: read once for all of them, and again after a reload, or when one could not be read.
struct KnownModel {
  bool known = false;
  std::string reload_time;
  std::vector<engine::TableInfo> tables;
};

class TableItem final : public Item {
 public:
  // model: shared by the tables of a run. selected: the pipeline selects something, which the report must say has no effect here.
  TableItem(engine::Session& session, std::shared_ptr<KnownModel> model, const std::string& table, bool selected,
            config::OnMixed on_mixed = config::OnMixed::text);

  [[nodiscard]] const ItemFacts& facts() const override { return facts_; }
  Result<std::unique_ptr<ItemPlan>> plan(const std::stop_token& stop) override;

 private:
  engine::Session& session_;
  std::shared_ptr<KnownModel> model_;
  ItemFacts facts_;
  bool selected_;
  config::OnMixed on_mixed_;
};

}  // namespace qonduit::pipeline
