#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "plugins/adapters/cube/header_side.hpp"
#include "plugins/adapters/cube/page_decoder.hpp"
#include "plugins/adapters/cube/row_writer.hpp"

namespace qonduit::cube {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;
using simdjson::SUCCESS;

static_assert(simdjson::SIMDJSON_PADDING <= QONDUIT_REPLY_PADDING);

struct Cell {
  DualValue value;
  bool is_null = false;  // qType U or E
  AttributeRange attributes;
};

// What one page holds, before it is made rows. Kept by each thread, so that a page allocates nothing the one before did not.
struct PivotPage {
  NodeTree left, top;
  HeaderSide rows, columns;
  std::vector<Cell> cells;
  std::vector<DualValue> attributes;
  std::int64_t height = 0, width = 0;  // of qData; width -1: rows of different lengths
  std::int64_t area_left = -1, area_top = -1;
  bool has_area = false;
};

class PivotDecoder {
 public:
  PivotDecoder(const DecoderSettings& settings, const Page& page, straight::Contradiction* contradiction, PivotPage& read)
      : settings_(settings), layout_(*settings.layout), plan_(*settings.plan), page_(page), contradiction_(contradiction), read_(read) {}

  Result<Decoded> decode(std::string_view reply) {
    quick_ = !plan_.needs_text && !plan_.attributes && !layout_.collapsed && contradiction_ == nullptr;
    surprised_ = false;
    auto status = read_checked(reply);
    if (!status.ok() && std::exchange(surprised_, false)) {
      quick_ = false;
      status = read_checked(reply);
    }
    if (!status.ok()) return status;
    auto written = write();
    if (written || !std::exchange(surprised_, false)) return written;
    // A text has to be read with its escapes.
    quick_ = false;
    if (status = read_checked(reply); !status.ok()) return status;
    return write();
  }

 private:
  Status read_checked(std::string_view reply) {
    auto status = read(reply);
    return status.ok() ? check() : status;
  }
  Status bad(const std::string& what) const {
    return {Code::bad_data, "page at row " + std::to_string(page_.top + 1) + ", column " + std::to_string(page_.left + 1) + ": " + what};
  }
  Status malformed(error_code error) const {
    return bad(std::string("the reply is not what GetHyperCubePivotData answers: ") + simdjson::error_message(error));
  }

  Status read(std::string_view reply) {
    static thread_local ondemand::parser parser;
    ondemand::document document;
    const simdjson::padded_string_view padded(reply.data(), reply.size(), reply.size() + QONDUIT_REPLY_PADDING);
    if (const auto error = parser.iterate(padded).get(document)) return malformed(error);
    read_.left.clear(), read_.top.clear(), read_.cells.clear(), read_.attributes.clear();
    read_.height = read_.width = 0;
    read_.has_area = false;
    ondemand::object result;
    if (const auto error = document.get_object().get(result)) return malformed(error);
    int pages = 0;
    for (auto item : result) {
      ondemand::field field;
      if (const auto error = std::move(item).get(field)) return malformed(error);
      if (!is_key(field.key(), "qDataPages")) continue;
      ondemand::array list;
      if (const auto error = field.value().get_array().get(list)) return malformed(error);
      for (auto entry : list) {
        ondemand::object members;
        if (const auto error = entry.get_object().get(members)) return malformed(error);
        if (++pages > 1) return bad("the reply holds more than the one page that was asked for");
        if (const auto error = read_page(members)) return malformed(error);
      }
    }
    return pages == 1 ? Status() : bad("the reply holds no data page");
  }

