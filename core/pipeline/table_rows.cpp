#include "core/pipeline/table_rows.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "core/engine/message.hpp"
#include "qonduit/dual.hpp"

namespace qonduit::pipeline {
namespace {

namespace ondemand = simdjson::ondemand;

bool has_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

struct Cell {
  std::string_view text;
  double number = 0;
  bool numeric = false;
  bool has_number = false;
};

class RowsDecoder {
 public:
  RowsDecoder(const std::vector<TableColumn>& planned, const fetch::Page& page, Misfit& misfit)
      : planned_(planned), page_(page), misfit_(misfit) {
    columns_.reserve(planned.size());
    for (const auto& column : planned) columns_.emplace_back(column.type, page.height);
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
      if (index == columns_.size()) return bad("a row has more values than the table has fields");
      ondemand::object object;
      Cell cell;
      auto error = item.get_object().get(object);
      if (!error) error = read_cell(object, cell);
      if (error) return malformed(error);
      if (auto status = append(cell, index); !status.ok()) return status;
      ++index;
    }
    if (index != columns_.size())
      return bad("a row has " + std::to_string(index) + " values, but the table has " + std::to_string(columns_.size()) + " fields");
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
    auto& column = columns_[index];
    const auto& planned = planned_[index];
    if (!cell.numeric) {
      if (cell.text.empty() && planned.has_null) return column.append_null(), Status();
      if (planned.type == Type::utf8) return column.append_text(cell.text), Status();
      return misfit(index, Type::utf8, "'" + std::string(cell.text.substr(0, 100)) + "' is no number");
    }
    if (planned.type == Type::utf8) return column.append_text(cell.text), Status();
    if (!cell.has_number) return bad("field '" + planned.name + "': a numeric value has no number");
    // Jan is 1 and North is 3 where a script says so: the text means more than the number. 120,50 kr is a number that is written out.
    const bool plain = planned.type == Type::int64 || planned.type == Type::float64;
    if (plain && !cell.text.empty() && !has_digit(cell.text))
      return misfit(index, Type::utf8, "'" + std::string(cell.text.substr(0, 100)) + "' is more than its number");
    if (dual::append_number(column, cell.number)) return {};
    char shown[32];
    std::snprintf(shown, sizeof shown, "%.17g", cell.number);
    return misfit(index, dual::wider_for_number(planned.type), std::string(shown) + " does not fit");
  }

  Status misfit(std::size_t index, Type needed, const std::string& why) {
    misfit_ = {index, needed};
    return bad("field '" + planned_[index].name + "': " + why + ", but the column is delivered as " +
               std::string(to_string(planned_[index].type)));
  }

  Status malformed(simdjson::error_code error) const {
    return bad(std::string("the reply is not what GetTableData answers: ") + simdjson::error_message(error));
  }

  Status bad(const std::string& what) const { return {Code::bad_data, "row " + std::to_string(page_.top + row_) + ": " + what}; }

  const std::vector<TableColumn>& planned_;
  const fetch::Page& page_;
  Misfit& misfit_;
  std::vector<Column> columns_;
  std::int64_t row_ = 0;
};

}  // namespace

std::vector<TableColumn> plan_table(const engine::TableInfo& table) {
  std::vector<TableColumn> columns;
  for (const auto& field : table.fields) columns.push_back({field.name, dual::type_of_tags(field.tags), field.has_null});
  return columns;
}

Schema schema_of(const engine::TableInfo& table, const std::vector<TableColumn>& columns) {
  Schema schema;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Metadata metadata = {{"qlik.title", columns[i].name}, {"qlik.role", "dimension"}};
    std::string tags;
    for (const auto& tag : table.fields[i].tags) tags += (tags.empty() ? "" : ",") + tag;
    if (!tags.empty()) metadata.emplace_back("qlik.tags", std::move(tags));
    schema.fields.push_back(Field{columns[i].name, columns[i].type, true, std::move(metadata), false});
  }
  return schema;
}

Result<fetch::Piece> decode_table_rows(const std::vector<TableColumn>& columns, const fetch::Page& page, std::string_view reply_json,
                                       Misfit& misfit) {
  return RowsDecoder(columns, page, misfit).decode(reply_json);
}

}  // namespace qonduit::pipeline
