// What an app is made of, as datasets: the lists of the catalogue, the data model, and the values of single expressions.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/engine/session.hpp"
#include "core/pipeline/item.hpp"

namespace qonduit::pipeline {

// list: one of config::kLists.
std::unique_ptr<Item> make_list_item(engine::Session& session, const std::string& list);
// parts: of config::kModelParts, a dataset each.
std::unique_ptr<Item> make_model_item(engine::Session& session, const std::vector<std::string>& parts);
// One row, a column for each expression. REQUIRES: they were checked. The expressions outlive the item.
std::unique_ptr<Item> make_expressions_item(engine::Session& session, const std::vector<config::NamedExpression>& expressions);

}  // namespace qonduit::pipeline
