#include "core/pipeline/run.hpp"

#include <algorithm>

#include "core/plugin/description.hpp"
#include "core/plugin/instances.hpp"
#include "core/plugin/option_check.hpp"

namespace qonduit::pipeline {
namespace {

const plugin::Component* find(const plugin::Registry& registry, std::string_view name, bool sink) {
  return sink ? registry.find_sink(name) : registry.find_adapter(name);
}

void check(config::Problems& problems, const plugin::Component& component, const std::vector<config::Option>& options,
           const std::string& prefix, const config::Origin& section) {
  for (auto& problem : plugin::check_options(component, options, prefix, section)) problems.push_back(std::move(problem));
}

bool has_option(const plugin::Component& component, std::string_view name, bool prefix) {
  const auto description = plugin::read_description(component.describe_json());
  return description && std::any_of(description->options.begin(), description->options.end(),
                                    [&](const auto& option) { return option.prefix == prefix && option.name == name; });
}

// What the adapters here call it.
bool wants_attributes(const std::vector<config::Option>& options) {
  return std::any_of(options.begin(), options.end(),
                     [](const config::Option& option) { return option.key == "attributes" && option.value.reveal() == "columns"; });
}

// What a pipeline says for everything it reads, unless it says otherwise for this adapter.
void add_on_mixed(const config::Pipeline& pipeline, NamedAdapter& adapter) {
  constexpr std::string_view kKey = "on-mixed";
  if (pipeline.on_mixed == config::OnMixed::text || !has_option(*adapter.component, kKey, false)) return;
  const auto own = [&](const config::Option& option) { return option.key == kKey; };
  if (std::any_of(adapter.options.begin(), adapter.options.end(), own)) return;
  const auto* word = pipeline.on_mixed == config::OnMixed::null ? "null" : "fail";
  adapter.options.push_back({std::string(kKey), config::Secret(word), false, pipeline.origin});
}

// Whether each delivery leaves the rows of those before it, and adds its own.
bool adds_rows(const config::Sink& sink, const host::Sink& made) {
  const bool told = std::any_of(sink.options.begin(), sink.options.end(),
                                [](const auto& option) { return option.key == "mode" && option.value.reveal() == "append"; });
  return told && (made.guarantees() & (guarantee::append | guarantee::replace | guarantee::upsert)) == guarantee::append;
}

// What is known of each delivery beforehand. Refers to the pipeline and to the names.
Run delivery_of(const config::Pipeline& pipeline, const std::vector<std::string>& loops) {
  Run run;
  run.pipeline = pipeline.name, run.app = pipeline.app, run.object_id = "object", run.title = "title", run.sheet = "sheet";
  for (const auto& loop : loops) run.loop.emplace_back(loop, "value");
  return run;
}

// What a plugin refuses of options that are each well-formed. Its words begin with the option's name, whose line in the configuration is
// told then.
config::Problem refusal_of(const config::Sink& sink, const Status& why) {
  const auto& words = why.message();
  auto at = words.find("': ");
  at = at == std::string::npos || !words.starts_with("sink '") ? 0 : at + 3;
  const auto text = words.substr(at);
  for (const auto& option : sink.options) {
    for (const std::string_view separator : {": ", " = "}) {
      const auto begin = option.key + std::string(separator);
      if (text.starts_with(begin)) return {option.origin, "sink." + sink.name + "." + option.key, text.substr(begin.size())};
    }
  }
  return {sink.origin, "sink." + sink.name, text};
}

}  // namespace

Binding bind(const config::Config& config, const plugin::Registry& registry, const config::Pipeline& pipeline) {
  Binding binding;
  auto& bound = binding.bound;
  bound.pipeline = &pipeline;
  bound.time_zone = config.time_zone;
  bound.rules = transform::RuleBook::read(pipeline, binding.problems);
  bound.connection = config.find_connection(pipeline.connection);
  std::vector<std::string> loops;
  for (const auto& term : pipeline.state.foreach) loops.push_back(term.name());
  for (const auto& name : pipeline.sinks) {
    const auto* sink = config.find_sink(name);
    if (sink == nullptr) continue;  // the loader has said so
    const auto* component = find(registry, sink->type, true);
    if (component == nullptr) {
      binding.problems.push_back({sink->origin, "sink." + name + ".type", registry.unknown_sink(sink->type)});
      continue;
    }
    const auto known = binding.problems.size();
    check(binding.problems, *component, sink->options, "sink." + name + ".", sink->origin);
    bound.sinks.emplace_back(sink, component);
    if (binding.problems.size() > known) continue;
    // Made for its own checks, which look at several options at once; it changes nothing before it is used.
    auto made = plugin::create_sink(*component, *sink, pipeline.name);
    if (!made) {
      binding.problems.push_back(refusal_of(*sink, made.error()));
      continue;
    }
    // A loop that its template names, say, and the pipeline has not.
    if (const auto target = made->target_of(delivery_of(pipeline, loops)); !target && target.error().code() == Code::invalid_config) {
      binding.problems.push_back(refusal_of(*sink, target.error()));
      continue;
    }
    if (pipeline.schedule != "manual" && adds_rows(*sink, *made)) {
      binding.warnings.push_back(pipeline.origin.text() + ": pipeline." + pipeline.name + ".schedule = " + pipeline.schedule +
                                 " with sink." + name +
                                 ".mode = append: every run adds all of its rows again, so that each row is there twice after two runs; "
                                 "mode = replace, or merge by key, keeps it once");
    }
  }
  for (const auto& component : registry.components()) {
    if (!component.is_adapter()) continue;
    NamedAdapter adapter{&component, {}, has_option(component, "dual.", true), false};
    for (const auto& [name, options] : pipeline.adapter_options) {
      if (name == component.name()) adapter.options = options;
    }
    check(binding.problems, component, adapter.options, "pipeline." + pipeline.name + ".adapter." + std::string(component.name()) + ".",
          pipeline.origin);
    add_on_mixed(pipeline, adapter);
    adapter.attributes = wants_attributes(adapter.options);
    bound.adapters.push_back(std::move(adapter));
  }
  for (const auto& scoped : bound.rules.adapter_options()) {
    const auto adapter = std::find_if(bound.adapters.begin(), bound.adapters.end(),
                                      [&](const auto& known) { return known.component->name() == scoped.adapter; });
    if (adapter == bound.adapters.end()) {
      const auto& first = scoped.options.front();
      binding.problems.push_back({first.origin, scoped.prefix + first.key, registry.unknown_adapter(scoped.adapter)});
      continue;
    }
    for (auto& problem : plugin::check_options(*adapter->component, scoped.options, scoped.prefix, pipeline.origin, adapter->options))
      binding.problems.push_back(std::move(problem));
    adapter->attributes = adapter->attributes || wants_attributes(scoped.options);
  }
  for (auto& adapter : bound.adapters) {
    adapter.pairs = std::make_shared<const plugin::OptionPairs>(*adapter.component, adapter.options);
    adapter.pipeline = pipeline.name;
  }
  const auto knows_duals = [](const NamedAdapter& adapter) { return adapter.takes_duals; };
  if (bound.rules.has_duals() && pipeline.tables.items.empty() && std::none_of(bound.adapters.begin(), bound.adapters.end(), knows_duals)) {
    binding.problems.push_back({pipeline.origin, "pipeline." + pipeline.name + ".dual", "no adapter here has an option dual.COLUMN"});
  }
  for (const auto& [name, options] : pipeline.adapter_options) {
    if (find(registry, name, false) != nullptr || options.empty()) continue;
    binding.problems.push_back({options.front().origin, "pipeline." + pipeline.name + ".adapter." + name, registry.unknown_adapter(name)});
  }
  return binding;
}

}  // namespace qonduit::pipeline
