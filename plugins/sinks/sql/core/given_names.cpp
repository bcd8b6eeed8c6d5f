#include "given_names.hpp"

#include <qonduit/text.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace qonduit::sql {
namespace {

// column_key: the hash of the column's name, for databases whose texts compare in another way than their names.
constexpr OwnTable::Column kGivenColumns[] = {{"table_name"},
                                              {"source"},
                                              {"column_key"},
                                              {"column_name", Kind::text, false},
                                              {"title", Kind::text, false},
                                              {"own_name", Kind::text, false}};
constexpr std::size_t kGivenKey = 3;

bool among(const std::vector<GivenName>& all, const GivenName& one) { return std::find(all.begin(), all.end(), one) != all.end(); }

}  // namespace

GivenNames::GivenNames(Database& database, std::string schema)
    : database_(database),
      table_(database, std::move(schema), "_qonduit_columns", {std::begin(kGivenColumns), std::end(kGivenColumns)},
             {"table_name", "source", "column_key"}, "the table of given names") {}

Result<std::vector<GivenName>> GivenNames::read(const std::string& table, const std::string& source) {
  std::vector<GivenName> given;
  auto there = table_.exists();
  if (!there) return std::move(there).error();
  if (!*there) return given;
  const auto& dialect = database_.dialect();
  auto rows =
      database_.query("SELECT " + dialect.quote("column_name") + ", " + dialect.quote("title") + ", " + dialect.quote("own_name") +
                          " FROM " + table_.name() + " WHERE " + dialect.quote("table_name") + " = " + dialect.placeholder(1) + " AND " +
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
    const auto column = dialect.quote(kGivenColumns[i].name), value = dialect.placeholder(i + 1);
    if (i < kGivenKey) where += (i == 0 ? "" : " AND ") + column + " = " + value;
    columns += (i == 0 ? "" : ", ") + column;
    values += (i == 0 ? "" : ", ") + value;
  }
  for (const auto& given : before) {
    if (among(now, given)) continue;
    auto deleted = database_.execute("DELETE FROM " + table_.name() + " WHERE " + where, {table, source, key(given)});
    if (!deleted) return std::move(deleted).error();
  }
  for (const auto& given : now) {
    if (among(before, given)) continue;
    auto added = database_.execute("INSERT INTO " + table_.name() + " (" + columns + ") VALUES (" + values + ")",
                                   {table, source, key(given), given.column, given.title, given.own_name});
    if (!added) return std::move(added).error();
  }
  return {};
}

}  // namespace qonduit::sql
