#include "core/pipeline/table_rows.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>
#include <utility>

#include "core/engine/message.hpp"
#include "qonduit/dual.hpp"
#include "qonduit/type_words.hpp"

namespace qonduit::pipeline {
namespace {

namespace ondemand = simdjson::ondemand;

struct Cell {
  std::string_view text;
  double number = 0;
  bool numeric = false;
  bool has_number = false;
};

class RowsDecoder {
 public:
  // survey: what cells are is noted in misfit, and nulls take their place.
  RowsDecoder(const std::vector<TableColumn>& planned, const fetch::Page& page, Misfit& misfit, bool survey,
              std::vector<cell::Kinds>* findings)
      : planned_(planned), page_(page), misfit_(misfit), survey_(survey), findings_(findings) {
    for (const auto& column : planned) {
      first_.push_back(columns_.size());
      columns_.emplace_back(column.type, page.height);
      if (column.dual == TableDual::both) columns_.emplace_back(Type::utf8, page.height);
    }
  }

  Result<fetch::Piece> decode(std::string_view reply) {
    static thread_local ondemand::parser parser;
    ondemand::document document;
    const simdjson::padded_string_view padded(reply.data(), reply.size(), reply.size() + engine::Message::kPadding);
    ondemand::array rows;
    auto error = parser.iterate(padded).get(document);
    if (!error) error = document.find_field_unordered("qData").get_array().get(rows);
    if (error) return malformed(error);
    for (auto item : rows) {
      ondemand::object row;
      if (const auto broken = item.get_object().get(row)) return malformed(broken);
      if (row_ == page_.height) return bad("more rows than asked for");
      if (auto status = decode_row(row); !status.ok()) return status;
      ++row_;
    }
    fetch::Piece piece{arrow::ArrayHandle(new ArrowArray{}), row_};
    finish_batch(columns_, piece.array.get());
    return piece;
  }

 private:
  // Members in the order they come: a look back over bytes that are no JSON could lead anywhere.
  Status decode_row(ondemand::object& row) {
    bool has_values = false;
    for (auto item : row) {
      ondemand::field field;
      if (const auto error = std::move(item).get(field)) return malformed(error);
      if (field.key() != "qValue" || std::exchange(has_values, true)) continue;
      ondemand::array cells;
      if (const auto error = field.value().get_array().get(cells)) return malformed(error);
      if (auto status = decode_cells(cells); !status.ok()) return status;
    }
    return has_values ? Status() : bad("a row has no qValue");
  }

  Status decode_cells(ondemand::array& cells) {
    std::size_t index = 0;
    for (auto item : cells) {
      if (index == planned_.size()) return bad("a row has more values than the table has fields");
      ondemand::object object;
      Cell cell;
      auto error = item.get_object().get(object);
      if (!error) error = read_cell(object, cell);
      if (error) return malformed(error);
      if (auto status = append(cell, index); !status.ok()) return status;
      ++index;
    }
    if (index != planned_.size())
      return bad("a row has " + std::to_string(index) + " values, but the table has " + std::to_string(planned_.size()) + " fields");
    return {};
  }

  // Members in any order; what is false or empty may be left out, and no number is the text "NaN".
  static simdjson::error_code read_cell(ondemand::object& object, Cell& cell) {
    for (auto member : object) {
      ondemand::raw_json_string key;
      if (const auto error = member.key().get(key)) return error;
      auto error = simdjson::SUCCESS;
      if (key == "qText") {
        error = member.value().get_string().get(cell.text);
      } else if (key == "qIsNumeric") {
        error = member.value().get_bool().get(cell.numeric);
      } else if (key == "qNumber") {
        error = member.value().get_double().get(cell.number);
        cell.has_number = !error;
        if (error == simdjson::INCORRECT_TYPE || error == simdjson::NUMBER_ERROR) error = simdjson::SUCCESS;
      }
      if (error) return error;
    }
    return simdjson::SUCCESS;
  }

