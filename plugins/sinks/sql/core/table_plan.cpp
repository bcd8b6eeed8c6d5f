#include "table_plan.hpp"

#include <qonduit/hidden_titles.hpp>
#include <qonduit/json_text.hpp>
#include <qonduit/own_name.hpp>
#include <qonduit/suggestion.hpp>
#include <qonduit/type_words.hpp>

#include <algorithm>
#include <iterator>

#include "names.hpp"

namespace qonduit::sql {
namespace {

constexpr std::string_view kMetadata[] = {"run_id", "delivered_at", "app", "object", "reload_time", "selections"};

Status wrong(std::string why) { return {Code::invalid_config, std::move(why)}; }

// "2026-01-31T06:00:00.000Z" as timestamps of the loader: without zone, and without a fraction that is zero.
std::optional<std::string> moment(std::string_view text) {
  if (text.size() < 19) return std::nullopt;
  auto plain = text.substr(0, text.find('Z'));
  if (const auto fraction = plain.find('.');
      fraction != std::string_view::npos && plain.find_first_not_of('0', fraction + 1) == std::string_view::npos) {
    plain = plain.substr(0, fraction);
  }
  return std::string(plain);
}

std::string selections_json(const Run& run) {
  std::string json = "{";
  for (const auto& [name, value] : run.selections) {
    json += (json.size() == 1 ? "" : ",") + json_string(name) + ":" + json_string(value);
  }
  return json + "}";
}

class Planner {
 public:
  Planner(const SqlOptions& options, const Dialect& dialect, const Run& run, const Schema& schema, const TableInfo* table,
          const std::vector<GivenName>& given)
      : options_(options), dialect_(dialect), run_(run), schema_(schema), table_(table), given_(given) {}

  Result<TablePlan> plan() {
    for (std::size_t i = 0; i < schema_.fields.size(); ++i) add_field(schema_.fields[i], i);
    add_metadata();
    name_columns();
    if (auto status = resolve_keys(); !status.ok()) return status;
    if (auto status = choose_types(); !status.ok()) return status;
    if (auto status = add_validity(); !status.ok()) return status;
    const auto title = run_.title.empty() ? run_.object_id : run_.title;
    plan_.comment = clean_text(std::string(title) + (run_.dataset.empty() ? "" : ", " + std::string(run_.dataset)) + " (" +
                               std::string(run_.app) + (run_.sheet.empty() ? "" : ", " + std::string(run_.sheet)) + ")");
    return std::move(plan_);
  }

 private:
  void add_field(const Field& field, std::size_t index) {
    PlannedColumn column;
    column.title = field.name;
    column.own_name = clean_text(own_name(field));
    column.load.kind = kind_of(field);
    column.load.source = index;
    column.qlik_title = field.find("qlik.title");
    const auto role = field.find("qlik.role");
    column.beside = !role.empty() && role != "dimension" && role != "measure";
    column.by_members = !field.find(kNamedBy).empty();
    column.loop = role == "loop";
    if (column.loop) column.loop_name = field.find("qlik.title").empty() ? field.name : field.find("qlik.title");
    column.masked = field.find("qlik.masked");
    column.load.non_finite = options_.non_finite;
    column.spec.kind = column.load.kind == Kind::real && options_.non_finite == NonFinite::text ? Kind::text : column.load.kind;
    column.spec.nullable = field.nullable;
    const auto title = field.find("qlik.title"), expression = field.find("qlik.expression");
    column.spec.comment = clean_text(std::string(title.empty() ? std::string_view(field.name) : title) +
                                     (expression.empty() ? "" : ": " + std::string(expression)));
    plan_.columns.push_back(std::move(column));
  }

