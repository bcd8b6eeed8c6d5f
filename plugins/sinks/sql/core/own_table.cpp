#include "own_table.hpp"

#include "statements.hpp"

namespace qonduit::sql {

Result<bool> OwnTable::exists() {
  auto info = database_.describe(table_);
  if (!info) return std::move(info).error();
  return info->has_value();
}

Status OwnTable::ensure() {
  auto there = exists();
  if (!there) return std::move(there).error();
  if (*there) return {};
  if (auto status = database_.lock(table_); !status.ok()) return status;
  there = exists();
  Status status = there.status();
  if (there && !*there) {
    const auto& dialect = database_.dialect();
    std::vector<ColumnSpec> columns;
    for (const auto& [column, kind, bounded] : columns_) {
      const bool short_text = kind == Kind::text && bounded;
      columns.push_back({std::string(column), kind, dialect.type_of(kind, short_text, short_text ? 190 : 0), false, short_text, {}});
    }
    status = database_.execute(dialect.create_table(table_, table_definition(dialect, columns, key_), false)).status();
  }
  const auto unlocked = database_.unlock(table_);
  return status.ok() ? unlocked : std::move(status).within(what_);
}

}  // namespace qonduit::sql
