// Titles of objects, without computing the objects. One thread.
#pragma once

#include <Poco/JSON/Object.h>

#include <string>
#include <vector>

#include "core/engine/calls.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

// The title that properties give an object: a text, or an expression with = in front ("='Sales ' & Year(Now())"); empty: none.
std::string title_in(const Poco::JSON::Object::Ptr& properties);

// The titles of published objects, in the order of the ids, from their properties: a title that is an expression is evaluated, all of a
// step in one round trip. Empty where an object has none, or cannot be read now.
Result<std::vector<std::string>> titles_of(Objects& engine, const std::vector<std::string>& ids);

}  // namespace qonduit::engine
