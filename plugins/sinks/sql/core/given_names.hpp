// The table _qonduit_columns beside the delivery records: which column of a target was given to which column of a delivery. A name alone
// does not tell: "Net Sales" had net_sales, and a column titled "net_sales" that is added later must not take it. Written in the
// transaction that delivers. One thread, one connection.
#pragma once

#include <qonduit/status.hpp>

#include <string>
#include <vector>

#include "database.hpp"
#include "names.hpp"
#include "own_table.hpp"

namespace qonduit::sql {

class GivenNames {
 public:
  GivenNames(Database& database, std::string schema);

  // Creates the table where it is missing. Not in a transaction.
  Status ensure() { return table_.ensure(); }
  // Those of a target's columns that a source was given; none where there is no such table. table: folded, as in the delivery records.
  Result<std::vector<GivenName>> read(const std::string& table, const std::string& source);
  // In the delivery's transaction. before: what read() answered; now: all that is to be known. Writes what differs.
  Status write(const std::string& table, const std::string& source, const std::vector<GivenName>& before,
               const std::vector<GivenName>& now);

 private:
  Database& database_;
  OwnTable table_;
};

}  // namespace qonduit::sql
