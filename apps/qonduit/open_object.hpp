// An object of a living app, planned, with a reader open on each of its datasets, for the commands that look at it. Nothing of its data
// is read yet. One thread; the session and the adapters outlive it.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/engine/catalog.hpp"
#include "core/engine/session.hpp"
#include "core/pipeline/batch_reader.hpp"
#include "core/pipeline/item.hpp"
#include "core/pipeline/object_source.hpp"
#include "qonduit/batch.hpp"
#include "qonduit/status.hpp"

namespace qonduit::app {

struct OpenObject {
  struct Dataset {
    std::string name;
    std::unique_ptr<pipeline::DatasetSource> source;
    std::unique_ptr<pipeline::BatchReader> reader;  // empty: status says why
    Schema schema;
    fetch::Forecast forecast;
    Status status;
  };
  std::unique_ptr<pipeline::ItemPlan> plan;
  std::vector<Dataset> datasets;
};

// Without the object's name in front of what went wrong. Fails where the object cannot be planned. That a dataset cannot be opened stands
// in the dataset.
Status open_object(engine::Session& session, const std::vector<pipeline::NamedAdapter>& adapters, const engine::ObjectRef& object,
                   const fetch::Options& options, const std::stop_token& stop, OpenObject& into);

// After a value did not fit its column: the reader begins anew, with columns that hold it; the schema too.
Status open_wider(const engine::Session& session, const OpenObject& object, const fetch::Options& options, const std::stop_token& stop,
                  OpenObject::Dataset& dataset);

// Reads the first rows and throws them away: the schema then says what they are, not only what the layout lets expect.
Status see_first_rows(const engine::Session& session, const OpenObject& object, const std::stop_token& stop, OpenObject::Dataset& dataset);

}  // namespace qonduit::app
