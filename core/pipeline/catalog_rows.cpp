#include "core/pipeline/catalog_rows.hpp"

#include "core/engine/app_lists.hpp"
#include "core/engine/catalog.hpp"
#include "core/engine/data_model.hpp"
#include "core/engine/lineage.hpp"
#include "core/pipeline/rows.hpp"

namespace qonduit::pipeline {
namespace {

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

const std::string& at(const std::vector<std::string>& texts, std::size_t index) {
  static const std::string nothing;
  return index < texts.size() ? texts[index] : nothing;
}

Result<Rows> apps(engine::Session& session) {
  const auto found = engine::Catalog(session).apps();
  if (!found) return found.error();
  RowsBuilder rows({{"id", Type::utf8}, {"title", Type::utf8}, {"reloaded", Type::utf8}, {"stream", Type::utf8}});
  for (const auto& app : *found) rows.text(app.id).text(app.title).text(app.reload_time).text(app.stream);
  return rows.finish();
}

Result<Rows> sheets(engine::Session& session) {
  engine::Catalog catalog(session);
  const auto found = catalog.sheets();
  if (!found) return found.error();
  const auto objects = catalog.objects_on(*found);
  if (!objects) return objects.error();
  RowsBuilder rows({{"id", Type::utf8}, {"title", Type::utf8}, {"position", Type::int64}, {"objects", Type::int64}});
  for (std::size_t i = 0; i < found->size(); ++i) {
    rows.text((*found)[i].id).text((*found)[i].title).number(static_cast<std::int64_t>(i + 1));
    rows.number(static_cast<std::int64_t>((*objects)[i].size()));
  }
  return rows.finish();
}

// Those on sheets, then the master visualizations.
Result<std::vector<engine::ObjectRef>> all_objects(engine::Session& session) {
  engine::Catalog catalog(session);
  std::vector<engine::ObjectRef> found;
  const auto known = catalog.sheets();
  if (!known) return known.error();
  if (!known->empty()) {
    auto objects = catalog.objects_on(*known);
    if (!objects) return std::move(objects).error();
    for (auto& sheet : *objects) {
      for (auto& object : sheet) found.push_back(std::move(object));
    }
  }
  auto masters = engine::list_master_objects(session);
  if (!masters) return std::move(masters).error();
  for (auto& master : *masters) found.push_back({std::move(master.id), std::move(master.visualization), std::move(master.title), "", ""});
  return found;
}

Result<Rows> objects(engine::Session& session) {
  const auto found = all_objects(session);
  if (!found) return found.error();
  RowsBuilder rows({{"id", Type::utf8},
                    {"type", Type::utf8},
                    {"title", Type::utf8},
                    {"sheet_id", Type::utf8},
                    {"sheet", Type::utf8},
                    {"container", Type::utf8},
                    {"master", Type::boolean},
                    {"visible", Type::boolean}});
  for (const auto& object : *found) {
    rows.text(object.id).text(object.type).text(object.title).text(object.sheet_id).text(object.sheet_title);
    rows.text(object.inside.empty() ? std::string() : object.inside.back().id);
    rows.flag(object.sheet_id.empty()).flag(object.sight == engine::ObjectRef::Sight::visible);
  }
  return rows.finish();
}

// One row for each field that an expression of an object uses; one without a field for an expression that uses none.
Result<Rows> lineage(engine::Session& session) {
  auto found = all_objects(session);
  if (!found) return std::move(found).error();
  // What a container names and the engine has not has no definition either.
  std::erase_if(*found, [](const auto& object) { return object.sight == engine::ObjectRef::Sight::missing; });
  std::vector<std::string> ids;
  for (const auto& object : *found) ids.push_back(object.id);
  const auto used = engine::read_lineage(session, ids);
  if (!used) return used.error();
  RowsBuilder rows({{"object_id", Type::utf8},
                    {"object_type", Type::utf8},
                    {"object_title", Type::utf8},
                    {"sheet", Type::utf8},
                    {"path", Type::utf8},
                    {"role", Type::utf8},
                    {"position", Type::int64},
                    {"label", Type::utf8},
                    {"expression", Type::utf8},
                    {"master_item", Type::utf8},
                    {"field", Type::utf8}});
  for (const auto& use : *used) {
    const auto& object = (*found)[use.object];
    for (std::size_t i = 0; i < std::max<std::size_t>(use.fields.size(), 1); ++i) {
      rows.text(object.id).text(object.type).text(object.title).text(object.sheet_title).text(use.path);
      rows.text(use.measure ? "measure" : "dimension").number(use.position + 1).text(use.label).text(use.expression);
      rows.text(use.library_id).text(at(use.fields, i));
    }
  }
  return rows.finish();
}

Result<Rows> fields(engine::Session& session) {
  const auto found = engine::list_fields(session);
  if (!found) return found.error();
  RowsBuilder rows(
      {{"name", Type::utf8}, {"values", Type::int64}, {"numeric", Type::boolean}, {"tags", Type::utf8}, {"tables", Type::utf8}});
  for (const auto& field : *found)
    rows.text(field.name).number(field.distinct).flag(field.numeric).text(joined(field.tags)).text(joined(field.tables));
  return rows.finish();
}

Result<Rows> measures(engine::Session& session) {
  const auto found = engine::list_measures(session);
  if (!found) return found.error();
  std::vector<std::string> definitions;
  for (const auto& item : *found) definitions.push_back("=" + at(item.expressions, 0));
  const auto used = engine::fields_of_definitions(session, definitions);
  if (!used) return used.error();
  RowsBuilder rows({{"id", Type::utf8},
                    {"title", Type::utf8},
                    {"description", Type::utf8},
                    {"label", Type::utf8},
                    {"expression", Type::utf8},
                    {"tags", Type::utf8},
                    {"fields", Type::utf8}});
  for (std::size_t i = 0; i < found->size(); ++i) {
    const auto& item = (*found)[i];
    rows.text(item.id).text(item.title).text(item.description).text(at(item.labels, 0)).text(at(item.expressions, 0));
    rows.text(joined(item.tags)).text(joined((*used)[i]));
  }
  return rows.finish();
}

// A row for each member of a drill-down or cyclic dimension; one without a member for a dimension that has none.
Result<Rows> dimensions(engine::Session& session) {
  const auto found = engine::read_dimensions(session);
  if (!found) return found.error();
  std::vector<std::string> definitions;
  for (const auto& item : *found) definitions.insert(definitions.end(), item.expressions.begin(), item.expressions.end());
  const auto used = engine::fields_of_definitions(session, definitions);
  if (!used) return used.error();
  RowsBuilder rows({{"id", Type::utf8},
                    {"title", Type::utf8},
                    {"description", Type::utf8},
                    {"grouping", Type::utf8},
                    {"position", Type::int64},
                    {"label", Type::utf8},
                    {"expression", Type::utf8},
                    {"tags", Type::utf8},
                    {"fields", Type::utf8}});
  std::size_t definition = 0;
  for (const auto& item : *found) {
    for (std::size_t i = 0; i < item.expressions.size(); ++i) {
      rows.text(item.id).text(item.title).text(item.description).text(item.grouping).number(static_cast<std::int64_t>(i + 1));
      rows.text(at(item.labels, i)).text(item.expressions[i]).text(joined(item.tags)).text(joined((*used)[definition++]));
    }
    if (!item.expressions.empty()) continue;
    rows.text(item.id).text(item.title).text(item.description).text(item.grouping).null();
    rows.text(at(item.labels, 0)).null().text(joined(item.tags)).null();
  }
  return rows.finish();
}

Result<Rows> variables(engine::Session& session) {
  const auto found = engine::list_variables(session);
  if (!found) return found.error();
  RowsBuilder rows({{"id", Type::utf8}, {"name", Type::utf8}, {"definition", Type::utf8}, {"description", Type::utf8}});
  for (const auto& variable : *found) rows.text(variable.id).text(variable.name).text(variable.definition).text(variable.description);
  return rows.finish();
}

Result<Rows> bookmarks(engine::Session& session) {
  const auto found = engine::list_bookmarks(session);
  if (!found) return found.error();
  RowsBuilder rows({{"id", Type::utf8}, {"title", Type::utf8}, {"description", Type::utf8}, {"created", Type::utf8}});
  for (const auto& bookmark : *found) rows.text(bookmark.id).text(bookmark.title).text(bookmark.description).text(bookmark.created);
  return rows.finish();
}

Result<Rows> model_tables(engine::Session& session) {
  const auto model = engine::read_whole_model(session);
  if (!model) return model.error();
  RowsBuilder rows({{"table", Type::utf8}, {"rows", Type::int64}, {"fields", Type::int64}, {"keys", Type::utf8}});
  for (const auto& table : model->tables) {
    std::vector<std::string> keys;
    for (const auto& field : table.fields) {
      if (field.key) keys.push_back(field.name);
    }
    rows.text(table.name).number(table.rows).number(static_cast<std::int64_t>(table.fields.size())).text(joined(keys));
  }
  return rows.finish();
}

Result<Rows> model_fields(engine::Session& session) {
  const auto model = engine::read_whole_model(session);
  if (!model) return model.error();
  RowsBuilder rows({{"table", Type::utf8},
                    {"field", Type::utf8},
                    {"position", Type::int64},
                    {"rows", Type::int64},
                    {"values", Type::int64},
                    {"values_in_table", Type::int64},
                    {"has_null", Type::boolean},
                    {"key", Type::utf8},
                    {"tags", Type::utf8}});
  for (const auto& table : model->tables) {
    std::int64_t position = 0;
    for (const auto& field : table.fields) {
      rows.text(table.name).text(field.name).number(++position).number(field.rows).number(field.distinct).number(field.present);
      rows.flag(field.has_null).text(field.key_type).text(joined(field.tags));
    }
  }
  return rows.finish();
}

// A row for each table that a key associates.
Result<Rows> model_keys(engine::Session& session) {
  const auto model = engine::read_whole_model(session);
  if (!model) return model.error();
  RowsBuilder rows({{"key", Type::int64}, {"fields", Type::utf8}, {"table", Type::utf8}});
  std::int64_t number = 0;
  for (const auto& key : model->keys) {
    ++number;
    for (const auto& table : key.tables) rows.number(number).text(joined(key.fields)).text(table);
  }
  return rows.finish();
}

using Make = Result<Rows> (*)(engine::Session&);

constexpr std::pair<std::string_view, Make> kMakers[] = {
    {"apps", apps},         {"sheets", sheets},         {"objects", objects},     {"fields", fields},
    {"measures", measures}, {"dimensions", dimensions}, {"variables", variables}, {"bookmarks", bookmarks},
};
static_assert(std::size(kMakers) == std::size(config::kLists));

constexpr std::pair<std::string_view, Make> kModelMakers[] = {{"tables", model_tables}, {"fields", model_fields}, {"keys", model_keys}};
static_assert(std::size(kModelMakers) == std::size(config::kModelParts));

}  // namespace

std::unique_ptr<Item> make_list_item(engine::Session& session, const std::string& list) {
  std::vector<std::pair<std::string, MakeRows>> datasets;
  for (const auto& [name, make] : kMakers) {
    if (name == list) datasets.emplace_back(list == "objects" ? list : std::string(), make);
  }
  if (list == "objects") datasets.emplace_back("lineage", lineage);
  return std::make_unique<RowsItem>(session, ItemFacts{"list:" + list, "list", list, ""}, std::move(datasets));
}

std::unique_ptr<Item> make_model_item(engine::Session& session, const std::vector<std::string>& parts) {
  std::vector<std::pair<std::string, MakeRows>> datasets;
  for (const auto& part : parts) {
    for (const auto& [name, make] : kModelMakers) {
      if (name == part) datasets.emplace_back(part, make);
    }
  }
  return std::make_unique<RowsItem>(session, ItemFacts{"model", "model", "model", ""}, std::move(datasets));
}

}  // namespace qonduit::pipeline
