// describe, preview, eval: one object or expression of a living app, looked at closely.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <cmath>
#include <iostream>

#include "apps/qonduit/cell_text.hpp"
#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/table.hpp"
#include "apps/qonduit/text.hpp"
#include "core/engine/expression.hpp"
#include "core/pipeline/object_item.hpp"

namespace qonduit::app {
namespace {

using Align = Table::Align;

// An object, planned, and the readers of its datasets, which live as long as this.
struct OpenObject {
  std::vector<pipeline::NamedAdapter> adapters;
  std::unique_ptr<pipeline::ItemPlan> plan;
  struct Dataset {
    std::string name;
    std::unique_ptr<pipeline::DatasetSource> source;
    std::unique_ptr<pipeline::BatchReader> reader;
    Schema schema;
  };
  std::vector<Dataset> datasets;
};

Status open_object(Explorer& explorer, const fetch::Options& options, const std::stop_token& stop, OpenObject& into) {
  for (const auto& component : explorer.host().registry.components()) {
    if (component.is_adapter()) into.adapters.push_back({&component, {}});
  }
  const auto object = explorer.find_object();
  if (!object) return object.error();
  const auto context = "object '" + object->id + "'";
  auto plan = pipeline::ObjectItem(explorer.session(), into.adapters, *object).plan(stop);
  if (!plan) return std::move(plan).error().within(context);
  into.plan = std::move(*plan);
  const auto& facts = into.plan->facts;
  for (const auto& name : into.plan->datasets) {
    auto source = into.plan->source(name);
    if (!source) return std::move(source).error().within(context);
    Run run;
    run.app = explorer.session().app().title, run.app_id = explorer.session().app().id;
    run.sheet = facts.sheet, run.object_id = facts.id, run.object_type = facts.type;
    run.title = facts.title, run.dataset = name;
    auto reader = (*source)->open(run, options, stop);
    if (!reader) return std::move(reader).error().within(context);
    auto schema = arrow::import_schema((*reader)->schema());
    if (!schema) return std::move(schema).error().within(context);
    into.datasets.push_back({name, std::move(*source), std::move(*reader), std::move(*schema)});
  }
  return {};
}

Table columns_of(const Schema& schema) {
  Table table({{"column"}, {"type"}, {"role"}, {"format"}, {"expression"}, {"tags"}});
  for (const auto& field : schema.fields) {
    std::string type(to_string(field.type));
    if (const auto logical = field.find("qlik.logical"); !logical.empty() && !type.starts_with(logical))
      type += " (" + std::string(logical) + ")";
    const auto fact = [&](std::string_view key) { return std::string(field.find(key)); };
    table.add({field.name, type, fact("qlik.role"), fact("qlik.format"), fact("qlik.expression"), fact("qlik.tags")});
  }
  return table;
}

// Pages of at most 10,000 cells; a row wider than that takes several.
std::int64_t pages(std::int64_t rows, std::int64_t columns) {
  constexpr std::int64_t kCells = 10'000;
  if (rows <= 0 || columns <= 0) return 0;
  const auto pieces = (columns + kCells - 1) / kCells;
  const auto height = kCells / std::min(columns, kCells);
  return pieces * ((rows + height - 1) / height);
}

void describe_as_text(const OpenObject& opened) {
  const auto& facts = opened.plan->facts;
  std::cout << printable(facts.title.empty() ? facts.id : facts.title) << "\n\n"
            << "id       " << facts.id << "\ntype     " << printable(facts.type) << '\n';
  if (!facts.sheet.empty()) std::cout << "sheet    " << printable(facts.sheet) << '\n';
  if (!opened.plan->reader.empty()) std::cout << "adapter  " << opened.plan->reader << '\n';
  for (const auto& note : opened.plan->notes) std::cout << "note     " << printable(note) << '\n';
  for (const auto& dataset : opened.datasets) {
    const auto columns = static_cast<std::int64_t>(dataset.schema.fields.size());
    const auto rows = dataset.reader->rows();
    std::cout << "\ndataset  " << (dataset.name.empty() ? "(the object's own)" : printable(dataset.name));
    if (rows >= 0) {
      std::cout << ": " << grouped(rows) << " rows, " << grouped(rows * columns) << " cells, " << grouped(pages(rows, columns)) << " pages";
    }
    std::cout << "\n\n";
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
  Poco::JSON::Array::Ptr notes = new Poco::JSON::Array;
  for (const auto& note : opened.plan->notes) notes->add(note);
  object.set("notes", notes);
  Poco::JSON::Array::Ptr datasets = new Poco::JSON::Array;
  for (const auto& dataset : opened.datasets) {
    Poco::JSON::Object::Ptr entry = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    entry->set("dataset", dataset.name);
    entry->set("rows", dataset.reader->rows());
    Poco::JSON::Array::Ptr columns = new Poco::JSON::Array;
    for (const auto& field : dataset.schema.fields) {
      Poco::JSON::Object::Ptr column = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
      column->set("name", field.name);
      column->set("type", std::string(to_string(field.type)));
      for (const auto& [key, value] : field.metadata) column->set(key, value);
      columns->add(column);
    }
    entry->set("columns", columns);
    datasets->add(entry);
  }
  object.set("datasets", datasets);
  object.stringify(std::cout, 2);
  std::cout << '\n';
}

// The first rows of a dataset.
Result<Table> first_rows(OpenObject::Dataset& dataset, std::int64_t wanted) {
  std::vector<Table::Column> columns;
  for (const auto& field : dataset.schema.fields) {
    columns.push_back({field.name, field.type == Type::int64 || field.type == Type::float64 ? Align::right : Align::left});
  }
  Table table(std::move(columns));
  while (static_cast<std::int64_t>(table.rows()) < wanted) {
    auto batch = dataset.reader->next();
    if (!batch) return std::move(batch).error();
    if (!*batch) break;
    const BatchView view(dataset.schema, ***batch);
    for (std::int64_t row = 0; row < view.rows() && static_cast<std::int64_t>(table.rows()) < wanted; ++row) {
      std::vector<Poco::Dynamic::Var> cells;
      for (std::size_t c = 0; c < view.columns(); ++c) cells.push_back(cell_text(view.column(c), row));
      table.add(std::move(cells));
    }
  }
  return table;
}

}  // namespace

int describe_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop) {
  Explorer explorer(arguments, what, stop);
  if (!explorer.open_app()) return explorer.exit_code();
  load_plugins(explorer.host());
  if (explorer.exit_code() != 0) return explorer.exit_code();
  OpenObject opened;
  if (auto status = open_object(explorer, {}, stop, opened); !status.ok()) return explorer.fail(status);
  if (arguments.json) {
    describe_as_json(opened);
  } else {
    describe_as_text(opened);
  }
  return kDone;
}

int preview_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop) {
  Explorer explorer(arguments, what, stop);
  if (!explorer.open_app()) return explorer.exit_code();
  load_plugins(explorer.host());
  if (explorer.exit_code() != 0) return explorer.exit_code();
  // Small pages, one at a time: nothing is read that is not shown.
  fetch::Options options;
  options.window = 1;
  options.page_cells = std::min<std::int64_t>(options.page_cells, std::max<std::int64_t>(1, what.rows) * 20);
  OpenObject opened;
  if (auto status = open_object(explorer, options, stop, opened); !status.ok()) return explorer.fail(status);
  for (auto& dataset : opened.datasets) {
    const auto table = first_rows(dataset, what.rows);
    if (!table) return explorer.fail(table.error());
    if (arguments.json) {
      table->print_json(std::cout);
      continue;
    }
    if (opened.datasets.size() > 1) std::cout << printable(dataset.name) << ":\n";
    table->print(std::cout, terminal_width());
    std::cout << table->rows() << " of " << (dataset.reader->rows() < 0 ? "an unknown number of" : grouped(dataset.reader->rows()))
              << " rows\n";
  }
  if (opened.datasets.empty() && !arguments.json) std::cout << "'" << printable(what.object) << "' holds no data\n";
  return kDone;
}

int eval_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop) {
  Explorer explorer(arguments, what, stop);
  if (!explorer.open_app()) return explorer.exit_code();
  Table table({{"expression"}, {"text", Align::right}, {"number", Align::right}});
  for (const auto& expression : what.expressions) {
    const auto value = engine::evaluate(explorer.session(), expression);
    if (!value) return explorer.fail(value.error());
    table.add({expression, value->text, std::isnan(value->number) ? Poco::Dynamic::Var() : Poco::Dynamic::Var(value->number)});
  }
  if (arguments.json) {
    table.print_json(std::cout);
  } else {
    table.print(std::cout, terminal_width());
  }
  return kDone;
}

}  // namespace qonduit::app
