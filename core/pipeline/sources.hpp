// From what a pipeline names to the items it delivers: objects, cubes, expressions, fields, tables, the model and lists, in this order.
// Everything is looked up and every expression is checked first, so that a misspelt name delivers nothing at all. Used by the run's thread
// and by check --probe.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/config/config.hpp"
#include "core/engine/expression_check.hpp"
#include "core/engine/session.hpp"
#include "core/pipeline/item.hpp"
#include "core/pipeline/object_source.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

// Each problem with its key and the place it was written is put into problems; all of them are one error. REQUIRES: the session has opened
// the app, and the check is of this session. Session, check, pipeline and adapters outlive the items. ahead: the
// most objects that are opened, and looked at where they are chosen for sure, before all of them are found.
Result<std::vector<std::unique_ptr<Item>>> find_sources(engine::Session& session, engine::ExpressionCheck& expressions,
                                                        const config::Pipeline& pipeline, const std::vector<NamedAdapter>& adapters,
                                                        std::vector<std::string>& problems, std::size_t ahead);

}  // namespace qonduit::pipeline
