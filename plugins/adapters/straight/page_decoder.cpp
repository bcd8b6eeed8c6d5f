#include "plugins/adapters/straight/page_decoder.hpp"

#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "plugins/adapters/hypercube/number_column.hpp"
#include "plugins/adapters/straight/cell_members.hpp"

namespace qonduit::straight {
namespace {

namespace ondemand = simdjson::ondemand;

using hypercube::kNull;
using hypercube::kOthers;
using hypercube::kTotal;
using hypercube::Role;

static_assert(simdjson::SIMDJSON_PADDING <= QONDUIT_REPLY_PADDING);

enum class RowKind : std::uint8_t { value, others, total };
constexpr std::string_view kRowKindNames[] = {"value", "others", "total"};

bool has_letters(std::string_view text) {
  for (const char c : text) {
    const auto folded = static_cast<char>(c | 0x20);
    if (folded >= 'a' && folded <= 'z') return true;
  }
  return false;
}

class PageDecoder {
 public:
  PageDecoder(const DecoderSettings& settings, const Page& page, Contradiction* contradiction)
      : settings_(settings), plan_(*settings.plan), page_(page), contradiction_(contradiction) {
    const auto left = static_cast<std::size_t>(page.left);
    const auto end = std::min(plan_.columns.size(), left + static_cast<std::size_t>(page.width));
    for (std::size_t i = left; i < end; ++i) {
      first_output_.push_back(columns_.size());
      columns_.emplace_back(plan_.columns[i].type, page.height);
      if (plan_.columns[i].with_text) columns_.emplace_back(Type::utf8, page.height);
      companions_ = companions_ || plan_.columns[i].no_frequency || !plan_.columns[i].companions.empty();
      for (const auto& companion : plan_.columns[i].companions) columns_.emplace_back(companion.type, page.height);
    }
    if (plan_.row_kind && end == plan_.columns.size()) columns_.emplace_back(Type::utf8, page.height);
    whole_ = page.left == 0 && end == plan_.columns.size();
  }

  Result<Decoded> decode(std::string_view reply) {
    static thread_local ondemand::parser parser;
    ondemand::document document;
    const simdjson::padded_string_view padded(reply.data(), reply.size(), reply.size() + QONDUIT_REPLY_PADDING);
    if (const auto error = parser.iterate(padded).get(document)) return malformed(error);

    ondemand::array pages;
    if (const auto error = document.find_field_unordered("qDataPages").get_array().get(pages)) return malformed(error);
    int page_count = 0;
    for (auto item : pages) {
      ondemand::object data_page;
      if (const auto error = item.get_object().get(data_page)) return malformed(error);
      if (++page_count > 1) return bad("the reply holds more than the one page that was asked for");
      if (auto status = decode_data_page(data_page); !status.ok()) return status;
    }
    if (page_count == 0) return bad("the reply holds no data page");

    Decoded decoded;
    decoded.rows = row_;
    finish_batch(columns_, &decoded.array);
    return decoded;
  }

 private:
  Status malformed(simdjson::error_code error) const {
    return bad(std::string("the reply is not what the engine answers for a page: ") + simdjson::error_message(error));
  }

  Status bad(const std::string& what) const {
    return {Code::bad_data, "page at row " + std::to_string(page_.top) + ", column " + std::to_string(page_.left) + ": " + what};
  }

  // Members in the order they come. Looking for one by name would start over at the front behind the last, and simdjson takes for granted
  // there what it did not check on the way: bytes that are no JSON would lead it anywhere.
  Status decode_data_page(ondemand::object& data_page) {
    bool has_matrix = false;
    bool has_area = false;
    for (auto item : data_page) {
      ondemand::field field;
      if (const auto error = std::move(item).get(field)) return malformed(error);
      Status status;
      if (field.key() == "qMatrix" && !std::exchange(has_matrix, true)) {
        status = decode_matrix(field.value());
      } else if (field.key() == "qArea" && !std::exchange(has_area, true)) {
        status = read_area(field.value());
      }
      if (!status.ok()) return status;
    }
    if (!has_matrix || !has_area) return bad(std::string("the page has no ") + (has_matrix ? "qArea" : "qMatrix"));
    // An empty page may say where it gave up.
    if (row_ > 0 && (answered_left_ != page_.left || answered_top_ != page_.top)) {
      return bad("the engine answered another area: row " + std::to_string(answered_top_) + ", column " + std::to_string(answered_left_));
    }
    return {};
  }