  error_code read_page(ondemand::object& members) {
    for (auto item : members) {
      ondemand::field field;
      if (const auto error = std::move(item).get(field)) return error;
      const auto key = field.key();
      auto error = SUCCESS;
      ondemand::array list;
      if (is_key(key, "qLeft") || is_key(key, "qTop")) {
        const bool left = is_key(key, "qLeft");
        error = field.value().get_array().get(list);
        // One level more than dimensions: the measures.
        const auto levels = static_cast<std::uint32_t>((left ? layout_.left : layout_.top).size()) + 1;
        const auto content = !quick_                 ? NodeTree::Content::everything
                             : plan_.numeric_members ? NodeTree::Content::plain_with_numbers
                                                     : NodeTree::Content::plain;
        if (!error) error = surprise((left ? read_.left : read_.top).read(list, levels, content));
      } else if (is_key(key, "qData")) {
        error = field.value().get_array().get(list);
        if (!error) error = read_data(list);
      } else if (is_key(key, "qArea")) {
        error = read_area(field.value());
      }
      if (error) return error;
    }
    return SUCCESS;
  }

  error_code read_area(ondemand::value value) {
    ondemand::object members;
    if (const auto error = value.get_object().get(members)) return error;
    for (auto item : members) {
      ondemand::field field;
      if (const auto error = std::move(item).get(field)) return error;
      auto error = SUCCESS;
      if (is_key(field.key(), "qLeft")) error = read_integer(field.value(), read_.area_left);
      if (is_key(field.key(), "qTop")) error = read_integer(field.value(), read_.area_top);
      if (error) return error;
    }
    read_.has_area = true;
    return SUCCESS;
  }

  error_code read_data(ondemand::array& rows) {
    for (auto item : rows) {
      ondemand::array row;
      if (const auto error = item.get_array().get(row)) return error;
      const auto before = read_.cells.size();
      for (auto entry : row) {
        ondemand::object members;
        if (const auto error = entry.get_object().get(members)) return error;
        auto& cell = read_.cells.emplace_back();
        if (const auto error = quick_ ? read_quickly(members, cell) : read_cell(members, cell)) return error;
      }
      const auto width = static_cast<std::int64_t>(read_.cells.size() - before);
      if (read_.height > 0 && width != read_.width) read_.width = -1;
      if (read_.height == 0) read_.width = width;
      ++read_.height;
    }
    return SUCCESS;
  }

  // The common case: a number and its text, or a null, and nothing else is looked at. Anything else is a surprise, after which the page is
  // read again, every member of every cell in the order they stand there.
  error_code read_quickly(ondemand::object& members, Cell& cell) {
    ondemand::value value;
    auto error = members.find_field("qText").get(value);
    if (!error) read_raw_text(value, cell.value);
    if (!error) error = members.find_field("qNum").get(value);
    cell.value.has_number = !error && !value.get_double().get(cell.value.number);
    if (cell.value.has_number) return SUCCESS;
    if (!error) error = read_number(value, cell.value);
    if (error || cell.value.has_number) return surprise(error);
    char type = '\0';
    error = members.find_field("qType").get(value);
    if (!error) error = read_type(value, type);
    cell.is_null = type == 'U' || type == 'E';
    return surprise(error || cell.is_null ? error : simdjson::NO_SUCH_FIELD);
  }
  error_code surprise(error_code error) {
    surprised_ = surprised_ || error == simdjson::NO_SUCH_FIELD;
    return error;
  }

  error_code read_cell(ondemand::object& members, Cell& cell) {
    for (auto item : members) {
      ondemand::field field;
      if (const auto error = std::move(item).get(field)) return error;
      const auto key = field.key();
      auto error = SUCCESS;
      if (is_key(key, "qText")) {
        error = read_text(field.value(), cell.value);
      } else if (is_key(key, "qNum")) {
        error = read_number(field.value(), cell.value);
      } else if (is_key(key, "qType")) {
        char type = '\0';
        error = read_type(field.value(), type);
        cell.is_null = type == 'U' || type == 'E';
      } else if (plan_.attributes && is_key(key, "qAttrExps")) {
        error = read_attribute_values(field.value(), read_.attributes, cell.attributes.expressions, cell.attributes.expression_count);
      } else if (plan_.attributes && is_key(key, "qAttrDims")) {
        error = read_attribute_values(field.value(), read_.attributes, cell.attributes.dimensions, cell.attributes.dimension_count);
      }
      if (error) return error;
    }
    return SUCCESS;
  }

