#include "apps/synthetic_app.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <tuple>

#include "apps/synthetic_trees.hpp"
#include "mixed.hpp"
#include "model/number_format.hpp"

namespace qonduit::simulator {
namespace {

constexpr std::uint64_t kPoolBytes = 8U << 20;
constexpr std::uint64_t kMaxPoolRows = 16384;
constexpr std::int64_t kFirstDay = 43831;  // 2020-01-01
constexpr std::int64_t kDays = 1461;
constexpr const char* kPlaces[] = {"Göteborg", "Lund",   "São Paulo", "Zürich", "東京", "New York", "Kraków", "Reykjavík",
                                   "Malmö",    "Hà Nội", "Dublin",    "Paris",  "Brno", "Tromsø",   "Łódź",   "Rome"};
constexpr std::int64_t kPlaceCount = static_cast<std::int64_t>(std::size(kPlaces));

std::int64_t distinct_of(SyntheticKind kind, std::uint32_t column) {
  if (kind == SyntheticKind::text) return column % 2 == 0 ? 1600 : 160;
  return kind == SyntheticKind::date ? kDays : 0;
}

const char* name_of(SyntheticKind kind) {
  switch (kind) {
    case SyntheticKind::text: return "Text";
    case SyntheticKind::date: return "Day";
    case SyntheticKind::row_number: return "Row";
    case SyntheticKind::integer: return "Quantity";
    case SyntheticKind::real: return "Ratio";
    case SyntheticKind::money: return "Amount";
  }
  return "";
}

bool is_dimension(SyntheticKind kind) {
  return kind == SyntheticKind::text || kind == SyntheticKind::date || kind == SyntheticKind::row_number;
}

NumFormat format_of(SyntheticKind kind) {
  switch (kind) {
    case SyntheticKind::text: return {};
    case SyntheticKind::date: return {"D", 0, 0, "M/D/YYYY", ".", ","};
    case SyntheticKind::row_number: return {"I", 0, 1, "###0", ".", ""};
    case SyntheticKind::integer: return {"I", 0, 1, "###0", ".", ""};
    case SyntheticKind::real: return {"R", 0, 0, "##############", ".", ","};
    case SyntheticKind::money: return {"M", 0, 0, "$#,##0.00;($#,##0.00)", ".", ","};
  }
  return {};
}

std::vector<std::string> tags_of(SyntheticKind kind) {
  switch (kind) {
    case SyntheticKind::text: return {"$text"};
    case SyntheticKind::date: return {"$numeric", "$integer", "$timestamp", "$date"};
    case SyntheticKind::row_number: return {"$numeric", "$integer"};
    default: return {};
  }
}

// The value of a pool entry in one column: its text, number and element.
struct Cell {
  std::string text;
  double number = kNaN;
  std::int64_t element = 0;
};

Cell value_at(SyntheticKind kind, std::uint32_t column, std::uint64_t entry, std::uint64_t seed) {
  const std::uint64_t random = mixed(seed * 0x9e3779b97f4a7c15ULL ^ mixed(entry * 131 + column));
  Cell value;
  switch (kind) {
    case SyntheticKind::text: {
      value.element = static_cast<std::int64_t>(random % static_cast<std::uint64_t>(distinct_of(kind, column)));
      value.text = std::string(kPlaces[value.element % kPlaceCount]) + " " + std::to_string(value.element / kPlaceCount);
      return value;
    }
    case SyntheticKind::date:
      value.element = static_cast<std::int64_t>(random % static_cast<std::uint64_t>(kDays));
      value.number = static_cast<double>(kFirstDay + value.element);
      break;
    case SyntheticKind::row_number: return value;
    case SyntheticKind::integer: value.number = static_cast<double>(random % 1000); break;
    case SyntheticKind::real: value.number = static_cast<double>(random >> 11) * 0x1p-53 * 1000; break;
    case SyntheticKind::money: value.number = std::round(static_cast<double>(random % 2'000'000)) / 100 - 1000; break;
  }
  value.text = format_number(value.number, format_of(kind));
  return value;
}

}  // namespace

std::vector<SyntheticKind> synthetic_columns(const SyntheticShape& shape) {
  using enum SyntheticKind;
  static constexpr SyntheticKind kMeasures[] = {integer, real, money, real};
  std::vector<SyntheticKind> kinds(std::min(shape.text_columns, shape.columns), text);
  if (kinds.size() < shape.columns) kinds.push_back(date);
  if (kinds.size() < shape.columns) kinds.push_back(row_number);
  for (std::size_t i = 0; kinds.size() < shape.columns; ++i) kinds.push_back(kMeasures[i % std::size(kMeasures)]);
  return kinds;
}

SyntheticMatrix::SyntheticMatrix(const SyntheticShape& shape, std::uint64_t epoch)
    : kinds_(synthetic_columns(shape)), rows_(shape.rows + epoch), number_column_(static_cast<std::uint32_t>(kinds_.size())) {
  for (std::uint32_t column = 0; column < columns(); ++column)
    if (kinds_[column] == SyntheticKind::row_number) number_column_ = column;
  summaries_.resize(kinds_.size());
  const std::uint64_t by_size = kPoolBytes / (kinds_.size() * 80 + 1);
  pool_rows_ = std::min({std::clamp<std::uint64_t>(by_size, 16, kMaxPoolRows), std::max<std::uint64_t>(rows_, 1)});
  starts_.reserve(pool_rows_ * (kinds_.size() + 1));
  for (std::uint64_t entry = 0; entry < pool_rows_; ++entry)
    render_row(entry, shape, epoch, rows_ / pool_rows_ + (entry < rows_ % pool_rows_ ? 1 : 0));
  if (number_column_ < columns() && rows_ > 0) {
    const auto count = static_cast<double>(rows_);
    summaries_[number_column_] = {count * (count + 1) / 2, 1, count, static_cast<std::int64_t>(std::to_string(rows_).size()),
                                  static_cast<std::int64_t>(rows_)};
  }
}

void SyntheticMatrix::render_row(std::uint64_t entry, const SyntheticShape& shape, std::uint64_t epoch, std::uint64_t times) {
  for (std::uint32_t column = 0; column < columns(); ++column) {
    starts_.push_back(static_cast<std::uint32_t>(text_.size()));
    const SyntheticKind kind = kinds_[column];
    if (kind == SyntheticKind::row_number) continue;
    const Cell value = value_at(kind, column, entry, shape.seed + epoch);
    text_.append(is_dimension(kind) ? value_cell(value.text, value.number, value.element) : measure_cell(value.text, value.number));
    text_.push_back(',');
    if (times == 0) continue;
    Summary& summary = summaries_[column];
    summary.glyphs = std::max(summary.glyphs, static_cast<std::int64_t>(value.text.size()));
    summary.distinct = distinct_of(kind, column);
    if (std::isnan(value.number)) continue;
    summary.sum += value.number * static_cast<double>(times);
    summary.min = std::isnan(summary.min) ? value.number : std::min(summary.min, value.number);
    summary.max = std::isnan(summary.max) ? value.number : std::max(summary.max, value.number);
  }
  starts_.push_back(static_cast<std::uint32_t>(text_.size()));
}

void SyntheticMatrix::append_cells(std::string& out, std::uint64_t row, std::uint32_t left, std::uint32_t width) const {
  const std::uint32_t* starts = starts_.data() + (row % pool_rows_) * (kinds_.size() + 1);
  const std::uint32_t right = left + width;
  if (number_column_ < left || number_column_ >= right) {
    out.append(text_.data() + starts[left], starts[right] - starts[left] - 1);
    return;
  }
  out.append(text_.data() + starts[left], starts[number_column_] - starts[left]);
  char digits[24] = {};
  const auto length = static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, row + 1).ptr - digits);
  char cell[128];
  char* at = cell;
  const auto put = [&at](const char* bytes, std::size_t size) {
    std::memcpy(at, bytes, size);
    at += size;
  };
  put("{\"qText\":\"", 10);
  put(digits, length);
  put("\",\"qNum\":", 9);
  put(digits, length);
  put(",\"qElemNumber\":", 15);
  at = std::to_chars(at, cell + sizeof cell, row).ptr;
  put(",\"qState\":\"O\"}", 14);
  if (number_column_ + 1 == right) {
    out.append(cell, at);
    return;
  }
  *at++ = ',';
  out.append(cell, at);
  out.append(text_.data() + starts[number_column_ + 1], starts[right] - starts[number_column_ + 1] - 1);
}

