// Calls on generic objects: layouts, properties, children and the pages of their cubes.
#include <algorithm>
#include <limits>

#include "calls/dispatcher.hpp"

namespace qonduit::simulator {

const Dispatcher::Methods& Dispatcher::object_methods() {
  static const Methods methods = {
      {"GetLayout", &Dispatcher::get_layout},
      {"GetProperties", &Dispatcher::get_properties},
      {"GetEffectiveProperties", &Dispatcher::get_properties},
      {"SetProperties", &Dispatcher::set_properties},
      {"GetFullPropertyTree", &Dispatcher::get_full_property_tree},
      {"GetChildInfos", &Dispatcher::get_child_infos},
      {"GetInfo", &Dispatcher::get_info},
      {"GetChild", &Dispatcher::get_child},
      {"GetParent", &Dispatcher::get_parent},
      {"GetHyperCubeData", &Dispatcher::get_hyper_cube_data},
      {"GetListObjectData", &Dispatcher::get_list_object_data},
      {"GetHyperCubePivotData", &Dispatcher::get_pivot_data},
      {"GetHyperCubeStackData", &Dispatcher::get_stack_data},
  };
  return methods;
}

void Dispatcher::get_layout(Call& call) {
  const auto made = call.object->evaluation();
  handles_[call.handle].validated = true;
  call.reply.member_text("qLayout", made->layout);
}

void Dispatcher::get_properties(Call& call) { call.reply.member("qProp", call.object->stored().properties); }

void Dispatcher::set_properties(Call& call) {
  if (!call.object->transient()) throw EngineError{5, call.object->stored().id, "Access denied"};
  call.object->set_properties(as_object(copy_of(call.params.object(0, "qProp"))));
  handles_[call.handle].validated = false;
  call.reply.change(call.handle);
}

namespace {

JsonObject property_tree(App& app, const StoredObject& stored) {
  JsonArray children = array();
  for (const auto& id : stored.children)
    if (const auto* child = app.find(id)) children->add(property_tree(app, *child));
  return object({{"qProperty", stored.properties}, {"qChildren", children}});
}

}  // namespace

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

const Cube& Dispatcher::cube_at(Call& call, const std::string& mode, std::shared_ptr<const Evaluation>& keep) {
  const std::string path = call.params.text(0, "qPath");
  keep = call.object->evaluation();
  const auto found = keep->cubes.find(path);
  if (found == keep->cubes.end()) throw EngineError{4, path, "Invalid path"};  // which code a real engine has here is assumed
  if (found->second.mode != mode) throw EngineError{6000, path, "Invalid hypercube object"};
  return found->second;
}

void Dispatcher::get_hyper_cube_data(Call& call) { data_pages(call, "S"); }

void Dispatcher::get_list_object_data(Call& call) { data_pages(call, "list"); }

void Dispatcher::data_pages(Call& call, const std::string& mode) {
  const auto verdict = engine_.count_data_call();
  drop_ = drop_ || verdict.drop;
  if (verdict.change) call.app->change();
  if (verdict.abort) throw EngineError{15, "Failure", "Request aborted"};

  std::shared_ptr<const Evaluation> keep;
  const Cube& cube = cube_at(call, mode, keep);
  const auto pages = call.params.array(1, "qPages");
  std::vector<Area> areas;
  std::uint64_t cells = 0;
  for (const auto& item : *pages) {
    const auto page = as_object(item);
    const Area area{int_member(page, "qLeft"), int_member(page, "qTop"), int_member(page, "qWidth"), int_member(page, "qHeight")};
    const auto bound = std::numeric_limits<std::int32_t>::max();
    if (page.isNull() || area.left < 0 || area.top < 0 || area.width < 0 || area.height < 0 || area.width > bound || area.height > bound)
      throw EngineError{-32602, "qPages", "Invalid method parameter(s)"};
    cells += static_cast<std::uint64_t>(area.width) * static_cast<std::uint64_t>(area.height);
    areas.push_back(area);
  }
  if (engine_.faults().max_cells > 0 && cells > engine_.faults().max_cells) throw EngineError{7009, "", "Calculation pages too large"};

  std::string& out = call.reply.begin_member("qDataPages");
  out.push_back('[');
  for (std::size_t i = 0; i < areas.size(); ++i) {
    if (i > 0) out.push_back(',');
    Area area = clip(*cube.matrix, areas[i], engine_.faults().short_pages);
    if (session_->no_data()) area.height = 0;
    append_page(out, *cube.matrix, area);
  }
  out.push_back(']');
  call.reply.end_member();
}

void Dispatcher::get_pivot_data(Call& call) { captured_pages(call, "P"); }

void Dispatcher::get_stack_data(Call& call) { captured_pages(call, "K"); }

void Dispatcher::captured_pages(Call& call, const std::string& mode) {
  const auto verdict = engine_.count_data_call();
  drop_ = drop_ || verdict.drop;
  if (verdict.abort) throw EngineError{15, "Failure", "Request aborted"};
  std::shared_ptr<const Evaluation> keep;
  const Cube& cube = cube_at(call, mode, keep);
  call.reply.member_text("qDataPages", cube.pages);
}

}  // namespace qonduit::simulator
