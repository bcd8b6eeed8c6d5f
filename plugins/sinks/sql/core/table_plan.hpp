// What a delivery wants of its table, and what it takes for a table that is there to take it. Pure: options, dialect, schema and catalogue
// in; columns, types and changes out.
#pragma once

#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "database.hpp"
#include "dialect.hpp"
#include "names.hpp"
#include "sql_options.hpp"

namespace qonduit::sql {

struct PlannedColumn {
  ColumnSpec spec;
  LoadColumn load;
  std::string title;              // in the delivery
  std::string own_name;           // what it is known by, also where its title is another's too
  std::string qlik_title;         // Qlik's own, where it is told; several columns may have it
  bool beside = false;            // stands beside the source's own: of a loop, a selection, the text of another column
  bool by_members = false;        // its name is that of members of a dimension: shape wide
  bool loop = false;              // says which turn of foreach the row is of
  std::string loop_name, masked;  // of a loop; masked: how, where several turns may look alike
};

struct TablePlan {
  std::vector<PlannedColumn> columns;  // of the batch, then metadata
  std::vector<ColumnSpec> validity;    // history: valid_from, valid_to, current; not loaded
  std::vector<std::string> key;        // names in the database, as the three below
  std::vector<std::string> primary_key;
  std::vector<std::pair<std::string, std::vector<std::string>>> indexes;  // name, columns
  std::string comment;

  [[nodiscard]] std::vector<ColumnSpec> all_columns() const;
  [[nodiscard]] std::vector<LoadColumn> load_columns() const;
  [[nodiscard]] std::vector<LoadColumn> load_columns_of(const std::vector<std::string>& names) const;
  [[nodiscard]] std::vector<std::string> names() const;      // of columns
  [[nodiscard]] std::vector<GivenName> given_names() const;  // of the batch's columns
  [[nodiscard]] std::vector<std::string> loops() const;      // of those that say which turn of foreach a row is of
  // The names of columns that tell two versions of a row apart: no key, no metadata.
  [[nodiscard]] std::vector<std::string> compared() const;
  std::size_t metadata = 0;  // how many columns at the end are metadata
};

// Whether type.KIND and metadata name what there is; needs no delivery.
Status check_words(const SqlOptions& options);

// invalid_config for options that name columns the delivery has not; bad_data for what the database cannot hold at all.
// table: the one that is there, should there be one: a column keeps the name it has in it. given: what the records say of its columns.
Result<TablePlan> plan_table(const SqlOptions& options, const Dialect& dialect, const Run& run, const Schema& schema,
                             const TableInfo* table = nullptr, const std::vector<GivenName>& given = {});

// For the user of a new table: the columns whose names are not what the naming rule makes of their titles. Ten of them at most, and how
// many more there are.
std::vector<std::string> notes_of_names(const TablePlan& plan, Naming naming, const NameLimits& limits);

// What has to change in a table that is there.
struct Adaptation {
  std::vector<ColumnSpec> add;
  std::vector<ColumnSpec> widen;
  std::vector<std::string> whole_as_real;  // of widen: columns whose integers must be exact as reals
  std::vector<std::string> notes;          // for the user
  [[nodiscard]] bool empty() const { return add.empty() && widen.empty(); }
};

// Fits the plan to the table: types become those of the table's columns, ignored columns leave the plan. rows_stay: the table's rows stay,
// so that columns the delivery has not must take nulls. invalid_config, with every difference, where schema-change does not allow it.
Result<Adaptation> adapt(const SqlOptions& options, const Dialect& dialect, const TableInfo& table, TablePlan& plan);

}  // namespace qonduit::sql