SyntheticApp::SyntheticApp(const SyntheticShape& shape)
    : App("synthetic", "Synthetic"), shape_(shape), matrix_(std::make_shared<SyntheticMatrix>(shape, 0)) {
  JsonArray dimensions = array();
  JsonArray measures = array();
  JsonArray order = array();
  for (std::uint32_t column = 0; column < matrix_->columns(); ++column) {
    const SyntheticKind kind = matrix_->kinds()[column];
    const std::string name = std::string(name_of(kind)) + " " + std::to_string(column);
    if (is_dimension(kind)) {
      dimensions->add(object({{"qDef", object({{"qGrouping", "N"}, {"qFieldDefs", array({name})}, {"qFieldLabels", array({name})}})}}));
    } else {
      measures->add(object({{"qDef", object({{"qLabel", name}, {"qDef", "Sum([" + name + "])"}})}}));
    }
    // Rows come in the order of their number, so that column is the first to sort by.
    if (kind == SyntheticKind::row_number) order->set(0, column);
  }
  JsonArray sort = array();
  if (order->size() > 0) sort->add(order->get(0));
  for (std::uint32_t column = 0; column < matrix_->columns(); ++column)
    if (matrix_->kinds()[column] != SyntheticKind::row_number) sort->add(column);
  add({"synthetic-table",
       "table",
       object({{"qInfo", object({{"qId", "synthetic-table"}, {"qType", "table"}})},
               {"qMetaDef", object()},
               {"qHyperCubeDef", object({{"qDimensions", dimensions},
                                         {"qMeasures", measures},
                                         {"qInterColumnSortOrder", sort},
                                         {"qInitialDataFetch", array()},
                                         {"qMode", "S"},
                                         {"qColumnOrder", array()}})},
               {"showTitles", true},
               {"title", "Synthetic"},
               {"subtitle", ""},
               {"footnote", ""},
               {"visualization", "table"}}),
       {},
       ""});
  std::vector<std::string> cells{"synthetic-table"};
  for (const auto& [id, type, mode] : {std::tuple<const char*, const char*, const char*>{"synthetic-pivot", "pivot-table", "P"},
                                       {"synthetic-stack", "barchart", "K"},
                                       {"synthetic-tree", "sn-grid-chart", "T"}}) {
    add({id,
         type,
         object({{"qInfo", object({{"qId", id}, {"qType", type}})},
                 {"qMetaDef", object()},
                 {"qHyperCubeDef",
                  object({{"qDimensions", array()}, {"qMeasures", array()}, {"qInitialDataFetch", array()}, {"qMode", mode}})},
                 {"title", id},
                 {"visualization", type}}),
         {},
         ""});
    cells.emplace_back(id);
  }
  add_sheet("synthetic-sheet", "Synthetic", 0, {"synthetic-table"});
  add_sheet("synthetic-trees", "Synthetic trees", 1, {cells.begin() + 1, cells.end()});
}