  Status decode_matrix(ondemand::value value) {
    ondemand::array matrix;
    if (const auto error = value.get_array().get(matrix)) return malformed(error);
    for (auto item : matrix) {
      ondemand::array row;
      if (const auto error = item.get_array().get(row)) return malformed(error);
      if (row_ == page_.height) return bad("more rows than asked for");
      if (auto status = decode_row(row); !status.ok()) return status;
      ++row_;
    }
    return {};
  }

  Status read_area(ondemand::value value) {
    ondemand::object area;
    if (const auto error = value.get_object().get(area)) return malformed(error);
    if (const auto error = area.find_field_unordered("qLeft").get_int64().get(answered_left_)) return malformed(error);
    if (const auto error = area.find_field_unordered("qTop").get_int64().get(answered_top_)) return malformed(error);
    return {};
  }

  Status decode_row(ondemand::array& row) {
    std::size_t column = 0;
    kind_ = RowKind::value;
    for (auto item : row) {
      if (column == first_output_.size()) return bad("row " + row_number() + " has more cells than columns");
      ondemand::object cell;
      if (const auto error = item.get_object().get(cell)) return malformed(error);
      auto status = companions_ && has_companions(column) ? decode_rich_cell(cell, column) : decode_cell(cell, column);
      if (!status.ok()) return status;
      ++column;
    }
    if (column != first_output_.size())
      return bad("row " + row_number() + " has " + std::to_string(column) + " cells, expected " + std::to_string(first_output_.size()));
    return finish_row();
  }

  // Marks, or takes back, a row that is no value. Needs the whole row: dimensions say what it is.
  Status finish_row() {
    if (kind_ != RowKind::value) {
      if (!whole_) {
        return {Code::unsupported,
                "the cube is wider than one page and holds Others or total rows; leave columns out, or switch the "
                "dimension's limitation off"};
      }
      if (settings_.special_rows == SpecialRows::drop) {
        for (auto& column : columns_) column.truncate(kept_);
        return {};
      }
      if (!plan_.row_kind) {
        if (contradiction_ != nullptr) contradiction_->special_row = true;
        return bad("row " + row_number() + " is a row of kind '" + std::string(kRowKindNames[static_cast<std::size_t>(kind_)]) +
                   "', which the layout did not announce");
      }
    }
    if (plan_.row_kind && first_output_.size() + static_cast<std::size_t>(page_.left) == plan_.columns.size()) {
      columns_.back().append_text(kRowKindNames[static_cast<std::size_t>(kind_)]);
    }
    ++kept_;
    return {};
  }

  [[nodiscard]] bool has_companions(std::size_t position) const {
    const auto& planned = plan_.columns[static_cast<std::size_t>(page_.left) + position];
    return planned.no_frequency || !planned.companions.empty();
  }

  // A cell of which more is wanted than its value.
  Status decode_rich_cell(ondemand::object& cell, std::size_t position) {
    if (const auto error = members_.read(cell)) return malformed(error);
    if (auto status = decode_cell(members_, position); !status.ok()) return status;
    return decode_companions(members_, position);
  }

  std::string row_number() const { return std::to_string(page_.top + row_); }

  // A member of a cell. False when it is missing or of another type. Any other error leaves the parser unusable: broken_ is set then, and
  // nothing more may be read.
  template <typename T>
  bool take(ondemand::object& cell, std::string_view name, T& out) {
    if (broken_ != simdjson::SUCCESS) return false;
    ondemand::value value;
    auto error = cell.find_field_unordered(name).get(value);
    if (!error) error = value.get(out);
    if (!error) return true;
    if (error != simdjson::NO_SUCH_FIELD && error != simdjson::INCORRECT_TYPE && error != simdjson::NUMBER_ERROR) broken_ = error;
    return false;
  }

