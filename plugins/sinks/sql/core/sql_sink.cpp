#include "sql_sink.hpp"

#include <qonduit/log.hpp>

#include <algorithm>
#include <chrono>
#include <random>
#include <set>
#include <utility>

#include "apply.hpp"
#include "names.hpp"
#include "plugins/sinks/names/folded_name.hpp"
#include "statements.hpp"
#include "table_choice.hpp"

namespace qonduit::sql {
namespace {

constexpr std::int64_t kRejectLimit = 100;

Turns turns_of(Mode mode) { return mode == Mode::replace || mode == Mode::truncate ? Turns::apart : Turns::together; }

Status refused(std::string why) { return {Code::invalid_config, std::move(why)}; }

Source source_of(const Run& run, std::string_view dataset) {
  return {std::string(run.pipeline), std::string(run.object_id), std::string(dataset)};
}

}  // namespace

Status SqlSink::check(const SqlOptions& options, const Dialect& dialect) {
  if (auto parsed = RunTemplate::parse("table", options.table); !parsed) return std::move(parsed).error();
  if (options.table.empty()) return refused("table: is empty");
  if (is_own_name(options.table)) return refused("table: names that begin with _qonduit_ are those of the sink's own tables");
  if (auto reject = parse_reject(options.reject); !reject) return std::move(reject).error();
  if (auto status = check_words(options); !status.ok()) return status;
  const bool keyed = options.mode == Mode::merge || options.mode == Mode::history;
  if (keyed && options.key.empty()) return refused("key: merge and history need the columns that identify a row");
  if (!keyed && !options.key.empty()) return refused("key: only merge and history have one; for a primary key set primary-key");
  if (!keyed && options.delete_missing) return refused("delete-missing: only merge and history know what is missing");
  if (options.method != Method::rewrite && options.mode != Mode::replace) return refused("method: is a way to replace; set mode = replace");
  if (options.generations && options.method != Method::view) return refused("generations: are kept by method = view");
  if (options.reject_limit && options.reject == "fail") return refused("reject-limit: is for reject = skip-to FILE");
  if (options.allow_empty && options.mode == Mode::append) return refused("allow-empty: append takes nothing away, with or without rows");
  const auto name = std::string(dialect.name());
  if (options.mode == Mode::truncate && !dialect.transactional_truncate())
    return refused("mode: truncate cannot be undone in " + name + ", so that a failed delivery would leave an empty table; use replace");
  if (options.atomic == Atomic::run && !dialect.transactional_ddl())
    return refused("atomic: " + name + " commits with every CREATE and RENAME, so the tables of a run cannot appear together");
  if (options.non_finite == NonFinite::keep && !dialect.holds_non_finite())
    return refused("non-finite: " + name + " has no NaN and infinities to keep; use null, text or fail");
  return {};
}

SqlSink::SqlSink(SqlOptions options, std::unique_ptr<Database> database)
    : options_(std::move(options)),
      database_(std::move(database)),
      records_(*database_, options_.schema),
      given_names_(*database_, options_.schema),
      transaction_(*database_, options_.atomic),
      turn_keys_(*database_),
      template_(RunTemplate::parse("table", options_.table).value()),
      rejects_([&]() -> std::optional<RejectFile> {
        auto path = parse_reject(options_.reject).value();
        return path ? std::optional<RejectFile>(std::in_place, *path, options_.reject_limit.value_or(kRejectLimit)) : std::nullopt;
      }()),
      loader_(*database_, rejects_ ? &*rejects_ : nullptr) {}

SqlSink::~SqlSink() { static_cast<void>(abort()); }

std::uint32_t SqlSink::guarantees() const {
  const auto all = guarantee::exactly_once | (options_.atomic == Atomic::run ? guarantee::whole_run : 0u);
  switch (options_.mode) {
    case Mode::append: return all | guarantee::append;
    case Mode::replace:
    case Mode::truncate: return all | guarantee::replace;
    case Mode::merge:
    case Mode::history: return all | guarantee::upsert;
  }
  return 0;
}

Status SqlSink::probe() {
  if (auto status = rejects_ ? rejects_->check_folder() : Status(); !status.ok()) return status;
  auto status = database_->look();
  return status.ok() ? database_->check_target(options_.schema) : status;
}

std::string SqlSink::where() const {
  const auto& name = current_->target;
  return (name.schema.empty() ? "" : name.schema + ".") + name.table;
}

Status SqlSink::connect() {
  if (database_->connected()) return {};
  locked_.clear();
  turn_keys_.forget();
  const auto deadline = std::chrono::steady_clock::now() + options_.connect_wait;
  std::minstd_rand random(std::random_device{}());
  for (auto delay = std::chrono::milliseconds(50);; delay = std::min(delay * 2, std::chrono::milliseconds(2000))) {
    auto status = database_->connect();
    // Up to half as much again, so that hosts that lost a server together do not come back together.
    const auto wait = delay + delay * (random() % 512) / 1024;
    if (status.code() != Code::unavailable || std::chrono::steady_clock::now() + wait > deadline) return status;
    if (!context().pause(wait)) return status;
  }
}

void SqlSink::cancel() noexcept { database_->interrupt(); }

// What was interrupted fails for whatever reason the database gives.
Status SqlSink::told_to_stop(Status status) const {
  const bool stopped = status.code() == Code::timeout || status.code() == Code::unavailable;
  if (!stopped || !context().cancelled()) return status;
  return {Code::cancelled, "stopped: " + status.message()};
}

Status SqlSink::open(const Run& run, const Schema& schema) { return told_to_stop(begin(run, schema)); }

Status SqlSink::begin(const Run& run, const Schema& schema) {
  current_.reset();
  broken_ = {};
  counted_ = 0;
  if (run_id_ != run.run_id) run_id_ = run.run_id, run_lost_ = false;
  if (transaction_.in_run() && !database_->connected()) {
    static_cast<void>(transaction_.end_run(false));
    run_lost_ = true;
  }
  // Not worth another attempt: the datasets before this one would be missing.
  if (run_lost_)
    return {Code::io, "the connection was lost, and with it the transaction of the whole run; nothing of it is in the database"};
  if (auto status = template_.check(run); !status.ok()) return status;
  if (auto status = connect(); !status.ok()) return status;
  auto status = prepare(run, schema);
  if (!status.ok()) return current_ ? std::move(status).within("table '" + where() + "'") : status;
  open_ = true;
  return {};
}

Status SqlSink::prepare(const Run& run, const Schema& schema) {
  auto plan = plan_table(options_, database_->dialect(), run, schema);
  if (!plan) return std::move(plan).error();
  if (auto status = records_.ensure(); !status.ok()) return status;
  if (auto status = given_names_.ensure(); !status.ok()) return status;
  current_.emplace();
  current_->plan = std::move(*plan);
  if (auto status = find_target(run, schema); !status.ok()) return status;
  if (auto status = check_turns(run, current_->plan); !status.ok()) return status;
  current_->other_turns = TurnKeys::concern(run, current_->plan);
  auto landed = records_.landed(run.run_id, current_->record.table, current_->record.part);
  if (!landed) return std::move(landed).error();
  current_->landed = *landed;
  if (*landed) {
    current_->notes.emplace_back("this run was delivered before, and was not written again");
    return {};
  }
  return begin_loading();
}

Wish SqlSink::wish(const Run& run) {
  const auto limits = database_->dialect().limits();
  Wish wish{options_.schema, table_name(template_.text(run, turns_of(options_.mode)), options_.naming, limits), options_.naming};
  wish.shared = shared_.shares(run, [&](const Run& one) { return compared_name(one, Ids::as_templated); });
  wish.joins = turns_of(options_.mode) == Turns::together && !options_.delete_missing;
  wish.takeover = run.takeover;
  wish.run_id = run.run_id;
  for (const auto& [name, value] : run.loop) wish.turn += (wish.turn.empty() ? "" : ", ") + std::string(name) + " = " + std::string(value);
  return wish;
}

// The wish, or the same with the object's id behind it, as the database compares names.
std::string SqlSink::compared_name(const Run& run, Ids ids) const {
  const auto limits = database_->dialect().limits();
  auto name = table_name(template_.text(run, turns_of(options_.mode)), options_.naming, limits);
  if (ids == Ids::always) name = with_id(name, run.object_id, options_.naming, limits);
  return names::folded_name(folded(name, limits), limits.accent_sensitive ? names::Accents::kept : names::Accents::dropped);
}

// Whose the table is: of every turn of a loop where they share it.
Source SqlSink::owner(const Run& run) const {
  return source_of(run, turns_of(options_.mode) == Turns::apart ? run.part() : std::string(run.dataset));
}

Status SqlSink::check_turns(const Run& run, const TablePlan& plan) const {
  if (run.loop.empty()) return {};
  const bool tells = options_.delete_missing || options_.mode == Mode::history;
  for (const auto& column : plan.columns) {
    const bool in_key = std::find(plan.key.begin(), plan.key.end(), column.spec.name) != plan.key.end();
    if (!column.loop || column.masked.empty() || (!tells && !in_key)) continue;
    const auto who = options_.delete_missing ? "delete-missing" : options_.mode == Mode::history ? "mode = history" : "key";
    return refused(std::string(who) + ": the column '" + column.title + "' says which turn of foreach a row is of, and mask." +
                   column.loop_name + " = " + column.masked +
                   " makes turns alike: one would take the rows of another for its own. Write mask." + column.loop_name + " = hash");
  }
  if (!options_.delete_missing) return {};
  for (const auto& [name, value] : run.loop) {
    const bool there = std::any_of(plan.columns.begin(), plan.columns.end(),
                                   [&, wanted = name](const auto& column) { return column.loop && column.loop_name == wanted; });
    if (there) continue;
    return refused("delete-missing: a turn of foreach deletes its own rows only, and the column '" + std::string(name) +
                   "' that says which turn a row is of is not among the columns that are delivered");
  }
  return {};
}

// Rows that are appended go into the table itself, and what they refer to in another one must be there before them; all else is loaded
// beside its table.
Result<std::string> SqlSink::target_of(const Run& run) {
  if (auto status = template_.check(run); !status.ok()) return status;
  if (!database_->dialect().overlaps() || options_.atomic == Atomic::run || options_.mode == Mode::append) return std::string();
  return options_.schema + '\n' + groups_.of(run, [this](const Run& one, Ids ids) { return compared_name(one, ids); });
}

// What the commands that look ahead say. Nothing is locked: another host may deliver at the same moment.
Result<Plan> SqlSink::plan(const Run& run, const Schema& schema) {
  if (auto status = template_.check(run); !status.ok()) return status;
  if (auto status = rejects_ ? rejects_->check_folder() : Status(); !status.ok()) return status;
  if (auto status = database_->look(); !status.ok()) return status;
  auto plan = plan_table(options_, database_->dialect(), run, schema);
  if (!plan) return std::move(plan).error();
  if (planned_run_ != run.run_id) planned_.clear(), planned_run_ = std::string(run.run_id);
  auto wished = wish(run);
  wished.planned = &planned_;
  current_.emplace();
  current_->plan = std::move(*plan);
  current_->target = {options_.schema, wished.table};
  auto status = check_turns(run, current_->plan);
  if (status.ok()) {
    auto choice = choose_table(*database_, records_, wished, owner(run));
    status = choice.status();
    if (choice) {
      current_->target.table = choice->table;
      remember_plan(run);
      status = fit_target(run, schema, std::move(*choice));
    }
  }
  auto answer = status.ok() ? Result<Plan>(told()) : Result<Plan>(std::move(status).within("table '" + where() + "'"));
  if (answer) {
    answer->exclusive = !wished.joins;
    answer->identity =
        database_->identity() + '\n' + options_.schema + '\n' + folded(current_->target.table, database_->dialect().limits());
  }
  current_.reset();
  return answer;
}

void SqlSink::remember_plan(const Run& run) {
  Record record;
  record.table = folded(current_->target.table, database_->dialect().limits());
  record.source = owner(run).id();
  record.run_id = std::string(run.run_id), record.pipeline = clean_text(run.pipeline), record.object_id = clean_text(run.object_id);
  planned_.try_emplace(record.table, record);
}

Plan SqlSink::told() const {
  const auto table = "table \"" + where() + "\"";
  const auto target = database_->target() + ", table " + where();
  if (!current_->info) return {target, "makes " + table + " with", ""};
  const auto by_key = [this] {
    std::string columns;
    for (const auto& column : current_->plan.key) columns += (columns.empty() ? " by key " : ", ") + column;
    return columns;
  };
  switch (options_.mode) {
    case Mode::append: return {target, "adds", "to " + table};
    case Mode::replace:
    case Mode::truncate: return {target, "replaces " + table + " with", ""};
    case Mode::merge: return {target, "merges", "into " + table + by_key()};
    case Mode::history: return {target, "keeps as versions", "in " + table + by_key()};
  }
  return {target, "", ""};
}

Status SqlSink::find_target(const Run& run, const Schema& schema) {
  auto& current = *current_;
  const auto text = [](std::string_view view) { return std::string(view); };
  const auto source = owner(run), part = source_of(run, run.part());
  const auto wished = wish(run);
  current.target = {options_.schema, wished.table};
  auto choice = lock_table(*database_, records_, wished, source, run.fence);
  if (!choice) return std::move(choice).error();
  current.target.table = choice->table;
  locked_.push_back(current.target);
  const auto identity = short_hash(options_.schema + '\0' + folded(choice->table, database_->dialect().limits()));
  current.stage = options_.staging.empty() ? TableName{{}, "_qonduit_stage_" + identity, true}
                                           : TableName{options_.staging, "_qonduit_stage_" + identity};
  current.refused = {current.stage.schema, "_qonduit_refused_" + identity, current.stage.temporary};
  current.fresh = {options_.schema, "_qonduit_new_" + identity};
  // What a host that died has left must not be under the name of the delivery that was committed last: it would be published as that one.
  if (choice->last && choice->last->generation == current.fresh.table) current.fresh.table = "_qonduit_next_" + identity;
  // As other moments of a table are written.
  current.delivered_at = text(run.started_at.substr(0, std::min<std::size_t>(run.started_at.size(), 19)));
  std::replace(current.delivered_at.begin(), current.delivered_at.end(), 'T', ' ');
  current.record = {folded(choice->table, database_->dialect().limits()),
                    source.id(),
                    part.id(),
                    text(run.run_id),
                    clean_text(run.pipeline),
                    clean_text(run.object_id),
                    run.fence,
                    0,
                    text(run.started_at),
                    {}};
  if (auto status = finish_publication(choice->last); !status.ok()) return status;
  return fit_target(run, schema, std::move(*choice));
}

// A chart that got another title, or moved to another sheet: nobody is told by a table that only stays as it is. Said by the first delivery
// into another table, and not where each run has a table of its own.
Result<std::string> SqlSink::note_of_table_before(const Run& run, const std::optional<Record>& last) {
  if ((last && last->source == owner(run).id()) || template_.has("run") || template_.has("date")) return std::string();
  auto there = records_.exists();
  if (!there || !*there) return there ? Result<std::string>(std::string()) : std::move(there).error();
  const auto table = folded(current_->target.table, database_->dialect().limits());
  auto before = records_.table_before(table, source_of(run, run.part()).id());
  if (!before || before->empty()) return before;
  return "its rows went into table '" + *before + "' before, which stays as it is";
}

// The table that is there, and what must change in it for the delivery.
Status SqlSink::fit_target(const Run& run, const Schema& schema, TableChoice choice) {
  auto& current = *current_;
  auto info = look_at_target(choice.last);
  if (!info) return std::move(info).error();
  auto moved = note_of_table_before(run, choice.last);
  if (!moved) return std::move(moved).error();
  if (!moved->empty()) choice.note += (choice.note.empty() ? "" : "; ") + *moved;
  current.info = std::move(*info);
  auto given = given_names_.read(folded(current.target.table, database_->dialect().limits()), owner(run).id());
  if (!given) return std::move(given).error();
  current.given = std::move(*given);
  if (!current.info) {
    current.notes = notes_of_names(current.plan, options_.naming, database_->dialect().limits());
    if (!choice.note.empty()) current.notes.push_back(std::move(choice.note));
    return {};
  }
  // The columns that are there, and the records of them, say what a column's name was.
  auto plan = plan_table(options_, database_->dialect(), run, schema, &*current.info, current.given);
  if (!plan) return std::move(plan).error();
  current.plan = std::move(*plan);
  auto change = adapt(options_, database_->dialect(), *current.info, current.plan);
  if (!change) return std::move(change).error();
  current.change = std::move(*change);
  current.notes = current.change.notes;
  if (!choice.note.empty()) current.notes.push_back(std::move(choice.note));
  if (current.plan.columns.empty()) return refused("the table has none of the delivery's columns");
  return {};
}

Status SqlSink::run(const std::vector<std::string>& statements) {
  for (const auto& statement : statements) {
    if (statement.empty()) continue;
    if (auto done = database_->execute(statement); !done) return std::move(done).error();
  }
  return {};
}

Status SqlSink::begin_loading() {
  auto& current = *current_;
  const auto& dialect = database_->dialect();
  current.place = choose_place();
  if (rejects_) rejects_->begin(current.record.run_id, where());
  const bool in_transaction = current.place != Place::stage || options_.atomic == Atomic::run;
  const bool ddl_before = current.place == Place::fresh && !dialect.transactional_ddl();
  if (ddl_before) {
    // Of a delivery that died; finish_publication has seen to it that it is not a committed one.
    if (auto status = run({dialect.drop_table(current.fresh)}); !status.ok()) return status;
    current.scratch = true;
    if (auto status = make_target(); !status.ok()) return status;
  }
  if (in_transaction) {
    if (auto status = transaction_.begin(); !status.ok()) return status;
  }
  if (current.place == Place::stage) {
    current.scratch = !in_transaction;
    if (auto status = run({dialect.drop_table(current.stage), make_stage()}); !status.ok())
      return std::move(status).within("staging table");
    if (keeps_refused_keys()) {
      if (auto status = make_table_of_refused_keys(); !status.ok()) return std::move(status).within("table of refused keys");
    }
    if (current.other_turns) {
      auto note = turn_keys_.begin(current.record.run_id, current.target, current.plan);
      if (!note) return std::move(note).error();
      if (!note->empty()) current.notes.push_back(std::move(*note));
    }
  } else if (!ddl_before && (current.place == Place::fresh || !current.info)) {
    if (auto status = make_target(); !status.ok()) return status;
  }
  const auto& into = current.place == Place::stage ? current.stage : current.place == Place::fresh ? current.fresh : current.target;
  if (auto status = loader_.begin(into, current.plan.load_columns(), in_transaction); !status.ok()) return status;
  if (current.place == Place::stage && keeps_refused_keys())
    loader_.keep_refused_keys(current.refused, current.plan.load_columns_of(current.plan.key));
  return {};
}

Status SqlSink::make_table_of_refused_keys() {
  const auto& dialect = database_->dialect();
  const auto& plan = current_->plan;
  std::vector<ColumnSpec> columns;
  for (const auto& column : plan.columns) {
    if (std::find(plan.key.begin(), plan.key.end(), column.spec.name) != plan.key.end()) columns.push_back(column.spec);
  }
  return run(
      {dialect.drop_table(current_->refused), dialect.create_table(current_->refused, table_definition(dialect, columns, {}), true)});
}

// What merge and history delete, or end. A row that was refused is not missing; where its key is not known any row could be it.
std::optional<Missing> SqlSink::missing() {
  if (!options_.delete_missing) return std::nullopt;
  if (!loader_.knows_refused_keys()) {
    current_->notes.emplace_back("rows that are missing were not deleted: the keys of some refused rows are not known");
    return std::nullopt;
  }
  return rejects_ ? Missing{current_->refused} : Missing{};
}

Status SqlSink::write(const BatchView& batch) {
  if (!open_) return {Code::invalid_argument, "write before open"};
  if (!broken_.ok()) return broken_;
  if (current_->landed) {
    counted_ += static_cast<std::uint64_t>(batch.rows());
    return {};
  }
  broken_ = told_to_stop(loader_.write(batch).within("table '" + where() + "'"));
  return broken_;
}

Status SqlSink::commit() {
  if (!open_) return {Code::invalid_argument, "commit before open"};
  // Whether what was sent to be committed has landed is not known then, and the target is asked.
  if (broken_.ok() && !current_->landed) broken_ = deliver().within("table '" + where() + "'");
  if (!broken_.ok()) return broken_;
  open_ = false;
  clean_up(!current_->landed);
  return {};
}

Status SqlSink::deliver() {
  auto& current = *current_;
  const auto& dialect = database_->dialect();
  if (auto status = loader_.finish(); !status.ok()) return status;
  current.record.rows = loader_.loaded();
  if (rejects_ && rejects_->count() > 0) {
    current.refused_rows = static_cast<std::uint64_t>(rejects_->count());
    current.notes.push_back(std::to_string(rejects_->count()) + " rows were refused and are in '" + rejects_->path() + "'");
  }
  if (auto status = check_empty(); !status.ok()) return status;
  if (current.place == Place::stage) {
    if (auto status = run({dialect.analyze(current.stage)}); !status.ok()) return status;
    if (auto status = check_keys(*database_, current.stage, current.plan); !status.ok()) return status;
    if (!dialect.transactional_ddl()) {
      if (auto status = change_target(current.target); !status.ok()) return status;
    }
  }
  if (auto status = transaction_.begin(); !status.ok()) return status;
  if (current.place == Place::stage) {
    if (dialect.transactional_ddl()) {
      if (auto status = change_target(current.target); !status.ok()) return status;
    }
    const auto& into = current.place == Place::fresh ? current.fresh : current.target;
    if (auto status = current.other_turns ? turn_keys_.check(current.stage, current.plan) : Status(); !status.ok()) return status;
    if (auto status = apply_stage(*database_, options_, into, current.stage, current.plan, !current.info, missing(), current.delivered_at);
        !status.ok())
      return status;
    if (auto status = current.other_turns ? turn_keys_.add(current.stage, current.plan) : Status(); !status.ok()) return status;
  }
  if (renames()) current.record.generation = current.fresh.table;
  if (auto status = records_.add(current.record); !status.ok()) return std::move(status).within("delivery record");
  if (auto status = keep_given_names(); !status.ok()) return std::move(status).within("record of the columns");
  if (dialect.transactional_ddl() && current.place == Place::fresh) {
    if (auto status = publish(); !status.ok()) return status;
  }
  if (rejects_) {
    if (auto status = rejects_->publish(); !status.ok()) return status;
  }
  if (auto status = transaction_.commit(); !status.ok()) return status;
  current.scratch = current.scratch && current.place == Place::stage;
  if (!dialect.transactional_ddl() && current.place == Place::fresh) return publish();
  return {};
}

// Columns that are not in this delivery stay their columns' while the table has them.
Status SqlSink::keep_given_names() {
  const auto& current = *current_;
  const auto limits = database_->dialect().limits();
  auto now = current.plan.given_names();
  std::set<std::string> in_table, named;
  for (const auto& given : now) named.insert(folded(given.column, limits));
  if (current.info) {
    for (const auto& column : current.info->columns) in_table.insert(folded(column.name, limits));
  }
  for (const auto& given : current.given) {
    const auto name = folded(given.column, limits);
    if (in_table.contains(name) && !named.contains(name)) now.push_back(given);
  }
  return given_names_.write(current.record.table, current.record.source, current.given, now);
}

// An empty table is more often a mistake upstream than the truth: a selection that matches nothing, a reload that loaded nothing, rows that
// were refused one and all.
Status SqlSink::check_empty() {
  const auto& current = *current_;
  const bool deletes_all = options_.delete_missing && current.plan.loops().empty();
  const bool empties = turns_of(options_.mode) == Turns::apart || deletes_all;
  if (current.record.rows > 0 || options_.allow_empty || !empties || !current.info) return {};
  const auto& dialect = database_->dialect();
  const auto rows = database_->query(dialect.first_row("SELECT 1 FROM " + dialect.qualified(current.target)));
  if (!rows) return rows.error();
  if (rows->empty()) return {};
  return {Code::bad_data, "the delivery has no rows, and the table has; they stay. Set allow-empty = true where no rows are right"};
}

// What a delivery leaves that nobody will look at. Its failure is no failure of the delivery: staging tables are dropped by the next one.
void SqlSink::clean_up(bool delivered) {
  Status status;
  const auto keep = [&](Status next) {
    if (status.ok()) status = std::move(next);
  };
  if (database_->connected()) {
    if (current_ && current_->scratch) {
      keep(run({database_->dialect().drop_table(current_->place == Place::stage ? current_->stage : current_->fresh),
                keeps_refused_keys() ? database_->dialect().drop_table(current_->refused) : ""}));
    }
    if (delivered && options_.method == Method::view && !transaction_.in_run()) keep(drop_old_generations());
    if (!transaction_.in_run()) {
      for (const auto& table : locked_) keep(database_->unlock(table));
    }
  }
  if (current_) current_->scratch = false;
  if (!transaction_.in_run()) locked_.clear();
  if (!status.ok()) log::warn("could not clean up after a delivery", {{"error", status.message()}});
}

Status SqlSink::abort() {
  loader_.cancel();
  auto status = transaction_.rollback();
  open_ = false;
  clean_up(false);
  return status;
}

Result<Committed> SqlSink::committed(std::string_view run_id) {
  // It failed before the commit: a lock that was not to be had, say.
  const bool own = current_ && current_->record.run_id == run_id;
  if (own && options_.atomic != Atomic::run && transaction_.open()) return Committed::no;
  if (auto status = connect(); !status.ok()) return status;
  auto there = records_.exists();
  if (!there) return std::move(there).error();
  if (!*there) return Committed::no;
  if (options_.atomic == Atomic::run) {
    if (transaction_.in_run()) return Committed::no;
    auto landed = records_.landed(run_id);
    if (!landed) return std::move(landed).error();
    return *landed ? Committed::yes : Committed::no;
  }
  if (!current_) return Committed::unknown;
  auto landed = records_.landed(run_id, current_->record.table, current_->record.part);
  if (!landed) return std::move(landed).error();
  if (!*landed) return Committed::no;
  auto last = records_.last(current_->record.table);
  if (!last) return std::move(last).error();
  if (auto status = finish_publication(*last); !status.ok()) return status;
  return Committed::yes;
}

Delivery SqlSink::delivery() const {
  if (!current_) return {};
  std::string note;
  for (const auto& text : current_->notes) note += (note.empty() ? "" : "; ") + text;
  return {current_->landed ? counted_ : loader_.rows(), 0, database_->target() + ", table " + where(), note, current_->refused_rows};
}

Status SqlSink::end_run(std::string_view /*run_id*/, bool complete) {
  if (!transaction_.in_run()) {
    return run_lost_ && complete ? Status(Code::io, "the transaction of the run was lost with its connection") : Status();
  }
  auto status = transaction_.end_run(complete);
  clean_up(complete && status.ok());
  return status;
}

}  // namespace qonduit::sql
