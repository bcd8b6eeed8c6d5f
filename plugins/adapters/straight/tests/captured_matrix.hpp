// For conformance suites: a captured object, and an engine that answers from its captured rows.
#pragma once

#include <qonduit/testing/adapter_conformance.hpp>

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace qonduit::straight {

inline std::string read_text(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

inline std::string text_of(const Poco::JSON::Object& object) {
  std::ostringstream out;
  object.stringify(out);
  return out.str();
}

inline void append_cells(const Poco::JSON::Array::Ptr& pages, testing::MatrixAnswer& answer) {
  if (pages.isNull() || pages->size() == 0) return;
  const auto matrix = pages->getObject(0)->getArray("qMatrix");
  for (unsigned r = 0; r < matrix->size(); ++r) {
    auto& row = answer.matrix.emplace_back();
    for (unsigned c = 0; c < matrix->getArray(r)->size(); ++c) row.push_back(text_of(*matrix->getArray(r)->getObject(c)));
  }
}

// What is captured, and where: the steps from the layout to the cube or list, and the member that holds separately asked pages.
struct Capture {
  std::string name, file;
  unsigned object = 0;
  std::vector<std::string> steps = {"qHyperCube"};
  std::string pages = "getHyperCubeData";
};

// The layout's size is cut to the captured rows.
inline testing::AdapterTraits captured(const Capture& what, const std::string& plugin, const std::string& adapter,
                                       const std::string& fixtures) {
  const auto text = read_text(fixtures + "/layouts/" + what.file + ".json");
  const auto object = Poco::JSON::Parser().parse(text).extract<Poco::JSON::Object::Ptr>()->getArray("objects")->getObject(what.object);
  const auto layout = object->getObject("getLayout");
  auto at = layout;
  for (std::size_t i = 0; i < what.steps.size(); ++i) {
    // A number is a position in the array before it.
    const bool in_array = i + 1 < what.steps.size() && what.steps[i + 1].find_first_not_of("0123456789") == std::string::npos;
    at = in_array ? at->getArray(what.steps[i])->getObject(static_cast<unsigned>(std::stoul(what.steps[i + 1])))
                  : at->getObject(what.steps[i]);
    if (in_array) ++i;
  }
  testing::MatrixAnswer answer;
  append_cells(at->getArray("qDataPages"), answer);
  if (answer.matrix.empty()) append_cells(object->getArray(what.pages), answer);
  if (answer.matrix.empty()) throw std::runtime_error(what.file + " holds no rows");
  at->getObject("qSize")->set("qcy", static_cast<Poco::UInt64>(answer.matrix.size()));

  testing::AdapterTraits traits;
  traits.name = what.name;
  traits.plugin = plugin;
  traits.adapter = adapter;
  traits.object_type = layout->getValue<std::string>("visualization");
  traits.layout_json = text_of(*layout);
  traits.rows = static_cast<std::int64_t>(answer.matrix.size());
  traits.answer = std::move(answer);
  traits.strangers = {{"text-image", "{}"}, {"pivot-table", R"({"qHyperCube":{"qMode":"P"}})"}, {"filterpane", R"({"qChildList":{}})"}};
  return traits;
}

}  // namespace qonduit::straight