std::shared_ptr<const DataModel> SyntheticApp::changed_model(const DataModel&) {
  auto made = std::make_shared<SyntheticMatrix>(shape_, epoch());
  const std::lock_guard lock(mutex_);
  matrix_ = std::move(made);
  return nullptr;
}

EvaluatedCube SyntheticApp::make_cube(Scope&, const JsonObject& definition, const Expansions*) {
  // Every definition gets the whole cube of its mode: this app has no data model, only rows.
  if (const auto mode = text_member(definition, "qMode", "S"); mode != "S" && !mode.empty())
    return synthetic_tree_cube(mode, shape_.rows + epoch(), shape_.seed + epoch());
  EvaluatedCube made;
  std::shared_ptr<const SyntheticMatrix> matrix;
  {
    const std::lock_guard lock(mutex_);
    matrix = matrix_;
  }
  CubeLayout& cube = made.layout;
  made.matrix = matrix;
  cube.columns = matrix->columns();
  cube.rows = static_cast<std::int64_t>(matrix->rows());
  for (std::uint32_t column = 0; column < matrix->columns(); ++column) {
    const SyntheticKind kind = matrix->kinds()[column];
    const auto& summary = matrix->summary(column);
    const std::string name = std::string(name_of(kind)) + " " + std::to_string(column);
    if (is_dimension(kind)) {
      DimensionInfo info;
      info.title = name;
      info.titles = info.fields = {name};
      info.glyphs = summary.glyphs;
      info.cardinal = info.cube_cardinal = info.states.option = summary.distinct;
      info.sort_indicator = kind == SyntheticKind::row_number ? "A" : "N";
      info.tags = tags_of(kind);
      info.type = kind == SyntheticKind::text ? "D" : "N";
      info.format = format_of(kind);
      info.min = summary.min;
      info.max = summary.max;
      info.continuous = kind != SyntheticKind::text;
      cube.dimensions.push_back(std::move(info));
    } else {
      MeasureInfo info;
      info.title = name;
      info.glyphs = summary.glyphs;
      info.format = format_of(kind);
      info.min = summary.min;
      info.max = summary.max;
      cube.measures.push_back(std::move(info));
      cube.grand_total->add(total_cell(format_number(summary.sum, format_of(kind)), summary.sum));
    }
  }
  if (const auto order = array_member(definition, "qInterColumnSortOrder"); !order.isNull())
    for (const auto& column : *order) cube.sort_order.push_back(column.convert<std::int64_t>());
  return made;
}

}  // namespace qonduit::simulator
