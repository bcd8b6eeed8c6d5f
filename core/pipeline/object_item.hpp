// An object with hypercubes or lists, each read through the adapter that takes it best: one of a sheet, or a session object made from a
// definition of our own.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/engine/catalog.hpp"
#include "core/engine/session.hpp"
#include "core/pipeline/dataset_reader.hpp"
#include "core/pipeline/item.hpp"
#include "core/pipeline/object_checks.hpp"
#include "core/pipeline/object_source.hpp"

namespace qonduit::pipeline {

// Answers the object as it is now; connects again first where the connection was lost.
using Look = std::function<Result<Seen>(const std::stop_token&)>;

class ObjectItem final : public Item {
 public:
  // adapters outlive the item, its plans and their sources.
  ObjectItem(engine::Session& session, const std::vector<NamedAdapter>& adapters, const engine::ObjectRef& object,
             const ObjectChecks& checks);
  // A session object of this definition, which lives as long as the plan made of it. row_limit: -1 reads all rows.
  ObjectItem(engine::Session& session, const std::vector<NamedAdapter>& adapters, ItemFacts facts, std::string definition_json,
             std::int64_t row_limit, const ObjectChecks& checks);

  // A look at it that was begun before there was this item.
  void take(Looking looking) { looking_.emplace(std::move(looking)); }

  [[nodiscard]] const ItemFacts& facts() const override { return facts_; }
  Result<std::unique_ptr<ItemPlan>> plan(const std::stop_token& stop) override;
  bool look_ahead() override;
  [[nodiscard]] bool seen() const override { return ahead_.has_value(); }
  void forget() override { looking_.reset(), ahead_.reset(); }
  [[nodiscard]] std::size_t seen_bytes() const override;

 private:
  [[nodiscard]] engine::PendingHandle begin_object() const;

  engine::Session& session_;
  const std::vector<NamedAdapter>& adapters_;
  ItemFacts facts_;
  std::string definition_json_;  // empty: the published object of this id
  std::int64_t row_limit_ = -1;
  ObjectChecks checks_;
  bool must_hold_data_ = false;
  std::optional<Looking> looking_;     // ahead of its turn
  std::optional<Result<Seen>> ahead_;  // what was seen then
};

}  // namespace qonduit::pipeline