  Status append(const Cell& cell, std::size_t index) {
    auto& column = columns_[first_[index]];
    const auto& planned = planned_[index];
    auto* text = planned.dual == TableDual::both ? &columns_[first_[index] + 1] : nullptr;
    if (!cell.numeric && cell.text.empty() && planned.has_null) {
      column.append_null();
      if (text != nullptr) text->append_null();
      return {};
    }
    if (cell.numeric && !cell.has_number) return bad("field '" + planned.name + "': a numeric value has no number");
    if (text != nullptr) text->append_text(cell.text);
    if (planned.dual == TableDual::automatic) return append_seen(cell, index, column);
    if (planned.dual == TableDual::text) return column.append_text(cell.text), Status();
    if (cell.numeric) {
      if (dual::append_number(column, cell.number)) return {};
      return misfit(index, cell::Kind::real, shown(cell.number) + " does not fit");
    }
    if (text != nullptr) return column.append_null(), Status();
    return misfit(index, cell::Kind::text, "'" + std::string(cell.text.substr(0, 100)) + "' is no number");
  }

  void met(std::size_t index, cell::Kind kind) {
    if (findings_ != nullptr) (*findings_)[index] = static_cast<cell::Kinds>((*findings_)[index] | cell::bit(kind));
  }

  // The number where the text is a writing of it.
  Status append_seen(const Cell& cell, std::size_t index, Column& column) {
    const auto& planned = planned_[index];
    const auto kind = cell.numeric ? planned.writing->kind(cell.text, cell.number) : cell::Kind::text;
    if (survey_) {
      misfit_.met[index] = static_cast<cell::Kinds>(misfit_.met[index] | cell::bit(kind));
      return column.append_null(), Status();
    }
    if (!planned.holds(kind)) {
      const auto text = "'" + std::string(cell.text.substr(0, 100)) + "'";
      return misfit(index, kind,
                    !cell.numeric              ? text + " is no number"
                    : kind == cell::Kind::text ? text + " is more than its number " + shown(cell.number)
                                               : text + " over " + shown(cell.number) + " does not fit");
    }
    if (kind == cell::Kind::text) {
      met(index, kind);
      planned.texts_are_null ? column.append_null() : column.append_text(cell.text);
    } else if (planned.type == Type::utf8) {
      met(index, kind);
      ValueText room;
      column.append_text(cell::text_of(kind, cell.text, cell.number, room));
    } else if (!append_as(column, cell.number, planned)) {
      return misfit(index, cell::Kind::text, shown(cell.number) + " does not fit");
    }
    return {};
  }

  static bool append_as(Column& column, double number, const TableColumn& planned) {
    if (!planned.of_day) return dual::append_number(column, number);
    column.append_int64(cell::time_of_day(number));
    return true;
  }

  static std::string shown(double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%.17g", number);
    return text;
  }

  Status misfit(std::size_t index, cell::Kind kind, const std::string& why) {
    misfit_ = {index, std::vector<cell::Kinds>(planned_.size(), 0)};
    misfit_.met[index] = cell::bit(kind);
    return bad("field '" + planned_[index].name + "': " + why + ", but the column is delivered as " +
               std::string(type_word(planned_[index].type)));
  }

  Status malformed(simdjson::error_code error) const {
    return bad(std::string("the reply is not what GetTableData answers: ") + simdjson::error_message(error));
  }

  Status bad(const std::string& what) const { return {Code::bad_data, "row " + std::to_string(page_.top + row_ + 1) + ": " + what}; }

