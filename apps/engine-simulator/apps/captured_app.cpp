#include "apps/captured_app.hpp"

#include <Poco/Exception.h>

#include <algorithm>
#include <set>

#include "apps/cube_finder.hpp"

namespace qonduit::simulator {
namespace {

// Captured pages as they are. A request for exactly a captured area gets that page, one behind every captured row an empty page, and any
// other the first one: there is no more to answer.
class CapturedPages final : public Pages {
 public:
  CapturedPages(const JsonArray& pages, const JsonObject& size, bool pivot)
      : pivot_(pivot), rows_(int_member(size, "qcy")), columns_(int_member(size, "qcx")) {
    if (pages.isNull()) return;
    for (const auto& page : *pages) {
      const auto area = object_member(as_object(page), "qArea");
      pages_.emplace_back(
          Area{int_member(area, "qLeft"), int_member(area, "qTop"), int_member(area, "qWidth"), int_member(area, "qHeight")},
          to_text(page));
      end_ = std::max(end_, pages_.back().first.top + pages_.back().first.height);
    }
  }

  [[nodiscard]] std::int64_t rows() const override { return rows_; }
  [[nodiscard]] std::int64_t columns() const override { return columns_; }

  void append_page(std::string& out, const Area& area) const override {
    const auto same = [&](const auto& page) {
      return page.first.left == area.left && page.first.top == area.top && page.first.width == area.width &&
             page.first.height == area.height;
    };
    const auto found = std::find_if(pages_.begin(), pages_.end(), same);
    if (found != pages_.end()) {
      out.append(found->second);
    } else if (area.top >= end_) {
      out.append(pivot_ ? R"({"qLeft":[],"qTop":[],"qData":[],)" : R"({"qData":[],)");
      out.append("\"qArea\":{\"qLeft\":").append(std::to_string(area.left)).append(",\"qTop\":").append(std::to_string(area.top));
      out.append(",\"qWidth\":0,\"qHeight\":0}}");
    } else {
      out.append(pages_.empty() ? "{}" : pages_.front().second);
    }
  }

 private:
  bool pivot_;
  std::int64_t rows_;
  std::int64_t columns_;
  std::int64_t end_ = 0;  // behind the last captured row
  std::vector<std::pair<Area, std::string>> pages_;
};

// Captured nodes as they are, whatever part of them is asked for.
class CapturedNodes final : public TreeNodes {
 public:
  explicit CapturedNodes(const JsonArray& nodes) : text_(nodes.isNull() ? "[]" : to_text(nodes)) {}
  void append_nodes(std::string& out, const TreeOptions&) const override { out.append(text_); }

 private:
  std::string text_;
};

// The rows of captured pages side by side: cells by position, in the order of qTop. A page that was captured twice counts once.
std::shared_ptr<const Matrix> rows_of(const JsonArray& pages, std::uint32_t columns) {
  auto made = std::make_shared<StoredMatrix>(columns);
  if (pages.isNull() || columns == 0) return made;
  std::set<std::int64_t> tops;
  for (const auto& page : *pages) {
    if (!tops.insert(int_member(object_member(as_object(page), "qArea"), "qTop")).second) continue;
    const auto matrix = array_member(as_object(page), "qMatrix");
    if (matrix.isNull()) continue;
    for (const auto& row : *matrix) {
      const auto cells = as_array(row);
      if (cells.isNull() || cells->size() != columns) continue;
      for (const auto& cell : *cells) made->add_cell(to_text(cell));
    }
  }
  return made;
}

struct Finder {
  const JsonObject& capture;
  bool trim;
  Evaluation& into;
  bool separate_pages_used = false;

  void add_cube(const JsonObject& cube, const std::string& path) {
    Cube made;
    made.mode = text_member(cube, "qMode", "S");
    const auto size = object_member(cube, "qSize");
    if (made.mode == "S") {
      // A separate page answer belongs to the only straight cube with that many columns; the first one found takes it.
      JsonArray pages = array_member(cube, "qDataPages");
      if (const auto separate = array_member(capture, "getHyperCubeData"); !separate.isNull() && !separate_pages_used) {
        pages = separate;
        separate_pages_used = true;
      }
      made.matrix = rows_of(pages, static_cast<std::uint32_t>(int_member(size, "qcx")));
      trim_rows(size, *made.matrix);
    } else if (made.mode == "T") {
      made.tree = std::make_shared<CapturedNodes>(array_member(cube, "qTreeDataPages"));
    } else {
      if (trim && made.mode == "P") trim_pivot(cube, size);
      if (trim && made.mode == "K") trim_stack(cube, size);
      made.pages = std::make_shared<CapturedPages>(array_member(cube, made.mode == "P" ? "qPivotDataPages" : "qStackedDataPages"), size,
                                                   made.mode == "P");
    }
    into.cubes[path] = made;
  }

