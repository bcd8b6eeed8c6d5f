// An object that a pipeline names and does not deliver: hidden in the app, or named by a container that has no such child. It is in the
// report with the reason. Asks nothing of the engine.
#pragma once

#include <memory>
#include <stop_token>
#include <utility>

#include "core/config/config.hpp"
#include "core/engine/object_ref.hpp"
#include "core/pipeline/item.hpp"

namespace qonduit::pipeline {

class LeftOutItem final : public Item {
 public:
  static bool leaves_out(const engine::ObjectRef& object, config::Hidden hidden);

  explicit LeftOutItem(const engine::ObjectRef& object);

  [[nodiscard]] const ItemFacts& facts() const override { return facts_; }
  [[nodiscard]] bool seen() const override { return true; }
  Result<std::unique_ptr<ItemPlan>> plan(const std::stop_token& stop) override;

 private:
  ItemFacts facts_;
  std::string note_;
};

}  // namespace qonduit::pipeline
