// Which table a delivery goes into. The template and the naming rule give a wish; a table that belongs to another object's rows is not
// taken: its object's id, then a number, is put behind the name. The records say whose a table is, so that the choice is the same in
// every run. Locks the name. One thread.
#pragma once

#include <qonduit/status.hpp>

#include <optional>
#include <string>

#include "database.hpp"
#include "records.hpp"

namespace qonduit::sql {

struct TableChoice {
  std::string table;
  std::optional<Record> last;  // the delivery before
};

// wish: a name made safe; object: the object's id. forbidden when a host with a higher fence delivered into it.
Result<TableChoice> choose_table(Database& database, DeliveryRecords& records, const std::string& schema, const std::string& wish,
                                 const Source& source, std::uint64_t fence);

}  // namespace qonduit::sql
