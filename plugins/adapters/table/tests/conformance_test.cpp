// The table adapter keeps the promises of every adapter, on captured objects.
#include <qonduit/testing/adapter_conformance.hpp>
#include <qonduit/testing/option_markdown.hpp>

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <fstream>
#include <sstream>

#include "plugins/adapters/table/table_options.hpp"

namespace {

using Poco::JSON::Array;
using Poco::JSON::Object;

std::string read_text(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string text_of(const Object& object) {
  std::ostringstream out;
  object.stringify(out);
  return out.str();
}

void append_cells(const Array::Ptr& pages, qonduit::testing::MatrixAnswer& answer) {
  for (unsigned p = 0; !pages.isNull() && p < pages->size(); ++p) {
    const auto matrix = pages->getObject(p)->getArray("qMatrix");
    for (unsigned r = 0; r < matrix->size(); ++r) {
      auto& row = answer.matrix.emplace_back();
      for (unsigned c = 0; c < matrix->getArray(r)->size(); ++c) row.push_back(text_of(*matrix->getArray(r)->getObject(c)));
    }
  }
}

// The straight cube at /qHyperCube of a captured object; rows beyond the captured ones are taken off its size.
qonduit::testing::AdapterTraits captured(std::string name, const std::string& file, const std::string& type) {
  const auto capture = Poco::JSON::Parser().parse(read_text(FIXTURES "/layouts/" + file + ".json")).extract<Object::Ptr>();
  const auto object = capture->getArray("objects")->getObject(0);
  const auto layout = object->getObject("getLayout");
  const auto cube = layout->getObject("qHyperCube");
  qonduit::testing::MatrixAnswer answer;
  append_cells(cube->getArray("qDataPages"), answer);
  if (answer.matrix.empty()) append_cells(object->getArray("getHyperCubeData"), answer);
  if (answer.matrix.empty()) throw std::runtime_error(file + " holds no rows");
  cube->getObject("qSize")->set("qcy", static_cast<Poco::UInt64>(answer.matrix.size()));

  qonduit::testing::AdapterTraits traits;
  traits.name = std::move(name);
  traits.plugin = TABLE_PLUGIN;
  traits.adapter = "table";
  traits.object_type = type;
  traits.layout_json = text_of(*layout);
  traits.answer = answer;
  traits.rows = static_cast<std::int64_t>(answer.matrix.size());
  traits.strangers = {{"text-image", "{}"}, {"pivot-table", R"({"qHyperCube":{"qMode":"P"}})"}};
  return traits;
}

TEST(TableReadme, ListsTheOptionsOfTheCode) {
  const auto table = qonduit::testing::option_markdown(qonduit::table::kOptions);
  EXPECT_NE(read_text(TABLE_README).find(table), std::string::npos) << "put this into " << TABLE_README << ":\n" << table;
}

}  // namespace

QONDUIT_ADAPTER_CONFORMANCE(Captured, captured("Table", "sn-table--default_paginated", "sn-table"),
                            captured("WithNullsAndOthers", "nebula.js--scenario-1", "barchart"),
                            captured("Scatter", "sn-scatter-plot--scatter_render_7", "scatterplot"));