  // The same of a cell that was read as a whole.
  static bool take(const CellMembers& cell, std::string_view name, std::string_view& out) {
    const auto& found = name == "qText" ? cell.text : cell.number_text;
    if (found) out = *found;
    return found.has_value();
  }
  static bool take(const CellMembers& cell, std::string_view, double& out) {
    if (cell.number) out = *cell.number;
    return cell.number.has_value();
  }
  static bool take(const CellMembers& cell, std::string_view, std::int64_t& out) {
    if (cell.element) out = *cell.element;
    return cell.element.has_value();
  }
  static bool take(const CellMembers& cell, std::string_view, bool& out) { return out = cell.is_null; }

  static bool number_is_null(ondemand::object& cell) {
    ondemand::value value;
    bool is_null = false;
    return cell.find_field_unordered("qNum").get(value) == simdjson::SUCCESS && value.is_null().get(is_null) == simdjson::SUCCESS &&
           is_null;
  }
  static bool number_is_null(const CellMembers& cell) { return cell.null_number; }

  template <typename Cell>
  Status decode_cell(Cell& cell, std::size_t position) {
    const auto index = static_cast<std::size_t>(page_.left) + position;
    const PlannedColumn& planned = plan_.columns[index];
    Column& out = columns_[first_output_[position]];
    if (planned.role == Role::measure && planned.type != Type::utf8 && !planned.with_text) {
      // The common case: one number, nothing else is looked at.
      double number = 0;
      if (take(cell, "qNum", number)) return append_number(out, number, planned.type, {index});
      return decode_without_number(cell, planned, index, out, 0);
    }

    std::string_view text;
    const bool wants_text = planned.type == Type::utf8 || planned.with_text || planned.own_text;
    if (wants_text && !take(cell, "qText", text)) return missing("qText", planned);
    double number = std::numeric_limits<double>::quiet_NaN();
    const bool has_number = planned.type != Type::utf8 && take(cell, "qNum", number);
    std::int64_t element = 0;
    if (planned.role == Role::dimension) {
      if (!take(cell, "qElemNumber", element)) return missing("qElemNumber", planned);
      if (element == kOthers) kind_ = RowKind::others;
      if (element == kTotal) kind_ = RowKind::total;
      if (element == kNull) return append_null(out, planned, position);
    }
    if (planned.with_text) {
      if (!has_number && is_null_measure(cell, planned, text)) return append_null(out, planned, position);
      columns_[first_output_[position] + 1].append_text(text);
    }
    if (planned.type == Type::utf8) {
      if (is_null_measure(cell, planned, text)) {
        out.append_null();
      } else {
        out.append_text(text);
      }
      return broken_ == simdjson::SUCCESS ? Status() : malformed(broken_);
    }
    if (!has_number) return decode_without_number(cell, planned, index, out, element);
    if (planned.own_text && element >= 0 && has_letters(text)) {
      return contradict({index}, Type::utf8,
                        "'" + std::string(text.substr(0, 100)) + "' is a text with a number behind it (" + hypercube::shown(number) + ")");
    }
    return append_number(out, number, planned.type, {index});
  }

  // qIsNull, or for a measure the dash the engine shows for a null. A dimension's "-" with an element number is a text like any other.
  template <typename Cell>
  bool is_null_measure(Cell& cell, const PlannedColumn& planned, std::string_view text) {
    if (planned.role != Role::measure || text != "-") return false;
    double number = 0;
    return !take(cell, "qNum", number);
  }

