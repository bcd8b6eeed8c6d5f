// For the unit tests of the adapter: layouts, headers and cells written by hand, and an adapter driven over them.
#pragma once

#include <qonduit/batch.hpp>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "plugins/adapters/cube/cube_adapter.hpp"

namespace qonduit::cube {

inline std::string dimension(const std::string& title, const std::string& tags = R"("$text")") {
  return R"({"qFallbackTitle":")" + title + R"(","qTags":[)" + tags +
         R"(],"qNumFormat":{"qType":"U"},"qCardinalities":{"qHypercubeCardinal":2}})";
}
inline std::string measure(const std::string& title, const std::string& type = "R", const std::string& more = "") {
  return R"({"qFallbackTitle":")" + title + R"(","qNumFormat":{"qType":")" + type + "\"}" + more + "}";
}

struct Cube {
  std::string mode = "P", dimensions, measures, order;
  int left = 1;
  int columns = 2, rows = 2;
  std::string more;  // further members of the cube
  std::string type = "pivot-table";

  [[nodiscard]] std::string layout() const {
    return R"({"qInfo":{"qId":"x","qType":")" + type + R"("},"qHyperCube":{"qMode":")" + mode + R"(","qSize":{"qcx":)" +
           std::to_string(columns) + R"(,"qcy":)" + std::to_string(rows) + R"(},"qDimensionInfo":[)" + dimensions +
           R"(],"qMeasureInfo":[)" + measures + R"(],"qEffectiveInterColumnSortOrder":[)" + order + R"(],"qNoOfLeftDims":)" +
           std::to_string(left) + more + "}}";
  }
};

// Region on the left, two measures on top.
inline Cube simple() {
  return {"P", dimension("Region"), measure("Sales") + "," + measure("Count", "I"), "0,-1", 1, 2, 2, "", "pivot-table"};
}

inline std::string node(const std::string& text, int element, char type = 'N', const std::string& below = "",
                        const std::string& value = "\"NaN\"") {
  return R"({"qText":")" + text + R"(","qElemNo":)" + std::to_string(element) + R"(,"qValue":)" + value + R"(,"qType":")" + type +
         R"(","qUp":0,"qDown":0,"qSubNodes":[)" + below + "]}";
}
inline const std::string kMeasures = node("Sales", 0, 'P') + "," + node("Count", 1, 'P');
inline std::string cell(const std::string& number) { return R"({"qText":")" + number + R"(","qNum":)" + number + R"(,"qType":"V"})"; }
inline const std::string kNullCell = R"({"qText":"-","qNum":"NaN","qType":"U"})";

class Reading {
 public:
  explicit Reading(const Cube& cube, CubeOptions options = {}) : Reading(cube.layout(), std::move(options)) {}
  explicit Reading(std::string layout, CubeOptions options) : adapter_(std::move(options)), layout_(std::move(layout)) { open(); }

  void open() {
    auto opened = adapter_.open({}, layout_);
    status = opened.status();
    if (!opened) return;
    schema = std::move(opened->schema);
    note = opened->note;
    if (auto request = adapter_.next_request(); request && *request) asked = **request;
  }
  std::vector<std::string> decode(const std::string& reply) {
    const auto padded = reply + std::string(QONDUIT_REPLY_PADDING, ' ');
    auto decoded = adapter_.decode(asked, std::string_view(padded).substr(0, reply.size()));
    status = decoded.status();
    if (!decoded) return {};
    covered = decoded->rows;
    const arrow::ArrayHandle array(new ArrowArray(decoded->array));
    const BatchView view(schema, *array);
    std::vector<std::string> rows;
    for (std::int64_t row = 0; row < view.rows(); ++row) {
      std::string text;
      for (std::size_t c = 0; c < view.columns(); ++c) text += (c > 0 ? "|" : "") + shown(view.column(c), row);
      rows.push_back(std::move(text));
    }
    return rows;
  }
  // As the host does it: a reply that does not fit widens, and everything starts over.
  std::vector<std::string> read(const std::string& reply) {
    for (int attempt = 1; attempt < 9; ++attempt) {
      auto rows = decode(reply);
      if (status.ok()) return rows;
      if (status = widen(reply); !status.ok()) return {};
      open();
    }
    return {};
  }
  Status widen(const std::string& reply) {
    const auto padded = reply + std::string(QONDUIT_REPLY_PADDING, ' ');
    return adapter_.widen(asked, std::string_view(padded).substr(0, reply.size()));
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& field : schema.fields) all.push_back(field.name + ":" + std::string(to_string(field.type)));
    return all;
  }

  Status status;
  Schema schema;
  Request asked;
  std::string note;
  std::int64_t covered = 0;

 private:
  static std::string shown(const ColumnView& column, std::int64_t row) {
    if (column.is_null(row)) return "null";
    switch (column.type()) {
      case Type::utf8: return std::string(column.text(row));
      case Type::float64: {
        char text[32];
        std::snprintf(text, sizeof text, "%g", column.float64(row));
        return text;
      }
      case Type::date32: return "day " + std::to_string(column.date32(row));
      default: return std::to_string(column.int64(row));
    }
  }

  CubeAdapter adapter_;
  std::string layout_;
};

inline CubeOptions with(Shape shape, Totals totals = Totals::drop) {
  CubeOptions options;
  options.shape = shape, options.totals = totals;
  return options;
}

inline std::string stack_reply(const std::string& below, int top, int outer) {
  return R"({"qDataPages":[{"qData":[{"qElemNo":0,"qType":"R","qUp":0,"qDown":0,"qRow":0,"qSubNodes":[)" + below +
         R"(]}],"qArea":{"qLeft":0,"qTop":)" + std::to_string(top) + R"(,"qWidth":1,"qHeight":)" + std::to_string(outer) + "}}]}";
}
inline std::string leaf(const std::string& number, int row, char type = 'V') {
  const auto text = type == 'U' ? "-" : number;
  return R"({"qText":")" + text + R"(","qElemNo":0,"qValue":)" + number + R"(,"qType":")" + type + R"(","qRow":)" + std::to_string(row) +
         R"(,"qSubNodes":[]})";
}

inline std::string tree_node(const std::string& text, int element, char type, const std::string& values, const std::string& below) {
  return R"({"qText":")" + text + R"(","qElemNo":)" + std::to_string(element) + R"(,"qType":")" + type + R"(","qValues":[)" + values +
         R"(],"qNodes":[)" + below + "]}";
}

// An engine leaves an empty text out: a member with an element of its own and no text is the empty text.
inline std::string untitled(int element, const std::string& below = "") {
  return R"({"qElemNo":)" + std::to_string(element) + R"(,"qValue":"NaN","qType":"N","qUp":0,"qDown":0,"qSubNodes":[)" + below + "]}";
}

}  // namespace qonduit::cube
