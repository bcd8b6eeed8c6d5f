#include "given_names.hpp"

#include <qonduit/text.hpp>

#include <algorithm>

#include "statements.hpp"

namespace qonduit::sql {
namespace {

// column_key: the hash of the column's name, for databases whose texts compare in another way than their names.
constexpr const char* kGivenColumns[] = {"table_name", "source", "column_key", "column_name", "title", "own_name"};
constexpr std::size_t kGivenKey = 3;

bool same_given(const GivenName& a, const GivenName& b) { return a.column == b.column && a.title == b.title && a.own_name == b.own_name; }

bool among_given(const std::vector<GivenName>& all, const GivenName& one) {
  return std::any_of(all.begin(), all.end(), [&](const GivenName& known) { return same_given(known, one); });
}

}  // namespace

Result<bool> GivenNames::exists() {
  auto info = database_.describe(table_);
  if (!info) return std::move(info).error();
  return info->has_value();
}

Status GivenNames::ensure() {
  auto there = exists();
  if (!there) return std::move(there).error();
  if (*there) return {};
  if (auto status = database_.lock(table_); !status.ok()) return status;
  there = exists();
  Status status = there.status();
  if (there && !*there) {
    const auto& dialect = database_.dialect();
    std::vector<ColumnSpec> columns;
    for (std::size_t i = 0; i < std::size(kGivenColumns); ++i) {
      const bool key = i < kGivenKey;
      columns.push_back({kGivenColumns[i], Kind::text, dialect.type_of(Kind::text, key, key ? 190 : 0), false, key, {}});
    }
    const std::vector<std::string> key(std::begin(kGivenColumns), std::begin(kGivenColumns) + kGivenKey);
    status = database_.execute(dialect.create_table(table_, table_definition(dialect, columns, key), false)).status();
  }
  const auto unlocked = database_.unlock(table_);
  return status.ok() ? unlocked : std::move(status).within("the table of given names");
}

Result<std::vector<GivenName>> GivenNames::read(const std::string& table, const std::string& source) {
  std::vector<GivenName> given;
  auto there = exists();
  if (!there) return std::move(there).error();
  if (!*there) return given;
  const auto& dialect = database_.dialect();
  auto rows = database_.query("SELECT " + dialect.quote("column_name") + ", " + dialect.quote("title") + ", " + dialect.quote("own_name") +
                                  " FROM " + name() + " WHERE " + dialect.quote("table_name") + " = " + dialect.placeholder(1) + " AND " +
                                  dialect.quote("source") + " = " + dialect.placeholder(2) + " ORDER BY " + dialect.quote("column_key"),
                              {table, source});
  if (!rows) return std::move(rows).error();
  for (const auto& row : *rows) given.push_back({row[0].value_or(""), row[1].value_or(""), row[2].value_or("")});
  return given;
}

Status GivenNames::write(const std::string& table, const std::string& source, const std::vector<GivenName>& before,
                         const std::vector<GivenName>& now) {
  const auto& dialect = database_.dialect();
  const auto key = [](const GivenName& given) { return short_hash(given.column); };
  std::string where, columns, values;
  for (std::size_t i = 0; i < std::size(kGivenColumns); ++i) {
    const auto column = dialect.quote(kGivenColumns[i]), value = dialect.placeholder(i + 1);
    if (i < kGivenKey) where += (i == 0 ? "" : " AND ") + column + " = " + value;
    columns += (i == 0 ? "" : ", ") + column;
    values += (i == 0 ? "" : ", ") + value;
  }
  for (const auto& given : before) {
    if (among_given(now, given)) continue;
    auto deleted = database_.execute("DELETE FROM " + name() + " WHERE " + where, {table, source, key(given)});
    if (!deleted) return std::move(deleted).error();
  }
  for (const auto& given : now) {
    if (among_given(before, given)) continue;
    auto added = database_.execute("INSERT INTO " + name() + " (" + columns + ") VALUES (" + values + ")",
                                   {table, source, key(given), given.column, given.title, given.own_name});
    if (!added) return std::move(added).error();
  }
  return {};
}

}  // namespace qonduit::sql