  // qNum is the text "NaN": a null, a special row's label, a value that is no number, or a text in a column of numbers.
  template <typename Cell>
  Status decode_without_number(Cell& cell, const PlannedColumn& planned, std::size_t index, Column& out, std::int64_t element) {
    std::string_view said;
    if (!take(cell, "qNum", said) && broken_ == simdjson::SUCCESS && !number_is_null(cell)) return missing("qNum", planned);
    std::string_view text;
    if (!take(cell, "qText", text)) return missing("qText", planned);
    bool is_null = false;
    if (element < 0 || planned.nan_is_null || (planned.role == Role::measure && text == "-") ||
        (take(cell, "qIsNull", is_null) && is_null)) {
      out.append_null();
      return {};
    }
    if (broken_ != simdjson::SUCCESS) return malformed(broken_);
    if (planned.type == Type::float64) {
      constexpr auto kInfinity = std::numeric_limits<double>::infinity();
      if (said == "Infinity" || said == "-Infinity") return out.append_float64(said.front() == '-' ? -kInfinity : kInfinity), Status();
      if (planned.role == Role::measure && (text == "NaN" || text == "nan"))
        return out.append_float64(std::numeric_limits<double>::quiet_NaN()), Status();
    }
    return contradict({index}, Type::utf8, "'" + std::string(text.substr(0, 100)) + "' is no number");
  }

  Status append_null(Column& out, const PlannedColumn& planned, std::size_t position) {
    out.append_null();
    if (planned.with_text) columns_[first_output_[position] + 1].append_null();
    return {};
  }

  Status append_number(Column& out, double number, Type type, Slot slot) {
    if (hypercube::append_number(out, number, type)) return {};
    auto [needed, why] = hypercube::misfit(number, type);
    return contradict(slot, needed, why);
  }

  // What else the cell carries, into the output columns behind its value: state, frequency, element; then attributes.
  Status decode_companions(const CellMembers& cell, std::size_t position) {
    Slot slot{static_cast<std::size_t>(page_.left) + position, 0};
    const PlannedColumn& planned = plan_.columns[slot.column];
    if (planned.no_frequency && has_frequency(cell)) {
      if (contradiction_ != nullptr) contradiction_->frequency = true;
      return bad("row " + row_number() + " has the frequency '" + std::string(cell.frequency->substr(0, 40)) +
                 "', which the layout did not announce");
    }
    if (auto status = check_attributes(cell, planned); !status.ok()) return status;
    auto* out = &columns_[first_output_[position] + planned.outputs() - planned.companions.size()];
    for (; slot.companion < planned.companions.size(); ++slot.companion, ++out) {
      if (auto status = decode_companion(cell, *out, slot); !status.ok()) return status;
    }
    return {};
  }

  Status decode_companion(const CellMembers& cell, Column& out, Slot slot) {
    const auto& planned = plan_.columns[slot.column];
    const auto& companion = planned.companions[slot.companion];
    switch (companion.kind) {
      case Companion::Kind::state: {
        const auto word = cell.state ? state_word(*cell.state) : std::string_view();
        if (word.empty())
          return bad("row " + row_number() + ", column '" + planned.title + "': the state '" +
                     std::string(cell.state.value_or("").substr(0, 20)) + "' is unknown");
        out.append_text(word);
        return {};
      }
      case Companion::Kind::frequency: return decode_frequency(cell, out, slot);
      case Companion::Kind::element:
        if (!cell.element) return missing("qElemNumber", planned);
        out.append_int64(*cell.element);
        return {};
      case Companion::Kind::expression:
        if (cell.has_expressions) return decode_attribute(cell.expressions[companion.index], out, slot);
        break;
      case Companion::Kind::dimension:
        if (cell.has_dimensions) return decode_attribute(cell.dimensions[companion.index], out, slot);
        break;
    }
    out.append_null();
    return {};
  }

  static bool has_frequency(const CellMembers& cell) { return cell.frequency && !cell.frequency->empty() && cell.frequency != "-"; }

