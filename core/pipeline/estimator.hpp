// Plans, opens and measures what a run would read, and asks the sinks what they would do with it. Items are looked at in groups, as a run
// looks at them, and datasets of one page are read at the same time, as a run reads them: so the measured time is that of a run. Of larger
// datasets only the first page is read, when nothing else is asked of the engine. Used by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/fetch/flow.hpp"
#include "core/pipeline/begun_reader.hpp"
#include "core/pipeline/budget.hpp"
#include "core/pipeline/estimate.hpp"
#include "core/pipeline/object_names.hpp"
#include "core/pipeline/transform/rules.hpp"

namespace qonduit::pipeline {

// What is between a dataset and its targets. All null: nothing is.
struct Way {
  const transform::RuleBook* rules = nullptr;
  OpenedApp* opened = nullptr;
  std::vector<NamedSink>* sinks = nullptr;
  config::TimeZone time_zone = {};  // of {date} in the names of targets
};

class Estimator {
 public:
  // All outlive it.
  Estimator(const config::Pipeline& pipeline, const Way& way, Depth depth, const std::stop_token& stop, RunEstimate& into);
  Estimator(const Estimator&) = delete;
  Estimator& operator=(const Estimator&) = delete;
  ~Estimator();

  // Adds what there is to say of these items; why that ended early is in the status of the run.
  void estimate(const Items& items);

 private:
  struct Dataset;
  struct Planned;

  [[nodiscard]] const AppState* state() const;
  [[nodiscard]] bool in_groups() const;
  [[nodiscard]] Run run_of(const DatasetEstimate& entry) const;
  [[nodiscard]] fetch::Options options();

  Status group(std::size_t& first);
  Planned plan(Item& item);
  static std::vector<Dataset*> datasets_of(const std::vector<Planned>& group);
  static void check(Planned& planned);
  void ask_and_read_ahead(const std::vector<Planned>& group);
  double read_ahead(const std::vector<Dataset*>& datasets, std::size_t first);
  bool go_on(const std::vector<Dataset*>& datasets, std::size_t first);

  Status look(Dataset& dataset);
  Status look_once(Dataset& dataset, DatasetEstimate& entry, bool& widened);
  Status measure(BegunReader& reader, const Schema& schema, const fetch::Forecast& forecast, double opening, DatasetEstimate& entry,
                 bool& widened);
  Status deliver(Dataset& dataset, std::unique_ptr<BatchReader> source, DatasetEstimate& entry, bool& widened);
  void warn(DatasetEstimate& entry, const fetch::Forecast& forecast) const;
  Status add(DatasetEstimate entry);

  const config::Pipeline& pipeline_;
  const Way& way_;
  Depth depth_;
  const std::stop_token& stop_;
  RunEstimate& into_;
  CellBudget budget_;
  fetch::Flow flow_;
  ObjectNames names_;
  const Items* items_ = nullptr;
  std::size_t next_ = 0;  // the first behind the group
};

}  // namespace qonduit::pipeline
