#include "dialect.hpp"

namespace qonduit::sql {

std::string Dialect::qualified(const TableName& table) const {
  if (table.temporary) return temporary_name(table.table);
  return table.schema.empty() ? quote(table.table) : quote(table.schema) + "." + quote(table.table);
}

std::string Dialect::add_column(const TableName& table, const ColumnSpec& column) const {
  return "ALTER TABLE " + qualified(table) + " ADD COLUMN " + quote(column.name) + " " + column.type;
}

}  // namespace qonduit::sql
