#include "captured_answer.hpp"
#include "tests/paths.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace qonduit::cube::testing {
namespace {

using Poco::JSON::Array;
using Poco::JSON::Object;

std::string text_of(const Poco::Dynamic::Var& value) {
  std::ostringstream out;
  Poco::JSON::Stringifier::stringify(value, out);
  return out.str();
}

std::int64_t leaves(const Object& node) {
  const auto below = node.getArray("qSubNodes");
  if (below.isNull() || below->size() == 0) return 1;
  std::int64_t count = 0;
  for (unsigned i = 0; i < below->size(); ++i) count += leaves(*below->getObject(i));
  return count;
}

// The nodes that stand over the leaves [first, end).
Array::Ptr cut(const Array& nodes, std::int64_t first, std::int64_t end) {
  Array::Ptr made = new Array;
  std::int64_t at = 0;
  for (unsigned i = 0; i < nodes.size(); ++i) {
    const auto node = nodes.getObject(i);
    const auto count = leaves(*node);
    if (at < end && at + count > first) {
      Object::Ptr copy = new Object(*node);
      const auto below = node->getArray("qSubNodes");
      if (!below.isNull() && below->size() > 0) copy->set("qSubNodes", cut(*below, first - at, end - at));
      made->add(copy);
    }
    at += count;
  }
  return made;
}

Array::Ptr part(const Array& items, std::int64_t first, std::int64_t end) {
  Array::Ptr made = new Array;
  for (auto i = first; i < end && i < static_cast<std::int64_t>(items.size()); ++i) made->add(items.get(static_cast<unsigned>(i)));
  return made;
}

}  // namespace

std::string Captured::operator()(const Request& request) const {
  const auto first = std::min(request.page.top, rows);
  const auto end = std::min(request.page.top + request.page.height, rows);
  Object made;
  if (pivot) {
    made.set("qLeft", cut(*page->getArray("qLeft"), first, end));
    made.set("qTop", page->getArray("qTop"));
    made.set("qData", part(*page->getArray("qData"), first, end));
  } else {
    Object::Ptr root = new Object(*page->getArray("qData")->getObject(0));
    root->set("qSubNodes", part(*root->getArray("qSubNodes"), first, end));
    root->set("qUp", first);
    root->set("qDown", rows - end);
    Array::Ptr roots = new Array;
    roots->add(root);
    made.set("qData", roots);
  }
  Object::Ptr area = new Object;
  area->set("qLeft", request.page.left);
  area->set("qTop", request.page.top);
  area->set("qWidth", request.page.width);
  area->set("qHeight", end - first);
  made.set("qArea", area);
  return "{\"qDataPages\":[" + text_of(Object::Ptr(new Object(made))) + "]}";
}

Captured captured(const std::string& file, const std::string& pointer) {
  std::ifstream in(paths::source("tests/fixtures/layouts/" + file + ".json"), std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  const auto object = Poco::JSON::Parser().parse(text.str()).extract<Object::Ptr>()->getArray("objects")->getObject(0);
  const auto layout = object->getObject("getLayout");
  Object::Ptr cube = layout;
  std::istringstream steps(pointer.substr(1));
  for (std::string step; std::getline(steps, step, '/');) cube = cube->getObject(step);
  Captured made;
  made.pivot = cube->getValue<std::string>("qMode") == "P";
  const auto pages = cube->getArray(made.pivot ? "qPivotDataPages" : "qStackedDataPages");
  if (pages.isNull() || pages->size() == 0) throw std::runtime_error(file + " holds no page");
  made.page = pages->getObject(0);
  const auto area = made.page->getObject("qArea");
  made.rows = area->getValue<std::int64_t>("qHeight");
  if (made.pivot) {
    cube->getObject("qSize")->set("qcx", area->getValue<std::int64_t>("qWidth"));
    cube->getObject("qSize")->set("qcy", made.rows);
  } else {
    auto root = made.page->getArray("qData")->getObject(0);
    if (root->getValue<std::int64_t>("qDown") > 0) {
      root->set("qDown", 0);
      std::int64_t rows = 0;
      for (unsigned i = 0; i < root->getArray("qSubNodes")->size(); ++i) rows += leaves(*root->getArray("qSubNodes")->getObject(i));
      cube->getObject("qSize")->set("qcy", rows);
    }
  }
  made.layout = text_of(layout);
  return made;
}

std::string pivot_reply(const std::string& left, const std::string& top, const std::string& data, std::int64_t area_left,
                        std::int64_t area_top) {
  return R"({"qDataPages":[{"qLeft":[)" + left + R"(],"qTop":[)" + top + R"(],"qData":[)" + data + R"(],"qArea":{"qLeft":)" +
         std::to_string(area_left) + R"(,"qTop":)" + std::to_string(area_top) + R"(,"qWidth":0,"qHeight":0}}]})";
}

}  // namespace qonduit::cube::testing