  const std::vector<TableColumn>& planned_;
  const fetch::Page& page_;
  Misfit& misfit_;
  bool survey_;
  std::vector<cell::Kinds>* findings_;
  std::vector<Column> columns_;
  std::vector<std::size_t> first_;  // by field: its first column
  std::int64_t row_ = 0;
};

}  // namespace

std::vector<TableColumn> plan_table(const engine::TableInfo& table, const Locale& locale, const TableOptions& options,
                                    const TableKinds& kinds) {
  constexpr int kText = cell::bit(cell::Kind::text);
  std::vector<TableColumn> columns;
  for (const auto& field : table.fields) {
    TableColumn column{field.name, dual::type_of_tags(field.tags), field.has_null};
    if (const auto own = options.dual_of.find(field.name); own != options.dual_of.end()) column.dual = own->second;
    if (column.dual == TableDual::text) column.type = Type::utf8;
    if ((column.dual == TableDual::number || column.dual == TableDual::both) && column.type == Type::utf8) column.type = Type::float64;
    const auto met = kinds.find(field.name);
    if (column.dual != TableDual::automatic) {
      if (met != kinds.end()) column.type = Type::float64;
      columns.push_back(std::move(column));
      continue;
    }
    cell::Format format;
    format.dates = column.type == Type::date32 || column.type == Type::timestamp;
    column.writing = std::make_shared<const cell::Writing>(format, locale);
    column.texts_alone = options.on_mixed != TableMixed::text;
    if (met != kinds.end()) {
      int seen = met->second;
      if ((seen & kText) != 0 && seen != kText && options.on_mixed == TableMixed::null &&
          cell::choose(static_cast<cell::Kinds>(seen & ~kText)).type != Type::utf8) {
        column.texts_are_null = true;
        seen &= ~kText;
      }
      column.texts_alone = column.texts_alone && seen == kText;
      const auto chosen = cell::choose(static_cast<cell::Kinds>(seen));
      column.type = chosen.type, column.of_day = chosen.of_day;
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

Schema schema_of(const engine::TableInfo& table, const std::vector<TableColumn>& columns) {
  std::set<std::string> taken;
  for (const auto& column : columns) taken.insert(column.name);
  Schema schema;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& column = columns[i];
    Metadata metadata = {{"qlik.title", column.name}, {"qlik.role", "dimension"}};
    std::string tags;
    for (const auto& tag : table.fields[i].tags) tags += (tags.empty() ? "" : ",") + tag;
    if (!tags.empty()) metadata.emplace_back("qlik.tags", std::move(tags));
    if (column.type == Type::duration) metadata.emplace_back("qlik.logical", column.of_day ? "time" : "interval");
    schema.fields.push_back(Field{column.name, column.type, true, std::move(metadata), false});
    if (column.dual != TableDual::both) continue;
    auto name = column.name + "_text";
    for (int n = 2; !taken.insert(name).second; ++n) name = column.name + "_text_" + std::to_string(n);
    schema.fields.push_back(Field{name, Type::utf8, true, {{"qlik.title", column.name}, {"qlik.role", "text"}}, false});
  }
  return schema;
}

Result<fetch::Piece> decode_table_rows(const std::vector<TableColumn>& columns, const fetch::Page& page, std::string_view reply_json,
                                       Misfit& misfit, std::vector<cell::Kinds>* findings) {
  auto piece = RowsDecoder(columns, page, misfit, false, findings).decode(reply_json);
  if (piece || misfit.column >= columns.size()) return piece;
  // What else is in the reply: one start over for all columns that need it.
  auto survey = misfit;
  if (RowsDecoder(columns, page, survey, true, nullptr).decode(reply_json)) misfit = std::move(survey);
  return piece;
}

std::vector<std::string> notes_of(const std::vector<TableColumn>& columns, const std::vector<cell::Kinds>& findings) {
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < std::min(columns.size(), findings.size()); ++i) {
    const auto& column = columns[i];
    if (column.texts_are_null && (findings[i] & cell::bit(cell::Kind::text)) != 0) {
      notes.push_back("column '" + column.name + "' holds texts beside its other values; they are delivered as null (on-mixed = null)");
    } else {
      for (auto& note : cell::notes_of_mixed(column.name, findings[i])) notes.push_back(std::move(note));
    }
  }
  return notes;
}

}  // namespace qonduit::pipeline