  // A text that is only compared with its number: as it stands, without its escapes being read.
  static void read_raw_text(ondemand::value value, DualValue& out) {
    auto raw = value.raw_json_token();
    if (raw.size() < 2 || raw.front() != '"') return;
    while (raw.back() != '"') raw.remove_suffix(1);
    if (raw.size() < 2) return;
    out.text = raw.substr(1, raw.size() - 2);
    out.raw = out.has_text = true;
  }

  Status check() {
    if (!read_.has_area) return bad("the page has no qArea");
    if (read_.height == 0) return {};
    if (read_.area_left != page_.left || read_.area_top != page_.top) {
      return bad("the engine answered another area: qTop " + std::to_string(read_.area_top) + ", qLeft " + std::to_string(read_.area_left));
    }
    if (read_.height > page_.height) return bad("more rows than asked for");
    if (read_.width != page_.width) {
      return bad(read_.width < 0
                     ? "rows of different lengths"
                     : "rows of " + std::to_string(read_.width) + " cells where " + std::to_string(page_.width) + " were asked for");
    }
    if (auto status = check_side(read_.rows, read_.left, layout_.left, read_.height, "rows"); !status.ok()) return status;
    if (auto status = check_side(read_.columns, read_.top, layout_.top, read_.width, "columns"); !status.ok()) return status;
    return check_measures();
  }

  Status check_side(HeaderSide& side, const NodeTree& tree, const std::vector<std::size_t>& levels, std::int64_t cells,
                    const std::string& what) {
    if (auto problem = side.resolve(tree, levels.size()); !problem.empty()) return bad(problem);
    if (side.shown() < levels.size() && quick_) {
      // Whether a node can be expanded was not read.
      surprised_ = true;
      return bad("a header without all levels");
    }
    if (side.shown() < levels.size() && !layout_.collapsed && !side.can_expand()) {
      return bad("a header has " + std::to_string(side.shown()) + " levels where the layout has " + std::to_string(levels.size()) +
                 ", and no member of it can be expanded");
    }
    // A side on which nothing stands has no nodes, and one row or column.
    if (tree.nodes().empty() && levels.empty()) side.fill(static_cast<std::size_t>(cells));
    if (static_cast<std::int64_t>(side.size()) == cells) return {};
    return bad("the header names " + std::to_string(side.size()) + " " + what + ", the data have " + std::to_string(cells));
  }

  // Which measure a row and column are of, by their headers.
  std::size_t measure_at(std::size_t row, std::size_t column) const {
    const auto& leaf = layout_.measures_left ? read_.rows.leaf(row) : read_.columns.leaf(column);
    return layout_.measures == 1 ? 0 : measure_of(layout_, counting_, leaf.measure, leaf.measure_text);
  }

  Status check_measures() {
    const auto& side = layout_.measures_left ? read_.rows : read_.columns;
    counting_ = counting_of(layout_, side);
    const auto measures = layout_.measures;
    const bool side_by_side = plan_.shape == Shape::tidy;
    // The last rows of a page that came short may be a combination's first ones: the host asks for them again.
    const auto whole = side_by_side ? side.size() - side.size() % measures : side.size();
    if (side_by_side && !layout_.measures_left && whole != side.size()) return bad("a combination of members has not all its measures");
    for (std::size_t i = 0; measures > 1 && i < whole; ++i) {
      const auto measure = measure_of(layout_, counting_, side.leaf(i).measure, side.leaf(i).measure_text);
      if (measure == kNoSlot) return bad("a header names no measure of the layout");
      if (!side_by_side) continue;
      if (measure != i % measures || !side.same_members(i, i - i % measures)) {
        return bad("the measures of a combination do not stand side by side");
      }
    }
    return {};
  }

