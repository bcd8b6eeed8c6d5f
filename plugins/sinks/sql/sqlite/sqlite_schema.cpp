// What SQLite's catalogue says of tables, and the rebuilding of a table whose column gets another type.
#include <algorithm>

#include "plugins/sinks/sql/core/statements.hpp"
#include "plugins/sinks/sql/core/value_text.hpp"
#include "sqlite_database.hpp"

namespace qonduit::sqlite {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

// The shortest text that reads back as the same number: CAST gives fifteen digits.
void text_of_number(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  ValueText room;
  switch (sqlite3_value_type(values[0])) {
    case SQLITE_FLOAT: {
      const auto text = real_text(sqlite3_value_double(values[0]), room);
      sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
      break;
    }
    case SQLITE_NULL: sqlite3_result_null(context); break;
    default:
      sqlite3_result_text(context, reinterpret_cast<const char*>(sqlite3_value_text(values[0])), sqlite3_value_bytes(values[0]),
                          SQLITE_TRANSIENT);
  }
}

struct Reads {
  const std::string& table;
  bool found = false;
};

int see_read(void* context, int action, const char* table, const char* /*column*/, const char* /*database*/, const char* /*view*/) {
  auto& reads = *static_cast<Reads*>(context);
  if (action == SQLITE_READ && table != nullptr && sqlite3_stricmp(table, reads.table.c_str()) == 0) reads.found = true;
  return SQLITE_OK;
}

// Whether a view reads the table, itself or through other views: SQLite's compiler names every table a statement reads. A view that no
// longer compiles reads nothing that a swap could take from it.
bool view_reads(sqlite3* connection, const std::string& quoted_view, const std::string& table) {
  Reads reads{table};
  sqlite3_stmt* statement = nullptr;
  sqlite3_set_authorizer(connection, see_read, &reads);
  sqlite3_prepare_v2(connection, ("SELECT * FROM main." + quoted_view).c_str(), -1, &statement, nullptr);
  sqlite3_set_authorizer(connection, nullptr, nullptr);
  sqlite3_finalize(statement);
  return reads.found;
}

}  // namespace

Result<std::optional<sql::TableInfo>> SqliteDatabase::describe(const sql::TableName& table) {
  const std::string schema = table.temporary ? "temp" : "main";
  auto found =
      query("SELECT type FROM " + schema + ".sqlite_schema WHERE name = ?1 COLLATE NOCASE AND type IN ('table', 'view')", {table.table});
  if (!found) return std::move(found).error();
  if (found->empty()) return std::optional<sql::TableInfo>();
  sql::TableInfo info;
  info.is_view = found->front().front() == "view";
  auto columns =
      query("SELECT name, type, \"notnull\", dflt_value IS NOT NULL OR hidden <> 0, pk FROM pragma_table_xinfo(?1, ?2) ORDER BY cid",
            {table.table, schema});
  if (!columns) return std::move(columns).error();
  std::vector<std::pair<std::string, std::string>> key;
  for (const auto& row : *columns) {
    const auto text = [&](std::size_t i) { return row[i].value_or(""); };
    info.columns.push_back({text(0), text(1), text(2) == "0", text(3) == "1"});
    if (text(4) != "0") key.emplace_back(text(4), text(0));
  }
  std::sort(key.begin(), key.end(), [](const auto& a, const auto& b) { return std::stoi(a.first) < std::stoi(b.first); });
  for (const auto& [position, name] : key) info.primary_key.push_back(name);
  // INTEGER PRIMARY KEY is the row's own number, and gets one by itself.
  if (key.size() == 1) {
    for (auto& column : info.columns) {
      if (column.name == key.front().second && upper(column.type) == "INTEGER") column.has_default = true;
    }
  }
  return std::optional(std::move(info));
}

