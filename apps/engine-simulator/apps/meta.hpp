// qMeta: what the repository says of an object or a library item, beside its own title. Members and their order as a QSEoW site has them;
// which of them a site leaves out is unknown.
#pragma once

#include "apps/app.hpp"

namespace qonduit::simulator {

// As layouts and lists show it. Objects of a sheet are not known to the repository: they have privileges alone beside their own meta.
[[nodiscard]] JsonObject meta_of(const StoredObject& stored);
// The same of an app.
[[nodiscard]] JsonObject app_meta(const App& app);
// The same of a master item or a bookmark, by what its definition says of itself (title, description, tags).
[[nodiscard]] JsonObject item_meta(const JsonObject& definition);

}  // namespace qonduit::simulator
