// The table _qonduit_deliveries beside the targets: which delivery landed in which table, written in the transaction that delivers. The
// database owns this truth; nothing of it is kept elsewhere. It answers three questions: did this run land, whose table is this, and is
// another host with a higher fence at work. One thread, one connection.
#pragma once

#include <qonduit/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "database.hpp"
#include "own_table.hpp"

namespace qonduit::sql {

// Whose rows: a dataset of an object of a pipeline. Two objects never share a table by accident of their titles. Not the app's id: an app
// that is imported again has another one, and its rows go where they went.
struct Source {
  std::string pipeline, object_id, dataset;
  [[nodiscard]] std::string id() const;  // sixteen characters
};

struct Record {
  std::string table;   // folded: what the database takes for one name is one
  std::string source;  // Source::id(): whose table it is
  std::string part;    // of that source: which turn of a loop; the source itself where there is none
  std::string run_id;
  std::string pipeline, object_id;
  std::uint64_t fence = 0;
  std::uint64_t rows = 0;
  std::string delivered_at;
  std::string generation;  // the table behind a view, or the one that is to take the target's place; empty: none
};

class DeliveryRecords {
 public:
  // Records of tables of this schema, kept in it.
  DeliveryRecords(Database& database, std::string schema);

  // Creates the table where it is missing. Not in a transaction.
  Status ensure() { return table_.ensure(); }
  // False: there is no such table, and so no record.
  Result<bool> exists() { return table_.exists(); }

  Result<bool> landed(std::string_view run_id, const std::string& table, const std::string& part);
  // Whether any delivery of the run landed.
  Result<bool> landed(std::string_view run_id);
  // Whether a delivery of this source landed in the table, as far back as records are kept.
  Result<bool> delivered(const std::string& table, const std::string& source);
  // The other table that this part of a source was delivered into last, where it never was into this one. Empty: none.
  Result<std::string> table_before(const std::string& table, const std::string& part);
  // The record that came last into the table.
  Result<std::optional<Record>> last(const std::string& table);
  // In the delivery's transaction. Keeps the last records of each table.
  Status add(const Record& record);

 private:
  [[nodiscard]] std::string placeholders(std::size_t count) const;

  Database& database_;
  OwnTable table_;
};

}  // namespace qonduit::sql
