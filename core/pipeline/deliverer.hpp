// Brings the datasets of a run into its sinks: reads each, writes it, and commits in order. Deliveries into targets that are independent
// overlap: while one is written and committed, the next are read and written, up to `parallel` of them. What fails beside others is
// begun anew when these are over, as if it had not been begun; so a run ends as one that makes its deliveries one after the other. Used
// by the run's thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/pipeline/batch_reader.hpp"
#include "core/pipeline/budget.hpp"
#include "core/pipeline/delivery_line.hpp"
#include "core/pipeline/find_items.hpp"
#include "core/pipeline/read_ahead.hpp"
#include "core/pipeline/report.hpp"
#include "core/pipeline/run.hpp"
#include "core/pipeline/sink_pool.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

class Deliverer {
 public:
  // What a run delivers next: a dataset of an item.
  struct Place {
    std::size_t item;  // which, of the items of the turn
    std::shared_ptr<ItemAhead> prepared;
    std::optional<std::size_t> dataset;  // none: the item has no dataset, and its entry is reported
  };
  // Called for each place when it has ended, in order. It answers whether the run goes on; after false nothing more is delivered.
  using Ended = std::function<bool(const Place&, const Status&)>;

  // The arguments outlive it. It reads only the names of the run from the report.
  Deliverer(const Bound& bound, const RunSettings& settings, OpenedApp& opened, const RunReport& report, CellBudget& budget,
            std::stop_token stop, Ended ended);
  Status create_sinks();

  // Begins a turn. ahead reads its datasets; objects are the names of all its objects. Both live until the turn is settled.
  void begin(ReadAhead& ahead, const std::vector<NamedObject>& objects);
  // Each of these answers false when the run is over.
  // Delivers, or puts its delivery among those that are under way.
  bool deliver(const Place& place);
  // For an item that has nothing to deliver: it is skipped, or could not be planned.
  bool end(const Place& place, const Status& status);
  // Waits until nothing is under way.
  bool settle();

  // Sinks whose tables appear together make them visible now, or drop them: these are `gone`.
  Status end_run(bool complete, std::vector<std::string>& gone) { return pipeline::end_run(sinks_.all(), report_.run_id, complete, gone); }

 private:
  using Clock = std::chrono::steady_clock;

  // A dataset on its way into the sinks.
  struct Job {
    Place place;
    Clock::time_point begin = Clock::now();
    std::string turn = {};                // of foreach
    std::vector<std::string> notes = {};  // of the dataset, before an attempt adds its own
    Crew crew = {};
    bool refused = false;                               // a sink or the budget refused it, perhaps because of other deliveries under way
    std::int64_t calls_before = 0, retries_before = 0;  // of the dataset, before an attempt beside others
    std::int64_t rows = 0, filtered = 0, cells = 0;
    std::unique_ptr<Delivery> delivery = {};  // written, and not committed
  };
  static DatasetAhead& dataset_of(const Job& job) { return *job.place.prepared->datasets[*job.place.dataset]; }

  [[nodiscard]] Run told(const Job& job, const Run& run) const;
  [[nodiscard]] std::vector<const Crew*> busy() const;
  bool begin_beside(Job job);
  bool settle_first();
  static void forget_attempt(const Job& job);
  std::vector<Job> take_back();
  bool deliver_again(std::vector<Job> jobs);
  bool deliver_alone(Job& job);
  bool go_on_alone(Job& job, Status status, bool widened);
  Status attempt(Job& job, bool alone, bool& widened);
  Status write(Job& job, BatchReader& reader, bool& widened);
  Status commit(Job& job);
  void take(Job& job, std::vector<TargetReport> targets);
  bool close(Job& job, Status status);

  const Bound& bound_;
  const config::Pipeline& pipeline_;
  const RunSettings& settings_;
  OpenedApp& opened_;
  const RunReport& report_;
  CellBudget& budget_;
  std::stop_token stop_;
  Ended ended_;
  SinkPool sinks_;
  ReadAhead* ahead_ = nullptr;
  const std::vector<NamedObject>* objects_ = nullptr;
  std::deque<Job> jobs_;  // under way, and items without datasets that are reported after them
  DeliveryLine line_;     // the deliveries of those jobs that have datasets
};

}  // namespace qonduit::pipeline
