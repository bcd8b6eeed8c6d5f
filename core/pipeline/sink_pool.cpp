#include "core/pipeline/sink_pool.hpp"

#include <algorithm>
#include <utility>

#include "core/logging/logging.hpp"
#include "core/plugin/instances.hpp"

namespace qonduit::pipeline {
namespace {

bool works(const std::vector<const Crew*>& busy, const NamedSink* sink) {
  return std::any_of(busy.begin(), busy.end(),
                     [&](const auto* crew) { return std::find(crew->sinks.begin(), crew->sinks.end(), sink) != crew->sinks.end(); });
}

bool delivers_to(const std::vector<const Crew*>& busy, const std::string& target) {
  return std::any_of(busy.begin(), busy.end(), [&](const auto* crew) {
    return std::find(crew->targets.begin(), crew->targets.end(), target) != crew->targets.end();
  });
}

}  // namespace

bool Crew::may_overlap() const {
  return !targets.empty() && std::none_of(targets.begin(), targets.end(), [](const auto& target) { return target.empty(); });
}

SinkPool::SinkPool(std::stop_token stop) : stop_(std::move(stop)), on_stop_(stop_, [this] { cancel_all(); }) {}

Status SinkPool::add(const config::Sink& sink, const plugin::Component& component, std::string_view pipeline) {
  {
    const std::lock_guard lock(mutex_);
    kinds_.push_back({&sink, &component, std::string(pipeline)});
  }
  return another(kinds_.back()).status();
}

Result<NamedSink*> SinkPool::another(Kind& kind) {
  auto remote = plugin::create_sink(*kind.component, *kind.sink, kind.pipeline);
  if (!remote) return std::move(remote).error().within("sink '" + kind.sink->name + "'");
  const std::lock_guard lock(mutex_);
  kind.instances.push_back(std::make_unique<NamedSink>(NamedSink{kind.sink->name, std::move(*remote)}));
  if (stop_.stop_requested()) kind.instances.back()->sink.cancel();
  return kind.instances.back().get();
}

void SinkPool::cancel_all() {
  const std::lock_guard lock(mutex_);
  for (auto& kind : kinds_) {
    for (auto& instance : kind.instances) instance->sink.cancel();
  }
}

Result<std::optional<Crew>> SinkPool::crew_for(const Run& run, const std::vector<const Crew*>& busy) {
  Crew crew;
  for (auto& kind : kinds_) {
    const auto idle =
        std::find_if(kind.instances.begin(), kind.instances.end(), [&](const auto& sink) { return !works(busy, sink.get()); });
    NamedSink* sink = idle == kind.instances.end() ? nullptr : idle->get();
    if (sink == nullptr) {
      if (kind.instances.size() >= kind.most) return std::optional<Crew>();
      auto made = another(kind);
      if (!made) return std::move(made).error();
      sink = *made;
    }
    // A sink that cannot tell says why when it is opened.
    auto target = sink->sink.target_of(run);
    auto identity = target ? std::move(*target) : std::string();
    if (identity.empty()) sink = kind.instances.front().get();
    {
      const std::lock_guard lock(mutex_);
      if (const auto owner = kind.owners.find(identity); owner != kind.owners.end()) sink = owner->second;
    }
    if (!busy.empty() && (identity.empty() || works(busy, sink) || delivers_to(busy, identity))) return std::optional<Crew>();
    crew.sinks.push_back(sink);
    crew.targets.push_back(std::move(identity));
  }
  return std::optional(std::move(crew));
}

bool SinkPool::keep(const Crew& crew, const std::vector<std::string>& names) {
  const std::lock_guard lock(mutex_);
  bool own = true;
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    auto& kind = kinds_[i];
    auto* sink = crew.sinks[i];
    if (!names[i].empty()) {
      const auto [owner, first] = kind.named.emplace(names[i], sink);
      own = own && owner->second == sink;
      sink = owner->second;
    }
    if (!crew.targets[i].empty()) kind.owners[crew.targets[i]] = sink;
  }
  return own;
}

void SinkPool::do_with_fewer(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  for (auto& kind : kinds_) {
    if (kind.instances.size() < 2) continue;
    const auto owns = [](const std::map<std::string, NamedSink*>& targets, const NamedSink* sink) {
      return std::any_of(targets.begin(), targets.end(), [sink](const auto& target) { return target.second == sink; });
    };
    kind.most = kind.instances.size() / 2;
    // The first one stays, whatever it has.
    kind.instances.erase(std::remove_if(kind.instances.begin() + 1, kind.instances.end(),
                                        [&](const auto& sink) { return !owns(kind.owners, sink.get()) && !owns(kind.named, sink.get()); }),
                         kind.instances.end());
    logging::log(logging::Level::warn, "delivers fewer datasets at a time than parallel says",
                 {{"sink", kind.sink->name}, {"at_a_time", static_cast<std::int64_t>(kind.most)}, {"reason", reason}});
  }
}

std::vector<NamedSink*> SinkPool::all() const {
  std::vector<NamedSink*> all;
  for (const auto& kind : kinds_) {
    for (const auto& sink : kind.instances) all.push_back(sink.get());
  }
  return all;
}

}  // namespace qonduit::pipeline
