// Proof that an object stayed as it was while it was read: what its layout says of the data, the app's reload time, and the number of
// times the engine said "change" for its handle. Taken before the first page, verified after the last, and after everything that shook
// the session (an aborted call, a reload, a reconnect). One thread. Of a layout everything counts that decides the data (size, columns,
// ranges, totals, order, errors, the first rows): a false alarm costs one more attempt, a missed change a wrong number. Labels do not:
// docs/decisions/0019. The reload time is the one that was seen last when the layout was asked for, and is seen again at the end.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/engine/calls.hpp"
#include "core/fetch/same_data.hpp"
#include "core/fetch/subject.hpp"
#include "qonduit/status.hpp"

namespace qonduit::fetch {

class Snapshot final : public Subject {
 public:
  // properties, where there are any: the reply to GetEffectiveProperties, which is asked for at the same time.
  static Result<Snapshot> take(engine::Calls& engine, engine::Handle object, engine::Reply* properties = nullptr);

  [[nodiscard]] std::string_view layout_json() const noexcept { return *layout_; }  // the value of qLayout
  [[nodiscard]] const std::string& reload_time() const noexcept { return reload_time_; }
  [[nodiscard]] const Locale& locale() const noexcept { return locale_; }  // the app's
  [[nodiscard]] const engine::Handle& object() const noexcept { return object_; }
  [[nodiscard]] int handle() const override { return object_.number(); }
  [[nodiscard]] bool disturbed() const override { return object_.changes() != changes_; }
  // Whether attributes of cells are part of the data; they are, unless it is said otherwise.
  void count(Beside beside) { beside_ = beside; }
  void begin_verify(engine::AppWatch::Moment read) override;
  void pursue_verify() override { engine_->watch().ask(read_); }
  Status verify() override;

 private:
  friend class SnapshotLook;
  Snapshot(engine::Calls& engine, engine::Handle object) : engine_(&engine), object_(std::move(object)) {}

  // A look that is under way. A copy of a snapshot has none.
  struct Look {
    Look() = default;
    Look(const Look&) {}
    Look& operator=(const Look& other) {
      if (this != &other) *this = Look();
      return *this;
    }
    Look(Look&&) = default;
    Look& operator=(Look&&) = default;
    // Nobody waits for it any more: it holds the object, whose lease is to end now.
    ~Look() { replies.cancel(); }

    engine::Pending replies;
    // How many changes of the object were told when the layout came. One that is told later is news, also when the reply is read later.
    std::shared_ptr<std::atomic<std::uint64_t>> changes;
  };
  Look look(bool properties) const;
  Result<std::string> take_layout(Look& look, engine::Reply* properties);

  engine::Calls* engine_;
  engine::Handle object_;
  std::shared_ptr<const std::string> layout_;
  std::string reload_time_;
  Locale locale_;
  std::uint64_t changes_ = 0;
  Beside beside_ = Beside::delivered;
  Look closing_;                     // while changes is set
  engine::AppWatch::Moment read_{};  // what it proves
};

// A snapshot that is being taken: many are, in the time of one.
class SnapshotLook {
 public:
  // Asks for the layout, and for the effective properties where they are wanted.
  SnapshotLook(engine::Calls& engine, engine::Handle object, bool properties);

  [[nodiscard]] bool complete() const { return look_.replies.complete(); }
  // Waits. Once.
  Result<Snapshot> take(engine::Reply* properties = nullptr);

 private:
  Snapshot snapshot_;
  Snapshot::Look look_;
};

}  // namespace qonduit::fetch
