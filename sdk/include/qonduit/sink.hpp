// What the author of a sink writes: a class derived from Sink. One instance delivers to one place; its life is
//   construct from options (no I/O) · open · write ... · commit | abort · open again or destroy.
// One thread uses an instance at a time. Failures are Status values; an exception that escapes becomes Code::internal.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/context.hpp>
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
  std::string_view pipeline, run_id, app, app_id, sheet, object_id, object_type, title;
  std::string_view dataset;      // which hypercube of the object; empty for an object with one
  std::string_view turn;         // which turn of a loop: "Region=North, Year=2024"; empty outside of a loop
  std::string_view started_at;   // UTC, ISO 8601 to the second
  std::string_view day;          // started_at as a day in the time zone of the configuration: 2026-02-01
  std::string_view reload_time;  // the app's qLastReloadTime; may be empty
  // The values of the turn, outermost first, by name.
  std::vector<std::pair<std::string_view, std::string_view>> loop = {};
  // In force while it was read: "select.Region" and "North, South", "bookmark" and its title, "variable.vYear" and "2024".
  std::vector<std::pair<std::string_view, std::string_view>> selections = {};
  // All objects the pipeline delivers, this one among them: shared_names.hpp finds those that would share a name.
  std::vector<NamedObject> objects = {};
  bool takeover = false;  // a target that belongs to another pipeline may be taken over

  // What of the object this delivers: dataset and turn, "boxplot.box, Region=North". Two deliveries of an object that
  // differ in it never replace each other.
  [[nodiscard]] std::string part() const {
    std::string part(dataset);
    if (!dataset.empty() && !turn.empty()) part += ", ";
    return part += turn;
  }
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
  std::string target, before, after;
  bool exclusive = false;     // two pipelines cannot both deliver there
  std::string identity = {};  // equal for two names of one target; empty: target is compared
};

// What a sink may have besides: it derives from these, too.

// The end of a run: a sink whose deliveries appear together lets them appear here.
class EndOfRun {
 public:
  // After the last delivery of a run. complete: every one was committed; else nothing of them is left. committed() then
  // answers for the run.
  virtual Status end_run(std::string_view run_id, bool complete) = 0;

 protected:
  ~EndOfRun() = default;
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

// Files of what the target refused for good. Outside of deliveries.
class DeadLetterKeeper {
 public:
  // In a stable order; unsupported where the options keep none. Touches no target.
  virtual Result<std::vector<DeadLetterFile>> dead_letters() = 0;
  // Sends what is in one of these files again, under the same ids: what was taken leaves the file, the rest stays.
  // replayed is set when it fails too.
  virtual Status replay(std::string_view path, Replayed& replayed) = 0;

 protected:
  ~DeadLetterKeeper() = default;
};

enum class Committed : std::uint32_t { no = QONDUIT_COMMITTED_NO, yes = QONDUIT_COMMITTED_YES, unknown = QONDUIT_COMMITTED_UNKNOWN };

namespace guarantee {
inline constexpr std::uint32_t append = QONDUIT_GUARANTEE_APPEND, upsert = QONDUIT_GUARANTEE_UPSERT, replace = QONDUIT_GUARANTEE_REPLACE,
                               exactly_once = QONDUIT_GUARANTEE_EXACTLY_ONCE, whole_run = QONDUIT_GUARANTEE_WHOLE_RUN,
                               same_ids = QONDUIT_GUARANTEE_SAME_IDS;
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
  // From another thread: the call under way, and each that follows but abort and end_run, answers cancelled soon. Returns
  // at once. A sink that looks at context().cancelled() between waits needs nothing here.
  virtual void cancel() noexcept {}
  // The Arrow formats it takes (docs/abi.md), with blanks between them; empty: all of this version.
  [[nodiscard]] virtual std::string_view formats() const { return {}; }
  // What open would do with this run and schema; an error is why open would refuse it. Changes nothing, and holds nothing: no lock, no
  // file. Outside of deliveries. All empty: there is nothing to say.
  virtual Result<Plan> plan(const Run& /*run*/, const Schema& /*schema*/) { return Plan(); }
  // A text that is another one for each target that can be delivered to while this delivery is open. Where a sink says it the host may
  // overlap deliveries of a run, each by an instance of its own up to its commit, and commits in order; all of one target come from one
  // instance. Nothing is visible before commit then, and no open delivery keeps another from its commit. Changes nothing. Empty: it is
  // made alone. Outside of deliveries.
  virtual Result<std::string> target_of(const Run& /*run*/) { return std::string(); }

 protected:
  // Where this sink runs; from its constructor on.
  [[nodiscard]] Context context() const noexcept { return context_; }

 private:
  Context context_ = Context::current();
};

}  // namespace qonduit
