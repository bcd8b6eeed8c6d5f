// Calls on generic objects: layouts, properties, children, export.
#include <algorithm>

#include "apps/evaluator.hpp"
#include "calls/dispatcher.hpp"
#include "calls/export.hpp"

namespace qonduit::simulator {

const Dispatcher::Methods& Dispatcher::object_methods() {
  static const Methods methods = {
      {"GetLayout", &Dispatcher::get_layout},
      {"GetProperties", &Dispatcher::get_properties},
      {"GetEffectiveProperties", &Dispatcher::get_effective_properties},
      {"SetProperties", &Dispatcher::set_properties},
      {"ApplyPatches", &Dispatcher::apply_patches},
      {"ClearSoftPatches", &Dispatcher::clear_soft_patches},
      {"GetFullPropertyTree", &Dispatcher::get_full_property_tree},
      {"GetChildInfos", &Dispatcher::get_child_infos},
      {"GetInfo", &Dispatcher::get_info},
      {"GetChild", &Dispatcher::get_child},
      {"GetParent", &Dispatcher::get_parent},
      {"GetLinkedObjects", &Dispatcher::get_linked_objects},
      {"ExportData", &Dispatcher::export_data},
      {"GetHyperCubeData", &Dispatcher::get_hyper_cube_data},
      {"GetListObjectData", &Dispatcher::get_list_object_data},
      {"GetHyperCubePivotData", &Dispatcher::get_pivot_data},
      {"GetHyperCubeStackData", &Dispatcher::get_stack_data},
      {"GetHyperCubeTreeData", &Dispatcher::get_tree_data},
      {"ExpandLeft", &Dispatcher::expand_left},
      {"ExpandTop", &Dispatcher::expand_top},
      {"CollapseLeft", &Dispatcher::collapse_left},
      {"CollapseTop", &Dispatcher::collapse_top},
      {"SelectListObjectValues", &Dispatcher::list_select_values},
      {"SelectListObjectAll", &Dispatcher::list_select_all},
      {"SelectListObjectPossible", &Dispatcher::list_select_possible},
      {"SelectListObjectExcluded", &Dispatcher::list_select_excluded},
      {"SelectListObjectAlternative", &Dispatcher::list_select_alternative},
      {"SearchListObjectFor", &Dispatcher::list_search},
      {"AcceptListObjectSearch", &Dispatcher::list_accept_search},
      {"AbortListObjectSearch", &Dispatcher::list_abort_search},
      {"SelectHyperCubeValues", &Dispatcher::cube_select_values},
      {"SelectHyperCubeCells", &Dispatcher::cube_select_cells},
      {"ClearSelections", &Dispatcher::clear_selections},
      {"Lock", &Dispatcher::lock_object},
      {"Unlock", &Dispatcher::unlock_object},
      {"BeginSelections", &Dispatcher::begin_selections},
      {"EndSelections", &Dispatcher::end_selections},
      {"ResetMadeSelections", &Dispatcher::reset_made_selections},
      {"DrillUp", &Dispatcher::drill_up},
  };
  return methods;
}

namespace {

// A fault: every qSize tells of so many rows more or fewer.
std::string with_other_sizes(std::string layout, std::int64_t offset) {
  const std::string mark = "\"qcy\":";
  for (auto at = layout.find(mark); at != std::string::npos; at = layout.find(mark, at + 1)) {
    const auto begin = at + mark.size();
    const auto end = layout.find_first_not_of("0123456789", begin);
    const auto rows = std::strtoll(layout.substr(begin, end - begin).c_str(), nullptr, 10);
    layout.replace(begin, end - begin, std::to_string(std::max<std::int64_t>(rows + offset, 0)));
  }
  return layout;
}

}  // namespace

void Dispatcher::get_layout(Call& call) {
  const auto made = session_->evaluate(*call.object);
  call.held->validated = true;
  const auto offset = engine_.faults().size_offset;
  call.reply.member_text("qLayout", offset == 0 ? made->layout : with_other_sizes(made->layout, offset));
}

void Dispatcher::get_properties(Call& call) { call.reply.member("qProp", call.object->stored().properties); }

void Dispatcher::get_effective_properties(Call& call) {
  const auto& patched = call.object->patched();
  call.reply.member("qProp", patched.isNull() ? effective_properties(*call.app, call.object->stored()) : patched);
}

void Dispatcher::set_properties(Call& call) {
  if (!call.object->transient()) throw EngineError{5, call.object->stored().id, "Access denied"};
  call.object->set_properties(as_object(copy_of(call.params.object(0, "qProp"))));
  call.held->validated = false;
  call.reply.change(call.handle);
}

namespace {

// One NxPatch: a JSON pointer and a value that is JSON text.
void apply_patch(const JsonObject& to, const JsonObject& patch) {
  const std::string path = text_member(patch, "qPath");
  const std::string operation = text_member(patch, "qOp");
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) throw EngineError{4, path, "Invalid path"};
  const Json parent = slash == 0 ? Json(to) : resolve_pointer(to, path.substr(0, slash));
  const std::string name = path.substr(slash + 1);
  const bool removes = operation == "remove" || operation == "Remove";
  // The parser wants an object or an array at the top; a value may be a bare text or number.
  const Json value = removes ? Json() : as_array(parse_json("[" + text_member(patch, "qValue") + "]"))->get(0);
  if (auto members = as_object(parent); !members.isNull()) {
    if (removes) {
      members->remove(name);
    } else {
      members->set(name, value);
    }
    return;
  }
  auto items = as_array(parent);
  const auto index = static_cast<unsigned>(std::strtoul(name.c_str(), nullptr, 10));
  if (items.isNull() || (name != "-" && index > items->size())) throw EngineError{4, path, "Invalid path"};
  if (removes) {
    items->remove(index);
  } else if (name == "-") {
    items->add(value);
  } else {
    items->set(index, value);
  }
}

JsonObject property_tree(App& app, const StoredObject& stored) {
  JsonArray children = array();
  for (const auto& id : stored.children)
    if (const auto* child = app.find(id)) children->add(property_tree(app, *child));
  return object({{"qProperty", stored.properties}, {"qChildren", children}});
}

}  // namespace

