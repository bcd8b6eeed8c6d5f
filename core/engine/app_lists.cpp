#include "core/engine/app_lists.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/engine/json_members.hpp"
#include "qonduit/json_text.hpp"

namespace qonduit::engine {
namespace {

using Poco::JSON::Object;

constexpr std::size_t kDefinitionsAtATime = 64;  // items whose definitions are asked for

struct List {
  const char* what;        // as errors say it
  const char* name;        // as the engine does, without q and Def
  const char* definition;  // JSON
};
constexpr List kFields{"fields", "FieldList",
                       R"({"qShowSystem":false,"qShowHidden":false,"qShowSemantic":true,"qShowSrcTables":true,"qShowImplicit":false})"};
constexpr List kAllFields{"fields", "FieldList",
                          R"({"qShowSystem":true,"qShowHidden":true,"qShowDerivedFields":true,"qShowSemantic":true,"qShowImplicit":true})"};
constexpr List kDimensions{"master dimensions", "DimensionList",
                           R"({"qType":"dimension","qData":{"title":"/qMetaDef/title","description":"/qMetaDef/description",)"
                           R"("grouping":"/qDim/qGrouping"}})"};
constexpr List kMeasures{"master measures", "MeasureList",
                         R"({"qType":"measure","qData":{"title":"/qMetaDef/title","description":"/qMetaDef/description",)"
                         R"("expressions":"/qMeasure/qDef","labels":"/qMeasure/qLabel"}})"};
constexpr List kVariables{
    "variables", "VariableList",
    R"({"qType":"variable","qShowReserved":false,"qShowConfig":false,"qData":{"description":"/qMetaDef/description"}})"};
constexpr List kBookmarks{"bookmarks", "BookmarkList",
                          R"({"qType":"bookmark","qData":{"title":"/qMetaDef/title","description":"/qMetaDef/description"}})"};
constexpr List kMasterObjects{"master visualizations", "AppObjectList",
                              R"({"qType":"masterobject","qData":{"title":"/qMetaDef/title","visualization":"/visualization"}})"};

std::string definition_of(const List& list) {
  return std::string(R"({"qInfo":{"qType":")") + list.name + R"("},"q)" + list.name + R"(Def":)" + list.definition + "}";
}

Result<Poco::JSON::Array::Ptr> items_of(const Object::Ptr& layout, const List& list) {
  const auto name = std::string("q") + list.name;
  const auto evaluated = object_in(layout, name);
  if (evaluated.isNull()) return Status(Code::bad_data, "the engine's answer has no " + name);
  return array_in(evaluated, "qItems");
}

// The items of each list, from the layouts of session objects made for them; together for the time of one.
Result<std::vector<Poco::JSON::Array::Ptr>> read_lists(Session& session, const std::vector<List>& lists) {
  std::vector<std::string> definitions;
  definitions.reserve(lists.size());
  for (const auto& list : lists) definitions.push_back(definition_of(list));
  auto layouts = session.begun_lists().read(definitions);
  std::vector<Poco::JSON::Array::Ptr> found;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    auto items = layouts[i] ? items_of(*layouts[i], lists[i]) : Result<Poco::JSON::Array::Ptr>(layouts[i].error());
    if (!items) return std::move(items).error().within(std::string("cannot list the ") + lists[i].what);
    found.push_back(std::move(*items));
  }
  return found;
}

// What expressions may use by name.
constexpr std::array kNames = {kAllFields, kMeasures, kVariables};

// One session object with all of these lists.
std::string definition_of_names() {
  std::string definition = R"({"qInfo":{"qType":"NamesList"})";
  for (const auto& list : kNames) definition += std::string(",\"q") + list.name + "Def\":" + list.definition;
  return definition + "}";
}

// Nothing where the engine does not give them in one object.
std::optional<std::vector<Poco::JSON::Array::Ptr>> read_names_together(Session& session) {
  const auto layout = std::move(session.begun_lists().read({definition_of_names()}).front());
  if (!layout) return std::nullopt;
  std::vector<Poco::JSON::Array::Ptr> found;
  for (const auto& list : kNames) {
    auto items = items_of(*layout, list);
    if (!items) return std::nullopt;
    found.push_back(std::move(*items));
  }
  return found;
}

// One list, as its reader takes it.
template <typename Read>
auto read_list(Session& session, const List& list, const Read& read) -> Result<decltype(read(Poco::JSON::Array::Ptr()))> {
  const auto items = read_lists(session, {list});
  if (!items) return items.error();
  return read(items->front());
}

std::string title_of(const Object::Ptr& item) {
  auto title = text_in(object_in(item, "qMeta"), "title");
  return title.empty() ? text_in(object_in(item, "qData"), "title") : title;
}

std::string id_of(const Object::Ptr& item) { return text_in(object_in(item, "qInfo"), "qId"); }

// What the data of an item says, else its meta.
std::string said(const Object::Ptr& item, const std::string& key) {
  auto text = text_in(object_in(item, "qMeta"), key);
  return text.empty() ? text_in(object_in(item, "qData"), key) : text;
}

// A list of texts, or the one text that stands for it.
std::vector<std::string> texts_or_text(const Object::Ptr& data, const std::string& key) {
  auto texts = texts_in(data, key);
  if (texts.empty()) {
    if (auto text = text_in(data, key); !text.empty()) texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<ListedField> fields_in(const Poco::JSON::Array::Ptr& items) {
  std::vector<ListedField> fields;
  each(items, [&](const Object::Ptr& item) {
    fields.push_back({text_in(item, "qName"), static_cast<std::int64_t>(number_in(item, "qCardinal")), texts_in(item, "qTags"),
                      texts_in(item, "qSrcTables"), flag_in(item, "qIsNumeric")});
  });
  return fields;
}

std::vector<NamedField> all_fields_in(const Poco::JSON::Array::Ptr& items) {
  std::vector<NamedField> fields;
  each(items, [&](const Object::Ptr& item) {
    fields.push_back({text_in(item, "qName"), !flag_in(item, "qIsSystem") && !flag_in(item, "qIsHidden")});
    each(array_in(object_in(item, "qDerivedFieldData"), "qDerivedFieldLists"), [&](const Object::Ptr& list) {
      each(array_in(list, "qFieldDefs"), [&](const Object::Ptr& derived) {
        fields.push_back({text_in(derived, "qName"), false, text_in(item, "qName")});
      });
    });
  });
  return fields;
}

std::vector<MasterItem> master_items_in(const Poco::JSON::Array::Ptr& items) {
  std::vector<MasterItem> found;
  each(items, [&](const Object::Ptr& item) {
    const auto data = object_in(item, "qData");
    found.push_back({id_of(item), title_of(item), said(item, "description"), text_in(data, "grouping"), texts_or_text(data, "expressions"),
                     texts_or_text(data, "labels"), texts_in(object_in(item, "qMeta"), "tags")});
  });
  return found;
}

std::vector<ListedVariable> variables_in(const Poco::JSON::Array::Ptr& items) {
  std::vector<ListedVariable> variables;
  each(items, [&](const Object::Ptr& item) {
    auto description = text_in(item, "qDescription");
    if (description.empty()) description = said(item, "description");
    variables.push_back({id_of(item), text_in(item, "qName"), text_in(item, "qDefinition"), std::move(description)});
  });
  return variables;
}

std::vector<ListedBookmark> bookmarks_in(const Poco::JSON::Array::Ptr& items) {
  std::vector<ListedBookmark> bookmarks;
  each(items, [&](const Object::Ptr& item) {
    bookmarks.push_back({id_of(item), title_of(item), said(item, "description"), text_in(object_in(item, "qMeta"), "createdDate")});
  });
  return bookmarks;
}

std::vector<MasterObject> master_objects_in(const Poco::JSON::Array::Ptr& items) {
  std::vector<MasterObject> objects;
  each(items, [&](const Object::Ptr& item) {
    objects.push_back({id_of(item), title_of(item), text_in(object_in(item, "qData"), "visualization")});
  });
  return objects;
}

std::string of_dimension(const MasterItem& item) { return "master dimension '" + (item.title.empty() ? item.id : item.title) + "'"; }

// The expressions and labels of items [begin, end). A list gives the empty text for arrays: they are in the properties of each.
Status read_members(Session& session, std::vector<MasterItem>& items, std::size_t begin, std::size_t end) {
  std::vector<Call> calls;
  for (auto i = begin; i < end; ++i) calls.push_back({session.doc(), "GetDimension", "[" + json_string(items[i].id) + "]", {}});
  auto replies = call_all(session, std::move(calls));
  calls.clear();
  for (auto i = begin; i < end; ++i) {
    const auto found = parse_reply(replies[i - begin]);
    if (!found) return found.error().within(of_dimension(items[i]));
    const auto handle = static_cast<int>(number_in(object_in(*found, "qReturn"), "qHandle"));
    if (handle == 0) return {Code::not_found, of_dimension(items[i]) + ": the app lists it, and has none of its id '" + items[i].id + "'"};
    calls.push_back({handle, "GetProperties", "[]", {}});
  }
  replies = call_all(session, std::move(calls));
  for (auto i = begin; i < end; ++i) {
    const auto reply = parse_reply(replies[i - begin]);
    if (!reply) return reply.error().within("cannot read the definition of " + of_dimension(items[i]));
    const auto definition = object_in(object_in(*reply, "qProp"), "qDim");
    if (definition.isNull()) return {Code::bad_data, of_dimension(items[i]) + ": the engine's answer has no qDim"};
    items[i].expressions = texts_in(definition, "qFieldDefs");
    items[i].labels = texts_in(definition, "qFieldLabels");
    if (auto grouping = text_in(definition, "qGrouping"); !grouping.empty()) items[i].grouping = std::move(grouping);
  }
  return {};
}

}  // namespace

Result<std::vector<ListedField>> list_fields(Session& session) { return read_list(session, kFields, fields_in); }
Result<std::vector<MasterItem>> list_dimensions(Session& session) { return read_list(session, kDimensions, master_items_in); }

Result<std::vector<MasterItem>> read_dimensions(Session& session) {
  auto items = list_dimensions(session);
  if (!items) return items;
  for (std::size_t begin = 0; begin < items->size(); begin += kDefinitionsAtATime) {
    const auto end = std::min(items->size(), begin + kDefinitionsAtATime);
    if (auto status = read_members(session, *items, begin, end); !status.ok()) return status;
  }
  return items;
}

Result<std::vector<MasterItem>> list_measures(Session& session) { return read_list(session, kMeasures, master_items_in); }
Result<std::vector<ListedVariable>> list_variables(Session& session) { return read_list(session, kVariables, variables_in); }
Result<std::vector<ListedBookmark>> list_bookmarks(Session& session) { return read_list(session, kBookmarks, bookmarks_in); }
Result<std::vector<MasterObject>> list_master_objects(Session& session) { return read_list(session, kMasterObjects, master_objects_in); }

void begin_names(Session& session) { session.begun_lists().begin(definition_of_names()); }

Result<AppNames> list_names(Session& session) {
  auto items = read_names_together(session);
  if (!items) {
    // Which of them it refuses, and why, is seen when each is asked for alone.
    auto each = read_lists(session, {kNames.begin(), kNames.end()});
    if (!each) return std::move(each).error();
    items = std::move(*each);
  }
  return AppNames{all_fields_in((*items)[0]), master_items_in((*items)[1]), variables_in((*items)[2])};
}

}  // namespace qonduit::engine