  void add_metadata() {
    for (const auto& name : options_.metadata) {
      PlannedColumn column;
      column.title = "_" + name;
      column.load.kind = name == "delivered_at" || name == "reload_time" ? Kind::timestamp : Kind::text;
      column.load.constant = name == "run_id"         ? std::optional(std::string(run_.run_id))
                             : name == "delivered_at" ? moment(run_.started_at)
                             : name == "app"          ? std::optional(std::string(run_.app))
                             : name == "object"       ? std::optional(std::string(run_.object_id))
                             : name == "reload_time"  ? moment(run_.reload_time)
                                                      : std::optional(selections_json(run_));
      if (column.load.constant) column.load.constant = clean_text(*column.load.constant);
      column.spec.kind = column.load.kind;
      plan_.columns.push_back(std::move(column));
      ++plan_.metadata;
    }
  }

  void name_columns() {
    const auto fields = plan_.columns.size() - plan_.metadata;
    const auto limits = dialect_.limits();
    std::vector<std::string> titles, metadata;
    NamesThere there;
    there.hidden = hidden_titles(schema_);
    // The names of metadata are ours, whatever the rule: _run_id is not run_id.
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) (i < fields ? titles : metadata).push_back(plan_.columns[i].title);
    there.taken = metadata;
    there.taken.insert(there.taken.end(), limits.columns.begin(), limits.columns.end());
    for (std::size_t i = 0; i < fields; ++i) {
      there.own.push_back(plan_.columns[i].own_name);
      there.by_members.push_back(plan_.columns[i].by_members);
    }
    if (table_ != nullptr) {
      for (const auto& column : table_->columns) there.table.push_back(column.name);
      there.given = given_;
    }
    auto names = column_names(titles, options_.naming, limits, there);
    names.insert(names.end(), metadata.begin(), metadata.end());
    for (std::size_t i = 0; i < names.size(); ++i) plan_.columns[i].spec.name = plan_.columns[i].load.name = names[i];
  }

  // Why no column is called so. A title that several columns have is the name of none.
  [[nodiscard]] std::string nobody(const std::string& wanted) const {
    std::vector<std::string_view> titles;
    std::string list;
    std::size_t count = 0;
    for (const auto& column : plan_.columns) {
      titles.push_back(column.title);
      if (column.qlik_title != wanted || column.beside) continue;
      list += (count++ == 0 ? "'" : ", '") + column.title + "'";
    }
    const auto hidden_ones = hidden_titles(schema_);
    const auto hidden = static_cast<std::size_t>(std::count(hidden_ones.begin(), hidden_ones.end(), wanted));
    const auto all = count + hidden;
    if (count == 0) return "the delivery has no column '" + wanted + "'" + suggestion(wanted, titles);
    if (all == 1) return "'" + wanted + "' is the title of column " + list + "; write its name";
    return "'" + wanted + "' is the title of " + (all == 2 ? "two" : std::to_string(all)) + " columns" +
           (hidden == 0 ? ": " + list + "; name one of them by its name"
                        : ", of which " + std::to_string(hidden) + (hidden == 1 ? " is" : " are") + " not shown; name " +
                              (count == 1 ? "the other one" : "one") + " by its name: " + list);
  }

  // Titles of the delivery, or names in the database.
  Result<std::vector<std::string>> resolve(std::string_view option, const std::vector<std::string>& columns) {
    std::vector<std::string> names;
    for (const auto& wanted : columns) {
      const auto found = std::find_if(plan_.columns.begin(), plan_.columns.end(), [&](const auto& column) {
        return column.title == wanted || column.spec.name == wanted || column.own_name == wanted;
      });
      if (found == plan_.columns.end()) {
        return wrong(std::string(option) + ": " + nobody(wanted));
      }
      names.push_back(found->spec.name);
    }
    return names;
  }