  void add_list(const JsonObject& list, const std::string& path) {
    Cube made;
    made.mode = "list";
    JsonArray pages = array_member(capture, "getListObjectData");
    if (pages.isNull()) pages = array_member(list, "qDataPages");
    made.matrix = rows_of(pages, 1);
    trim_rows(object_member(list, "qSize"), *made.matrix);
    into.cubes[path] = made;
  }

  // What was captured of a pivot is its first page.
  static void trim_pivot(const JsonObject& cube, JsonObject size) {
    const auto pages = array_member(cube, "qPivotDataPages");
    if (pages.isNull() || pages->size() == 0 || size.isNull()) return;
    const auto area = object_member(as_object(pages->get(0)), "qArea");
    size->set("qcx", int_member(area, "qWidth"));
    size->set("qcy", int_member(area, "qHeight"));
  }

  // Of a stack, the members its root shows.
  static void trim_stack(const JsonObject& cube, JsonObject size) {
    const auto pages = array_member(cube, "qStackedDataPages");
    if (pages.isNull() || pages->size() == 0 || size.isNull()) return;
    const auto data = array_member(as_object(pages->get(0)), "qData");
    auto root = data.isNull() || data->size() == 0 ? JsonObject() : as_object(data->get(0));
    if (root.isNull() || int_member(root, "qDown") == 0) return;
    root->set("qDown", 0);
    size->set("qcy", last_row(root) + 1);
  }

  static std::int64_t last_row(const JsonObject& node) {
    const auto below = array_member(node, "qSubNodes");
    if (below.isNull() || below->size() == 0) return int_member(node, "qRow");
    return last_row(as_object(below->get(static_cast<unsigned>(below->size() - 1))));
  }

  void trim_rows(JsonObject size, const Matrix& matrix) const {
    if (trim && !size.isNull() && static_cast<std::uint64_t>(int_member(size, "qcy")) > matrix.rows())
      size->set("qcy", static_cast<std::int64_t>(matrix.rows()));
  }
};

}  // namespace

CapturedApp::CapturedApp(const std::string& name, const Json& document, bool trim) : App(name, name) {
  const auto captures = array_member(as_object(document), "objects");
  if (captures.isNull()) throw Poco::DataFormatException("no 'objects' array in the captured layouts of " + name);
  for (const auto& capture : *captures) add_capture(as_object(capture), trim);

  std::set<std::string> nested;  // listboxes of a filter pane are its children, not cells of the sheet
  std::vector<std::string> cells;
  for (const auto& stored : objects()) nested.insert(stored.children.begin(), stored.children.end());
  for (const auto& stored : objects())
    if (!nested.contains(stored.id)) cells.push_back(stored.id);
  add_sheet("captured", "Captured", 0, cells);
}

void CapturedApp::add_capture(const JsonObject& capture, bool trim) {
  JsonObject layout = object_member(capture, "getLayout");
  if (const auto inner = object_member(layout, "qLayout"); !inner.isNull()) layout = inner;
  const auto info = object_member(layout, "qInfo");
  const std::string id = text_member(info, "qId");
  if (id.empty()) throw Poco::DataFormatException("a captured layout of " + this->id() + " has no qInfo.qId");
  auto made = std::make_shared<Evaluation>();
  Finder finder{capture, trim, *made};
  find_cubes(layout, "", [&](const JsonObject& cube, const std::string& path, bool is_list) {
    is_list ? finder.add_list(cube, path) : finder.add_cube(cube, path);
  });
  made->layout = to_text(layout);

  JsonObject properties = object_member(capture, "getEffectiveProperties");
  if (properties.isNull()) properties = object();
  JsonObject stored_properties = object({{"qInfo", info}, {"qMetaDef", object()}});
  for (const char* name : {"title", "subtitle", "footnote", "visualization"})
    if (layout->has(name)) stored_properties->set(name, layout->get(name));
  for (const auto& name : properties->getNames()) stored_properties->set(name, properties->get(name));

  std::vector<std::string> children;
  if (const auto items = array_member(object_member(layout, "qChildList"), "qItems"); !items.isNull())
    for (const auto& item : *items) children.push_back(text_member(object_member(as_object(item), "qInfo"), "qId"));
  add({id, text_member(info, "qType"), stored_properties, children, ""});
  ready_[id] = std::move(made);
}

std::shared_ptr<const Evaluation> CapturedApp::ready_made(const StoredObject& stored, const Scope&) const {
  const auto found = ready_.find(stored.id);
  return found == ready_.end() ? nullptr : found->second;
}

EvaluatedCube CapturedApp::make_cube(Scope&, const JsonObject&, const Expansions*) {
  throw EngineError{7000, "qHyperCubeDef", "a captured app has no data to compute a cube from"};
}

}  // namespace qonduit::simulator
