// One thing a pipeline delivers: an object of a sheet, or whatever else its configuration names. In three steps, each of which may be
// retried without the one before: plan (which datasets does it hold), source (of one dataset), and open (one attempt at reading it). Used
// by the run's thread. The session outlives all of them.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/pipeline/batch_reader.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

// What reports and sinks call it.
struct ItemFacts {
  std::string id;
  std::string type;   // Qlik's visualization name, or the kind of source
  std::string title;  // as the user sees it; may be empty
  std::string sheet;  // the sheet's title; empty for what is on none
};

// A dataset, from attempt to attempt: what was learnt by one (a wider column) holds for the next.
class DatasetSource {
 public:
  DatasetSource() = default;
  DatasetSource(const DatasetSource&) = delete;
  DatasetSource& operator=(const DatasetSource&) = delete;
  virtual ~DatasetSource() = default;

  // Begins an attempt. Connects again first where the connection was lost. The reader lives no longer than the source.
  virtual Result<std::unique_ptr<BatchReader>> open(const Run& run, const fetch::Options& options, const std::stop_token& stop) = 0;
};

// What is settled before the first page.
class ItemPlan {
 public:
  ItemPlan() = default;
  ItemPlan(const ItemPlan&) = delete;
  ItemPlan& operator=(const ItemPlan&) = delete;
  virtual ~ItemPlan() = default;

  ItemFacts facts;
  std::string reader;                          // the adapters that read it; empty: none does
  std::vector<std::string> datasets;           // names; empty: the item holds no data
  std::vector<std::string> notes;              // what is left out, and why
  std::vector<std::string> warnings;           // what a user should know of what is there
  std::vector<std::string> states;             // the alternate states its data is in, "$" the default one; empty: the pipeline's own
  std::vector<config::Option> reader_options;  // for the adapter, before the pipeline's of the same key; set by who asks for a source
  // Whether what reads it has options dual.COLUMN. REQUIRES: dataset is one of datasets.
  [[nodiscard]] virtual bool takes_duals(const std::string& dataset) const { return static_cast<void>(dataset), false; }

  // The adapter that reads it; empty: the host does. REQUIRES: dataset is one of datasets.
  [[nodiscard]] virtual std::string_view adapter_of(const std::string& dataset) const { return static_cast<void>(dataset), ""; }

  // REQUIRES: dataset is one of datasets.
  virtual Result<std::unique_ptr<DatasetSource>> source(const std::string& dataset) = 0;
};

class Item {
 public:
  Item() = default;
  Item(const Item&) = delete;
  Item& operator=(const Item&) = delete;
  virtual ~Item() = default;

  [[nodiscard]] virtual const ItemFacts& facts() const = 0;  // what is known before it was planned
  // Looks at it. unsupported when it holds data that no adapter reads.
  virtual Result<std::unique_ptr<ItemPlan>> plan(const std::stop_token& stop) = 0;
};

}  // namespace qonduit::pipeline