  Status resolve_keys() {
    auto key = resolve("key", options_.key);
    if (!key) return std::move(key).error();
    plan_.key = std::move(*key);
    auto primary = resolve("primary-key", options_.primary_key);
    if (!primary) return std::move(primary).error();
    plan_.primary_key = std::move(*primary);
    if (plan_.primary_key.empty() && options_.mode == Mode::merge) plan_.primary_key = plan_.key;
    for (const auto& [name, columns] : options_.index) {
      auto indexed = resolve("index." + name, columns);
      if (!indexed) return std::move(indexed).error();
      if (indexed->empty()) return wrong("index." + name + ": names no column");
      plan_.indexes.emplace_back(name, std::move(*indexed));
    }
    if (options_.mode == Mode::history) plan_.indexes.emplace_back("", plan_.key);
    return {};
  }

  Status choose_types() {
    const auto names = [](const std::vector<std::string>& list, const std::string& name) {
      return std::find(list.begin(), list.end(), name) != list.end();
    };
    for (auto& column : plan_.columns) {
      auto& spec = column.spec;
      const bool primary = names(plan_.primary_key, spec.name);
      spec.key = primary || names(plan_.key, spec.name) ||
                 std::any_of(plan_.indexes.begin(), plan_.indexes.end(), [&](const auto& index) { return names(index.second, spec.name); });
      spec.nullable = spec.nullable && !primary;
      const auto by_column = options_.column_type.find(column.title);
      const auto by_kind = std::find_if(options_.type.begin(), options_.type.end(),
                                        [&](const auto& known) { return type_word(known.first) == to_string(spec.kind); });
      spec.type = by_column != options_.column_type.end() ? by_column->second
                  : by_kind != options_.type.end()        ? by_kind->second
                                                   : dialect_.type_of(spec.kind, spec.key, static_cast<std::size_t>(options_.text_length));
      if (dialect_.fit(column.load.kind, spec.type) == Fit::lossy) {
        return wrong("column '" + column.title + "' (" + std::string(to_string(column.load.kind)) + ") does not fit into " + spec.type +
                     " without losing something; choose another type for it");
      }
      column.load.type = spec.type;
    }
    for (const auto& [title, type] : options_.column_type) {
      if (std::none_of(plan_.columns.begin(), plan_.columns.end(),
                       [&, wanted = title](const auto& column) { return column.title == wanted; })) {
        return wrong("column-type." + title + ": " + nobody(title));
      }
    }
    return {};
  }

  Status add_validity() {
    if (options_.mode != Mode::history) return {};
    for (const auto& [name, kind] : {std::pair("valid_from", Kind::timestamp), {"valid_to", Kind::timestamp}, {"current", Kind::boolean}}) {
      const auto taken = std::find_if(plan_.columns.begin(), plan_.columns.end(), [&, wanted = std::string_view(name)](const auto& column) {
        return folded(column.spec.name, dialect_.limits()) == wanted;
      });
      if (taken != plan_.columns.end())
        return wrong("mode = history adds a column '" + std::string(name) + "', and column '" + taken->title +
                     "' of the delivery has that name; rename it");
      plan_.validity.push_back(
          {name, kind, dialect_.type_of(kind, false, 0), kind == Kind::timestamp && name == std::string_view("valid_to"), false, {}});
    }
    return {};
  }

  const SqlOptions& options_;
  const Dialect& dialect_;
  const Run& run_;
  const Schema& schema_;
  const TableInfo* table_;
  const std::vector<GivenName>& given_;
  TablePlan plan_;
};

// What becomes of a column of the table that the delivery has not.
std::string_view of_missing_column(Mode mode) {
  switch (mode) {
    case Mode::append: return " and is null in its rows";
    case Mode::replace:
    case Mode::truncate: return " and is null";
    case Mode::merge: return ": rows keep the value they have, new rows have null";
    case Mode::history: return ": versions keep the value they have, new versions have null";
  }
  return "";
}

// int -> real -> text, and nothing else, loses nothing.
bool widens(Kind from, Kind to) {
  return (from == Kind::integer && (to == Kind::real || to == Kind::text)) || (from == Kind::real && to == Kind::text);
}

}  // namespace

