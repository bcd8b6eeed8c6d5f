// apps, sheets, objects, fields, model: what there is, as tables.
#include <iostream>

#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/explorer.hpp"
#include "apps/qonduit/table.hpp"
#include "core/engine/data_model.hpp"

namespace qonduit::app {
namespace {

using Align = Table::Align;

int show(const Table& table, bool json) {
  if (json) {
    table.print_json(std::cout);
  } else {
    table.print(std::cout, terminal_width());
  }
  return kDone;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

}  // namespace

int apps_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop) {
  Explorer explorer(arguments, what, stop);
  if (!explorer.connect()) return explorer.exit_code();
  const auto apps = engine::Catalog(explorer.session()).apps();
  if (!apps) return explorer.fail(apps.error());
  Table table({{"title"}, {"id"}, {"reloaded"}, {"stream"}});
  for (const auto& app : *apps) table.add({app.title, app.id, app.reload_time, app.stream});
  return show(table, arguments.json);
}

int sheets_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop) {
  Explorer explorer(arguments, what, stop);
  if (!explorer.open_app()) return explorer.exit_code();
  engine::Catalog catalog(explorer.session());
  const auto sheets = catalog.sheets();
  if (!sheets) return explorer.fail(sheets.error());
  const auto objects = catalog.objects_on(*sheets);
  if (!objects) return explorer.fail(objects.error());
  Table table({{"title"}, {"id"}, {"objects", Align::right}});
  for (std::size_t i = 0; i < sheets->size(); ++i) {
    table.add({(*sheets)[i].title, (*sheets)[i].id, static_cast<Poco::UInt64>((*objects)[i].size())});
  }
  return show(table, arguments.json);
}

int objects_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop) {
  Explorer explorer(arguments, what, stop);
  if (!explorer.open_app()) return explorer.exit_code();
  const auto objects = engine::Catalog(explorer.session()).resolve({"sheet:" + (what.sheet.empty() ? "*" : what.sheet) + "/*"});
  if (!objects) return explorer.fail(objects.error());
  Table table({{"sheet"}, {"title"}, {"type"}, {"id"}, {"inside"}, {"hidden"}});
  for (const auto& object : *objects) {
    std::vector<std::string> inside;
    for (const auto& container : object.inside) inside.push_back(container.title.empty() ? container.id : container.title);
    table.add({object.sheet_title, object.title, object.type, object.id, joined(inside), object.reason});
  }
  return show(table, arguments.json);
}

int fields_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop) {
  Explorer explorer(arguments, what, stop);
  if (!explorer.open_app()) return explorer.exit_code();
  const auto tables = engine::read_data_model(explorer.session());
  if (!tables) return explorer.fail(tables.error());
  // A field that associates tables stands in each of them; it is one field.
  std::vector<std::pair<engine::FieldInfo, std::vector<std::string>>> fields;
  for (const auto& table : *tables) {
    for (const auto& field : table.fields) {
      auto known = fields.begin();
      while (known != fields.end() && known->first.name != field.name) ++known;
      if (known == fields.end()) known = fields.insert(known, {field, {}});
      known->second.push_back(table.name);
      known->first.has_null = known->first.has_null || field.has_null;
    }
  }
  Table table({{"field"}, {"values", Align::right}, {"nulls"}, {"tables"}, {"tags"}});
  for (const auto& [field, names] : fields) {
    table.add({field.name, field.distinct, std::string(field.has_null ? "yes" : "no"), joined(names), joined(field.tags)});
  }
  return show(table, arguments.json);
}

int model_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop) {
  Explorer explorer(arguments, what, stop);
  if (!explorer.open_app()) return explorer.exit_code();
  const auto tables = engine::read_data_model(explorer.session());
  if (!tables) return explorer.fail(tables.error());
  Table table({{"table"}, {"rows", Align::right}, {"fields", Align::right}, {"keys"}});
  for (const auto& record : *tables) {
    std::vector<std::string> keys;
    for (const auto& field : record.fields) {
      if (field.key) keys.push_back(field.name);
    }
    table.add({record.name, record.rows, static_cast<Poco::UInt64>(record.fields.size()), joined(keys)});
  }
  return show(table, arguments.json);
}

}  // namespace qonduit::app
