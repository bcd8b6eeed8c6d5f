#include "apps/evaluator.hpp"

#include "apps/meta.hpp"
#include "apps/session_lists.hpp"
#include "cube/definition.hpp"

namespace qonduit::simulator {
namespace {

constexpr const char* kPagesMarker = "\x7fpages:";

std::string marker(std::size_t index) { return kPagesMarker + std::to_string(index) + "\x7f"; }

// What the client writes as {qStringExpression} where it is computed; the short form "=…" of an app.json is the same.
bool is_title(const std::string& name) { return name == "title" || name == "subtitle" || name == "footnote"; }

bool ends_with_def(const std::string& name) { return name.size() > 4 && name[0] == 'q' && name.ends_with("Def"); }

}  // namespace

JsonObject list_data(const JsonObject& pointers, const JsonObject& properties) {
  JsonObject made = object();
  if (pointers.isNull()) return made;
  for (const auto& name : pointers->getNames()) {
    const Json pointer = pointers->get(name);
    if (!pointer.isString()) continue;
    // A path that leads nowhere leaves its member out.
    if (const Json found = resolve_pointer(properties, pointer.extract<std::string>()); !found.isEmpty()) made->set(name, found);
  }
  return made;
}

JsonObject effective_properties(const App& app, const StoredObject& stored) {
  const std::string master = text_member(stored.properties, "qExtendsId");
  const StoredObject* extended = master.empty() ? nullptr : app.find(master);
  if (extended == nullptr) return stored.properties;
  auto made = as_object(copy_of(effective_properties(app, *extended)));
  for (const auto& name : stored.properties->getNames()) made->set(name, stored.properties->get(name));
  return made;
}

std::shared_ptr<const Evaluation> Evaluator::evaluate(const StoredObject& stored) {
  stored_ = &stored;
  made_ = std::make_shared<Evaluation>();
  initial_pages_.clear();
  JsonObject layout = object({{"qInfo", object({{"qId", stored.id}, {"qType", stored.type}})}});
  const std::string master = text_member(stored.properties, "qExtendsId");
  if (!master.empty() && app_.find(master) == nullptr) throw EngineError{8001, master, "Linked object not found"};
  const auto properties = effective_properties(app_, stored);
  if (const auto extends = text_member(properties, "qExtendsId"); !extends.empty()) layout->set("qExtendsId", extends);
  layout->set("qMeta", meta_of(stored));
  layout->set("qSelectionInfo", object());
  if (const auto state = text_member(properties, "qStateName"); !state.empty()) layout->set("qStateName", state);
  JsonObject rest = layout_of(properties, "");
  for (const auto& name : rest->getNames())
    if (!layout->has(name)) layout->set(name, rest->get(name));

  made_->layout = to_text(layout);
  for (std::size_t i = 0; i < initial_pages_.size(); ++i) {
    std::string quoted;
    append_quoted(quoted, marker(i));
    if (const auto at = made_->layout.find(quoted); at != std::string::npos) made_->layout.replace(at, quoted.size(), initial_pages_[i]);
  }
  return std::move(made_);
}

JsonObject Evaluator::layout_of(const JsonObject& definition, const std::string& path) {
  JsonObject made = object();
  for (const auto& name : definition->getNames()) {
    const Json value = definition->get(name);
    const auto inner = as_object(value);
    const std::string here = path + "/" + name;
    if (name == "qHyperCubeDef" && !inner.isNull()) {
      made->set("qHyperCube", cube_of(inner, here));
    } else if (name == "qListObjectDef" && !inner.isNull()) {
      made->set("qListObject", list_of(inner, here));
    } else if (name == "qAppObjectListDef" && !inner.isNull()) {
      made->set("qAppObjectList", object_list(inner));
    } else if (const auto list = session_list(name, inner, app_, scope_); !list.second.isNull()) {
      made->set(list.first, list.second);
    } else if (name == "qChildListDef" && !inner.isNull() && path.empty()) {
      made->set("qChildList", child_list(inner, *stored_));
    } else if (path.empty() && (name == "qInfo" || name == "qMetaDef" || name == "qExtendsId" || name == "qStateName")) {
      continue;
    } else if (name == "qStaticContentUrlDef") {
      made->set("qStaticContentUrl", inner.isNull() ? object() : layout_of(inner, here));
    } else if (ends_with_def(name)) {
      continue;  // definitions this engine does not evaluate have no layout
    } else if (path.empty() && is_title(name) && value.isString()) {
      made->set(name, scope_.expand_label(value.extract<std::string>()));
    } else {
      made->set(name, value_of(value, here));
    }
  }
  return made;
}

Json Evaluator::value_of(const Json& definition, const std::string& path) {
  if (const auto inner = as_object(definition); !inner.isNull()) {
    if (inner->has("qStringExpression") || inner->has("qValueExpression")) {
      const bool wants_text = inner->has("qStringExpression");
      const Json given = inner->get(wants_text ? "qStringExpression" : "qValueExpression");
      const std::string source = given.isString() ? given.extract<std::string>() : text_member(as_object(given), "qExpr");
      if (wants_text) return scope_.expand_label(source.starts_with('=') ? source : "=" + source);
      const Parsed parsed = scope_.parse(source);
      return number(parsed.expression ? scope_.evaluate(*parsed.expression).number : kNaN);
    }
    return layout_of(inner, path);
  }
  if (const auto items = as_array(definition); !items.isNull()) {
    JsonArray made = array();
    std::size_t index = 0;
    for (const auto& item : *items) made->add(value_of(item, path + "/" + std::to_string(index++)));
    return made;
  }
  return definition;
}

JsonObject Evaluator::cube_of(const JsonObject& definition, const std::string& path) {
  const auto view = view_.expansions.find(path);
  EvaluatedCube cube = app_.make_cube(scope_, definition, view == view_.expansions.end() ? nullptr : &view->second);
  const auto fetch = array_member(definition, "qInitialDataFetch");
  cube.layout.fetch_too_large = cube.layout.error == 0 && too_large(fetch, cube.layout.mode);
  initial_pages_.push_back(cube.layout.error == 0 && !cube.layout.fetch_too_large ? initial_pages(cube, fetch) : "[]");
  Cube made{cube.layout.mode, cube.matrix, cube.pages, cube.tree, cube.left, cube.top, cube.expansions, cube.layout.state_name, {}, {}};
  for (const auto& info : cube.layout.dimensions) {
    made.dimension_fields.push_back(scope_.model().find_field(unbracketed(info.fields[static_cast<std::size_t>(info.group_position)])));
    made.dimension_libraries.push_back(info.library_id);
  }
  made_->cubes[path] = std::move(made);
  JsonObject layout = to_layout(cube.layout, marker(initial_pages_.size() - 1));
  // Custom members of the definition (no leading q) stay beside the evaluated ones.
  for (const auto& name : definition->getNames())
    if (!name.starts_with('q')) layout->set(name, definition->get(name));
  return layout;
}

JsonObject Evaluator::list_of(const JsonObject& definition, const std::string& path) {
  const auto search = view_.searches.find(path);
  auto list = evaluate_list(scope_, definition, search == view_.searches.end() ? std::string() : search->second);
  Cube made;
  made.mode = "list";
  made.matrix = list.matrix;
  made.state = list.state;
  made.dimension_fields = {list.field};
  made.dimension_libraries = {text_member(definition, "qLibraryId")};
  made_->cubes[path] = std::move(made);
  return list.layout;
}

JsonObject Evaluator::object_list(const JsonObject& definition) const {
  const std::string type = text_member(definition, "qType");
  JsonArray items = array();
  for (const auto& stored : app_.objects()) {
    if (stored.type != type) continue;
    items->add(object({{"qInfo", object({{"qId", stored.id}, {"qType", stored.type}})},
                       {"qMeta", meta_of(stored)},
                       {"qData", list_data(object_member(definition, "qData"), stored.properties)}}));
  }
  return object({{"qItems", items}});
}

JsonObject Evaluator::child_list(const JsonObject& definition, const StoredObject& stored) const {
  JsonArray items = array();
  for (const auto& id : stored.children) {
    const StoredObject* child = app_.find(id);
    if (child == nullptr) continue;
    items->add(object({{"qInfo", object({{"qId", child->id}, {"qType", child->type}})},
                       {"qMeta", meta_of(*child)},
                       {"qData", list_data(object_member(definition, "qData"), child->properties)}}));
  }
  return object({{"qItems", items}});
}

}  // namespace qonduit::simulator
