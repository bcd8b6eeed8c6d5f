// One thing a pipeline delivers: an object of a sheet, or whatever else its configuration names. In three steps, each of which may be
// retried without the one before: plan (which datasets does it hold, and are the expressions sound that they are computed of), source (of
// one dataset), and open (one attempt at reading it). The first of each may be begun before its turn. Used by the run's thread. The
// session outlives all of them.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/engine/expression_check.hpp"
#include "core/pipeline/batch_reader.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

constexpr int kMostCopies = 16;  // in the engine's memory, made before their turn

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

  // The first attempt, begun before its turn, with what open() will be given: nothing is asked of the engine yet.
  virtual void begin_ahead(const Run& run, const fetch::Options& options, const std::stop_token& stop) {
    static_cast<void>(run), static_cast<void>(options), static_cast<void>(stop);
  }
  // What it costs to have begun it, once it is known.
  struct Cost {
    bool large = false;       // more than a page
    bool copy = false;        // in the engine's memory
    std::int64_t cells = -1;  // -1: not known yet
  };
  [[nodiscard]] virtual Cost cost() const { return {}; }
  // Goes on with opening it as far as it can without waiting. True: its cost is known, or it came to nothing.
  virtual bool open_ahead() { return true; }
  // Goes on with it as far as it can without waiting: opens and reads it.
  virtual void advance() {}
  // What was begun is of another state of the app: open() begins anew.
  virtual void forget() {}
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

  // Whether the engine has said since that what it was made of is another now.
  [[nodiscard]] virtual bool outdated() const { return false; }

  // What check() will ask of its expressions: asked for many plans together, it costs each of them nothing.
  virtual void add_questions(std::vector<engine::ExpressionCheck::Question>& questions) const { static_cast<void>(questions); }
  // What its expressions name that the app has not, a note for each; not_found where that fails the item. Waits. Its sources may be begun
  // before: nothing of them counts until this is known.
  virtual Result<std::vector<std::string>> check() { return std::vector<std::string>(); }
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

  // Looks at it before its turn, as far as that goes without waiting, so that many are looked at in the time of one; plan() uses what was
  // seen. True: nothing is under way.
  virtual bool look_ahead() { return true; }
  // What plan() needs was seen: it does not wait.
  [[nodiscard]] virtual bool seen() const { return false; }
  // What was seen is of another connection, or of another load or state of the app.
  virtual void forget() {}
  // Of what was seen so, until plan() takes it.
  [[nodiscard]] virtual std::size_t seen_bytes() const { return 0; }
};

}  // namespace qonduit::pipeline
