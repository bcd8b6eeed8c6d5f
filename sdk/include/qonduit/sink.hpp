// What the author of a sink writes: a class derived from Sink. One instance delivers to one place; its life is
//   construct from options (no I/O) · open · write ... · commit | abort · open again or destroy.
// One thread uses an instance at a time. Failures are Status values; an exception that escapes becomes Code::internal.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit {

// What an object of a pipeline is called. Source: qonduit_named_object in abi.h.
struct NamedObject {
  std::string_view object_id, title, sheet;
};

// One delivery: a dataset of an object in one run. The texts are borrowed from the caller of open. Source: qonduit_run in abi.h.
struct Run {
  std::uint64_t fence = 1;
  std::string_view pipeline, run_id, app, app_id, sheet, object_id, object_type, title, dataset;
  std::string_view started_at;   // UTC, ISO 8601 to the second
  std::string_view reload_time;  // the app's qLastReloadTime; may be empty
  // The values of this turn of a loop, outermost first, by name. They are in dataset too.
  std::vector<std::pair<std::string_view, std::string_view>> loop = {};
  // In force while it was read: "select.Region" and "North, South", "bookmark" and its title, "variable.vYear" and "2024".
  std::vector<std::pair<std::string_view, std::string_view>> selections = {};
  std::string_view hypercube = {};  // dataset without the turn of the loop
  // All objects the pipeline delivers, this one among them: shared_names.hpp finds those that would share a name.
  std::vector<NamedObject> objects = {};
  bool takeover = false;      // a target that belongs to another pipeline may be taken over
  std::string_view day = {};  // started_at as a day in the time zone of the configuration: 2026-02-01
};

struct Delivery {
  std::uint64_t rows = 0;     // accepted by write since open
  std::uint64_t bytes = 0;    // produced for the target, where that has a meaning
  std::string target;         // where it goes, in words a person can use
  std::string note = {};      // what a person must know of it: rows refused, a column added; may be empty
  std::uint64_t refused = 0;  // of rows: refused by the target, and kept elsewhere
};

// What a delivery would do, in words around the number of its rows: "adds" 25,000 rows "to table Orders". Source: qonduit_plan in abi.h.
struct Plan {
  std::string target, before, behind;
  bool exclusive = false;     // two pipelines cannot both deliver there
  std::string identity = {};  // equal for two names of one target; empty: target is compared
};

// A file of what the target refused for good. Source: qonduit_dead_letter_file in abi.h.
struct DeadLetterFile {
  std::string path;
  std::string pipeline, run_id, object, dataset;  // of the delivery; empty where the file does not say
  std::string first, last;                        // when it was refused, UTC, ISO 8601; empty where it is not known
  std::string reason;                             // of the first
  std::uint64_t messages = 0;
};

// What became of the messages of such a file.
struct Replayed {
  std::uint64_t sent = 0, stayed = 0;
};

enum class Committed : std::uint32_t { no = QONDUIT_COMMITTED_NO, yes = QONDUIT_COMMITTED_YES, unknown = QONDUIT_COMMITTED_UNKNOWN };

namespace guarantee {
inline constexpr std::uint32_t append = QONDUIT_GUARANTEE_APPEND, upsert = QONDUIT_GUARANTEE_UPSERT, replace = QONDUIT_GUARANTEE_REPLACE,
                               exactly_once = QONDUIT_GUARANTEE_EXACTLY_ONCE, whole_run = QONDUIT_GUARANTEE_WHOLE_RUN;
}

class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;  // releases, never delivers

  [[nodiscard]] virtual std::uint32_t guarantees() const = 0;  // bits of namespace guarantee
  // Reaches the target and changes nothing there.
  virtual Status probe() = 0;
  virtual Status open(const Run& run, const Schema& schema) = 0;
  // The batch is borrowed for the call. A slow target makes this call slow: that is the back-pressure.
  virtual Status write(const BatchView& batch) = 0;
  // ENSURES: when ok, the delivery is durable and visible as a whole.
  virtual Status commit() = 0;
  // ENSURES: nothing of the delivery is left. Callable in every state, also after a failed open, write or commit.
  virtual Status abort() = 0;
  // Did the delivery with this run id land? Asked after a lost reply, for the dataset last opened.
  virtual Result<Committed> committed(std::string_view run_id) = 0;
  // Valid from open on, after commit too.
  [[nodiscard]] virtual Delivery delivery() const = 0;
  // After the last delivery of a run. complete: every one was committed. A sink that lets them appear together does so here, or leaves
  // nothing of them; committed() then answers for the run.
  virtual Status end_run(std::string_view /*run_id*/, bool /*complete*/) { return {}; }
  // The files of what was refused for good, in a stable order. unsupported where the sink, or its options, keep none.
  virtual Result<std::vector<DeadLetterFile>> dead_letters() {
    return Status(Code::unsupported, "sinks of this kind keep no dead letters");
  }
  // What open would do with this run and schema; an error is why open would refuse it. Changes nothing, and holds nothing: no lock, no
  // file. Outside of deliveries. All empty: there is nothing to say.
  virtual Result<Plan> plan(const Run& /*run*/, const Schema& /*schema*/) { return Plan(); }
  // A text that is another one for each target that can be delivered to while this delivery is open. Where a sink says it the host may
  // overlap deliveries of a run, each by an instance of its own up to its commit, and commits in order; all of one target come from one
  // instance. Nothing is visible before commit then, and no open delivery keeps another from its commit. Changes nothing. Empty: it is
  // made alone. Outside of deliveries.
  virtual Result<std::string> target_of(const Run& /*run*/) { return std::string(); }
  // Sends what is in one of these files again, under the same ids: what was taken leaves the file, the rest stays. Outside of deliveries.
  // replayed is set when it fails too.
  virtual Status replay(std::string_view /*path*/, Replayed& /*replayed*/) {
    return {Code::unsupported, "sinks of this kind keep no dead letters"};
  }
};

}  // namespace qonduit
