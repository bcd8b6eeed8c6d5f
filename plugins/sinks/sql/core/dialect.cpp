#include "dialect.hpp"

#include <charconv>

namespace qonduit::sql {

int scale_of(std::string_view parameters) {
  const auto comma = parameters.find(',');
  if (comma == std::string_view::npos) return 0;
  std::string digits;
  for (const char c : parameters.substr(comma + 1)) {
    if (c != ' ') digits += c;
  }
  int scale = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), scale);
  return scale;
}

std::string Dialect::qualified(const TableName& table) const {
  if (table.temporary) return temporary_name(table.table);
  return table.schema.empty() ? quote(table.table) : quote(table.schema) + "." + quote(table.table);
}

std::string Dialect::add_column(const TableName& table, const ColumnSpec& column) const {
  return "ALTER TABLE " + qualified(table) + " ADD COLUMN " + quote(column.name) + " " + column.type;
}

std::string Dialect::doubled(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) out.append(c == quote ? 2 : 1, c);
  return out + quote;
}

std::string Dialect::assignments(const std::vector<std::pair<std::string, std::string>>& set, std::string_view prefix) {
  std::string text;
  for (const auto& [column, value] : set) text += (text.empty() ? "" : ", ") + std::string(prefix) + column + " = " + value;
  return text;
}

std::vector<std::string> Dialect::swap(const TableName& table, const TableName& replacement, const TableName& aside) const {
  return {rename(table, aside), rename(replacement, table)};
}

std::string Dialect::rename(const TableName& table, const TableName& to) const {
  return "ALTER TABLE " + qualified(table) + " RENAME TO " + quote(to.table);
}

std::string Dialect::update_from(const TableName& table, const TableName& stage,
                                 const std::vector<std::pair<std::string, std::string>>& set, std::string_view condition) const {
  return "UPDATE " + qualified(table) + " AS t SET " + assignments(set) + " FROM " + qualified(stage) + " AS s WHERE " +
         std::string(condition);
}

std::string Dialect::update_where(const TableName& table, const std::vector<std::pair<std::string, std::string>>& set,
                                  std::string_view condition) const {
  return "UPDATE " + qualified(table) + " AS t SET " + assignments(set) + " WHERE " + std::string(condition);
}

std::string Dialect::delete_where(const TableName& table, std::string_view condition) const {
  return "DELETE FROM " + qualified(table) + " AS t WHERE " + std::string(condition);
}

}  // namespace qonduit::sql
