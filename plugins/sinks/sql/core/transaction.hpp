// The transaction of a delivery: one of its own, or a savepoint in the transaction of its run, where all tables of a run appear together.
// One thread.
#pragma once

#include <qonduit/status.hpp>

#include <string_view>

#include "database.hpp"
#include "sql_options.hpp"

namespace qonduit::sql {

class DeliveryTransaction {
 public:
  DeliveryTransaction(Database& database, Atomic atomic) : database_(database), whole_run_(atomic == Atomic::run) {}

  // Nothing when it is open already.
  Status begin();
  // unavailable: the outcome is not known. Of a run's part: never final before end_run.
  Status commit();
  // Leaves nothing of the delivery; what the run delivered before stays in its transaction.
  Status rollback();
  [[nodiscard]] bool open() const { return open_; }

  // A transaction of a run is open, or was lost with its connection.
  [[nodiscard]] bool in_run() const { return in_run_; }
  Status end_run(bool complete);

 private:
  Database& database_;
  bool whole_run_;
  bool open_ = false;
  bool in_run_ = false;
};

}  // namespace qonduit::sql
