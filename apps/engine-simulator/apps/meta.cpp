#include "apps/meta.hpp"

namespace qonduit::simulator {
namespace {

constexpr const char* kCreated = "2024-01-01T00:00:00.000Z";

// Captured: an object inside a sheet has these, one that stands alone exportdata as well.
JsonArray privileges(bool alone) {
  JsonArray made = array({"read", "update", "delete"});
  if (alone) made->add("exportdata");
  return made;
}

JsonObject owner() {
  return object({{"id", "5d6a7f0c-0000-4000-8000-000000000001"},
                 {"userId", "sa_api"},
                 {"userDirectory", "INTERNAL"},
                 {"name", "sa_api"},
                 {"privileges", Json()}});
}

void add_members(JsonObject& to, const JsonObject& from) {
  if (from.isNull()) return;
  for (const auto& name : from->getNames()) to->set(name, from->get(name));
}

bool in_repository(const std::string& type) {
  return type == "sheet" || type == "masterobject" || type == "dimension" || type == "measure" || type == "bookmark";
}

JsonObject made_of(const JsonObject& definition, bool repository, bool inside) {
  JsonObject made = object();
  add_members(made, definition);
  if (repository) {
    if (!made->has("title")) made->set("title", "");
    if (!made->has("description")) made->set("description", "");
    made->set("createdDate", kCreated);
    made->set("modifiedDate", kCreated);
    made->set("published", false);
    made->set("approved", false);
    made->set("owner", owner());
  }
  made->set("privileges", privileges(!repository && !inside));
  return made;
}

}  // namespace

JsonObject meta_of(const StoredObject& stored) {
  return made_of(object_member(stored.properties, "qMetaDef"), in_repository(stored.type), !stored.parent.empty());
}

JsonObject app_meta(const App& app) {
  return object({{"createdDate", kCreated},
                 {"modifiedDate", app.last_reload_time()},
                 {"published", false},
                 {"privileges", privileges(true)},
                 {"description", ""}});
}

JsonObject item_meta(const JsonObject& definition) { return made_of(definition, true, false); }

}  // namespace qonduit::simulator