  Result<Decoded> write() {
    const auto height = static_cast<std::size_t>(read_.height);
    const auto width = static_cast<std::size_t>(std::max<std::int64_t>(0, read_.width));
    const auto slots = plan_.columns.columns.size();
    auto first = std::size_t{0};
    auto end = slots;
    bool last = true;
    if (plan_.shape == Shape::wide) piece(first, end, last);
    RowWriter writer(plan_, static_cast<std::int64_t>(plan_.shape == Shape::wide ? height : height * width), first, end, last,
                     contradiction_ != nullptr);
    std::size_t covered = height;
    bool fits = true;
    switch (plan_.shape) {
      case Shape::tidy:
        if (layout_.measures_left) covered -= covered % layout_.measures;
        fits = write_tidy(writer, covered, width);
        break;
      case Shape::cells: fits = write_cells(writer, height, width); break;
      case Shape::wide: fits = write_wide(writer, height, width); break;
    }
    if (contradiction_ != nullptr) *contradiction_ = writer.contradiction();
    if (!fits) {
      surprised_ = writer.wants_text();
      return bad(writer.why());
    }
    Decoded decoded;
    decoded.rows = static_cast<std::int64_t>(covered);
    writer.finish(&decoded.array, settings_.findings);
    return decoded;
  }

  // The slots a piece of shape wide fills: the dimensions come with the first columns, the kind of row with the last.
  void piece(std::size_t& first, std::size_t& end, bool& last) const {
    const auto left = static_cast<std::size_t>(page_.left);
    const auto right = std::min(left + static_cast<std::size_t>(page_.width), plan_.wide_slots.size());
    last = right == plan_.wide_slots.size();
    const auto kept_before = [&](std::size_t column) {
      return plan_.first_value + static_cast<std::size_t>(std::count_if(plan_.wide_slots.begin(),
                                                                        plan_.wide_slots.begin() + static_cast<std::ptrdiff_t>(column),
                                                                        [](std::size_t slot) { return slot != kNoSlot; }));
    };
    if (left > 0) first = kept_before(left);
    end = kept_before(right);
  }

  const Cell& cell(std::size_t row, std::size_t column) const { return read_.cells[row * static_cast<std::size_t>(read_.width) + column]; }
  bool dropped(RowKind kind) const { return kind == RowKind::total && settings_.totals == Totals::drop; }

  bool write_members(RowWriter& writer, std::size_t row, std::size_t column) const {
    for (std::size_t level = 0; level < layout_.left.size(); ++level) {
      if (!writer.member(layout_.left[level], read_.rows.member(row, level), read_.left)) return false;
    }
    for (std::size_t level = 0; level < layout_.top.size(); ++level) {
      if (!writer.member(layout_.top[level], read_.columns.member(column, level), read_.top)) return false;
    }
    return true;
  }

  bool write_value(RowWriter& writer, std::size_t slot, std::size_t measure, const Cell& value) const {
    return writer.value(slot, measure, value.value, value.is_null, value.attributes, read_.attributes);
  }

  bool write_tidy(RowWriter& writer, std::size_t height, std::size_t width) const {
    const auto measures = layout_.measures;
    const auto row_step = layout_.measures_left ? measures : 1;
    const auto column_step = layout_.measures_left ? 1 : measures;
    for (std::size_t row = 0; row < height; row += row_step) {
      for (std::size_t column = 0; column < width; column += column_step) {
        const auto kind = std::max(read_.rows.leaf(row).kind, read_.columns.leaf(column).kind);
        if (dropped(kind)) continue;
        if (!write_members(writer, row, column)) return false;
        for (std::size_t m = 0; m < measures; ++m) {
          const auto& value = layout_.measures_left ? cell(row + m, column) : cell(row, column + m);
          if (!write_value(writer, plan_.first_value + m, m, value)) return false;
        }
        if (!writer.kind(kind)) return false;
      }
    }
    return true;
  }

