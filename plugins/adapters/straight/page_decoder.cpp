#include "plugins/adapters/straight/page_decoder.hpp"

#include <qonduit/type_words.hpp>

#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "plugins/adapters/hypercube/number_column.hpp"
#include "plugins/adapters/hypercube/row_kind.hpp"
#include "plugins/adapters/straight/cell_members.hpp"

namespace qonduit::straight {
namespace {

namespace ondemand = simdjson::ondemand;

using hypercube::kNull;
using hypercube::kOthers;
using hypercube::kTotal;
using hypercube::Role;

static_assert(simdjson::SIMDJSON_PADDING <= QONDUIT_REPLY_PADDING);

using hypercube::RowKind;

// What a value is made of, read in the order it stands there.
struct Cell {
  std::string_view text;  // as it stands in the reply, or read
  bool has_text = false;
  bool raw = false;         // escapes of the text were not read
  bool wrong_text = false;  // there is something else in its place
  bool has_number = false, has_element = false, is_null = false;
  bool no_number = false;  // qNum is there and says that there is none
  double number = std::numeric_limits<double>::quiet_NaN();
  std::int64_t element = 0;
};

// What the common case of a column is; none: there is no such case.
enum class Quick : std::uint8_t { none, text, whole, real, day };

// A matrix column of the page, as the common case wants it.
struct Lane {
  Quick quick = Quick::none;
  bool dimension = false;
  const cell::Writing* writing = nullptr;
  Column* out = nullptr;
  cell::Kinds* met = nullptr;
};

Quick quick_of(const PlannedColumn& planned) {
  if (planned.writing == nullptr) return Quick::none;
  switch (planned.type) {
    case Type::utf8: return planned.role == Role::dimension ? Quick::text : Quick::none;
    case Type::int64: return Quick::whole;
    case Type::float64: return Quick::real;
    case Type::date32: return Quick::day;
    default: return Quick::none;
  }
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
    if (end == plan_.columns.size()) {
      for (std::size_t i = 0; i < plan_.kind_outputs(); ++i) columns_.emplace_back(Type::utf8, page.height);
    }
    whole_ = page.left == 0 && end == plan_.columns.size();
    met_.resize(end - std::min(left, end));
    if (contradiction_ != nullptr) contradiction_->met.assign(plan_.columns.size(), 0);
    for (std::size_t i = left; i < end; ++i) {
      const auto& planned = plan_.columns[i];
      const auto position = i - left;
      const bool plain = contradiction_ == nullptr && !planned.no_frequency && planned.companions.empty();
      lanes_.push_back({plain ? quick_of(planned) : Quick::none, planned.role == Role::dimension, planned.writing.get(),
                        &columns_[first_output_[position]], &met_[position]});
    }
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

    for (std::size_t i = 0; settings_.findings != nullptr && i < met_.size(); ++i)
      settings_.findings->add(static_cast<std::size_t>(page_.left) + i, met_[i]);
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
    return {Code::bad_data, "page at row " + std::to_string(page_.top + 1) + ", column " + std::to_string(page_.left + 1) + ": " + what};
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
      return bad("the engine answered another area: qTop " + std::to_string(answered_top_) + ", qLeft " + std::to_string(answered_left_));
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
    no_members_.clear();
    for (auto item : row) {
      if (column == lanes_.size()) return bad("row " + row_number() + " has more cells than columns");
      ondemand::object cell;
      if (const auto error = item.get_object().get(cell)) return malformed(error);
      const auto& lane = lanes_[column];
      if (lane.quick != Quick::none && decode_quickly(cell, lane)) {
        ++column;
        continue;
      }
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
        return bad("row " + row_number() + " is a row of kind '" + std::string(hypercube::name_of(kind_)) +
                   "', which the layout did not announce");
      }
    }
    if (plan_.row_kind && first_output_.size() + static_cast<std::size_t>(page_.left) == plan_.columns.size()) {
      columns_[columns_.size() - plan_.kind_outputs()].append_text(hypercube::name_of(kind_));
      if (plan_.row_kind_of && no_members_.empty()) columns_.back().append_null();
      if (plan_.row_kind_of && !no_members_.empty()) columns_.back().append_text(hypercube::columns_of(no_members_, kind_));
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

  // Counted from 1, as everywhere in messages.
  std::string row_number() const { return std::to_string(page_.top + row_ + 1); }

  // Members of another type than expected are as if they were not there. Any other error leaves the parser unusable: nothing more may be
  // read then.
  static bool other_type(simdjson::error_code error) { return error == simdjson::INCORRECT_TYPE || error == simdjson::NUMBER_ERROR; }

  // A text as it stands: most are only compared with a number. It ends in a quote, behind which blanks may follow.
  static void take_raw(ondemand::value value, Cell& into) {
    auto raw = value.raw_json_token();
    into.wrong_text = raw.empty() || (raw.front() != '"' && raw.front() != 'n');
    if (raw.size() < 2 || raw.front() != '"') return;
    while (raw.back() != '"') raw.remove_suffix(1);
    if (raw.size() < 2) return;
    into.text = raw.substr(1, raw.size() - 2);
    into.raw = into.has_text = true;
  }

  static simdjson::error_code take_number(ondemand::value value, Cell& into) {
    const auto error = value.get_double().get(into.number);
    if (!error) {
      into.has_number = true;
      return simdjson::SUCCESS;
    }
    if (!other_type(error)) return error;
    take_number_text(raw_text(value), into);
    into.no_number = into.no_number || value.raw_json_token().substr(0, 4) == "null";
    return simdjson::SUCCESS;
  }
  static std::string_view raw_text(ondemand::value value) {
    Cell cell;
    take_raw(value, cell);
    return cell.text;
  }
  // "NaN" as a rule.
  static void take_number_text(std::string_view said, Cell& into) {
    constexpr auto kInfinity = std::numeric_limits<double>::infinity();
    into.no_number = !said.empty();
    if (said != "Infinity" && said != "-Infinity") return;
    into.number = said.front() == '-' ? -kInfinity : kInfinity;
    into.has_number = true;
  }

  static simdjson::error_code read_cell(ondemand::object& members, bool wants_text, Cell& cell) {
    for (auto item : members) {
      ondemand::field field;
      if (const auto error = std::move(item).get(field)) return error;
      const auto* key = field.key().raw();
      auto error = simdjson::SUCCESS;
      // The letter behind the q tells most members apart.
      switch (key[0] == 'q' ? key[1] : '\0') {
        case 'T':
          if (!(field.key() == "qText")) break;
          if (wants_text) {
            error = field.value().get_string().get(cell.text);
            cell.has_text = !error;
            if (!other_type(error)) break;
            error = simdjson::SUCCESS;
            cell.wrong_text = field.value().raw_json_token().substr(0, 4) != "null";
          } else {
            take_raw(field.value(), cell);
          }
          break;
        case 'N':
          if (field.key() == "qNum") error = take_number(field.value(), cell);
          break;
        case 'E':
          if (!(field.key() == "qElemNumber")) break;
          error = field.value().get_int64().get(cell.element);
          cell.has_element = !error;
          if (other_type(error)) error = simdjson::SUCCESS;
          break;
        case 'I':
          if (!(field.key() == "qIsNull")) break;
          error = field.value().get_bool().get(cell.is_null);
          if (other_type(error)) error = simdjson::SUCCESS;
          break;
        default: break;
      }
      if (error) return error;
    }
    return simdjson::SUCCESS;
  }

  Status decode_cell(ondemand::object& members, std::size_t position) {
    const PlannedColumn& planned = plan_.columns[static_cast<std::size_t>(page_.left) + position];
    if (const auto error = members.reset().error()) return malformed(error);
    Cell cell;
    if (const auto error = read_cell(members, planned.type == Type::utf8 || planned.with_text, cell)) return malformed(error);
    return decode_value(cell, position, &members);
  }

  // The common case, members in the order captured cells have them: a number and its writing, or a text without a number. False, and
  // nothing was appended, for everything else.
  static bool decode_quickly(ondemand::object& members, const Lane& lane) {
    ondemand::value value;
    if (members.find_field("qText").get(value)) return false;
    if (lane.quick == Quick::text) {
      std::string_view text;
      if (value.get_string().get(text) || members.find_field("qNum").get(value)) return false;
      const auto token = value.raw_json_token();
      if (token.size() < 5 || token[1] != 'N' || token[3] != 'N' || text == "-" || !is_value(members)) return false;
      lane.out->append_text(text);
      *lane.met |= cell::bit(cell::Kind::text);
      return true;
    }
    const auto token = value.raw_json_token();
    if (token.size() < 3 || token.front() != '"' || token.back() != '"') return false;
    const std::string_view text(token.data() + 1, token.size() - 2);
    double number = 0;
    if (members.find_field("qNum").get(value) || value.get_double().get(number)) return false;
    if (lane.quick == Quick::day ? !lane.writing->is_day(text, number) : !lane.writing->is_number(text, number)) return false;
    if (lane.dimension && !is_value(members)) return false;
    if (lane.quick == Quick::real) {
      lane.out->append_float64(number);
      return true;
    }
    return hypercube::append_number(*lane.out, number, lane.out->type());
  }
  static bool is_value(ondemand::object& members) {
    std::int64_t element = 0;
    return !members.find_field("qElemNumber").get_int64().get(element) && element >= 0;
  }

  // The same of a cell that was read as a whole.
  Status decode_cell(const CellMembers& members, std::size_t position) {
    Cell cell;
    cell.text = members.text.value_or(std::string_view());
    cell.has_text = members.text.has_value();
    cell.has_number = members.number.has_value();
    if (cell.has_number) cell.number = *members.number;
    if (members.number_text) take_number_text(*members.number_text, cell);
    cell.no_number = cell.no_number || members.null_number;
    cell.has_element = members.element.has_value();
    cell.element = members.element.value_or(0);
    cell.is_null = members.is_null;
    return decode_value(cell, position, nullptr);
  }

  Status decode_value(Cell& cell, std::size_t position, ondemand::object* members) {
    const auto index = static_cast<std::size_t>(page_.left) + position;
    const PlannedColumn& planned = plan_.columns[index];
    Column& out = columns_[first_output_[position]];
    if (cell.wrong_text) return missing("qText", planned);
    // What has an element may leave everything else out.
    if (!cell.has_text && !cell.has_number && !cell.no_number && !cell.is_null && !cell.has_element) return missing("qNum", planned);
    if (planned.role == Role::dimension) {
      if (!cell.has_element) return missing("qElemNumber", planned);
      if (cell.element == kOthers || cell.element == kTotal) {
        no_members_.push_back({planned.name, cell.element == kOthers ? RowKind::others : RowKind::total});
        kind_ = std::max(kind_, no_members_.back().kind);
      }
      // A member without a text is the empty text. A label without one is none.
      const bool no_label = cell.element < 0 && !cell.has_text && !cell.has_number;
      if (cell.element == kNull || cell.is_null || no_label) return append_null(out, planned, position);
      // A label of a row that is no value is a text among numbers, and no contradiction.
      if (cell.element < 0 && planned.type != Type::utf8) return append_label(cell, out, planned, position);
    } else if (is_null_measure(cell)) {
      return append_null(out, planned, position);
    }
    if (planned.writing == nullptr) return decode_chosen(cell, position, out, members);
    return decode_auto(cell, position, out, members);
  }

  // The dash without a number is how the engine writes a null. A text measure may be flagged as null beside its text.
  static bool is_null_measure(const Cell& cell) {
    if (cell.text == "-") return !cell.has_number || cell.is_null;
    return cell.is_null && !cell.has_text;
  }

  // dual = auto: the number where the text is a writing of it.
  Status decode_auto(Cell& cell, std::size_t position, Column& out, ondemand::object* members) {
    const auto index = static_cast<std::size_t>(page_.left) + position;
    const PlannedColumn& planned = plan_.columns[index];
    if (cell.has_number && contradiction_ == nullptr) {
      const bool number = planned.type == Type::int64 || planned.type == Type::float64;
      // A measure without a text is its number: a pattern may hide it.
      const bool plain = planned.role == Role::measure && cell.text.empty();
      if (number && (plain || planned.writing->is_number(cell.text, cell.number)) &&
          hypercube::append_number(out, cell.number, planned.type)) {
        return {};
      }
      if (planned.type == Type::date32 && !cell.text.empty() && planned.writing->is_day(cell.text, cell.number) &&
          hypercube::append_number(out, cell.number, planned.type)) {
        return {};
      }
    }
    if (auto status = read_text(cell, members); !status.ok()) return status;
    return append_kind(cell, kind_of(cell, planned), position, out);
  }

  static cell::Kind kind_of(const Cell& cell, const PlannedColumn& planned) {
    if (!cell.has_number) return cell::Kind::text;
    if (planned.role == Role::measure && cell.text.empty()) return cell::Writing::kind_of_number(cell.number);
    return planned.writing->kind(cell.text, cell.number);
  }

  Status append_kind(const Cell& cell, cell::Kind kind, std::size_t position, Column& out) {
    const auto index = static_cast<std::size_t>(page_.left) + position;
    const PlannedColumn& planned = plan_.columns[index];
    if (contradiction_ != nullptr) {
      contradiction_->met[index] = static_cast<cell::Kinds>(contradiction_->met[index] | cell::bit(kind));
      return out.append_null(), Status();
    }
    if (!planned.holds(kind)) return contradict({index}, Type::utf8, why_not(cell, kind));
    if (kind == cell::Kind::text) {
      met_[position] |= cell::bit(kind);
      planned.texts_are_null ? out.append_null() : out.append_text(cell.text);
    } else if (planned.type == Type::utf8) {
      met_[position] |= cell::bit(kind);
      ValueText room;
      out.append_text(cell::text_of(kind, cell.text, cell.number, room));
    } else if (!hypercube::append_number(out, cell.number, planned.type, planned.of_day)) {
      return contradict({index}, Type::utf8, "the number " + hypercube::shown(cell.number) + " is out of range");
    }
    return {};
  }

  static std::string why_not(const Cell& cell, cell::Kind kind) {
    const auto text = "'" + std::string(cell.text.substr(0, 100)) + "'";
    if (!cell.has_number) return text + " is no number";
    const auto over = " (" + hypercube::shown(cell.number) + ")";
    switch (kind) {
      case cell::Kind::text: return text + " is a text with a number behind it" + over;
      case cell::Kind::long_integer: return text + " is a number with more digits than a double holds" + over;
      case cell::Kind::integer: return text + " is a number" + over;
      case cell::Kind::real: return hypercube::shown(cell.number) + " is no exact integer";
      case cell::Kind::date: return text + " is a date" + over;
      case cell::Kind::timestamp: return text + " is a date with a time of day" + over;
      case cell::Kind::time:
      case cell::Kind::clock: return text + " is a time of day" + over;
      case cell::Kind::interval: break;
    }
    return text + " is an interval" + over;
  }

  // dual says what is taken.
  Status decode_chosen(Cell& cell, std::size_t position, Column& out, ondemand::object* members) {
    const auto index = static_cast<std::size_t>(page_.left) + position;
    const PlannedColumn& planned = plan_.columns[index];
    if (planned.with_text) columns_[first_output_[position] + 1].append_text(cell.text);
    if (planned.type == Type::utf8) return out.append_text(cell.text), Status();
    if (cell.has_number) {
      if (hypercube::append_number(out, cell.number, planned.type, planned.of_day)) return {};
      auto [needed, why] = hypercube::misfit(cell.number, planned.type);
      return contradict({index}, needed, why);
    }
    if (planned.nan_is_null) return out.append_null(), Status();
    if (auto status = read_text(cell, members); !status.ok()) return status;
    return contradict({index}, Type::utf8, "'" + std::string(cell.text.substr(0, 100)) + "' is no number");
  }

  // Reads the escapes of a text that is more than compared.
  Status read_text(Cell& cell, ondemand::object* members) {
    if (!std::exchange(cell.raw, false) || members == nullptr || cell.text.find('\\') == std::string_view::npos) return {};
    auto error = members->reset().error();
    if (!error) error = members->find_field("qText").get_string().get(cell.text);
    return error ? malformed(error) : Status();
  }

  Status append_label(const Cell& cell, Column& out, const PlannedColumn& planned, std::size_t position) {
    if (planned.with_text) columns_[first_output_[position] + 1].append_text(cell.text);
    if (!cell.has_number || !hypercube::append_number(out, cell.number, planned.type, planned.of_day)) out.append_null();
    return {};
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
    // A value of another field has an element, and no text where the text is empty.
    const bool no_text = !value.text && !(value.element && *value.element >= 0);
    const bool null = !has_number && (no_text || (text == "-" && expression));
    if (null || (!has_number && text.empty() && companion.type != Type::utf8)) return out.append_null(), Status();
    auto kind = cell::Kind::text;
    if (has_number) {
      const bool plain = companion.writing == nullptr || text.empty();
      kind = plain ? cell::Writing::kind_of_number(*value.number) : companion.writing->kind(text, *value.number);
    }
    if (companion.type == Type::utf8) {
      ValueText room;
      out.append_text(cell::text_of(kind, text, value.number.value_or(0), room));
      return {};
    }
    if (!has_number) return contradict(slot, Type::utf8, "'" + std::string(text.substr(0, 100)) + "' is no number");
    if (kind == cell::Kind::text || kind == cell::Kind::long_integer) {
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
                                std::string(type_word(companion == nullptr ? planned.type : companion->type))};
  }

  Status missing(std::string_view member, const PlannedColumn& planned) const {
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
  std::vector<hypercube::NoMember> no_members_;  // of the row
  std::vector<cell::Kinds> met_;                 // by matrix column of the page, for the findings
  std::vector<Lane> lanes_;                      // the same
  bool whole_ = false;
  bool companions_ = false;  // some column has some
  CellMembers members_;
};

}  // namespace

Result<Decoded> decode_page(const DecoderSettings& settings, const Page& page, std::string_view reply_json, Contradiction* contradiction) {
  return PageDecoder(settings, page, contradiction).decode(reply_json);
}

}  // namespace qonduit::straight
