#include "page_decoder.hpp"

#include <simdjson.h>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "plugins/adapters/hypercube/number_value.hpp"

namespace qonduit::table {
namespace {

namespace ondemand = simdjson::ondemand;

using hypercube::kExactIntegers;
using hypercube::kMillisecondsPerDay;
using hypercube::kNull;
using hypercube::kOthers;
using hypercube::kTotal;
using hypercube::kUnixEpochSerial;
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
    return bad(std::string("the reply is not what GetHyperCubeData answers: ") + simdjson::error_message(error));
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
      if (auto status = decode_cell(cell, column); !status.ok()) return status;
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

  Status decode_cell(ondemand::object& cell, std::size_t position) {
    const auto index = static_cast<std::size_t>(page_.left) + position;
    const PlannedColumn& planned = plan_.columns[index];
    Column& out = columns_[first_output_[position]];
    if (planned.role == Role::measure && planned.type != Type::utf8 && !planned.with_text) {
      // The common case: one number, nothing else is looked at.
      double number = 0;
      if (take(cell, "qNum", number)) return append_number(out, number, planned, index);
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
      return contradict(index, Type::utf8,
                        "'" + std::string(text.substr(0, 100)) + "' is a text with a number behind it (" + shown(number) + ")");
    }
    return append_number(out, number, planned, index);
  }

  // qIsNull, or for a measure the dash the engine shows for a null. A dimension's "-" with an element number is a text like any other.
  bool is_null_measure(ondemand::object& cell, const PlannedColumn& planned, std::string_view text) {
    if (planned.role != Role::measure || text != "-") return false;
    double number = 0;
    return !take(cell, "qNum", number);
  }

  // qNum is the text "NaN": a null, a special row's label, a value that is no number, or a text in a column of numbers.
  Status decode_without_number(ondemand::object& cell, const PlannedColumn& planned, std::size_t index, Column& out, std::int64_t element) {
    std::string_view said;
    if (!take(cell, "qNum", said) && broken_ == simdjson::SUCCESS) {
      ondemand::value value;
      bool is_null = false;
      if (cell.find_field_unordered("qNum").get(value) != simdjson::SUCCESS || value.is_null().get(is_null) != simdjson::SUCCESS ||
          !is_null) {
        return missing("qNum", planned);
      }
    }
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
    return contradict(index, Type::utf8, "'" + std::string(text.substr(0, 100)) + "' is no number");
  }

  Status append_null(Column& out, const PlannedColumn& planned, std::size_t position) {
    out.append_null();
    if (planned.with_text) columns_[first_output_[position] + 1].append_null();
    return {};
  }

  Status append_number(Column& out, double number, const PlannedColumn& planned, std::size_t index) {
    switch (planned.type) {
      case Type::float64: out.append_float64(number); return {};
      case Type::int64:
        if (std::fabs(number) <= kExactIntegers && static_cast<double>(static_cast<std::int64_t>(number)) == number) {
          out.append_int64(static_cast<std::int64_t>(number));
          return {};
        }
        return contradict(index, Type::float64, shown(number) + " is no exact integer");
      case Type::date32: {
        const double day = number - kUnixEpochSerial;
        if (std::floor(day) == day && std::fabs(day) < 2e9) {
          out.append_date32(static_cast<std::int32_t>(day));
          return {};
        }
        return contradict(index, Type::timestamp, "the serial " + shown(number) + " is no whole day");
      }
      case Type::timestamp: return append_milliseconds(out, (number - kUnixEpochSerial) * kMillisecondsPerDay, number, index);
      case Type::duration: return append_milliseconds(out, number * kMillisecondsPerDay, number, index);
      case Type::boolean:
      case Type::utf8: break;
    }
    return {Code::internal, "a number for a column of type " + std::string(to_string(planned.type))};
  }

  Status append_milliseconds(Column& out, double milliseconds, double number, std::size_t index) {
    if (!(std::fabs(milliseconds) < 9e18)) return contradict(index, Type::utf8, "the serial " + shown(number) + " is out of range");
    out.append_int64(static_cast<std::int64_t>(std::llround(milliseconds)));
    return {};
  }

  Status contradict(std::size_t index, Type needed, const std::string& why) const {
    const auto& planned = plan_.columns[index];
    if (contradiction_ != nullptr) *contradiction_ = {index, needed, false};
    return {Code::bad_data, "column '" + planned.title + "', row " + row_number() + ": " + why + ", but the column is delivered as " +
                                std::string(to_string(planned.type))};
  }

  Status missing(std::string_view member, const PlannedColumn& planned) const {
    if (broken_ != simdjson::SUCCESS) return malformed(broken_);
    return bad("row " + row_number() + ", column '" + planned.title + "': the cell has no usable " + std::string(member));
  }

  static std::string shown(double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%.17g", number);
    return text;
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
};

}  // namespace

Result<Decoded> decode_page(const DecoderSettings& settings, const Page& page, std::string_view reply_json, Contradiction* contradiction) {
  return PageDecoder(settings, page, contradiction).decode(reply_json);
}

}  // namespace qonduit::table
