// An object of a sheet, read through the adapter that takes it best.
#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "core/engine/catalog.hpp"
#include "core/engine/session.hpp"
#include "core/pipeline/item.hpp"
#include "core/pipeline/object_source.hpp"

namespace qonduit::pipeline {

class ObjectItem final : public Item {
 public:
  // adapters outlive the item, its plans and their sources.
  ObjectItem(engine::Session& session, const std::vector<NamedAdapter>& adapters, const engine::ObjectRef& object);

  [[nodiscard]] const ItemFacts& facts() const override { return facts_; }
  Result<std::unique_ptr<ItemPlan>> plan(const std::stop_token& stop) override;

 private:
  engine::Session& session_;
  const std::vector<NamedAdapter>& adapters_;
  ItemFacts facts_;
};

}  // namespace qonduit::pipeline
