// describe, preview, eval: one object or expression of a living app, looked at closely.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <cmath>
#include <iostream>

#include "apps/qonduit/cell_text.hpp"
#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/explorer.hpp"
#include "apps/qonduit/json_output.hpp"
#include "apps/qonduit/open_object.hpp"
#include "apps/qonduit/table.hpp"
#include "apps/qonduit/text.hpp"
#include "core/engine/expression.hpp"
#include "core/pipeline/estimate.hpp"
#include "qonduit/type_words.hpp"

namespace qonduit::app {
namespace {

using Align = Table::Align;

// Master measures are in the library; the object knows their ids.
Status resolve_expressions(engine::Session& session, Schema& schema) {
  for (auto& field : schema.fields) {
    const std::string library(field.find("qlik.library"));
    if (library.empty() || field.find("qlik.role") != "measure" || !field.find("qlik.expression").empty()) continue;
    auto expression = engine::measure_expression(session, library);
    // One without rights to the library sees the values all the same.
    if (!expression && retryable(expression.error().code())) return expression.error();
    if (expression) field.metadata.emplace_back("qlik.expression", std::move(*expression));
  }
  return {};
}

Status find_and_open(Explorer& explorer, const fetch::Options& options, const std::stop_token& stop, OpenObject& into) {
  const auto object = explorer.find_object();
  if (!object) return object.error();
  return open_object(explorer.session(), explorer.adapters(), *object, options, stop, into).within("object '" + object->id + "'");
}

// Why a dataset cannot be read, and which.
Status failure_of(const OpenObject& opened, const OpenObject::Dataset& dataset) {
  return dataset.status.within("object '" + opened.plan->facts.id + "'" + (dataset.name.empty() ? "" : ", dataset '" + dataset.name + "'"));
}

Table columns_of(const Schema& schema) {
  Table table({{"column"}, {"type"}, {"role"}, {"format"}, {"expression"}, {"tags"}});
  for (const auto& field : schema.fields) {
    std::string type(type_word(field.type));
    if (const auto logical = field.find("qlik.logical"); !logical.empty() && !type.starts_with(logical))
      type += " (" + std::string(logical) + ")";
    const auto fact = [&](std::string_view key) { return std::string(field.find(key)); };
    table.add({field.name, type, fact("qlik.role"), fact("qlik.format"), fact("qlik.expression"), fact("qlik.tags")});
  }
  return table;
}

// What a user should know of it before reading: of the object, of how a dataset is read, of its size.
std::vector<std::string> warnings_of(const OpenObject::Dataset& dataset) {
  if (dataset.reader == nullptr) return {};
  auto warnings = dataset.reader->remarks();
  if (dataset.reader->rows() < 0) warnings.emplace_back("how many rows it has is not known before it was read");
  if (dataset.forecast.pages_of_a_row > 1) {
    warnings.push_back("its rows are wider than a call may be: each is read in " + std::to_string(dataset.forecast.pages_of_a_row) +
                       " calls and joined");
  }
  return warnings;
}

// Of a pivot the layout says how many rows the engine lays out, each of which may be several of a delivery.
std::string source_rows_text(const OpenObject::Dataset& dataset) {
  const auto rows = dataset.reader->rows();
  const bool plain = rows * static_cast<std::int64_t>(dataset.schema.fields.size()) == dataset.forecast.cells || rows <= 0;
  return counted(rows, "row") + (plain || dataset.forecast.cells < 0 ? "" : " of the engine's table");
}

void describe_as_text(const OpenObject& opened) {
  const auto& facts = opened.plan->facts;
  std::cout << printable(facts.title.empty() ? facts.id : facts.title) << "\n\n"
            << "id       " << printable(facts.id) << "\ntype     " << printable(facts.type) << '\n';
  if (!facts.sheet.empty()) std::cout << "sheet    " << printable(facts.sheet) << '\n';
  if (!opened.plan->reader.empty()) std::cout << "adapter  " << opened.plan->reader << '\n';
  for (const auto& note : opened.plan->notes) std::cout << "note     " << printable(note) << '\n';
  for (const auto& warning : opened.plan->warnings) std::cout << "warning  " << printable(warning) << '\n';
  for (const auto& dataset : opened.datasets) {
    std::cout << "\ndataset  " << (dataset.name.empty() ? "(the object's own)" : printable(dataset.name));
    if (dataset.reader == nullptr) {
      std::cout << ": cannot be read: " << printable(dataset.status.message()) << '\n';
      continue;
    }
    std::cout << ": " << source_rows_text(dataset) << ", " << counted(dataset.forecast.cells, "cell") << ", "
              << counted(dataset.forecast.pages, "page") << '\n';
    for (const auto& note : dataset.reader->notes()) std::cout << "note     " << printable(note) << '\n';
    for (const auto& warning : warnings_of(dataset)) std::cout << "warning  " << printable(warning) << '\n';
    std::cout << '\n';
    columns_of(dataset.schema).print(std::cout, terminal_width());
  }
}

void describe_as_json(const OpenObject& opened) {
  Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
  object.set("id", opened.plan->facts.id);
  object.set("type", opened.plan->facts.type);
  object.set("title", opened.plan->facts.title);
  object.set("sheet", opened.plan->facts.sheet);
  object.set("adapter", opened.plan->reader);
  object.set("notes", array_of(opened.plan->notes));
  object.set("warnings", array_of(opened.plan->warnings));
  Poco::JSON::Array::Ptr datasets = new Poco::JSON::Array;
  for (const auto& dataset : opened.datasets) {
    Poco::JSON::Object::Ptr entry = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    entry->set("dataset", dataset.name);
    if (dataset.reader == nullptr) {
      entry->set("code", std::string(to_string(dataset.status.code())));
      entry->set("error", dataset.status.message());
      datasets->add(entry);
      continue;
    }
    entry->set("rows", count_or_null(dataset.reader->rows()));
    entry->set("cells", count_or_null(dataset.forecast.cells));
    entry->set("pages", count_or_null(dataset.forecast.pages));
    entry->set("warnings", array_of(warnings_of(dataset)));
    Poco::JSON::Array::Ptr columns = new Poco::JSON::Array;
    for (const auto& field : dataset.schema.fields) {
      Poco::JSON::Object::Ptr column = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
      column->set("name", field.name);
      column->set("type", std::string(type_word(field.type)));
      for (const auto& [key, value] : field.metadata) column->set(key, value);
      columns->add(column);
    }
    entry->set("columns", columns);
    Poco::JSON::Array::Ptr said = new Poco::JSON::Array;
    for (const auto& note : dataset.reader->notes()) said->add(note);
    entry->set("notes", said);
    datasets->add(entry);
  }
  object.set("datasets", datasets);
  print_json(std::cout, object);
}

// The first rows of a dataset.
struct FirstRows {
  Table table;
  std::int64_t of = -1;    // so many as there are; -1: not known
  bool estimated = false;  // of
};

// With the columns it has now.
Result<FirstRows> rows_of(OpenObject::Dataset& dataset, std::int64_t wanted, bool json) {
  std::vector<Table::Column> columns;
  for (const auto& field : dataset.schema.fields) {
    columns.push_back({field.name, field.type == Type::int64 || field.type == Type::float64 ? Align::right : Align::left});
  }
  FirstRows first{Table(std::move(columns))};
  auto& table = first.table;
  std::int64_t read = 0;
  while (static_cast<std::int64_t>(table.rows()) < wanted) {
    auto batch = dataset.reader->next();
    if (!batch) return std::move(batch).error();
    if (!*batch) break;
    const BatchView view(dataset.schema, ***batch);
    read += view.rows();
    for (std::int64_t row = 0; row < view.rows() && static_cast<std::int64_t>(table.rows()) < wanted; ++row) {
      std::vector<Poco::Dynamic::Var> cells;
      for (std::size_t c = 0; c < view.columns(); ++c)
        cells.push_back(json ? cell_text(view.column(c), row) : cell_shown(view.column(c), row));
      table.add(std::move(cells));
    }
  }
  // A row of a pivot may be several of the delivery.
  const auto source_rows = dataset.reader->counters().rows;
  first.of = pipeline::rows_from_source(dataset.reader->rows(), read, source_rows);
  first.estimated = first.of != dataset.reader->rows() && source_rows != dataset.reader->rows();
  return first;
}

// The first rows of a dataset. Begins anew where a value does not fit its column.
Result<FirstRows> first_rows(const engine::Session& session, const OpenObject& object, const fetch::Options& options,
                             const std::stop_token& stop, OpenObject::Dataset& dataset, std::int64_t wanted, bool json) {
  while (true) {
    auto rows = rows_of(dataset, wanted, json);
    if (rows || rows.error().code() != Code::bad_data) return rows;
    if (!open_wider(session, object, options, stop, dataset).ok()) return rows;
  }
}

}  // namespace

int describe_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop) {
  Explorer explorer(arguments, what, stop);
  if (!explorer.open_app()) return explorer.exit_code();
  if (!explorer.find_adapters()) return explorer.exit_code();
  OpenObject opened;
  if (auto status = find_and_open(explorer, {}, stop, opened); !status.ok()) return explorer.fail(status);
  Status failure;
  for (auto& dataset : opened.datasets) {
    if (dataset.reader != nullptr) {
      if (auto status = see_first_rows(explorer.session(), opened, stop, dataset); !status.ok()) {
        if (status.code() == Code::cancelled || dataset.reader == nullptr) return explorer.fail(status);
        opened.plan->warnings.push_back("types are what the layout lets expect, since the first rows could not be read: " +
                                        status.message());
      }
      if (auto status = resolve_expressions(explorer.session(), dataset.schema); !status.ok()) return explorer.fail(status);
    } else if (failure.ok()) {
      failure = failure_of(opened, dataset);
    }
  }
  if (arguments.json) {
    describe_as_json(opened);
  } else {
    describe_as_text(opened);
  }
  // What there is was said; that a part of it cannot be read is a failure all the same.
  return failure.ok() ? kDone : explorer.fail_in_part(failure);
}

