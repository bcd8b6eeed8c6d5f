// The sinks of a run. Of a sink there is one instance, or several where its deliveries overlap: what one target gets in a run comes from
// one of them. Used by the run's thread, but for keep().
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/pipeline/delivery.hpp"
#include "core/plugin/registry.hpp"
#include "qonduit/sink.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

// The sinks that make a delivery, one for each the pipeline has.
struct Crew {
  std::vector<NamedSink*> sinks;
  std::vector<std::string> targets;  // what tells them from others; empty: the sink does not say
  // All of them say what tells their targets apart.
  [[nodiscard]] bool may_overlap() const;
};

class SinkPool {
 public:
  // When it is asked to stop, every sink is told: the call it is in should end.
  explicit SinkPool(std::stop_token stop = {});
  // Creates the first instance. Sink and component outlive the pool.
  Status add(const config::Sink& sink, const plugin::Component& component, std::string_view pipeline);

  // The sinks for this delivery. busy: the crews of deliveries under way. None: a sink that is needed is busy, or another delivery has the
  // same target. An error: an instance could not be created.
  Result<std::optional<Crew>> crew_for(const Run& run, const std::vector<const Crew*>& busy);
  // From now on this crew gets the deliveries to its targets. names: what its sinks call them. False: another instance has already
  // delivered under one of these names in this run, and must make this delivery too. Any thread.
  bool keep(const Crew& crew, const std::vector<std::string>& names);

  // A delivery did not open beside others, as where a database takes no more connections: instances without a target, which may hold what
  // another one needs, are ended, and half as many as there were are made from now on. REQUIRES: nothing is under way.
  void do_with_fewer(const std::string& reason);

  // All instances.
  [[nodiscard]] std::vector<NamedSink*> all() const;

 private:
  struct Kind {
    const config::Sink* sink;
    const plugin::Component* component;
    std::string pipeline;
    std::vector<std::unique_ptr<NamedSink>> instances = {};
    std::map<std::string, NamedSink*> owners = {};  // by what tells a target from others
    std::map<std::string, NamedSink*> named = {};   // by what a sink calls it
    std::size_t most = std::size_t(-1);             // instances
  };
  Result<NamedSink*> another(Kind& kind);

  void cancel_all();

  std::mutex mutex_;  // of the maps, and of what changes the instances
  std::stop_token stop_;
  std::vector<Kind> kinds_;
  std::stop_callback<std::function<void()>> on_stop_;  // last: it looks at the others
};

}  // namespace qonduit::pipeline
