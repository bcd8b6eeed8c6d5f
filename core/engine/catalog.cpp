#include "core/engine/catalog.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/engine/json_members.hpp"
#include "core/engine/selector.hpp"
#include "core/engine/sheet_walk.hpp"
#include "qonduit/detail/option_text.hpp"

namespace qonduit::engine {
namespace {

using Poco::JSON::Object;

// The session object sheets are listed with. Source: protocol, listing sheets.
constexpr std::string_view kSheetList =
    R"({"qInfo":{"qType":"SheetList"},"qAppObjectListDef":{"qType":"sheet","qData":{"title":"/qMetaDef/title","rank":"/rank","cells":"/cells"}}})";

bool names(const std::string& glob, const std::string& id, const std::string& title) {
  return glob_matches(glob, id) || glob_matches(glob, title);
}

std::string near(const std::string& name, const std::vector<std::string>& known) {
  std::vector<std::string_view> views(known.begin(), known.end());
  if (views.size() > 20) {
    std::partial_sort(views.begin(), views.begin() + 20, views.end(),
                      [&](auto a, auto b) { return qonduit::detail::edit_distance(name, a) < qonduit::detail::edit_distance(name, b); });
    views.resize(20);
  }
  return qonduit::detail::suggestion(name, views);
}

// By its own name, or by that of a container around it.
bool names(const std::string& glob, const ObjectRef& object) {
  return names(glob, object.id, object.title) || std::any_of(object.inside.begin(), object.inside.end(), [&](const Enclosing& container) {
           return names(glob, container.id, container.title);
         });
}

}  // namespace

Result<std::vector<AppRef>> Catalog::apps() {
  auto reply = parse_reply(session_.call(kGlobalHandle, "GetDocList"));
  if (!reply) return std::move(reply).error();
  std::vector<AppRef> apps;
  each(array_in(*reply, "qDocList"), [&](const Object::Ptr& entry) {
    auto title = text_in(entry, "qTitle");
    if (title.empty()) title = text_in(entry, "qDocName");
    const auto stream = text_in(object_in(object_in(entry, "qMeta"), "stream"), "name");
    apps.push_back({text_in(entry, "qDocId"), std::move(title), text_in(entry, "qLastReloadTime"), stream});
  });
  return apps;
}

Result<AppRef> Catalog::find_app(const std::string& name) {
  auto known = apps();
  if (!known) return std::move(known).error();
  std::vector<AppRef> titled;
  std::vector<std::string> titles;
  for (const auto& app : *known) {
    if (app.id == name) return app;
    if (app.title == name) titled.push_back(app);
    titles.push_back(app.title);
  }
  if (titled.size() == 1) return titled.front();
  if (titled.empty()) return Status(Code::not_found, "there is no app '" + name + "' that this user may see" + near(name, titles));
  std::string ids;
  for (const auto& app : titled) ids += (ids.empty() ? "" : ", ") + app.id;
  return Status(Code::invalid_argument, std::to_string(titled.size()) + " apps are titled '" + name + "'; name one by its id: " + ids);
}

Result<std::vector<SheetRef>> Catalog::sheets() {
  auto list = session_.create_session_object(std::string(kSheetList));
  if (!list) return std::move(list).error().within("cannot list the sheets");
  auto reply = parse_reply(session_.call(list->number(), "GetLayout"));
  if (!reply) return std::move(reply).error().within("cannot list the sheets");
  std::vector<SheetRef> sheets;
  each(array_in(object_in(object_in(*reply, "qLayout"), "qAppObjectList"), "qItems"), [&](const Object::Ptr& item) {
    const auto data = object_in(item, "qData");
    auto title = text_in(object_in(item, "qMeta"), "title");
    if (title.empty()) title = text_in(data, "title");
    sheets.push_back({text_in(object_in(item, "qInfo"), "qId"), std::move(title), number_in(data, "rank")});
  });
  std::stable_sort(sheets.begin(), sheets.end(),
                   [](const auto& a, const auto& b) { return std::tie(a.rank, a.title) < std::tie(b.rank, b.title); });
  return sheets;
}

Result<std::vector<std::vector<ObjectRef>>> Catalog::objects_on(const std::vector<SheetRef>& sheets) {
  return walk_sheets(session_, sheets);
}

Result<std::vector<ObjectRef>> Catalog::resolve(const std::vector<std::string>& texts) {
  std::vector<Selector> selectors;
  for (const auto& text : texts) {
    auto selector = parse_selector(text);
    if (!selector) return std::move(selector).error();
    selectors.push_back(std::move(*selector));
  }
  auto known_sheets = sheets();
  if (!known_sheets) return std::move(known_sheets).error();
  std::vector<SheetRef> wanted;
  std::vector<std::string> sheet_names;
  for (auto& sheet : *known_sheets) {
    sheet_names.push_back(sheet.title);
    const auto wants = [&](const Selector& selector) { return names(selector.sheet, sheet.id, sheet.title); };
    if (std::any_of(selectors.begin(), selectors.end(), wants)) wanted.push_back(std::move(sheet));
  }
  const auto objects_of = objects_on(wanted);
  if (!objects_of) return objects_of.error();

  std::vector<ObjectRef> found;
  std::set<std::string> taken;
  for (const auto& selector : selectors) {
    bool sheet_matched = false;
    bool matched = false;
    std::vector<std::string> candidates;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (!names(selector.sheet, wanted[i].id, wanted[i].title)) continue;
      sheet_matched = true;
      for (const auto& object : (*objects_of)[i]) {
        candidates.push_back(object.id);
        if (!object.title.empty()) candidates.push_back(object.title);
        if (!names(selector.object, object)) continue;
        matched = true;
        if (taken.insert(object.id).second) found.push_back(object);
      }
    }
    if (matched) continue;
    if (!sheet_matched) return Status(Code::not_found, "'" + selector.text + "' matches no sheet" + near(selector.sheet, sheet_names));
    if (selector.text.starts_with("object:")) {
      // An object that is on no sheet: a master visualization.
      auto objects = objects_anywhere(selector.object);
      if (objects) {
        for (auto& object : *objects) {
          if (taken.insert(object.id).second) found.push_back(std::move(object));
        }
        continue;
      }
      if (objects.error().code() != Code::not_found) return std::move(objects).error();
    }
    return Status(Code::not_found, "'" + selector.text + "' matches no object" + near(selector.object, candidates));
  }
  return found;
}

Result<std::vector<ObjectRef>> Catalog::objects_anywhere(const std::string& id) {
  auto handle = session_.get_object(id);
  if (!handle) return std::move(handle).error();
  return walk_object(session_, {handle->id(), handle->type(), "", "", ""});
}

}  // namespace qonduit::engine