Result<std::vector<std::string>> SqliteDatabase::dependents(const sql::TableName& table) {
  std::vector<std::string> found;
  auto objects = query(
      "SELECT type, name, tbl_name = ?1 COLLATE NOCASE, coalesce(sql, '') FROM main.sqlite_schema WHERE sql IS NOT NULL AND NOT "
      "(type = 'table' AND name = ?1 COLLATE NOCASE)",
      {table.table});
  if (!objects) return std::move(objects).error();
  const auto name = upper(table.table);
  for (const auto& row : *objects) {
    const auto type = row[0].value_or(""), of = row[1].value_or("");
    const bool own = row[2] == "1";
    // Indexes of the sink's making end in a hash, and are made again.
    const bool ours =
        of.size() > 9 && of[of.size() - 9] == '_' && of.find_first_not_of("0123456789abcdef", of.size() - 8) == std::string::npos;
    const bool hangs = type == "index"     ? own && !ours
                       : type == "view"    ? view_reads(connection_.get(), dialect_.quote(of), table.table)
                       : type == "trigger" ? own || upper(row[3].value_or("")).find(name) != std::string::npos
                                           : own;
    if (hangs) found.push_back(type + " " + of);
  }
  auto keys = query(
      "SELECT DISTINCT m.name FROM main.sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.\"table\" = ?1 "
      "COLLATE NOCASE",
      {table.table});
  if (!keys) return std::move(keys).error();
  for (const auto& row : *keys) found.push_back("foreign key of " + row[0].value_or(""));
  auto definition = query("SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE", {table.table});
  if (!definition) return std::move(definition).error();
  const auto text = upper(definition->empty() ? "" : definition->front().front().value_or(""));
  for (const auto* clause : {"CHECK", "DEFAULT", "COLLATE", "REFERENCES", "UNIQUE", "GENERATED", "STRICT", "WITHOUT ROWID"}) {
    if (text.find(clause) != std::string::npos) found.push_back(std::string(clause) + " in its definition");
  }
  return found;
}

Status SqliteDatabase::check_target(const std::string& /*schema*/) {
  if (sqlite3_db_readonly(connection_.get(), "main") == 1) return {Code::forbidden, "the file '" + file_ + "' cannot be written"};
  // The first read finds out whether it is a database at all.
  return query("PRAGMA schema_version").status();
}

// SQLite cannot change a column's type: the table is made again. What it cannot carry over by itself is a reason to leave it to the user.
Status SqliteDatabase::widen_column(const sql::TableName& table, const sql::ColumnSpec& column) {
  auto hanging = dependents(table);
  if (!hanging) return std::move(hanging).error();
  if (!hanging->empty()) {
    std::string all;
    for (const auto& one : *hanging) all += (all.empty() ? "" : ", ") + one;
    return {Code::unsupported, "column '" + column.name + "' can only be widened to " + column.type +
                                   " by making the table again, and that would lose: " + all + "; widen it by hand"};
  }
  auto info = describe(table);
  if (!info) return std::move(info).error();
  sqlite3_create_function_v2(connection_.get(), "qonduit_text", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, text_of_number, nullptr,
                             nullptr, nullptr);
  auto indexes =
      query("SELECT sql FROM main.sqlite_schema WHERE type = 'index' AND tbl_name = ?1 COLLATE NOCASE AND sql IS NOT NULL", {table.table});
  if (!indexes) return std::move(indexes).error();
  std::vector<sql::ColumnSpec> columns;
  std::string names, values;
  for (const auto& there : (*info)->columns) {
    const bool widened = there.name == column.name;
    columns.push_back({there.name, sql::Kind::text, widened ? column.type : there.type, there.nullable, false, {}});
    const auto name = dialect_.quote(there.name);
    names += (names.empty() ? "" : ", ") + name;
    values += (values.empty() ? "" : ", ") + (widened && affinity_of(column.type) == Affinity::text ? "qonduit_text(" + name + ")" : name);
  }
  const sql::TableName wide{{}, "_qonduit_wide"};
  std::vector<std::string> statements = {
      dialect_.create_table(wide, sql::table_definition(dialect_, columns, (*info)->primary_key), false),
      "INSERT INTO " + dialect_.qualified(wide) + " (" + names + ") SELECT " + values + " FROM " + dialect_.qualified(table),
      "DROP TABLE " + dialect_.qualified(table), dialect_.rename(wide, table)};
  for (const auto& row : *indexes) statements.push_back(row[0].value_or(""));
  for (const auto& statement : statements) {
    if (auto done = execute(statement); !done) return std::move(done).error();
  }
  return {};
}

}  // namespace qonduit::sqlite
