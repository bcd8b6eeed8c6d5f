#include "core/fetch/snapshot.hpp"

#include <utility>
#include <vector>

#include "core/fetch/member_text.hpp"
#include "core/fetch/same_data.hpp"

namespace qonduit::fetch {

Result<Snapshot> Snapshot::take(engine::Calls& engine, engine::Handle object, engine::Reply* properties) {
  Snapshot snapshot(engine, std::move(object));
  // The count is read first: a change that comes while the layout is under way disturbs.
  auto status = snapshot.read(snapshot.layout_, snapshot.reload_time_, properties);
  if (!status.ok()) return status;
  return snapshot;
}

Status Snapshot::read(std::string& layout, std::string& reload_time, engine::Reply* properties) {
  std::vector<engine::Call> calls = {{engine_->doc(), "GetAppLayout", "[]", {}}, {object_.number(), "GetLayout", "[]", {}}};
  if (properties != nullptr) calls.push_back({object_.number(), "GetEffectiveProperties", "[]", {}});
  auto replies = engine::call_all(*engine_, std::move(calls));
  if (properties != nullptr) *properties = std::move(replies[2]);
  auto app = engine::read_app_info(replies[0]);
  if (!app) return std::move(app).error();
  reload_time = app->reload_time;
  locale_ = std::move(app->locale);
  if (!replies[1].ok()) return std::move(replies[1].status);
  const auto value = member_text(replies[1].result, "qLayout");
  if (!value) return value.error();
  layout = std::string(*value);
  // GetLayout makes the object valid again; only what is said from here on is news.
  changes_ = object_.changes();
  return {};
}

Status Snapshot::verify() {
  std::string layout;
  std::string reload_time;
  if (auto status = read(layout, reload_time); !status.ok()) return status;
  if (reload_time != reload_time_) {
    return {Code::inconsistent, "the app was reloaded while it was read (" + reload_time_ + ", now " + reload_time + ")"};
  }
  return same_data(layout_, layout, beside_);
}

}  // namespace qonduit::fetch
