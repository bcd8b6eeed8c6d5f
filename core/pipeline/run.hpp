// One execution of a pipeline: connect, resolve the objects, read each dataset through its adapter, deliver it to every sink, report.
// Used by one thread; stop ends it from any other. What the run does not finish leaves nothing behind.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/config/problem.hpp"
#include "core/engine/session.hpp"
#include "core/pipeline/delivery.hpp"
#include "core/pipeline/object_source.hpp"
#include "core/pipeline/report.hpp"
#include "core/pipeline/transform/rules.hpp"
#include "core/plugin/registry.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

// A pipeline whose names are resolved: every sink and adapter exists and has valid options. Borrows from configuration and registry.
struct Bound {
  const config::Pipeline* pipeline = nullptr;
  const config::Connection* connection = nullptr;
  std::vector<std::pair<const config::Sink*, const plugin::Component*>> sinks;
  std::vector<NamedAdapter> adapters;
  transform::RuleBook rules;
  config::TimeZone time_zone;
};

// Checks one pipeline against the plugins without changing anything outside. All problems are listed.
struct Binding {
  Bound bound;
  config::Problems problems;
  std::vector<std::string> warnings;  // what is valid, and hardly meant
};
Binding bind(const config::Config& config, const plugin::Registry& registry, const config::Pipeline& pipeline);

// Now, in UTC: 2026-01-31T23:59:59Z.
std::string utc_now();

// How a pipeline wants its datasets read.
fetch::Options fetch_options(const config::Pipeline& pipeline);

class AppIds;
struct RunSettings {
  engine::TransportFactory transport;
  AppIds* app_ids = nullptr;                 // known to the process: apps looked up by title; null: none are
  ProgressListener progress;                 // may be empty
  bool caller_prints = false;                // failures, on stderr: a log that is read there does not repeat them
  std::function<std::string()> make_run_id;  // empty: time and a random suffix
  std::function<std::string()> now;          // empty: UTC, ISO 8601
  bool takeover = false;                     // targets that belong to other pipelines are taken over
};

RunReport execute(const Bound& bound, const RunSettings& settings, const std::stop_token& stop);

// Reaches the engine and every target of the pipeline, plans every dataset, and changes nothing. A line for each thing that was reached, or
// why not, and one for each problem: what a run would fail for before its first row.
struct ProbeLine {
  std::string what;
  Status status;
};
// targets: what it would deliver into is added.
class SharedTargets;
std::vector<ProbeLine> probe(const Bound& bound, const RunSettings& settings, const std::stop_token& stop, SharedTargets& targets);

}  // namespace qonduit::pipeline
