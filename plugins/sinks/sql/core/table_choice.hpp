// Which table a delivery goes into. The template and the naming rule give a wish. A table belongs to one dataset of one object of one
// pipeline, and the records say whose it is: the choice is the same in every run, whatever the order of the objects is and whatever becomes
// of the others. One thread.
#pragma once

#include <qonduit/status.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "database.hpp"
#include "records.hpp"
#include "sql_options.hpp"

namespace qonduit::sql {

struct Wish {
  std::string schema, table;      // a name made safe
  Naming naming = Naming::as_is;  // of the object's id, too
  bool shared = false;            // other objects of the pipeline would have the same: the object's id is put behind it
  bool joins = false;             // the mode adds to what other pipelines deliver, and takes nothing away
  bool takeover = false;          // what belongs to another pipeline may be taken
  std::string run_id = {};        // of this run
  std::string turn = {};          // of foreach, in words: Region = North
  // Tables that other deliveries of a run that is only planned would have got, folded, and what their records would be. Borrowed.
  const std::map<std::string, Record>* planned = nullptr;
};

struct TableChoice {
  std::string table;
  std::optional<Record> last;  // the delivery before
  std::string note;            // what a person must know of it; may be empty
};

// A name that was given stays. One that another object of the pipeline had is not taken over: the object's id, then a number, is put behind
// it. forbidden where the table belongs to another pipeline, unless the wish joins or may take it over. Changes nothing.
Result<TableChoice> choose_table(Database& database, DeliveryRecords& records, const Wish& wish, const Source& source);

// The same, and locks the name. forbidden, too, when a host with a higher fence delivered into it.
Result<TableChoice> lock_table(Database& database, DeliveryRecords& records, const Wish& wish, const Source& source, std::uint64_t fence);

}  // namespace qonduit::sql
