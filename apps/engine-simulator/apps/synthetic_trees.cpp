#include "apps/synthetic_trees.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "mixed.hpp"

namespace qonduit::simulator {
namespace {

constexpr std::uint64_t kPool = 4096;

std::uint64_t pool_index(std::uint64_t row, std::uint32_t measure, std::uint64_t seed) {
  return mixed(row * kSyntheticMeasures + measure + (seed << 40)) % kPool;
}

double pool_value(std::uint64_t index) { return static_cast<double>(mixed(index) % 1'000'000) / 100; }

std::string two_decimals(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 2).ptr;
  return {text.data(), end};
}

// Values as they stand in nodes, with the member that holds the number.
std::vector<std::string> rendered_pool(const char* number_member) {
  std::vector<std::string> made;
  for (std::uint64_t i = 0; i < kPool; ++i) {
    const std::string text = two_decimals(pool_value(i));
    made.push_back("\"qText\":\"" + text + "\",\"" + number_member + "\":" + text);
  }
  return made;
}

void append_integer(std::string& out, std::uint64_t value) {
  std::array<char, 24> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

// "qText":"7","qElemNo":6,"qValue":7 of a row; a block is numbered alike.
void append_number_node(std::string& out, std::uint64_t index) {
  out.append("\"qText\":\"");
  append_integer(out, index + 1);
  out.append("\",\"qElemNo\":");
  append_integer(out, index);
  out.append(",\"qValue\":");
  append_integer(out, index + 1);
}

void append_count(std::string& out, const char* name, std::uint64_t value) {
  out.append(name);
  append_integer(out, value);
}

struct Window {
  std::uint64_t first = 0;
  std::uint64_t end = 0;

  static Window rows(const Area& area, std::uint64_t rows) {
    const auto first = std::min(static_cast<std::uint64_t>(area.top), rows);
    return {first, std::min(first + static_cast<std::uint64_t>(area.height), rows)};
  }
  // Calls with each block the window touches, and the part of the window in it.
  template <class Visit>
  void for_each_block(const Visit& visit) const {
    for (auto block = first / kSyntheticBlock; block * kSyntheticBlock < end; ++block)
      visit(block, Window{std::max(first, block * kSyntheticBlock), std::min(end, (block + 1) * kSyntheticBlock)});
  }
};

void append_area(std::string& out, const Area& area, std::int64_t width, const Window& window) {
  out.append(",\"qArea\":{\"qLeft\":").append(std::to_string(area.left)).append(",\"qTop\":").append(std::to_string(area.top));
  out.append(",\"qWidth\":")
      .append(std::to_string(width))
      .append(",\"qHeight\":")
      .append(std::to_string(window.end - window.first))
      .append("}}");
}

class Synthetic {
 public:
  Synthetic(std::uint64_t rows, std::uint64_t seed, const char* number_member)
      : rows_(rows), seed_(seed), pool_(rendered_pool(number_member)) {}

 protected:
  [[nodiscard]] const std::string& value(std::uint64_t row, std::uint32_t measure) const { return pool_[pool_index(row, measure, seed_)]; }
  [[nodiscard]] std::uint64_t block_end(std::uint64_t block) const { return std::min((block + 1) * kSyntheticBlock, rows_); }

  std::uint64_t rows_;
  std::uint64_t seed_;
  std::vector<std::string> pool_;
};

class SyntheticPivot final : public Pages, private Synthetic {
 public:
  SyntheticPivot(std::uint64_t rows, std::uint64_t seed) : Synthetic(rows, seed, "qNum") {}

  [[nodiscard]] std::int64_t rows() const override { return static_cast<std::int64_t>(rows_); }
  [[nodiscard]] std::int64_t columns() const override { return kSyntheticMeasures; }

  void append_page(std::string& out, const Area& area) const override {
    const auto window = Window::rows(area, rows_);
    const auto left = std::min<std::int64_t>(area.left, columns());
    const auto right = std::min<std::int64_t>(area.left + area.width, columns());
    out.append("{\"qLeft\":[");
    window.for_each_block([&](std::uint64_t block, Window part) {
      if (out.back() != '[') out.push_back(',');
      out.push_back('{');
      append_number_node(out, block);
      out.append(",\"qType\":\"N\"");
      append_count(out, ",\"qUp\":", part.first - block * kSyntheticBlock);
      append_count(out, ",\"qDown\":", block_end(block) - part.end);
      out.append(",\"qSubNodes\":[");
      for (auto row = part.first; row < part.end; ++row) {
        out.append(row > part.first ? ",{" : "{");
        append_number_node(out, row);
        out.append(",\"qType\":\"N\",\"qUp\":0,\"qDown\":0,\"qSubNodes\":[]}");
      }
      out.append("]}");
    });
    out.append("],\"qTop\":[");
    for (auto measure = left; measure < right; ++measure) {
      if (measure > left) out.push_back(',');
      out.append("{\"qText\":\"Measure ").append(std::to_string(measure)).append("\",\"qElemNo\":").append(std::to_string(measure));
      out.append(",\"qValue\":\"NaN\",\"qType\":\"P\",\"qUp\":0,\"qDown\":0,\"qSubNodes\":[]}");
    }
    out.append("],\"qData\":[");
    for (auto row = window.first; row < window.end; ++row) {
      out.append(row > window.first ? ",[" : "[");
      for (auto measure = left; measure < right; ++measure) {
        out.append(measure > left ? ",{" : "{").append(value(row, static_cast<std::uint32_t>(measure))).append(",\"qType\":\"V\"}");
      }
      out.push_back(']');
    }
    out.push_back(']');
    append_area(out, area, right - left, window);
  }
};

class SyntheticStack final : public Pages, private Synthetic {
 public:
  SyntheticStack(std::uint64_t rows, std::uint64_t seed) : Synthetic(rows, seed, "qValue") {}

  [[nodiscard]] std::int64_t rows() const override { return static_cast<std::int64_t>(rows_); }
  [[nodiscard]] std::int64_t columns() const override { return 1; }

  // An area counts blocks, the members of the outermost dimension.
  void append_page(std::string& out, const Area& area) const override {
    const auto blocks = (rows_ + kSyntheticBlock - 1) / kSyntheticBlock;
    const auto window = Window::rows(area, blocks);
    out.append("{\"qData\":[{\"qElemNo\":0,\"qValue\":0,\"qType\":\"R\",\"qMaxPos\":");
    append_number(out, sum({0, rows_}));
    out.append(",\"qMinNeg\":0");
    append_count(out, ",\"qUp\":", window.first);
    append_count(out, ",\"qDown\":", blocks - window.end);
    append_count(out, ",\"qRow\":", window.first * kSyntheticBlock);
    out.append(",\"qSubNodes\":[");
    for (auto block = window.first; block < window.end; ++block) {
      if (block > window.first) out.push_back(',');
      const Window part{block * kSyntheticBlock, block_end(block)};
      append_head(out, block, sum(part));
      append_count(out, ",\"qUp\":0,\"qDown\":0,\"qRow\":", part.first);
      out.append(",\"qSubNodes\":[");
      for (auto row = part.first; row < part.end; ++row) append_row(out, row, row > part.first);
      out.append("]}");
    }
    out.append("]}]");
    append_area(out, area, 1, window);
  }

 private:
  // Of the first measure, as the stack's ranges have it. A sum of the pool's mean, so that ten million rows cost nothing.
  [[nodiscard]] static double sum(const Window& rows) { return static_cast<double>(rows.end - rows.first) * 5000; }

  static void append_head(std::string& out, std::uint64_t index, double most) {
    out.push_back('{');
    append_number_node(out, index);
    out.append(",\"qType\":\"N\",\"qMaxPos\":");
    append_number(out, most);
    out.append(",\"qMinNeg\":0");
  }

  void append_row(std::string& out, std::uint64_t row, bool comma) const {
    if (comma) out.push_back(',');
    append_head(out, row, synthetic_value(row, 0, seed_));
    append_count(out, ",\"qUp\":0,\"qDown\":0,\"qRow\":", row);
    out.append(",\"qSubNodes\":[");
    for (std::uint32_t measure = 0; measure < kSyntheticMeasures; ++measure) {
      out.append(measure > 0 ? ",{" : "{").append(value(row, measure));
      append_count(out, ",\"qElemNo\":", measure);
      out.append(",\"qType\":\"V\",\"qMaxPos\":0,\"qMinNeg\":0");
      append_count(out, ",\"qUp\":0,\"qDown\":0,\"qRow\":", row);
      out.append(",\"qSubNodes\":[]}");
    }
    out.append("]}");
  }
};

class SyntheticTree final : public TreeNodes, private Synthetic {
 public:
  SyntheticTree(std::uint64_t rows, std::uint64_t seed) : Synthetic(rows, seed, "qValue") {}

  void append_nodes(std::string& out, const TreeOptions& options) const override {
    const auto blocks = window(options, 0, (rows_ + kSyntheticBlock - 1) / kSyntheticBlock);
    const bool deep = options.depth < 0 || options.depth > 1;
    std::uint64_t count = 1;
    for (auto block = blocks.first; block < blocks.end; ++block) {
      const auto inside = window(options, 1, block_end(block) - block * kSyntheticBlock);
      count += 1 + (deep ? inside.end - inside.first : 0);
    }
    if (options.max_nodes > 0 && count > static_cast<std::uint64_t>(options.max_nodes)) {
      out.append("[]");
      return;
    }
    out.append("[{\"qElemNo\":0,\"qRow\":0,\"qType\":\"R\",\"qValues\":[],\"qNodes\":[");
    for (auto block = blocks.first; block < blocks.end; ++block) {
      out.append(block > blocks.first ? ",{" : "{");
      append_number_node(out, block);
      append_count(out, ",\"qRow\":", block);
      out.append(",\"qType\":\"N\",\"qValues\":[],\"qNodes\":[");
      const auto inside = window(options, 1, block_end(block) - block * kSyntheticBlock);
      for (auto i = inside.first; deep && i < inside.end; ++i) append_row(out, block * kSyntheticBlock + i, i, i > inside.first);
      append_count(out, "],\"qGroupPos\":0,\"qGroupSize\":", block_end(block) - block * kSyntheticBlock);
      out.append(deep ? ",\"qState\":\"O\"}" : ",\"qCanExpand\":true,\"qState\":\"O\"}");
    }
    append_count(out, "],\"qGroupPos\":0,\"qGroupSize\":", (rows_ + kSyntheticBlock - 1) / kSyntheticBlock);
    out.append(",\"qState\":\"L\"}]");
  }

 private:
  static Window window(const TreeOptions& options, std::size_t level, std::uint64_t nodes) {
    return level < options.areas.size() ? Window::rows(options.areas[level], nodes) : Window{0, nodes};
  }

  void append_row(std::string& out, std::uint64_t row, std::uint64_t position, bool comma) const {
    out.append(comma ? ",{" : "{");
    append_number_node(out, row);
    append_count(out, ",\"qRow\":", position);
    out.append(",\"qType\":\"N\",\"qValues\":[");
    for (std::uint32_t measure = 0; measure < kSyntheticMeasures; ++measure)
      out.append(measure > 0 ? ",{" : "{").append(value(row, measure)).append("}");
    out.append("],\"qNodes\":[],\"qGroupPos\":0,\"qGroupSize\":0,\"qState\":\"O\"}");
  }
};

}  // namespace

double synthetic_value(std::uint64_t row, std::uint32_t measure, std::uint64_t seed) { return pool_value(pool_index(row, measure, seed)); }

EvaluatedCube synthetic_tree_cube(const std::string& mode, std::uint64_t rows, std::uint64_t seed) {
  EvaluatedCube made;
  CubeLayout& layout = made.layout;
  layout.mode = mode;
  layout.rows = static_cast<std::int64_t>(rows);
  layout.columns = mode == "P" ? kSyntheticMeasures : 1;
  layout.left_dimensions = 2;
  layout.sort_order = mode == "P" ? std::vector<std::int64_t>{0, 1, -1} : std::vector<std::int64_t>{0, 1};
  for (const char* title : {"Block", "Row"}) {
    const auto values = std::string_view(title) == "Row" ? rows : (rows + kSyntheticBlock - 1) / kSyntheticBlock;
    DimensionInfo info;
    info.title = title;
    info.titles = info.fields = {title};
    info.glyphs = static_cast<std::int64_t>(std::to_string(values).size());
    info.cardinal = info.cube_cardinal = info.states.option = static_cast<std::int64_t>(values);
    info.sort_indicator = "A";
    info.tags = {"$numeric", "$integer"};
    info.type = "N";
    info.format = {"I", 0, 1, "###0", ".", ""};
    info.min = 1;
    info.max = static_cast<double>(values);
    layout.dimensions.push_back(std::move(info));
  }
  for (std::uint32_t measure = 0; measure < kSyntheticMeasures; ++measure) {
    MeasureInfo info;
    info.title = "Measure " + std::to_string(measure);
    info.format = {"F", 2, 0, "0.00", ".", ","};
    info.glyphs = 7;
    info.min = 0;
    info.max = 9999.99;
    layout.measures.push_back(std::move(info));
  }
  if (mode == "P") made.pages = std::make_shared<SyntheticPivot>(rows, seed);
  if (mode == "K") made.pages = std::make_shared<SyntheticStack>(rows, seed);
  if (mode == "T") made.tree = std::make_shared<SyntheticTree>(rows, seed);
  return made;
}

}  // namespace qonduit::simulator
