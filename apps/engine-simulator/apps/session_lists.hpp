// The lists a session object can ask for: fields, variables, master dimensions and measures, bookmarks, current selections.
#pragma once

#include <string>
#include <utility>

#include "apps/app.hpp"

namespace qonduit::simulator {

// The layout member that a definition ("qFieldListDef", …) becomes, and its value; a null value when the definition is none of these.
[[nodiscard]] std::pair<std::string, JsonObject> session_list(const std::string& name, const JsonObject& definition, const App& app,
                                                              Scope& scope);

// The bookmarks of an app and a session as lists show them, each with the data that a qData definition asks for.
[[nodiscard]] JsonArray bookmark_items(const App& app, const Scope& scope, const JsonObject& data);
// What a bookmark selects, its qBookmark.
[[nodiscard]] JsonObject bookmark_states(const Scope& scope, const std::string& id);
// What a bookmark of either says of itself, its qMetaDef.
[[nodiscard]] JsonObject bookmark_meta(const App& app, const Scope& scope, const std::string& id);

}  // namespace qonduit::simulator
