#include "core/fetch/snapshot.hpp"

#include <utility>
#include <vector>

#include "core/fetch/member_text.hpp"
#include "core/fetch/same_data.hpp"

namespace qonduit::fetch {

Snapshot::Look Snapshot::look(bool properties) const {
  std::vector<engine::Call> calls = {{handle(), "GetLayout", "[]", {}}};
  if (properties) calls.push_back({handle(), "GetEffectiveProperties", "[]", {}});
  Look look;
  look.changes = std::make_shared<std::atomic<std::uint64_t>>(0);
  look.replies = engine::Pending(*engine_, std::move(calls), [changes = look.changes, object = object_](std::size_t call) {
    if (call == 0) changes->store(object.changes());
  });
  return look;
}

Result<std::string> Snapshot::take_layout(Look& look, engine::Reply* properties) {
  auto replies = look.replies.take();
  if (properties != nullptr) *properties = std::move(replies[1]);
  if (!replies[0].ok()) return std::move(replies[0].status);
  const auto value = member_text(replies[0].result, "qLayout");
  if (!value) return value.error();
  // GetLayout makes the object valid again; only what is said from here on is news.
  changes_ = look.changes->load();
  return std::string(*value);
}

SnapshotLook::SnapshotLook(engine::Calls& engine, engine::Handle object, bool properties)
    : snapshot_(engine, std::move(object)), look_(snapshot_.look(properties)) {
  // The layout is of this load or a later one, and of a later one the end tells.
  snapshot_.reload_time_ = engine.watch().known().reload_time;
  snapshot_.locale_ = engine.watch().known().locale;
}

Result<Snapshot> SnapshotLook::take(engine::Reply* properties) {
  auto layout = snapshot_.take_layout(look_, properties);
  if (!layout) return std::move(layout).error();
  snapshot_.layout_ = std::make_shared<const std::string>(std::move(*layout));
  return std::move(snapshot_);
}

Result<Snapshot> Snapshot::take(engine::Calls& engine, engine::Handle object, engine::Reply* properties) {
  return SnapshotLook(engine, std::move(object), properties != nullptr).take(properties);
}

void Snapshot::begin_verify(engine::AppWatch::Moment read) {
  read_ = read;
  closing_ = look(false);
  engine_->watch().ask(read_);
}

Status Snapshot::verify() {
  if (!closing_.changes) begin_verify(engine::AppWatch::Clock::now());
  const auto layout = take_layout(closing_, nullptr);
  closing_ = {};
  if (auto status = engine_->watch().unchanged(read_, reload_time_); !status.ok()) return status;
  return layout ? same_data(*layout_, *layout, beside_) : layout.error();
}

}  // namespace qonduit::fetch
