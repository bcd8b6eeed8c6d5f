// The options every SQL sink has, and their table. A database's own options are a struct derived from this one, its table
// joined(options(own ...), kSqlOptions).
#pragma once

#include <qonduit/options.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "column.hpp"

namespace qonduit::sql {

enum class Mode : std::uint8_t { append, replace, truncate, merge, history };
enum class Method : std::uint8_t { rewrite, swap, view };
enum class Atomic : std::uint8_t { dataset, run };
enum class SchemaChange : std::uint8_t { fail, evolve, ignore };
enum class Naming : std::uint8_t { as_is, snake_case };

struct SqlOptions {
  std::string schema;
  std::string table = "{title}";
  std::vector<std::string> key;
  std::string staging;
  std::vector<std::string> primary_key;
  std::vector<std::string> metadata;
  std::string reject = "fail";
  std::map<std::string, std::string> type;
  std::map<std::string, std::string> column_type;
  std::map<std::string, std::vector<std::string>> index;
  std::chrono::milliseconds connect_wait{30'000};
  std::chrono::milliseconds lock_timeout{30'000};
  std::chrono::milliseconds statement_timeout{0};
  std::int64_t batch = 10'000;
  std::optional<std::int64_t> reject_limit;
  int text_length = 0;
  std::optional<int> generations;
  Mode mode = Mode::append;
  Method method = Method::rewrite;
  Atomic atomic = Atomic::dataset;
  SchemaChange schema_change = SchemaChange::fail;
  Naming naming = Naming::as_is;
  NonFinite non_finite = NonFinite::fail;
  bool delete_missing = false;
  bool allow_empty = false;
  bool comments = true;
};

inline constexpr auto kSqlOptions = options(
    option("schema", &SqlOptions::schema, "The schema of all tables, which must exist; when not set, the connection's own."),
    option("table", &SqlOptions::table,
           "The table's name. {pipeline} {app} {sheet} {object} {title} {dataset} {run} {date} {loop} {loop:NAME} are replaced; naming "
           "makes a name of "
           "it."),
    option(
        "mode", &SqlOptions::mode,
        "What becomes of the rows that are there. append: they stay, and every run adds all of its rows again; replace: a delivery takes "
        "their place; truncate: so it does, faster, while readers wait; merge: rows are updated and inserted by key; history: by key, and "
        "every version of a row is kept.")
        .required()
        .values<Mode>({{"append", Mode::append},
                       {"replace", Mode::replace},
                       {"truncate", Mode::truncate},
                       {"merge", Mode::merge},
                       {"history", Mode::history}}),
    option("method", &SqlOptions::method,
           "How replace works: rewrite deletes and inserts in one transaction, views and grants stay; swap renames; view keeps generations "
           "of tables behind a view.")
        .values<Method>({{"rewrite", Method::rewrite}, {"swap", Method::swap}, {"view", Method::view}}),
    option("key", &SqlOptions::key,
           "Columns that identify a row, separated by commas, in quotes where a name has one; merge and history need them."),
    option("delete-missing", &SqlOptions::delete_missing,
           "What a delivery does not have is deleted by merge and closed by history. Only for deliveries that are complete."),
    option("allow-empty", &SqlOptions::allow_empty,
           "Let a delivery without rows leave an empty table where there were rows. Otherwise such a delivery fails, and the rows stay."),
    option("atomic", &SqlOptions::atomic, "What appears together: each dataset by itself, or all tables of a run.")
        .values<Atomic>({{"dataset", Atomic::dataset}, {"run", Atomic::run}}),
    option("staging", &SqlOptions::staging,
           "A schema for staging tables, where rows wait that are not loaded into the target itself; when not set, temporary tables."),
    option("batch", &SqlOptions::batch, "Rows of one round trip, where rows are sent by statements.").range(1, 1'000'000),
    option("connect-wait", &SqlOptions::connect_wait, "How long to try again when the database is not there, or starting.")
        .range(0, 86'400'000),
    option("lock-timeout", &SqlOptions::lock_timeout, "How long to wait for locks of others.").range(0, 86'400'000),
    option("statement-timeout", &SqlOptions::statement_timeout, "How long a statement of a commit may take; 0ms: as long as it takes.")
        .range(0, 86'400'000),
    option("schema-change", &SqlOptions::schema_change,
           "When columns differ from the table's: fail; evolve adds columns and widens types; ignore leaves new columns out.")
        .values<SchemaChange>({{"fail", SchemaChange::fail}, {"evolve", SchemaChange::evolve}, {"ignore", SchemaChange::ignore}}),
    option("naming", &SqlOptions::naming, "Names of tables and columns: as they are, always quoted, or in small letters, digits and _.")
        .values<Naming>({{"as-is", Naming::as_is}, {"snake_case", Naming::snake_case}}),
    option_map("type.", &SqlOptions::type,
               "The SQL type of new columns of a kind: type.integer = NUMERIC(20). Kinds: integer real boolean text date timestamp time "
               "interval."),
    option_map("column-type.", &SqlOptions::column_type, "The SQL type of a new column, by its name in the delivery."),
    option("text-length", &SqlOptions::text_length,
           "Characters of new text columns; 0: as many as the database can. Longer texts are refused.")
        .range(0, 10'000'000),
    option("non-finite", &SqlOptions::non_finite,
           "NaN and infinities: kept where the database has them, null, or fail. text: real columns are text columns.")
        .values<NonFinite>({{"keep", NonFinite::keep}, {"null", NonFinite::null}, {"text", NonFinite::text}, {"fail", NonFinite::fail}}),
    option("primary-key", &SqlOptions::primary_key, "Columns of a new table's primary key; when not set, those of key."),
    option_map("index.", &SqlOptions::index, "An index of a new table, and its columns: index.by_region = Region, Year."),
    option("comments", &SqlOptions::comments, "Comment new tables and columns with Qlik's titles and expressions."),
    option("metadata", &SqlOptions::metadata,
           "Columns added to every row: run_id, delivered_at, app, object, reload_time, selections; each with _ in front."),
    option("reject", &SqlOptions::reject, "A row the database refuses: fail, or skip-to FILE, which gets it with the reason."),
    option("reject-limit", &SqlOptions::reject_limit, "Rows a delivery may lose to the reject file before it fails; when not set, 100.")
        .range(1, 1'000'000'000),
    option("generations", &SqlOptions::generations, "Tables kept behind a view, the one in use among them; when not set, 2.")
        .range(1, 100));

}  // namespace qonduit::sql
