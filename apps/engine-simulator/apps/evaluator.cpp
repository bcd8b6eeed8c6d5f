#include "apps/evaluator.hpp"

namespace qonduit::simulator {
namespace {

constexpr const char* kPagesMarker = "\x7fpages:";

std::string marker(std::size_t index) { return kPagesMarker + std::to_string(index) + "\x7f"; }

bool ends_with_def(const std::string& name) { return name.size() > 4 && name[0] == 'q' && name.ends_with("Def"); }

}  // namespace

JsonObject meta_of(const StoredObject& stored) {
  JsonObject made = object();
  if (const auto definition = object_member(stored.properties, "qMetaDef"); !definition.isNull())
    for (const auto& name : definition->getNames()) made->set(name, definition->get(name));
  if (stored.type == "sheet") {
    made->set("approved", false);
    made->set("published", false);
  }
  made->set("privileges", array({"read", "update", "delete", "exportdata"}));
  return made;
}

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

std::string initial_pages(const JsonArray& fetch, const Matrix& matrix) {
  std::string made = "[";
  if (!fetch.isNull()) {
    for (const auto& item : *fetch) {
      const auto page = as_object(item);
      const Area area{int_member(page, "qLeft"), int_member(page, "qTop"), int_member(page, "qWidth"), int_member(page, "qHeight")};
      if (area.left < 0 || area.top < 0 || area.width <= 0 || area.height <= 0) continue;
      if (made.size() > 1) made.push_back(',');
      append_page(made, matrix, clip(matrix, area));
    }
  }
  made.push_back(']');
  return made;
}

std::shared_ptr<const Evaluation> Evaluator::evaluate(const StoredObject& stored) {
  stored_ = &stored;
  made_ = std::make_shared<Evaluation>();
  initial_pages_.clear();
  JsonObject layout = object({{"qInfo", object({{"qId", stored.id}, {"qType", stored.type}})}});
  const auto& properties = stored.properties;
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
    } else if (name == "qAppObjectListDef" && !inner.isNull()) {
      made->set("qAppObjectList", object_list(inner));
    } else if (name == "qChildListDef" && !inner.isNull() && path.empty()) {
      made->set("qChildList", child_list(inner, *stored_));
    } else if (path.empty() && (name == "qInfo" || name == "qMetaDef" || name == "qExtendsId" || name == "qStateName")) {
      continue;
    } else if (ends_with_def(name)) {
      continue;  // definitions this engine does not evaluate have no layout
    } else {
      made->set(name, value_of(value, here));
    }
  }
  return made;
}

Json Evaluator::value_of(const Json& definition, const std::string& path) {
  if (const auto inner = as_object(definition); !inner.isNull()) {
    if (inner->has("qStringExpression") || inner->has("qValueExpression")) {
      const auto [text, value] = app_.evaluate_expression(
          text_member(object_member(inner, inner->has("qStringExpression") ? "qStringExpression" : "qValueExpression"), "qExpr"));
      if (inner->has("qStringExpression")) return text;
      return number(value);
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
  if (const auto mode = text_member(definition, "qMode", "S"); mode != "S" && !mode.empty())
    throw EngineError{7000, path, "hypercube mode " + mode + " is not simulated"};
  const StraightCube cube = app_.make_cube(definition);
  if (cube.error == 0) {
    initial_pages_.push_back(initial_pages(array_member(definition, "qInitialDataFetch"), *cube.matrix));
  } else {
    initial_pages_.emplace_back("[]");
  }
  made_->cubes[path] = Cube{"S", cube.matrix, {}};
  JsonObject made = to_layout(cube, marker(initial_pages_.size() - 1));
  // Custom members of the definition (no leading q) stay beside the evaluated ones.
  for (const auto& name : definition->getNames())
    if (!name.starts_with('q')) made->set(name, definition->get(name));
  return made;
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
