#include "records.hpp"

#include <iterator>
#include <utility>

#include "names.hpp"

namespace qonduit::sql {
namespace {

// How many records of a table are kept: runs repeated later than that are not known any more.
constexpr std::size_t kKept = 200;

constexpr OwnTable::Column kColumns[] = {{"table_name"},
                                         {"source"},
                                         {"part"},
                                         {"run_id"},
                                         {"pipeline"},
                                         {"object_id"},
                                         {"fence", Kind::integer},
                                         {"row_count", Kind::integer},
                                         {"delivered_at"},
                                         {"generation"},
                                         {"sequence", Kind::integer}};

std::uint64_t number(const std::optional<std::string>& text) { return text ? std::strtoull(text->c_str(), nullptr, 10) : 0; }

}  // namespace

std::string Source::id() const { return short_hash(pipeline + '\0' + object_id + '\0' + dataset); }

DeliveryRecords::DeliveryRecords(Database& database, std::string schema)
    : database_(database),
      table_(database, std::move(schema), "_qonduit_deliveries", {std::begin(kColumns), std::end(kColumns)},
             {"table_name", "part", "run_id"}, "the table of delivery records") {}

std::string DeliveryRecords::placeholders(std::size_t count) const {
  std::string text;
  for (std::size_t i = 1; i <= count; ++i) text += (i == 1 ? "" : ", ") + database_.dialect().placeholder(i);
  return text;
}

Result<bool> DeliveryRecords::landed(std::string_view run_id, const std::string& table, const std::string& part) {
  const auto& dialect = database_.dialect();
  auto rows = database_.query("SELECT 1 FROM " + table_.name() + " WHERE " + dialect.quote("table_name") + " = " + dialect.placeholder(1) +
                                  " AND " + dialect.quote("part") + " = " + dialect.placeholder(2) + " AND " + dialect.quote("run_id") +
                                  " = " + dialect.placeholder(3),
                              {table, part, std::string(run_id)});
  if (!rows) return std::move(rows).error();
  return !rows->empty();
}

Result<bool> DeliveryRecords::landed(std::string_view run_id) {
  const auto& dialect = database_.dialect();
  auto rows =
      database_.query("SELECT COUNT(*) FROM " + table_.name() + " WHERE " + dialect.quote("run_id") + " = " + dialect.placeholder(1),
                      {std::string(run_id)});
  if (!rows) return std::move(rows).error();
  return !rows->empty() && number(rows->front().front()) > 0;
}

Result<bool> DeliveryRecords::delivered(const std::string& table, const std::string& source) {
  const auto& dialect = database_.dialect();
  auto rows = database_.query("SELECT COUNT(*) FROM " + table_.name() + " WHERE " + dialect.quote("table_name") + " = " +
                                  dialect.placeholder(1) + " AND " + dialect.quote("source") + " = " + dialect.placeholder(2),
                              {table, source});
  if (!rows) return std::move(rows).error();
  return !rows->empty() && number(rows->front().front()) > 0;
}

Result<std::string> DeliveryRecords::table_before(const std::string& table, const std::string& part) {
  const auto& dialect = database_.dialect();
  auto rows =
      database_.query("SELECT " + dialect.quote("table_name") + ", MAX(" + dialect.quote("delivered_at") + ") FROM " + table_.name() +
                          " WHERE " + dialect.quote("part") + " = " + dialect.placeholder(1) + " GROUP BY " + dialect.quote("table_name"),
                      {part});
  if (!rows) return std::move(rows).error();
  std::string before, latest;
  for (const auto& row : *rows) {
    if (row[0] == table) return std::string();
    if (auto at = row[1].value_or(""); before.empty() || at > latest) before = row[0].value_or(""), latest = std::move(at);
  }
  return before;
}

Result<std::optional<Record>> DeliveryRecords::last(const std::string& table) {
  const auto& dialect = database_.dialect();
  std::string columns;
  for (const auto& column : kColumns) columns += (columns.empty() ? "" : ", ") + dialect.quote(column.name);
  const auto where = " FROM " + table_.name() + " WHERE " + dialect.quote("table_name") + " = ";
  auto rows = database_.query("SELECT " + columns + where + dialect.placeholder(1) + " AND " + dialect.quote("sequence") +
                                  " = (SELECT MAX(" + dialect.quote("sequence") + ")" + where + dialect.placeholder(2) + ")",
                              {table, table});
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return std::optional<Record>();
  auto& row = rows->front();
  const auto text = [&](std::size_t i) { return row[i].value_or(""); };
  return std::optional(Record{text(0), text(1), text(2), text(3), text(4), text(5), number(row[6]), number(row[7]), text(8), text(9)});
}

Status DeliveryRecords::add(const Record& record) {
  const auto& dialect = database_.dialect();
  const auto of_table = " FROM " + table_.name() + " WHERE " + dialect.quote("table_name") + " = " + dialect.placeholder(1);
  auto sequences =
      database_.query("SELECT MAX(" + dialect.quote("sequence") + "), MIN(" + dialect.quote("sequence") + ")" + of_table, {record.table});
  if (!sequences) return std::move(sequences).error();
  const auto& found = sequences->front();
  const auto sequence = number(found[0]) + 1;
  std::string columns;
  for (const auto& column : kColumns) columns += (columns.empty() ? "" : ", ") + dialect.quote(column.name);
  auto inserted = database_.execute(
      "INSERT INTO " + table_.name() + " (" + columns + ") VALUES (" + placeholders(std::size(kColumns)) + ")",
      {record.table, record.source, record.part, record.run_id, record.pipeline, record.object_id, std::to_string(record.fence),
       std::to_string(record.rows), record.delivered_at, record.generation, std::to_string(sequence)});
  if (!inserted) return std::move(inserted).error();
  if (sequence <= number(found[1]) + kKept) return {};
  return database_
      .execute("DELETE" + of_table + " AND " + dialect.quote("sequence") + " <= " + dialect.placeholder(2),
               {record.table, std::to_string(sequence - kKept)})
      .status();
}

}  // namespace qonduit::sql