  bool write_cells(RowWriter& writer, std::size_t height, std::size_t width) const {
    for (std::size_t row = 0; row < height; ++row) {
      for (std::size_t column = 0; column < width; ++column) {
        const auto kind = std::max(read_.rows.leaf(row).kind, read_.columns.leaf(column).kind);
        if (dropped(kind)) continue;
        if (!write_members(writer, row, column)) return false;
        const auto measure = measure_at(row, column);
        writer.measure(layout_.measure(measure).label);
        if (!write_value(writer, plan_.first_value, measure, cell(row, column)) || !writer.kind(kind)) return false;
      }
    }
    return true;
  }

  bool write_wide(RowWriter& writer, std::size_t height, std::size_t width) const {
    const auto left = static_cast<std::size_t>(page_.left);
    for (std::size_t row = 0; row < height; ++row) {
      const auto kind = read_.rows.leaf(row).kind;
      if (dropped(kind)) continue;
      for (std::size_t level = 0; level < layout_.left.size(); ++level) {
        const auto* member = read_.rows.member(row, level);
        if (left > 0)
          writer.member_elsewhere(layout_.left[level], member, read_.left);
        else if (!writer.member(layout_.left[level], member, read_.left))
          return false;
      }
      const auto measure_of_row = layout_.measures_left ? measure_at(row, 0) : 0;
      if (layout_.measures_left) writer.measure(layout_.measure(measure_of_row).label);
      for (std::size_t column = 0; column < width && left + column < plan_.wide_slots.size(); ++column) {
        const auto slot = plan_.wide_slots[left + column];
        const auto measure = layout_.measures_left ? measure_of_row : plan_.wide_measures[left + column];
        if (slot != kNoSlot && !write_value(writer, slot, measure, cell(row, column))) return false;
      }
      if (!writer.kind(kind)) return false;
    }
    return true;
  }

  const DecoderSettings& settings_;
  const LevelLayout& layout_;
  const CubePlan& plan_;
  const Page& page_;
  straight::Contradiction* contradiction_;
  PivotPage& read_;
  bool quick_ = false, surprised_ = false;
  Counting counting_ = Counting::visible;
};

}  // namespace

namespace {

std::size_t among_all(const LevelLayout& layout, int element) {
  for (std::size_t m = 0; m < layout.measures; ++m) {
    if (layout.measure(m).index == element) return m;
  }
  return kNoSlot;
}

std::size_t among_visible(const LevelLayout& layout, int element) {
  return element >= 0 && static_cast<std::size_t>(element) < layout.measures ? static_cast<std::size_t>(element) : kNoSlot;
}

}  // namespace

Counting counting_of(const LevelLayout& layout, const HeaderSide& side) {
  if (layout.hidden.empty()) return Counting::visible;
  bool visible = true;
  bool all = true;
  for (std::size_t i = 0; i < side.size(); ++i) {
    visible = visible && among_visible(layout, side.leaf(i).measure) != kNoSlot;
    all = all && among_all(layout, side.leaf(i).measure) != kNoSlot;
  }
  if (visible != all) return visible ? Counting::visible : Counting::all;
  return Counting::by_text;
}

std::size_t measure_of(const LevelLayout& layout, Counting counting, int element, std::string_view text) {
  const auto visible = among_visible(layout, element);
  if (counting == Counting::visible) return visible;
  const auto all = among_all(layout, element);
  if (counting == Counting::all || visible == all) return all;
  if (visible != kNoSlot && layout.measure(visible).title == text) return visible;
  return all != kNoSlot && layout.measure(all).title == text ? all : kNoSlot;
}

Result<Decoded> decode_pivot(const DecoderSettings& settings, const Page& page, std::string_view reply_json,
                             straight::Contradiction* contradiction) {
  static thread_local PivotPage read;
  return PivotDecoder(settings, page, contradiction, read).decode(reply_json);
}

}  // namespace qonduit::cube
