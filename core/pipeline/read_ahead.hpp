// What comes next in a run, begun while what is there is delivered. Items are looked at and planned in groups, for the time of one; their
// datasets are opened and read before their turn as far as the flow of calls, the budget and `parallel` allow: so many that are large,
// and any number that one page holds. Everything is taken in its order, and fails in its turn; what was begun ahead and came to nothing is
// begun anew then, as if it had not been. Used by the run's thread; nothing of it waits but turn().
#pragma once

#include <deque>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/fetch/flow.hpp"
#include "core/pipeline/budget.hpp"
#include "core/pipeline/find_items.hpp"
#include "core/pipeline/item.hpp"
#include "core/pipeline/prepared_item.hpp"
#include "core/pipeline/report.hpp"
#include "core/pipeline/run.hpp"

namespace qonduit::pipeline {

// A dataset that will be read in its turn, with what is reported of it then.
struct DatasetAhead : PreparedDataset {
  DatasetReport report;
  Run run;  // refers to the report
};

struct ItemAhead {
  DatasetReport entry;             // what the reports of its datasets begin with; all there is to report where there are none
  std::unique_ptr<ItemPlan> plan;  // null: it could not be planned, or was not yet
  std::vector<std::unique_ptr<DatasetAhead>> datasets;
  bool checked = false;          // its expressions were; until then nothing of it counts
  std::size_t layout_bytes = 0;  // that it holds
};

class ReadAhead {
 public:
  // All outlive it; of the report, what names the run.
  ReadAhead(const Bound& bound, OpenedApp& opened, const RunReport& report, const std::string& day, const CellBudget& budget,
            std::stop_token stop);
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  ~ReadAhead();

  // From now on these are what comes. They outlive that.
  void begin(const Items& items);
  // Drops what was begun.
  void end();

  // The item whose turn it is: planned. Waits. Those before it live on for whoever holds them.
  std::shared_ptr<ItemAhead> turn(std::size_t at);
  // The dataset whose turn it is, of that item: it and those before it are no longer advanced.
  void turn_of(std::size_t dataset) { begun_from_ = dataset + 1, cells_ = -1; }
  // So many cells are read of it; -1: not known.
  void takes(std::int64_t cells) { cells_ = cells; }
  // What can be done without waiting.
  void advance();
  // What was read is of another state of the app.
  void forget();

  [[nodiscard]] fetch::Flow& flow() noexcept { return flow_; }
  [[nodiscard]] fetch::Options options();
  // The report of an item, as far as that is known before it is planned.
  [[nodiscard]] DatasetReport new_entry(const ItemFacts& facts) const;

 private:
  // Of which what was seen holds.
  struct Stand {
    int connections = 0;  // after the first
    std::string reload_time;
    bool operator==(const Stand&) const = default;
  };

  [[nodiscard]] Stand stand() const;
  void go_on();
  void begin_datasets();
  void look_further();
  void look_at_group();
  void check_all();
  [[nodiscard]] Preparation preparation() const;
  // The same as prepare(), for an item that is reported. What it holds may be begun; check() tells whether it counts.
  void plan(Item& item, ItemAhead& ahead);
  static void check(ItemAhead& ahead);
  void plan_and_check(Item& item, ItemAhead& ahead);
  void add_dataset(ItemAhead& ahead, PreparedDataset prepared) const;

  const Bound& bound_;
  const config::Pipeline& pipeline_;
  OpenedApp& opened_;
  const RunReport& report_;
  const std::string& day_;
  const CellBudget& budget_;
  std::stop_token stop_;
  fetch::Flow flow_;
  const Items* items_ = nullptr;
  std::size_t first_ = 0;                            // the item of the first that is prepared
  std::deque<std::shared_ptr<ItemAhead>> prepared_;  // from the one whose turn it is
  Stand looked_at_;
  std::size_t begun_from_ = 0;  // its first dataset that is not in its turn yet
  std::int64_t cells_ = -1;     // of the one that is
};

}  // namespace qonduit::pipeline
