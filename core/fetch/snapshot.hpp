// Proof that an object stayed as it was while it was read: what its layout says of the data, the app's reload time, and the number of
// times the engine said "change" for its handle. Taken before the first page, verified after the last, and after everything that shook
// the session (an aborted call, a reload, a reconnect). One thread. Of a layout everything counts that decides the data (size, columns,
// ranges, totals, order, errors, the first rows): a false alarm costs one more attempt, a missed change a wrong number. Labels do not:
// docs/decisions/0019.
#pragma once

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

  [[nodiscard]] std::string_view layout_json() const noexcept { return layout_; }  // the value of qLayout
  [[nodiscard]] const std::string& reload_time() const noexcept { return reload_time_; }
  [[nodiscard]] const Locale& locale() const noexcept { return locale_; }  // the app's
  [[nodiscard]] const engine::Handle& object() const noexcept { return object_; }
  [[nodiscard]] int handle() const override { return object_.number(); }
  [[nodiscard]] bool disturbed() const override { return object_.changes() != changes_; }
  // Whether attributes of cells are part of the data; they are, unless it is said otherwise.
  void count(Beside beside) { beside_ = beside; }
  // Reads layout and reload time again.
  Status verify() override;

 private:
  Snapshot(engine::Calls& engine, engine::Handle object) : engine_(&engine), object_(std::move(object)) {}
  Status read(std::string& layout, std::string& reload_time, engine::Reply* properties = nullptr);

  engine::Calls* engine_;
  engine::Handle object_;
  std::string layout_;
  std::string reload_time_;
  Locale locale_;
  std::uint64_t changes_ = 0;
  Beside beside_ = Beside::delivered;
};

}  // namespace qonduit::fetch
