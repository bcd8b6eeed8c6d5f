// Calls for the data of cubes and list objects.
#include <algorithm>
#include <limits>

#include "calls/dispatcher.hpp"

namespace qonduit::simulator {

const Cube& Dispatcher::cube_at(Call& call, const std::string& mode, std::shared_ptr<const Evaluation>& keep) {
  const std::string path = call.params.text(0, "qPath");
  keep = session_->evaluate(*call.object);
  const auto found = keep->cubes.find(path);
  if (found == keep->cubes.end()) throw EngineError{4, path, "Invalid path"};  // which code a real engine has here is assumed
  if (found->second.mode != mode) throw EngineError{6000, path, "Invalid hypercube object"};
  return found->second;
}

// Counts a call for data, and does to it what the faults say.
FaultCounter::DataCall Dispatcher::note_data_call(Call& call) {
  const auto verdict = engine_.fault_counter().data_call();
  if (verdict.drop) ending_ = Ending::drop;
  if (verdict.silent) ending_ = Ending::silent;
  if (verdict.half_close) ending_ = Ending::half_close;
  if (verdict.close) ending_ = Ending::close;
  if (verdict.change) call.app->change();
  if (verdict.abort) throw EngineError{15, "Failure", "Request aborted"};
  return verdict;
}

std::vector<Area> Dispatcher::areas(Call& call, unsigned index, const std::string& name) const {
  const auto pages = call.params.array(index, name);
  std::vector<Area> made;
  std::uint64_t cells = 0;
  for (const auto& item : *pages) {
    const auto page = as_object(item);
    const Area area{int_member(page, "qLeft"), int_member(page, "qTop"), int_member(page, "qWidth"), int_member(page, "qHeight")};
    const auto bound = std::numeric_limits<std::int32_t>::max();
    if (page.isNull() || area.left < 0 || area.top < 0 || area.width < 0 || area.height < 0 || area.width > bound || area.height > bound)
      throw EngineError{-32602, name, "Invalid method parameter(s)"};
    cells += static_cast<std::uint64_t>(area.width) * static_cast<std::uint64_t>(area.height);
    made.push_back(area);
  }
  if (engine_.faults().max_cells > 0 && cells > engine_.faults().max_cells) {
    engine_.fault_counter().note("max-cells");
    throw EngineError{7009, "", "Calculation pages too large"};
  }
  return made;
}

void Dispatcher::get_hyper_cube_data(Call& call) { data_pages(call, "S"); }

void Dispatcher::get_list_object_data(Call& call) { data_pages(call, "list"); }

// The pages of a call, as the faults leave them.
void Dispatcher::write_pages(Call& call, const std::string& mode, const WritePage& write) {
  const auto verdict = note_data_call(call);
  std::shared_ptr<const Evaluation> keep;
  const Cube& cube = cube_at(call, mode, keep);
  auto wanted = areas(call, 1, "qPages");
  if (verdict.duplicate && !wanted.empty()) wanted.insert(wanted.begin(), wanted.front());
  std::string& out = call.reply.begin_member("qDataPages");
  out.push_back('[');
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (i > 0) out.push_back(',');
    Area area = wanted[i];
    if (verdict.shift) ++area.top;
    if (const auto most = static_cast<std::int64_t>(engine_.faults().short_pages); most > 0 && area.height > most) {
      engine_.fault_counter().note("pages.short");
      area.height = most;
    }
    if (session_->no_data() || verdict.empty) area.height = 0;
    write(out, cube, area);
  }
  out.push_back(']');
  call.reply.end_member();
}

void Dispatcher::data_pages(Call& call, const std::string& mode) {
  write_pages(call, mode,
              [](std::string& out, const Cube& cube, const Area& area) { append_page(out, *cube.matrix, clip(*cube.matrix, area)); });
}

void Dispatcher::get_pivot_data(Call& call) { tree_pages(call, "P"); }

void Dispatcher::get_stack_data(Call& call) { tree_pages(call, "K"); }

void Dispatcher::tree_pages(Call& call, const std::string& mode) {
  write_pages(call, mode, [](std::string& out, const Cube& cube, const Area& area) { cube.pages->append_page(out, area); });
}

void Dispatcher::get_tree_data(Call& call) {
  (void)note_data_call(call);
  std::shared_ptr<const Evaluation> keep;
  const Cube& cube = cube_at(call, "T", keep);
  const auto given = as_object(call.params.get(1, "qNodeOptions"));
  TreeOptions options;
  options.max_nodes = int_member(given, "qMaxNbrOfNodes");
  const auto levels = object_member(given, "qTreeLevels");
  options.first_level = int_member(levels, "qLeft");
  options.depth = int_member(levels, "qDepth", -1);
  if (const auto nodes = array_member(given, "qTreeNodes"); !nodes.isNull()) {
    for (const auto& node : *nodes) {
      const auto area = object_member(as_object(node), "qArea");
      options.areas.push_back(
          {int_member(area, "qLeft"), int_member(area, "qTop"), int_member(area, "qWidth"), int_member(area, "qHeight")});
    }
  }
  cube.tree->append_nodes(call.reply.begin_member("qNodes"), options);
  call.reply.end_member();
}

void Dispatcher::expand_left(Call& call) { resize_pivot(call, true, true); }
void Dispatcher::expand_top(Call& call) { resize_pivot(call, false, true); }
void Dispatcher::collapse_left(Call& call) { resize_pivot(call, true, false); }
void Dispatcher::collapse_top(Call& call) { resize_pivot(call, false, false); }

// (qPath, qRow, qCol, qAll): the node above a data row, in a column of headers; the other way round on top. With qAll, every node there.
void Dispatcher::resize_pivot(Call& call, bool left, bool expand) {
  std::shared_ptr<const Evaluation> keep;
  const Cube& cube = cube_at(call, "P", keep);
  const auto row = call.params.integer(1, "qRow");
  const auto column = call.params.integer(2, "qCol");
  const bool all = call.params.flag(3, "qAll");
  const auto& tree = left ? cube.left : cube.top;
  if (!tree) throw EngineError{6002, call.params.text(0, "qPath"), "Invalid object state"};  // captured: nothing to expand
  const auto leaf = left ? row : column;
  const auto level = left ? column : row;
  if (leaf < 0 || leaf >= tree->leaves() || level < 0) throw EngineError{8, "qRow, qCol", "Invalid parameters"};
  const auto path = tree->path(static_cast<std::uint32_t>(leaf), static_cast<std::size_t>(level));
  if (path.empty()) throw EngineError{8, "qRow, qCol", "Invalid parameters"};
  const std::string cube_path = call.params.text(0, "qPath");
  // The first change starts from what the definition says.
  auto& sides = call.object->change_view().expansions.try_emplace(cube_path, cube.expansions).first->second;
  Expansion& side = left ? sides.left : sides.top;
  const std::size_t depth = path.size() - 1;
  if (all) {
    std::erase_if(side.expanded, [&](const auto& known) { return known.size() == path.size(); });
    std::erase_if(side.collapsed, [&](const auto& known) { return known.size() == path.size(); });
    if (expand) {
      for (std::size_t i = 0; i <= depth; ++i) side.levels.insert(i);
    } else {
      side.levels.erase(depth);
    }
  } else if (expand) {
    side.collapsed.erase(path);
    side.expanded.insert(path);
  } else {
    side.expanded.erase(path);
    side.collapsed.insert(path);
  }
  call.held->validated = false;
  call.reply.change(call.handle);
}

}  // namespace qonduit::simulator
