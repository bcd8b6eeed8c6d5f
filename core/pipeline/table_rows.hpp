// Replies of GetTableData as batches: the rows of a table of the data model, one column per field. Pure functions of bytes. Source:
// Doc.GetTableData and its FieldValue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/data_model.hpp"
#include "core/fetch/fetcher.hpp"
#include "qonduit/batch.hpp"
#include "qonduit/cell.hpp"
#include "qonduit/locale.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

enum class TableDual : std::uint8_t { automatic, number, text, both };
enum class TableMixed : std::uint8_t { text, null, fail };

// What a user sets for a table.
struct TableOptions {
  std::map<std::string, TableDual> dual_of;  // by field
  TableMixed on_mixed = TableMixed::text;    // a field that holds texts beside numbers or dates
};

struct TableColumn {
  std::string name;
  Type type = Type::utf8;
  bool has_null = true;  // an empty text is a null; false: it is a text like any other
  bool of_day = false;   // a duration that is a time of day
  TableDual dual = TableDual::automatic;
  bool texts_are_null = false;  // of a text among numbers
  bool texts_alone = false;     // a column of texts holds nothing else
  std::shared_ptr<const cell::Writing> writing = {};

  [[nodiscard]] std::size_t outputs() const { return dual == TableDual::both ? 2 : 1; }
  [[nodiscard]] bool holds(cell::Kind kind) const {
    if (kind == cell::Kind::text) return type == Type::utf8 || texts_are_null;
    return cell::holds({type, of_day}, kind) && !(texts_alone && type == Type::utf8);
  }
};

// What cells are, by column: of those that do not fit, and of all others in their reply.
struct Misfit {
  std::size_t column = 0;
  std::vector<cell::Kinds> met;
};

// What the cells of earlier attempts were, by field.
using TableKinds = std::map<std::string, cell::Kinds>;

// By the fields' tags, and what is known of their cells.
std::vector<TableColumn> plan_table(const engine::TableInfo& table, const Locale& locale = {}, const TableOptions& options = {},
                                    const TableKinds& kinds = {});
Schema schema_of(const engine::TableInfo& table, const std::vector<TableColumn>& columns);
// page says which rows were asked. bad_data, with misfit filled, for a value that does not fit its column. findings: gets what was met, by
// column; null: nobody wants to know. REQUIRES: Message::kPadding bytes behind the reply may be read.
Result<fetch::Piece> decode_table_rows(const std::vector<TableColumn>& columns, const fetch::Page& page, std::string_view reply_json,
                                       Misfit& misfit, std::vector<cell::Kinds>* findings = nullptr);
// For the report.
std::vector<std::string> notes_of(const std::vector<TableColumn>& columns, const std::vector<cell::Kinds>& findings);

}  // namespace qonduit::pipeline
