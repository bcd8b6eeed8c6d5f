// Datasets the host makes itself: a few rows in memory, made afresh for every attempt. Lists of the catalogue, the data model and single
// expressions are read this way; whatever has pages is not. One thread.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/engine/session.hpp"
#include "core/pipeline/item.hpp"
#include "qonduit/batch.hpp"

namespace qonduit::pipeline {

struct Rows {
  Schema schema;
  std::vector<Column> columns;
};

// Fills rows whose columns were named first, one row after the other. Empty texts are null: the engine leaves out what is empty.
class RowsBuilder {
 public:
  RowsBuilder(std::initializer_list<std::pair<std::string_view, Type>> columns);

  RowsBuilder& text(std::string_view value);
  RowsBuilder& number(std::int64_t value);
  RowsBuilder& flag(bool value);
  RowsBuilder& null();
  // REQUIRES: every column has as many values as the first.
  Rows finish() { return std::move(rows_); }

 private:
  Column& next();

  Rows rows_;
  std::size_t at_ = 0;
};

// Reads the engine; may be called again. A failure ends the attempt.
using MakeRows = std::function<Result<Rows>(engine::Session&)>;

class RowsItem final : public Item {
 public:
  // The name of each dataset, and how its rows are made.
  RowsItem(engine::Session& session, ItemFacts facts, std::vector<std::pair<std::string, MakeRows>> datasets);

  [[nodiscard]] const ItemFacts& facts() const override { return facts_; }
  Result<std::unique_ptr<ItemPlan>> plan(const std::stop_token& stop) override;

 private:
  engine::Session& session_;
  ItemFacts facts_;
  std::vector<std::pair<std::string, MakeRows>> datasets_;
};

}  // namespace qonduit::pipeline
