// For the unit tests of adapters that read matrices: layouts and cells written by hand, and an adapter driven over them.
#pragma once

#include <qonduit/adapter.hpp>

#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/adapters/straight/straight_options.hpp"

namespace qonduit::straight {

// A layout with one straight cube, and pages of it.
struct Cube {
  std::string dimensions;  // qDimensionInfo's items
  std::string measures;
  int columns = 1;
  int rows = 1;
  std::string more;  // further members of the cube, with a comma in front

  [[nodiscard]] std::string layout() const {
    return R"({"qInfo":{"qId":"x","qType":"table"},"qHyperCube":{"qSize":{"qcx":)" + std::to_string(columns) + R"(,"qcy":)" +
           std::to_string(rows) + R"(},"qDimensionInfo":[)" + dimensions + R"(],"qMeasureInfo":[)" + measures + R"(],"qMode":"S")" + more +
           "}}";
  }
};

inline std::string dimension(const std::string& title, const std::string& tags, const std::string& format = "U",
                             const std::string& range = R"("qMin":"NaN","qMax":"NaN")") {
  return R"({"qFallbackTitle":")" + title + R"(","qTags":[)" + tags + R"(],"qDimensionType":"D","qNumFormat":{"qType":")" + format +
         R"("},"qGroupFieldDefs":[")" + title + R"("],"qGroupPos":0,)" + range + "}";
}
inline std::string measure(const std::string& title, const std::string& format, const std::string& range = R"("qMin":0,"qMax":100)") {
  return R"({"qFallbackTitle":")" + title + R"(","qNumFormat":{"qType":")" + format + R"("},)" + range + "}";
}
inline std::string text_cell(const std::string& text, int element = 0) {
  return R"({"qText":")" + text + R"(","qNum":"NaN","qElemNumber":)" + std::to_string(element) + R"(,"qState":"O"})";
}
inline std::string number_cell(const std::string& text, const std::string& number, int element = 0) {
  return R"({"qText":")" + text + R"(","qNum":)" + number + R"(,"qElemNumber":)" + std::to_string(element) + R"(,"qState":"L"})";
}
inline const std::string kNullDimension = R"({"qText":"-","qNum":"NaN","qElemNumber":-2,"qState":"L","qIsNull":true})";
inline const std::string kNullMeasure = R"({"qText":"-","qNum":"NaN","qElemNumber":0,"qState":"L","qIsNull":true})";

// {{a, b}, {c, d}} → a reply; padded as the host pads.
inline std::string reply(const std::vector<std::vector<std::string>>& rows, int left = 0, int top = 0) {
  std::string matrix;
  for (const auto& row : rows) {
    matrix += matrix.empty() ? "[" : ",[";
    for (std::size_t i = 0; i < row.size(); ++i) matrix += (i == 0 ? "" : ",") + row[i];
    matrix += "]";
  }
  return R"({"qDataPages":[{"qMatrix":[)" + matrix + R"(],"qTails":[],"qArea":{"qLeft":)" + std::to_string(left) + R"(,"qTop":)" +
         std::to_string(top) + R"(,"qWidth":)" + std::to_string(rows.empty() ? 0 : rows[0].size()) + R"(,"qHeight":)" +
         std::to_string(rows.size()) + "}}]}";
}

// An adapter opened on a layout, asked once, and its batches as texts.
template <typename Tested>
class ReadingOf {
 public:
  explicit ReadingOf(std::string layout, StraightOptions options = {}, const std::string& properties = {})
      : adapter_(std::move(options)), layout_(std::move(layout)) {
    if (!properties.empty()) static_cast<void>(adapter_.prepare(Run(), layout_, properties));
    open();
  }
  explicit ReadingOf(const Cube& cube, StraightOptions options = {}) : ReadingOf(cube.layout(), std::move(options)) {}

  void open() {
    auto opened = adapter_.open(Run(), layout_);
    status = opened.status();
    if (opened) schema = opened->schema, note = opened->note;
    auto request = adapter_.next_request();
    if (request && *request) asked = **request;
  }

  // The batch as texts; "null" for a null.
  std::vector<std::vector<std::string>> decode(const std::string& json, std::optional<Page> page = std::nullopt) {
    std::string padded = json + std::string(QONDUIT_REPLY_PADDING, ' ');
    Request request = asked;
    if (page) request.page = *page;
    auto decoded = adapter_.decode(request, std::string_view(padded).substr(0, json.size()));
    status = decoded.status();
    if (!decoded) return {};
    rows = decoded->rows;
    const arrow::ArrayHandle array(new ArrowArray(decoded->array));
    const BatchView view(schema, *array);
    std::vector<std::vector<std::string>> out;
    for (std::int64_t r = 0; r < view.rows(); ++r) {
      out.emplace_back();
      for (std::size_t c = 0; c < view.columns(); ++c) out.back().push_back(shown(view.column(c), r));
    }
    return out;
  }

  Status widen(const std::string& json) {
    std::string padded = json + std::string(QONDUIT_REPLY_PADDING, ' ');
    return adapter_.widen(asked, std::string_view(padded).substr(0, json.size()));
  }

  [[nodiscard]] std::vector<std::string> types() const {
    std::vector<std::string> out;
    for (const auto& field : schema.fields) out.emplace_back(to_string(field.type));
    return out;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& field : schema.fields) out.push_back(field.name);
    return out;
  }

  Status status;
  Schema schema;
  Request asked;
  std::string note;
  std::int64_t rows = -1;

 private:
  static std::string shown(const ColumnView& column, std::int64_t row) {
    if (column.is_null(row)) return "null";
    switch (column.type()) {
      case Type::float64: {
        std::ostringstream text;
        text << column.float64(row);
        return text.str();
      }
      case Type::date32: return "day " + std::to_string(column.date32(row));
      case Type::utf8: return std::string(column.text(row));
      default: return std::to_string(column.int64(row));
    }
  }

  Tested adapter_;
  std::string layout_;
};

}  // namespace qonduit::straight