void Dispatcher::apply_patches(Call& call) {
  const auto patches = call.params.array(0, "qPatches");
  const bool soft = call.params.flag(1, "qSoftPatch");
  if (!soft && !call.object->transient()) throw EngineError{5, call.object->stored().id, "Access denied"};
  const auto& before = call.object->patched();
  auto made = as_object(copy_of(soft && !before.isNull() ? before : call.object->stored().properties));
  for (const auto& patch : *patches) apply_patch(made, as_object(patch));
  if (soft) {
    call.object->set_patched(made);
  } else {
    call.object->set_properties(made);
  }
  call.held->validated = false;
  call.reply.change(call.handle);
}

void Dispatcher::clear_soft_patches(Call& call) {
  call.object->set_patched(JsonObject());
  call.held->validated = false;
  call.reply.change(call.handle);
}

void Dispatcher::get_full_property_tree(Call& call) { call.reply.member("qPropEntry", property_tree(*call.app, call.object->stored())); }

void Dispatcher::get_child_infos(Call& call) {
  JsonArray infos = array();
  for (const auto& id : call.object->stored().children)
    if (const auto* child = call.app->find(id)) infos->add(object({{"qId", child->id}, {"qType", child->type}}));
  call.reply.member("qInfos", infos);
}

void Dispatcher::get_info(Call& call) {
  call.reply.member("qInfo", object({{"qId", call.object->stored().id}, {"qType", call.object->stored().type}}));
}

void Dispatcher::get_child(Call& call) {
  const std::string id = call.params.text(0, "qId");
  const auto& children = call.object->stored().children;
  const bool known = std::find(children.begin(), children.end(), id) != children.end();
  write_object(call, known ? session_->object(id) : nullptr);
}

void Dispatcher::get_parent(Call& call) {
  const auto& parent = call.object->stored().parent;
  write_object(call, parent.empty() ? nullptr : session_->object(parent));
}

void Dispatcher::get_linked_objects(Call& call) {
  JsonArray items = array();
  for (const auto& stored : call.app->objects())
    if (text_member(stored.properties, "qExtendsId") == call.object->stored().id)
      items->add(object({{"qRootHandle", -1}, {"qInfo", object({{"qId", stored.id}, {"qType", stored.type}})}}));
  call.reply.member("qItems", items);
}

void Dispatcher::export_data(Call& call) {
  std::string format = call.params.text(0, "qFileType");
  if (format.starts_with("EXPORT_")) format.erase(0, std::string("EXPORT_").size());
  if (format != "CSV_C" && format != "CSV_T" && format != "OOXML") throw EngineError{8, format, "Invalid parameters"};
  const auto made = session_->evaluate(*call.object);
  // Without a path: the object's own cube, else the first that it keeps.
  std::string path = call.params.optional_text(1, "qPath");
  if (path.empty()) path = made->cubes.contains("/qHyperCubeDef") || made->cubes.empty() ? "/qHyperCubeDef" : made->cubes.begin()->first;
  const auto found = made->cubes.find(path);
  if (found == made->cubes.end()) throw EngineError{13001, path, "No data to export"};
  const auto table = export_table(as_object(parse_json(made->layout)), path, found->second);
  if (!table) throw EngineError{13001, path, "No data to export"};
  const bool workbook = format == "OOXML";
  JsonArray warnings = array();
  if (table->truncated) warnings->add(1000);
  call.reply.member("qUrl", engine_.exports().add(workbook ? to_workbook(*table) : to_csv(*table, format == "CSV_T" ? '\t' : ','),
                                                  workbook ? "xlsx" : "csv", key_.user()));
  call.reply.member("qWarnings", warnings);
}

}  // namespace qonduit::simulator
