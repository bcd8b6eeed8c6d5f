// Replies of GetTableData as batches: the rows of a table of the data model, one column per field. Pure functions of bytes. Source:
// Doc.GetTableData and its FieldValue.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/data_model.hpp"
#include "core/fetch/fetcher.hpp"
#include "qonduit/batch.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

struct TableColumn {
  std::string name;
  Type type = Type::utf8;
  bool has_null = true;  // an empty text is a null; false: it is a text like any other
};

// A value that does not fit its column, and what would hold it.
struct Misfit {
  std::size_t column = 0;
  Type needed = Type::utf8;
};

// By the fields' tags.
std::vector<TableColumn> plan_table(const engine::TableInfo& table);
Schema schema_of(const engine::TableInfo& table, const std::vector<TableColumn>& columns);
// page says which rows were asked. bad_data, with misfit filled, for a value that does not fit its column. REQUIRES: Message::kPadding
// bytes behind the reply may be read.
Result<fetch::Piece> decode_table_rows(const std::vector<TableColumn>& columns, const fetch::Page& page, std::string_view reply_json,
                                       Misfit& misfit);

}  // namespace qonduit::pipeline
