#include "apps/qonduit/open_object.hpp"

#include <utility>

#include "core/pipeline/begun_reader.hpp"
#include "core/pipeline/object_item.hpp"

namespace qonduit::app {
namespace {

Status open_reader(const engine::Session& session, const pipeline::ItemPlan& plan, const fetch::Options& options,
                   const std::stop_token& stop, OpenObject::Dataset& into) {
  Run run;
  run.app = session.app().title, run.app_id = session.app().id;
  run.sheet = plan.facts.sheet, run.object_id = plan.facts.id, run.object_type = plan.facts.type;
  run.title = plan.facts.title, run.dataset = into.name;
  auto reader = into.source->open(run, options, stop);
  if (!reader) return std::move(reader).error();
  auto schema = arrow::import_schema((*reader)->schema());
  if (!schema) return std::move(schema).error();
  auto forecast = (*reader)->forecast();
  if (!forecast) return std::move(forecast).error();
  into.schema = std::move(*schema);
  into.forecast = *forecast;
  into.reader = std::move(*reader);
  return {};
}

Status open_dataset(const engine::Session& session, pipeline::ItemPlan& plan, const fetch::Options& options, const std::stop_token& stop,
                    OpenObject::Dataset& into) {
  auto source = plan.source(into.name);
  if (!source) return std::move(source).error();
  into.source = std::move(*source);
  return open_reader(session, plan, options, stop, into);
}

}  // namespace

Status open_wider(const engine::Session& session, const OpenObject& object, const fetch::Options& options, const std::stop_token& stop,
                  OpenObject::Dataset& dataset) {
  if (auto status = dataset.reader->widen(); !status.ok()) return status;
  dataset.reader.reset();
  return open_reader(session, *object.plan, options, stop, dataset);
}

Status see_first_rows(const engine::Session& session, const OpenObject& object, const std::stop_token& stop, OpenObject::Dataset& dataset) {
  while (true) {
    auto batch = dataset.reader->next();
    if (batch) return {};
    bool widened = false;
    auto why = pipeline::widen_after(std::move(batch).error(), *dataset.reader, widened);
    if (!widened) return why;
    dataset.reader.reset();
    if (auto status = open_reader(session, *object.plan, {}, stop, dataset); !status.ok()) return status;
  }
}

Status open_object(engine::Session& session, const std::vector<pipeline::NamedAdapter>& adapters, const engine::ObjectRef& object,
                   const fetch::Options& options, const std::stop_token& stop, OpenObject& into) {
  engine::ExpressionCheck expressions(session);
  auto plan = pipeline::ObjectItem(session, adapters, object, {&expressions}).plan(stop);
  if (!plan) return std::move(plan).error();
  into.plan = std::move(*plan);
  const auto found = into.plan->check();
  if (!found) return found.error();
  into.plan->notes.insert(into.plan->notes.end(), found->begin(), found->end());
  for (const auto& name : into.plan->datasets) {
    OpenObject::Dataset dataset;
    dataset.name = name;
    dataset.status = open_dataset(session, *into.plan, options, stop, dataset);
    if (dataset.status.code() == Code::cancelled) return dataset.status;
    into.datasets.push_back(std::move(dataset));
  }
  return {};
}

}  // namespace qonduit::app