int preview_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop) {
  Explorer explorer(arguments, what, stop);
  if (!explorer.open_app()) return explorer.exit_code();
  if (!explorer.find_adapters()) return explorer.exit_code();
  // Small pages, one at a time: nothing is read that is not shown.
  fetch::Options options;
  options.window = 1;
  options.page_cells = std::min<std::int64_t>(options.page_cells, std::max<std::int64_t>(1, what.rows) * 20);
  OpenObject opened;
  if (auto status = find_and_open(explorer, options, stop, opened); !status.ok()) return explorer.fail(status);
  Poco::JSON::Array all;
  for (auto& dataset : opened.datasets) {
    if (dataset.reader == nullptr) return explorer.fail(failure_of(opened, dataset));
    const auto first = first_rows(explorer.session(), opened, options, stop, dataset, what.rows, arguments.json);
    if (!first) return explorer.fail(first.error());
    if (arguments.json) {
      Poco::JSON::Object::Ptr entry = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
      entry->set("dataset", dataset.name);
      entry->set("of_rows", count_or_null(first->of));
      entry->set("rows", first->table.json());
      all.add(entry);
      continue;
    }
    if (opened.datasets.size() > 1) std::cout << printable(dataset.name) << ":\n";
    first->table.print(std::cout, terminal_width());
    std::cout << grouped(static_cast<std::int64_t>(first->table.rows())) << " of " << (first->estimated ? "about " : "")
              << counted(first->of, "row") << '\n';
  }
  if (arguments.json) {
    print_json(std::cout, all);
  } else if (opened.datasets.empty()) {
    std::cout << "'" << printable(what.object) << "' holds no data\n";
  }
  return kDone;
}

