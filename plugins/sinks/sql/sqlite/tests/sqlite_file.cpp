#include "sqlite_file.hpp"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>

namespace qonduit::sqlite::testing {

Rows query(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection(opened, sqlite3_close);
  if (code != SQLITE_OK) throw std::runtime_error(file.string() + ": " + sqlite3_errmsg(opened));
  sqlite3_busy_timeout(opened, 10'000);
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(opened, sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK)
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(opened));
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared, sqlite3_finalize);
  Rows rows;
  int step = 0;
  while ((step = sqlite3_step(prepared)) == SQLITE_ROW) {
    auto& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(prepared); ++i) {
      const int type = sqlite3_column_type(prepared, i);
      if (type == SQLITE_NULL) {
        row.emplace_back();
      } else if (type == SQLITE_FLOAT) {
        row.emplace_back(qonduit::testing::detail::float_text(sqlite3_column_double(prepared, i)));
      } else {
        row.emplace_back(std::string(reinterpret_cast<const char*>(sqlite3_column_text(prepared, i)),
                                     static_cast<std::size_t>(sqlite3_column_bytes(prepared, i))));
      }
    }
  }
  if (step != SQLITE_DONE) throw std::runtime_error(sql + ": " + sqlite3_errmsg(opened));
  return rows;
}

void execute(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open(file.c_str(), &opened);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection(opened, sqlite3_close);
  if (code != SQLITE_OK || sqlite3_exec(opened, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(opened));
}

std::vector<std::string> tables(const std::filesystem::path& file) {
  std::vector<std::string> names;
  if (!std::filesystem::exists(file)) return names;
  for (const auto& row : query(file,
                               "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' "
                               "AND name NOT IN ('_qonduit_deliveries', '_qonduit_columns') ORDER BY name")) {
    names.push_back(*row[0]);
  }
  return names;
}

}  // namespace qonduit::sqlite::testing