std::vector<ColumnSpec> TablePlan::all_columns() const {
  std::vector<ColumnSpec> specs;
  for (const auto& column : columns) specs.push_back(column.spec);
  specs.insert(specs.end(), validity.begin(), validity.end());
  return specs;
}

std::vector<LoadColumn> TablePlan::load_columns() const {
  std::vector<LoadColumn> loads;
  for (const auto& column : columns) loads.push_back(column.load);
  return loads;
}

std::vector<LoadColumn> TablePlan::load_columns_of(const std::vector<std::string>& names) const {
  std::vector<LoadColumn> load;
  for (const auto& column : columns) {
    if (std::find(names.begin(), names.end(), column.spec.name) != names.end()) load.push_back(column.load);
  }
  return load;
}

std::vector<std::string> TablePlan::names() const {
  std::vector<std::string> result;
  for (const auto& column : columns) result.push_back(column.spec.name);
  return result;
}

std::vector<GivenName> TablePlan::given_names() const {
  std::vector<GivenName> given;
  for (std::size_t i = 0; i + metadata < columns.size(); ++i) {
    const auto& column = columns[i];
    given.push_back({column.spec.name, clean_text(column.title), column.own_name});
  }
  return given;
}

std::vector<std::string> TablePlan::loops() const {
  std::vector<std::string> names;
  for (const auto& column : columns) {
    if (column.loop) names.push_back(column.spec.name);
  }
  return names;
}

std::vector<std::string> TablePlan::compared() const {
  std::vector<std::string> result;
  for (std::size_t i = 0; i + metadata < columns.size(); ++i) {
    const auto& name = columns[i].spec.name;
    if (std::find(key.begin(), key.end(), name) == key.end()) result.push_back(name);
  }
  return result;
}

Status check_words(const SqlOptions& options) {
  for (const auto& [kind, type] : options.type) {
    if (!type_word(kind).empty()) continue;
    return wrong("type." + kind + ": is no kind" + suggestion(kind, {std::begin(kTypeWords), std::end(kTypeWords)}));
  }
  for (const auto& name : options.metadata) {
    if (std::find(std::begin(kMetadata), std::end(kMetadata), name) == std::end(kMetadata)) {
      return wrong("metadata: '" + name + "' is none of run_id, delivered_at, app, object, reload_time, selections");
    }
  }
  return {};
}

Result<TablePlan> plan_table(const SqlOptions& options, const Dialect& dialect, const Run& run, const Schema& schema,
                             const TableInfo* table, const std::vector<GivenName>& given) {
  if (schema.fields.empty()) return Status(Code::unsupported, "the delivery has no columns, and a table needs one");
  if (auto status = check_words(options); !status.ok()) return status;
  return Planner(options, dialect, run, schema, table, given).plan();
}

std::vector<std::string> notes_of_names(const TablePlan& plan, Naming naming, const NameLimits& limits) {
  constexpr std::size_t kMost = 10;
  std::vector<std::string> notes;
  std::size_t more = 0;
  for (std::size_t i = 0; i + plan.metadata < plan.columns.size(); ++i) {
    const auto& column = plan.columns[i];
    if (is_plain_name(column.spec.name, column.title, naming, limits)) continue;
    if (notes.size() == kMost) {
      ++more;
    } else {
      notes.push_back("column '" + clean_text(column.title) + "' is called '" + column.spec.name + "' in the table");
    }
  }
  if (more > 0) notes.push_back("and so on for " + std::to_string(more) + (more == 1 ? " column more" : " columns more"));
  return notes;
}