int eval_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop) {
  Explorer explorer(arguments, what, stop);
  if (!explorer.open_app()) return explorer.exit_code();
  Table table({{"expression"}, {"text", Align::right}, {"number", Align::right}});
  Table with_errors({{"expression"}, {"text"}, {"number"}, {"error"}});
  std::vector<Status> wrong;
  const auto none = Poco::Dynamic::Var();
  for (const auto& expression : what.expressions) {
    const auto value = engine::evaluate(explorer.session(), expression);
    if (value) {
      const auto number = std::isnan(value->number) ? none : Poco::Dynamic::Var(value->number);
      table.add({expression, value->text, number});
      with_errors.add({expression, value->text, number, none});
      continue;
    }
    // What is wrong with one expression says nothing of the others; a lost connection does.
    const auto code = value.error().code();
    if (retryable(code) || code == Code::cancelled) return explorer.fail(value.error());
    with_errors.add({expression, none, none, value.error().message()});
    wrong.push_back(value.error());
  }
  if (arguments.json) {
    with_errors.print_json(std::cout);
  } else if (table.rows() > 0) {
    table.print(std::cout, terminal_width());
  }
  for (const auto& status : wrong) say_problem(status.message());
  return wrong.empty() ? kDone : kRunFailed;
}

}  // namespace qonduit::app
