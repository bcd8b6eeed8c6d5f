// The sink of every database: what the modes, schemas and transactions of docs/sinks/sql.md mean, in terms of a Database.
//
// Rows are loaded into one of three places. The target itself, where that is all there is to do: append. A staging table of this connection
// alone, from which one short transaction changes the target. A fresh table that takes the target's name at the end. The commit record is
// written in the transaction that changes the target, so that after a lost answer the database knows what happened.
#pragma once

#include <qonduit/name_groups.hpp>
#include <qonduit/run_template.hpp>
#include <qonduit/shared_names.hpp>
#include <qonduit/sink.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "database.hpp"
#include "given_names.hpp"
#include "records.hpp"
#include "reject_file.hpp"
#include "row_loader.hpp"
#include "sql_options.hpp"
#include "statements.hpp"
#include "table_choice.hpp"
#include "table_plan.hpp"
#include "transaction.hpp"
#include "turn_keys.hpp"

namespace qonduit::sql {

enum class Place : std::uint8_t { target, stage, fresh };

// One delivery, from open to commit or abort.
struct CurrentDelivery {
  TablePlan plan;
  Adaptation change;              // of the target as it is there
  std::optional<TableInfo> info;  // of the target, or of the generation behind its view; none: it is new
  TableName target, stage, fresh;
  TableName refused;  // beside the staging table: the keys of refused rows
  Record record;
  std::vector<GivenName> given;  // what the records say of the target's columns
  std::string delivered_at;      // without zone, as timestamps are written
  std::vector<std::string> notes;
  std::uint64_t refused_rows = 0;  // in the reject file
  Place place = Place::target;
  bool other_turns = false;  // rows of other turns of foreach may have its keys
  bool landed = false;       // the run is in the table already: rows are counted and go nowhere
  bool scratch = false;      // a staging or fresh table was made outside the transaction
};

class SqlSink : public Sink, public EndOfRun {
 public:
  // What is wrong with the options for this database, in words; ok: a sink can be made.
  static Status check(const SqlOptions& options, const Dialect& dialect);
  // REQUIRES: check(options, database->dialect()).
  SqlSink(SqlOptions options, std::unique_ptr<Database> database);
  ~SqlSink() override;

  [[nodiscard]] std::uint32_t guarantees() const override;
  Status probe() override;
  Result<Plan> plan(const Run& run, const Schema& schema) override;
  Result<std::string> target_of(const Run& run) override;
  Status open(const Run& run, const Schema& schema) override;
  Status write(const BatchView& batch) override;
  Status commit() override;
  Status abort() override;
  Result<Committed> committed(std::string_view run_id) override;
  [[nodiscard]] Delivery delivery() const override;
  Status end_run(std::string_view run_id, bool complete) override;
  void cancel() noexcept override;

 private:
  Status begin(const Run& run, const Schema& schema);
  [[nodiscard]] Status told_to_stop(Status status) const;
  Status connect();
  Status prepare(const Run& run, const Schema& schema);
  [[nodiscard]] Wish wish(const Run& run);
  [[nodiscard]] Source owner(const Run& run) const;
  [[nodiscard]] Status check_turns(const Run& run, const TablePlan& plan) const;
  Status find_target(const Run& run, const Schema& schema);
  Status fit_target(const Run& run, const Schema& schema, TableChoice choice);
  Result<std::string> note_of_table_before(const Run& run, const std::optional<Record>& last);
  [[nodiscard]] Plan told() const;
  void remember_plan(const Run& run);
  Status keep_given_names();
  Result<std::optional<TableInfo>> look_at_target(const std::optional<Record>& last);
  [[nodiscard]] Place choose_place() const;
  Status begin_loading();
  Status deliver();
  Status check_empty();
  Status change_target(const TableName& table);
  Status make_target();
  [[nodiscard]] std::string make_stage() const;
  [[nodiscard]] bool keeps_refused_keys() const { return rejects_ && options_.delete_missing; }
  Status make_table_of_refused_keys();
  [[nodiscard]] std::optional<Missing> missing();
  Status publish();
  Status finish_publication(const std::optional<Record>& last);
  Status drop_old_generations();
  void clean_up(bool delivered);
  Status run(const std::vector<std::string>& statements);
  [[nodiscard]] std::string where() const;
  [[nodiscard]] std::string compared_name(const Run& run, Ids ids) const;
  [[nodiscard]] bool renames() const;  // a fresh table takes the target's name

  SqlOptions options_;
  std::unique_ptr<Database> database_;
  DeliveryRecords records_;
  GivenNames given_names_;
  DeliveryTransaction transaction_;
  TurnKeys turn_keys_;
  RunTemplate template_;
  SharedNames shared_;
  NameGroups groups_;
  std::optional<RejectFile> rejects_;
  RowLoader loader_;
  std::optional<CurrentDelivery> current_;
  std::vector<TableName> locked_;
  std::map<std::string, Record> planned_;  // by table, of the run that is planned
  std::string planned_run_;
  std::string run_id_;         // of the run whose transaction is open
  bool run_lost_ = false;      // that transaction went with its connection
  bool open_ = false;          // between open and commit
  Status broken_;              // the first failure since open
  std::uint64_t counted_ = 0;  // rows of a delivery that had landed before
};

}  // namespace qonduit::sql