  Status decode_frequency(const CellMembers& cell, Column& out, Slot slot) {
    const auto& companion = plan_.columns[slot.column].companions[slot.companion];
    if (!has_frequency(cell)) return out.append_null(), Status();
    if (companion.type == Type::utf8) return out.append_text(*cell.frequency), Status();
    const auto number = frequency_number(*cell.frequency);
    if (!number) return contradict(slot, Type::utf8, "'" + std::string(cell.frequency->substr(0, 40)) + "' is no frequency");
    return append_number(out, *number, companion.type, slot);
  }

  // The values are positional: the first of qAttrExps belongs to the first of qAttrExprInfo. A cell without them has none.
  Status check_attributes(const CellMembers& cell, const PlannedColumn& planned) const {
    const auto wrong = [&](bool present, std::size_t values, Companion::Kind kind) {
      const auto wanted = std::count_if(planned.companions.begin(), planned.companions.end(),
                                        [&](const Companion& companion) { return companion.kind == kind; });
      return present && wanted > 0 && values != static_cast<std::size_t>(wanted);
    };
    const bool expressions = wrong(cell.has_expressions, cell.expressions.size(), Companion::Kind::expression);
    if (!expressions && !wrong(cell.has_dimensions, cell.dimensions.size(), Companion::Kind::dimension)) return {};
    return bad("row " + row_number() + ", column '" + planned.title + "': " + (expressions ? "qAttrExps" : "qAttrDims") +
               " holds another number of values than the layout describes");
  }

  Status decode_attribute(const AttributeValue& value, Column& out, Slot slot) {
    const auto& companion = plan_.columns[slot.column].companions[slot.companion];
    const bool expression = companion.kind == Companion::Kind::expression;
    const bool has_number = expression && value.number;
    const auto text = value.text.value_or(std::string_view());
    const bool null = !value.text || (text == "-" && !has_number && expression);
    if (companion.type == Type::utf8) {
      null ? out.append_null() : out.append_text(text);
      return {};
    }
    if (!has_number) {
      if (null || text.empty()) return out.append_null(), Status();
      return contradict(slot, Type::utf8, "'" + std::string(text.substr(0, 100)) + "' is no number");
    }
    if (companion.own_text && has_letters(text)) {
      return contradict(
          slot, Type::utf8,
          "'" + std::string(text.substr(0, 100)) + "' is a text with a number behind it (" + hypercube::shown(*value.number) + ")");
    }
    return append_number(out, *value.number, companion.type, slot);
  }

  Status contradict(Slot slot, Type needed, const std::string& why) const {
    const auto& planned = plan_.columns[slot.column];
    const auto* companion = slot.companion == Slot::kNone ? nullptr : &planned.companions[slot.companion];
    if (contradiction_ != nullptr) contradiction_->slot = slot, contradiction_->needed = needed;
    return {Code::bad_data, "column '" + (companion == nullptr ? planned.title : companion->name) + "', row " + row_number() + ": " + why +
                                ", but the column is delivered as " +
                                std::string(to_string(companion == nullptr ? planned.type : companion->type))};
  }

  Status missing(std::string_view member, const PlannedColumn& planned) const {
    if (broken_ != simdjson::SUCCESS) return malformed(broken_);
    return bad("row " + row_number() + ", column '" + planned.title + "': the cell has no usable " + std::string(member));
  }

  const DecoderSettings& settings_;
  const ColumnPlan& plan_;
  const Page& page_;
  Contradiction* contradiction_;
  std::vector<Column> columns_;
  std::vector<std::size_t> first_output_;  // per matrix column of the page: its first output column
  std::int64_t answered_left_ = 0, answered_top_ = 0;
  std::int64_t row_ = 0;   // rows of the matrix read
  std::int64_t kept_ = 0;  // rows in the columns
  RowKind kind_ = RowKind::value;
  simdjson::error_code broken_ = simdjson::SUCCESS;
  bool whole_ = false;
  bool companions_ = false;  // some column has some
  CellMembers members_;
};

}  // namespace

Result<Decoded> decode_page(const DecoderSettings& settings, const Page& page, std::string_view reply_json, Contradiction* contradiction) {
  return PageDecoder(settings, page, contradiction).decode(reply_json);
}

}  // namespace qonduit::straight
