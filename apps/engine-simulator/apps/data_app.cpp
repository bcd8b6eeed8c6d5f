#include "apps/data_app.hpp"

#include <Poco/Exception.h>

#include <filesystem>

#include "apps/demo.hpp"
#include "apps/evaluation_cache.hpp"
#include "apps/known_names.hpp"
#include "cube/definition.hpp"
#include "file_text.hpp"

namespace qonduit::simulator {
namespace {

Locale parse_locale(const JsonObject& given) {
  refuse_unknown(given, "locale", EngineMembers::refused, {"decimal", "thousands", "date", "time", "timestamp", "money"});
  Locale locale;
  locale.decimal = text_member(given, "decimal", locale.decimal);
  locale.thousands = text_member(given, "thousands", locale.thousands);
  locale.date = text_member(given, "date", locale.date);
  locale.time = text_member(given, "time", locale.time);
  locale.timestamp = text_member(given, "timestamp", locale.timestamp);
  locale.money = text_member(given, "money", locale.money);
  return locale;
}

FieldType parse_type(const std::string& name) {
  static const std::map<std::string, FieldType> types = {
      {"text", FieldType::text}, {"integer", FieldType::integer}, {"real", FieldType::real},           {"money", FieldType::money},
      {"date", FieldType::date}, {"time", FieldType::time},       {"timestamp", FieldType::timestamp}, {"interval", FieldType::interval}};
  const auto found = types.find(name);
  if (found == types.end())
    throw Poco::DataFormatException("field type '" + name + "' is none of text, integer, real, money, date, time, timestamp, interval");
  return found->second;
}

const JsonObject& required(const JsonObject& value, const std::string& what) {
  if (value.isNull()) throw Poco::DataFormatException(what + " is missing or not an object");
  return value;
}

std::string required_text(const JsonObject& from, const std::string& name, const std::string& where) {
  std::string value = text_member(from, name);
  if (value.empty()) throw Poco::DataFormatException(where + " has no " + name);
  return value;
}

JsonArray list_member(const JsonObject& from, const std::string& name) {
  const auto found = array_member(from, name);
  return found.isNull() ? array() : found;
}

// By value: a loop over *list_member(…) would outlive the list.
std::vector<Json> items_of(const JsonObject& from, const std::string& name) {
  const auto found = list_member(from, name);
  return std::vector<Json>(found->begin(), found->end());
}

// Members that the short form does not know go into the definition as they are: "qNullSuppression", "qCalcCondition", ….
void copy_rest(const JsonObject& from, JsonObject to) {
  for (const auto& name : from->getNames())
    if (name.starts_with('q')) to->set(name, from->get(name));
}

JsonObject dimension_definition(const JsonObject& given, const std::string& where) {
  refuse_unknown(given, where, EngineMembers::taken, {"field", "library", "label", "sort", "top", "initialFetch"});
  JsonObject made = object();
  JsonObject inner = object();
  if (const auto library = text_member(given, "library"); !library.empty()) {
    made->set("qLibraryId", library);
  } else {
    const std::string field = required_text(given, "field", where);
    inner->set("qGrouping", "N");
    inner->set("qFieldDefs", array({field}));
    inner->set("qFieldLabels", array({text_member(given, "label")}));
  }
  const int direction = text_member(given, "sort") == "descending" ? -1 : 1;
  inner->set("qSortCriterias", array({object({{"qSortByNumeric", direction}, {"qSortByAscii", direction}, {"qSortByLoadOrder", 1}})}));
  made->set("qDef", inner);
  if (const auto top = int_member(given, "top"); top > 0)
    made->set("qOtherTotalSpec", object({{"qOtherMode", "OTHER_COUNTED"},
                                         {"qOtherCounted", object({{"qv", std::to_string(top)}})},
                                         {"qOtherSortMode", "OTHER_SORT_DESCENDING"}}));
  copy_rest(given, made);
  return made;
}

JsonObject measure_definition(const JsonObject& given, const std::string& where) {
  refuse_unknown(given, where, EngineMembers::taken, {"expression", "library", "label", "format", "sort"});
  JsonObject made = object();
  JsonObject inner = object();
  if (const auto library = text_member(given, "library"); !library.empty()) {
    made->set("qLibraryId", library);
  } else {
    if (const auto label = text_member(given, "label"); !label.empty()) inner->set("qLabel", label);
    inner->set("qDef", required_text(given, "expression", where));
    if (const auto format = object_member(given, "format"); !format.isNull()) inner->set("qNumFormat", format);
  }
  made->set("qDef", inner);
  if (const auto sort = text_member(given, "sort"); !sort.empty())
    made->set("qSortBy", object({{"qSortByNumeric", sort == "descending" ? -1 : 1}}));
  copy_rest(given, made);
  return made;
}

// qMetaDef of a master item.
JsonObject item_meta_definition(const JsonObject& given, const std::string& title) {
  return object({{"title", text_member(given, "title", title)},
                 {"description", text_member(given, "description")},
                 {"tags", list_member(given, "tags")}});
}

JsonObject object_properties(const JsonObject& given) {
  const std::string id = required_text(given, "id", "an object");
  const std::string type = required_text(given, "type", "object " + id);
  refuse_unknown(given, "object " + id, EngineMembers::taken,
                 {"id", "type", "title", "subtitle", "footnote", "extends", "dimensions", "measures", "sortOrder", "columnOrder",
                  "suppressZero", "suppressMissing", "initialFetch", "list", "children", "properties"});
  JsonObject made =
      object({{"qInfo", object({{"qId", id}, {"qType", type}})}, {"qMetaDef", object({{"title", text_member(given, "title")}})}});
  if (const auto master = text_member(given, "extends"); !master.empty()) {
    made->set("qExtendsId", master);  // everything else comes from the master object
    return made;
  }
  if (given->has("dimensions") || given->has("measures")) {
    JsonArray dimensions = array();
    for (const auto& item : items_of(given, "dimensions"))
      dimensions->add(dimension_definition(required(as_object(item), "a dimension of object " + id), "a dimension of object " + id));
    JsonArray measures = array();
    for (const auto& item : items_of(given, "measures"))
      measures->add(measure_definition(required(as_object(item), "a measure of object " + id), "a measure of object " + id));
    JsonObject cube = object({{"qDimensions", dimensions},
                              {"qMeasures", measures},
                              {"qInterColumnSortOrder", list_member(given, "sortOrder")},
                              {"qInitialDataFetch", list_member(given, "initialFetch")},
                              {"qMode", "S"},
                              {"qColumnOrder", list_member(given, "columnOrder")}});
    if (bool_member(given, "suppressZero")) cube->set("qSuppressZero", true);
    if (bool_member(given, "suppressMissing")) cube->set("qSuppressMissing", true);
    copy_rest(given, cube);
    made->set("qHyperCubeDef", cube);
  }
  if (const auto list = object_member(given, "list"); !list.isNull()) {
    JsonObject definition = dimension_definition(list, "the list of object " + id);
    definition->set("qInitialDataFetch", list_member(list, "initialFetch"));
    made->set("qListObjectDef", definition);
  }
  if (given->has("children"))
    made->set("qChildListDef", object({{"qData", object({{"title", "/title"},
                                                         {"visualization", "/visualization"},
                                                         {"showCondition", "/showCondition"},
                                                         {"containerChildId", "/containerChildId"},
                                                         {"childRefId", "/childRefId"},
                                                         {"qExtendsId", "/qExtendsId"}})}}));
  made->set("showTitles", true);
  made->set("title", text_member(given, "title"));
  made->set("subtitle", text_member(given, "subtitle"));
  made->set("footnote", text_member(given, "footnote"));
  if (const auto more = object_member(given, "properties"); !more.isNull())
    for (const auto& name : more->getNames()) made->set(name, more->get(name));
  made->set("visualization", type);
  return made;
}

}  // namespace

std::unique_ptr<App> load_data_app(const std::string& folder) {
  const auto path = std::filesystem::path(folder) / "app.json";
  const std::string text = read_file(path);
  try {
    return std::make_unique<DataApp>(required(as_object(parse_json(text)), "the top level"), folder);
  } catch (const Poco::Exception& error) {
    throw Poco::DataFormatException(path.string(), reason_of(error));
  }
}

std::unique_ptr<App> load_gallery() { return std::make_unique<DataApp>(as_object(parse_json(kGalleryDefinition)), ""); }

DataApp::DataApp(const JsonObject& definition, std::string folder)
    : App(required_text(definition, "id", "the app"), required_text(definition, "title", "the app")),
      definition_(definition),
      folder_(std::move(folder)),
      locale_(parse_locale(object_member(definition, "locale"))) {
  refuse_unknown(definition, "the app", EngineMembers::refused,
                 {"id", "title", "description", "script", "locale", "tables", "dimensions", "measures", "masterObjects", "sheets",
                  "variables", "bookmarks", "states", "sectionAccess"});
  evaluations_ = std::make_unique<EvaluationCache>();
  model_ = load_tables();
  load_library();
  load_sheets();
  load_access();
  load_bookmarks();
  check_fields();
  for (const auto& item : items_of(definition_, "states")) states_.push_back(item.convert<std::string>());
  for (const auto& item : items_of(definition_, "variables")) {
    const auto given = required(as_object(item), "a variable");
    refuse_unknown(given, "a variable", EngineMembers::refused, {"id", "name", "definition"});
    const std::string name = required_text(given, "name", "a variable");
    variables_.push_back({text_member(given, "id", name), name, text_member(given, "definition"), kNaN});
  }
  script_ = text_member(definition_, "script");
}

std::shared_ptr<const DataModel> DataApp::load_tables() const {
  auto model = std::make_shared<DataModel>(locale_);
  for (const auto& item : items_of(definition_, "tables")) {
    const auto table = required(as_object(item), "a table");
    const std::string name = required_text(table, "name", "a table");
    refuse_unknown(table, "table " + name, EngineMembers::refused, {"name", "file", "csv", "fields"});
    std::vector<std::pair<std::string, FieldType>> columns;
    for (const auto& entry : items_of(table, "fields")) {
      const auto field = required(as_object(entry), "a field of table " + name);
      refuse_unknown(field, "a field of table " + name, EngineMembers::refused, {"name", "type"});
      columns.emplace_back(required_text(field, "name", "a field of table " + name), parse_type(text_member(field, "type", "text")));
    }
    const std::string csv = table->has("csv") ? text_member(table, "csv")
                                              : read_file(std::filesystem::path(folder_) / required_text(table, "file", "table " + name));
    model->load(name, csv, columns);
  }
  model->link();
  return model;
}

void DataApp::load_access() {
  const auto given = object_member(definition_, "sectionAccess");
  if (given.isNull()) return;
  refuse_unknown(given, "sectionAccess", EngineMembers::refused, {"field", "users"});
  SectionAccess access;
  access.field = required_text(given, "field", "sectionAccess");
  check_field(access.field, "sectionAccess");
  const auto users = required(object_member(given, "users"), "sectionAccess.users");
  for (const auto& user : users->getNames())
    if (const Json values = users->get(user); values.isString()) {
      access.users[user].push_back(values.extract<std::string>());  // "*", or a single value
    } else {
      for (const auto& value : items_of(users, user)) access.users[user].push_back(value.convert<std::string>());
    }
  access_ = std::move(access);
}

void DataApp::check_field(const std::string& name, const std::string& where) const {
  if (auto problem = field_problem(name, where); !problem.empty()) throw Poco::DataFormatException(problem);
}

// What is wrong with a field's name, or nothing.
std::string DataApp::field_problem(const std::string& name, const std::string& where) const {
  if (name.starts_with('=') || model_->find_field(unbracketed(name)) >= 0) return {};
  std::vector<std::string> names;
  for (const auto& field : model_->fields()) names.push_back(field.name);
  return where + " names a field that is not there: " + name + did_you_mean(unbracketed(name), names);
}

// Master dimensions and bookmarks name fields that are there; an object may misspell one, as in Qlik, which is told.
void DataApp::check_fields() {
  for (const auto& [id, dimension] : library_->dimensions)
    for (const auto& field : *array_member(dimension, "qFieldDefs")) check_field(field.convert<std::string>(), "master dimension " + id);
  for (const auto& bookmark : bookmarks_)
    for (const auto& [field, values] : bookmark.selections) check_field(field, "bookmark " + bookmark.id);
  for (const auto& stored : objects())
    if (const auto cube = object_member(stored.properties, "qHyperCubeDef"); !cube.isNull())
      for (const auto& dimension : items_of(cube, "qDimensions"))
        for (const auto& field : items_of(object_member(as_object(dimension), "qDef"), "qFieldDefs"))
          if (auto problem = field_problem(field.convert<std::string>(), "object " + stored.id); !problem.empty())
            notes_.push_back(std::move(problem));
}

void DataApp::load_bookmarks() {
  for (const auto& item : items_of(definition_, "bookmarks")) {
    const auto given = required(as_object(item), "a bookmark");
    refuse_unknown(given, "a bookmark", EngineMembers::refused, {"id", "title", "description", "selections"});
    BookmarkDefinition made{required_text(given, "id", "a bookmark"), text_member(given, "title"), text_member(given, "description"), {}};
    const auto selections = object_member(given, "selections");
    if (!selections.isNull())
      for (const auto& field : selections->getNames())
        for (const auto& value : items_of(selections, field)) made.selections[field].push_back(value.convert<std::string>());
    bookmarks_.push_back(std::move(made));
  }
}

void DataApp::load_library() {
  auto library = std::make_shared<Library>();
  for (const auto& item : items_of(definition_, "dimensions")) {
    const auto given = required(as_object(item), "a master dimension");
    const std::string id = required_text(given, "id", "a master dimension");
    refuse_unknown(given, "master dimension " + id, EngineMembers::refused,
                   {"id", "title", "description", "tags", "field", "fields", "labels", "grouping"});
    JsonArray fields = list_member(given, "fields");
    if (fields->size() == 0) fields->add(required_text(given, "field", "master dimension " + id));
    library->metas[id] = item_meta_definition(given, fields->get(0).convert<std::string>());
    JsonArray labels = list_member(given, "labels");
    if (labels->size() == 0) labels->add(text_member(given, "title", fields->get(0).convert<std::string>()));
    library->dimensions[id] =
        object({{"qGrouping", text_member(given, "grouping", "N")}, {"qFieldDefs", fields}, {"qFieldLabels", labels}});
  }
  for (const auto& item : items_of(definition_, "measures")) {
    const auto given = required(as_object(item), "a master measure");
    const std::string id = required_text(given, "id", "a master measure");
    refuse_unknown(given, "master measure " + id, EngineMembers::refused, {"id", "title", "description", "tags", "expression", "format"});
    JsonObject made =
        object({{"qLabel", text_member(given, "title", id)}, {"qDef", required_text(given, "expression", "master measure " + id)}});
    if (const auto format = object_member(given, "format"); !format.isNull()) made->set("qNumFormat", format);
    library->measures[id] = made;
    library->metas[id] = item_meta_definition(given, id);
  }
  library_ = std::move(library);
}

// An object and those inside it. Answers its id.
std::string DataApp::load_object(const JsonObject& given, const std::string& parent) {
  const auto properties = object_properties(given);
  const auto info = object_member(properties, "qInfo");
  const std::string id = text_member(info, "qId");
  if (find(id) != nullptr) throw Poco::DataFormatException("two objects have the id " + id);
  std::vector<std::string> children;
  for (const auto& entry : items_of(given, "children")) children.push_back(load_object(required(as_object(entry), "a child of " + id), id));
  add({id, text_member(info, "qType"), properties, children, parent});
  return id;
}

void DataApp::load_sheets() {
  for (const auto& item : items_of(definition_, "masterObjects")) {
    auto properties = object_properties(required(as_object(item), "a master object"));
    const std::string id = text_member(object_member(properties, "qInfo"), "qId");
    properties->set("qInfo", object({{"qId", id}, {"qType", "masterobject"}}));
    add({id, "masterobject", properties, {}, ""});
  }
  double rank = 0;
  for (const auto& item : items_of(definition_, "sheets")) {
    const auto sheet = required(as_object(item), "a sheet");
    const std::string id = required_text(sheet, "id", "a sheet");
    refuse_unknown(sheet, "sheet " + id, EngineMembers::refused, {"id", "title", "objects", "showCondition"});
    std::vector<std::string> children;
    for (const auto& entry : items_of(sheet, "objects"))
      children.push_back(load_object(required(as_object(entry), "an object of sheet " + id), id));
    add_sheet(id, required_text(sheet, "title", "sheet " + id), rank++, children, text_member(sheet, "showCondition"));
  }
}

std::shared_ptr<const DataModel> DataApp::changed_model(const DataModel& model) {
  if (model.tables().empty() || model.tables().front().rows == 0) return nullptr;
  auto records = possible_rows(model, {});
  records.rows.front().back() = 0;  // the last row of the first table goes
  return std::make_shared<const DataModel>(model.reduced(records));
}

std::shared_ptr<const DataModel> DataApp::reloaded_model() { return load_tables(); }

JsonObject DataApp::locale_info() const {
  JsonObject made = App::locale_info();
  made->set("qDecimalSep", locale_.decimal);
  made->set("qThousandSep", locale_.thousands);
  made->set("qMoneyDecimalSep", locale_.decimal);
  made->set("qMoneyThousandSep", locale_.thousands);
  made->set("qMoneyFmt", locale_.money);
  made->set("qTimeFmt", locale_.time);
  made->set("qDateFmt", locale_.date);
  made->set("qTimestampFmt", locale_.timestamp);
  return made;
}

}  // namespace qonduit::simulator
