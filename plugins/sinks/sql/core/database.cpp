#include "database.hpp"

namespace qonduit::sql {

Status Database::widen_column(const TableName& table, const ColumnSpec& column) {
  return {Code::unsupported, "the type of column '" + column.name + "' of " + dialect().qualified(table) + " cannot be changed in " +
                                 std::string(dialect().name()) + "; change it by hand to " + column.type};
}

}  // namespace qonduit::sql
