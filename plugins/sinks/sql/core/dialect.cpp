#include "dialect.hpp"

namespace qonduit::sql {

std::string Dialect::qualified(const TableName& table) const {
  if (table.temporary) return temporary_name(table.table);
  return table.schema.empty() ? quote(table.table) : quote(table.schema) + "." + quote(table.table);
}

std::string Dialect::add_column(const TableName& table, const ColumnSpec& column) const {
  return "ALTER TABLE " + qualified(table) + " ADD COLUMN " + quote(column.name) + " " + column.type;
}

std::string Dialect::update_where(const TableName& table, const std::vector<std::pair<std::string, std::string>>& set,
                                  std::string_view condition) const {
  std::string text = "UPDATE " + qualified(table) + " AS t SET ";
  for (std::size_t i = 0; i < set.size(); ++i) text += (i == 0 ? "" : ", ") + set[i].first + " = " + set[i].second;
  return text + " WHERE " + std::string(condition);
}

std::string Dialect::delete_where(const TableName& table, std::string_view condition) const {
  return "DELETE FROM " + qualified(table) + " AS t WHERE " + std::string(condition);
}

}  // namespace qonduit::sql