Result<Adaptation> adapt(const SqlOptions& options, const Dialect& dialect, const TableInfo& table, TablePlan& plan) {
  Adaptation result;
  std::string problems;
  bool of_types = false;
  bool by_evolving = true;  // schema-change = evolve would end every problem
  const auto complain = [&](const std::string& text, bool evolving_ends_it = false) {
    problems += (problems.empty() ? "" : "; ") + text;
    by_evolving = by_evolving && evolving_ends_it;
  };
  const auto limits = dialect.limits();
  const auto find = [&](const std::string& name) {
    return std::find_if(table.columns.begin(), table.columns.end(),
                        [&](const auto& column) { return folded(column.name, limits) == folded(name, limits); });
  };
  const bool evolve = options.schema_change == SchemaChange::evolve;
  for (auto column = plan.columns.begin(); column != plan.columns.end();) {
    const auto found = find(column->spec.name);
    if (found == table.columns.end()) {
      const auto what = "column '" + column->spec.name + "' (" + column->spec.type + ")";
      const bool keyed = std::find(plan.key.begin(), plan.key.end(), column->spec.name) != plan.key.end();
      if (options.schema_change == SchemaChange::ignore && !keyed) {
        result.notes.push_back(what + " is not in the table and was left out");
        const bool metadata = column - plan.columns.begin() >= static_cast<std::ptrdiff_t>(plan.columns.size() - plan.metadata);
        if (metadata) --plan.metadata;
        column = plan.columns.erase(column);
        continue;
      }
      if (evolve && !keyed) {
        column->spec.nullable = true;
        result.add.push_back(column->spec);
        const bool plain = is_plain_name(column->spec.name, column->title, options.naming, limits);
        result.notes.push_back(what + " was added" + (plain ? "" : " for '" + clean_text(column->title) + "'"));
      } else {
        complain(what + " is not in the table", !keyed);
      }
      ++column;
      continue;
    }
    column->spec.name = column->load.name = found->name;
    const auto wanted = column->load.kind;
    if (dialect.fit(wanted, found->type) != Fit::lossy) {
      column->spec.type = column->load.type = found->type;
    } else {
      const auto what =
          "column '" + found->name + "' is " + found->type + " in the table, and " + std::string(to_string(wanted)) + " in the delivery";
      const auto held = dialect.kind_of_type(found->type);
      const bool wider = held && widens(*held, column->spec.kind);
      if (evolve && wider) {
        if (*held == Kind::integer && column->spec.kind == Kind::real) result.whole_as_real.push_back(found->name);
        result.widen.push_back(column->spec);
        result.notes.push_back("column '" + found->name + "' was widened from " + found->type + " to " + column->spec.type);
      } else {
        complain(what, wider);
        of_types = true;
      }
    }
    ++column;
  }
  for (const auto& there : table.columns) {
    const auto same = [&](const std::string& name) { return folded(name, limits) == folded(there.name, limits); };
    if (std::any_of(plan.columns.begin(), plan.columns.end(), [&](const auto& column) { return same(column.spec.name); })) continue;
    if (std::any_of(plan.validity.begin(), plan.validity.end(), [&](const auto& column) { return same(column.name); })) continue;
    if (!there.nullable && !there.has_default) {
      complain("column '" + there.name + "' of the table takes no nulls, and is not in the delivery");
    } else if (options.schema_change == SchemaChange::fail && !there.has_default) {
      complain("column '" + there.name + "' of the table is not in the delivery", true);
    } else if (!there.has_default) {
      result.notes.push_back("column '" + there.name + "' of the table is not in the delivery" +
                             std::string(of_missing_column(options.mode)));
    }
  }
  for (const auto& needed : plan.validity) {
    if (find(needed.name) == table.columns.end()) complain("mode = history needs a column '" + needed.name + "' (" + needed.type + ")");
  }
  if (problems.empty()) return result;
  return Status(of_types ? Code::type_mismatch : Code::invalid_config,
                "the table's columns are not the delivery's: " + problems +
                    (by_evolving && !evolve ? "; set schema-change = evolve, change the table by hand, or rename columns"
                                            : "; change the table by hand, or rename columns"));
}

}  // namespace qonduit::sql
