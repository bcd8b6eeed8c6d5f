// A sink behind its C table, as the host drives it, with the runs and schemas of tests. One thread at a time. Needs no GoogleTest.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/host.hpp>
#include <qonduit/sink.hpp>
#include <qonduit/testing/fake_host.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::testing {

// A run that owns its texts. Members may be changed before use.
struct SampleRun {
  std::uint64_t fence = 1;
  std::string pipeline = "sales", run_id = "0192f0c1-0000-7000-8000-000000000001", app = "Consumer Sales", app_id = "5f1c2a10-app",
              sheet = "Overview", object_id = "jgAJyu", object_type = "table", title = "Orders by region", dataset, turn,
              started_at = "2026-01-31T23:59:59Z", reload_time = "2026-01-31T06:00:00.000Z", day;
  // The turn of a loop; turn says it in one text.
  std::vector<std::pair<std::string, std::string>> loop = {};
  // All objects of the pipeline; empty: as a host of before says it.
  struct Object {
    std::string id, title, sheet;
  };
  std::vector<Object> objects = {};
  bool takeover = false;

  // Borrows from this.
  [[nodiscard]] Run borrowed() const {
    Run run;
    run.fence = fence, run.pipeline = pipeline, run.run_id = run_id, run.app = app, run.app_id = app_id, run.sheet = sheet;
    run.object_id = object_id, run.object_type = object_type, run.title = title, run.dataset = dataset, run.turn = turn;
    run.started_at = started_at, run.reload_time = reload_time, run.day = day, run.takeover = takeover;
    run.loop.assign(loop.begin(), loop.end());
    for (const auto& object : objects) run.objects.push_back({object.id, object.title, object.sheet});
    return run;
  }
};

class SinkDriver {
 public:
  static Result<SinkDriver> create(const host::Component& component, const Options& options) {
    auto sink = host::Sink::create(component, host::WirePairs(options), {"tested", "sales", {}});
    if (!sink) return std::move(sink).error();
    return SinkDriver(std::move(*sink));
  }

  [[nodiscard]] std::uint32_t guarantees() const { return sink_.guarantees(); }
  Status probe() { return sink_.probe(); }
  Status open(const SampleRun& run, const Schema& schema) { return sink_.open(run.borrowed(), host::WireSchema(schema).get()); }
  Status write(const ArrowArray& batch) { return sink_.write(batch); }
  Status commit() { return sink_.commit(); }
  Status abort() { return sink_.abort(); }
  Result<Committed> committed(std::string_view run_id) { return sink_.committed(run_id); }
  Result<Delivery> delivery() { return sink_.delivery(); }
  // Whether it says what a delivery would do.
  [[nodiscard]] bool plans() const { return sink_.plans(); }
  Result<Plan> plan(const SampleRun& run, const Schema& schema) { return sink_.plan(run.borrowed(), host::WireSchema(schema).get()); }
  // What tells the target from others; empty where the sink does not say.
  Result<std::string> target_of(const SampleRun& run) { return sink_.target_of(run.borrowed()); }
  Status end_run(std::string_view run_id, bool complete) { return sink_.end_run(run_id, complete); }
  Result<std::vector<DeadLetterFile>> dead_letters() { return sink_.dead_letters(); }
  Status replay(std::string_view path, Replayed& replayed) { return sink_.replay(path, replayed); }
  void cancel() { sink_.cancel(); }

 private:
  explicit SinkDriver(host::Sink sink) : sink_(std::move(sink)) {}

  host::Sink sink_;
};

}  // namespace qonduit::testing
