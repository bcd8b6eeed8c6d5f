#include "core/engine/catalog.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/config/selector.hpp"
#include "core/engine/app_lists.hpp"
#include "core/engine/json_members.hpp"
#include "core/engine/near_names.hpp"
#include "core/engine/nesting.hpp"
#include "core/engine/sheet_walk.hpp"

namespace qonduit::engine {
namespace {

using Poco::JSON::Object;

// The session object sheets are listed with. Source: protocol, listing sheets.
constexpr std::string_view kSheetList =
    R"({"qInfo":{"qType":"SheetList"},"qAppObjectListDef":{"qType":"sheet","qData":{"title":"/qMetaDef/title","rank":"/rank","cells":"/cells"}}})";

bool names(const config::Pattern& pattern, const std::string& id, const std::string& title) {
  return pattern.matches(id) || pattern.matches(title);
}

// By its own name, or by that of a container around it.
bool names(const config::Pattern& pattern, const ObjectRef& object) {
  return names(pattern, object.id, object.title) ||
         std::any_of(object.inside.begin(), object.inside.end(),
                     [&](const Enclosing& container) { return names(pattern, container.id, container.title); });
}

enum class Chosen { no, likely, surely };  // likely: it may be taken out by a title, which is not known yet

// As far as ids tell.
Chosen chosen_by_id(const std::vector<config::Selector>& selectors, const std::string& sheet_id, const std::string& sheet_title,
                    const std::string& id, const std::string& type) {
  auto chosen = Chosen::no;
  bool may_be_out = false;
  for (const auto& selector : selectors) {
    if (selector.kind == config::Selector::Kind::master || !names(selector.sheet, sheet_id, sheet_title)) continue;
    const bool named = selector.object.matches(id) && config::glob_matches(selector.type, type);
    if (selector.excludes && named) return Chosen::no;
    if (selector.excludes)
      may_be_out = true;
    else if (named)
      chosen = Chosen::surely;
  }
  return chosen == Chosen::surely && may_be_out ? Chosen::likely : chosen;
}

// Those that the list of sheets tells: the first `most`. What is in a container is not known yet, and the container itself is not read.
std::vector<std::string> first_chosen(const std::vector<config::Selector>& selectors, const std::vector<SheetRef>& sheets,
                                      std::size_t most) {
  std::vector<std::string> ids;
  for (const auto& sheet : sheets) {
    for (const auto& [id, type] : sheet.cells) {
      if (ids.size() == most) return ids;
      if (!id.empty() && !is_container(type) && chosen_by_id(selectors, sheet.id, sheet.title, id, type) != Chosen::no) ids.push_back(id);
    }
  }
  return ids;
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
  std::vector<Named> names;
  for (const auto& app : *known) {
    if (app.id == name) return app;
    if (app.title == name) titled.push_back(app);
    names.push_back({app.id, app.title});
  }
  if (titled.size() == 1) return titled.front();
  if (titled.empty()) return Status(Code::not_found, "there is no app '" + name + "' that this user may see" + near_things(name, names));
  std::string ids;
  for (const auto& app : titled) ids += (ids.empty() ? "" : ", ") + app.id;
  return Status(Code::invalid_argument, std::to_string(titled.size()) + " apps are titled '" + name + "'; name one by its id: " + ids);
}

void Catalog::begin_sheets(Session& session, const std::vector<std::string>& selectors, std::size_t ahead) {
  session.begun_lists().begin(std::string(kSheetList));
  if (ahead == 0) return;
  std::vector<config::Selector> known;
  for (const auto& text : selectors) {
    if (auto selector = config::parse_selector(text)) known.push_back(std::move(*selector));
  }
  session.sheets_ahead().begin(std::move(known), ahead);
}

Result<std::vector<SheetRef>> Catalog::sheets() {
  const Rounds rounds(*session_.arrivals(), [this] { session_.sheets_ahead().advance(); });
  auto layout = std::move(session_.begun_lists().read({std::string(kSheetList)}).front());
  if (!layout) return std::move(layout).error().within("cannot list the sheets");
  std::vector<SheetRef> sheets;
  each(array_in(object_in(*layout, "qAppObjectList"), "qItems"), [&](const Object::Ptr& item) {
    const auto data = object_in(item, "qData");
    auto title = text_in(object_in(item, "qMeta"), "title");
    if (title.empty()) title = text_in(data, "title");
    auto& sheet = sheets.emplace_back(SheetRef{text_in(object_in(item, "qInfo"), "qId"), std::move(title), number_in(data, "rank")});
    each(array_in(data, "cells"), [&](const Object::Ptr& cell) { sheet.cells.push_back({text_in(cell, "name"), text_in(cell, "type")}); });
  });
  std::stable_sort(sheets.begin(), sheets.end(),
                   [](const auto& a, const auto& b) { return std::tie(a.rank, a.title) < std::tie(b.rank, b.title); });
  return sheets;
}

Result<std::vector<std::vector<ObjectRef>>> Catalog::objects_on(const std::vector<SheetRef>& sheets) {
  return walk_sheets(session_, sheets);
}

// What selectors choose from: read once, as much of it as they need.
struct Catalog::Inventory {
  std::vector<SheetRef> sheets;                 // those that a selector names
  std::vector<std::vector<ObjectRef>> objects;  // of each
  std::vector<ObjectRef> masters;               // where a selector asks for them
  std::vector<Named> sheet_names;               // of all sheets, for near misses
};

Result<Catalog::Inventory> Catalog::take_inventory(const std::vector<config::Selector>& selectors, const Ahead& ahead) {
  using Kind = config::Selector::Kind;
  Inventory inventory;
  auto known_sheets = sheets();
  if (!known_sheets) return std::move(known_sheets).error();
  for (auto& sheet : *known_sheets) {
    inventory.sheet_names.push_back({sheet.id, sheet.title});
    const auto wants = [&](const config::Selector& selector) {
      if (selector.kind == Kind::master) return false;
      return names(selector.sheet, sheet.id, sheet.title) ||
             std::any_of(selector.otherwise.begin(), selector.otherwise.end(),
                         [&](const auto& other) { return names(other.first, sheet.id, sheet.title); });
    };
    if (std::any_of(selectors.begin(), selectors.end(), wants)) inventory.sheets.push_back(std::move(sheet));
  }
  if (ahead.opened > 0) session_.open_ahead(first_chosen(selectors, inventory.sheets, ahead.opened));
  TellKnown tell;
  if (ahead.found) {
    tell = [&](const std::vector<KnownObject>& known) {
      std::vector<std::string> surely, likely;
      for (const auto& [object, shown] : known) {
        const auto chosen = chosen_by_id(selectors, object->sheet_id, object->sheet_title, object->id, object->type);
        if (chosen == Chosen::no) continue;
        if (shown && chosen == Chosen::surely)
          surely.push_back(object->id);
        else if (likely.size() < ahead.opened)
          likely.push_back(object->id);
      }
      ahead.found(surely);
      if (!likely.empty()) session_.open_ahead(likely);
    };
  }
  auto objects = walk_sheets(session_, inventory.sheets, tell);
  if (!objects) return std::move(objects).error();
  inventory.objects = std::move(*objects);
  if (std::any_of(selectors.begin(), selectors.end(), [](const auto& selector) { return selector.kind == Kind::master; })) {
    auto masters = list_master_objects(session_);
    if (!masters) return std::move(masters).error();
    for (auto& master : *masters)
      inventory.masters.push_back({std::move(master.id), std::move(master.visualization), std::move(master.title), "", ""});
  }
  return inventory;
}

Result<std::vector<ObjectRef>> Catalog::find(const config::Selector& selector, const Inventory& inventory) {
  using Kind = config::Selector::Kind;
  std::vector<ObjectRef> found;
  std::vector<Named> candidates;
  std::set<std::string> types;  // of the objects that the name matches

  const auto choose = [&](const std::vector<ObjectRef>& objects) {
    for (const auto& object : objects) {
      candidates.push_back({object.id, object.title});
      if (!names(selector.object, object)) continue;
      types.insert(object.type);
      if (config::glob_matches(selector.type, object.type)) found.push_back(object);
    }
  };
  bool sheet_matched = false;
  if (selector.kind == Kind::master) {
    choose(inventory.masters);
  } else {
    for (std::size_t i = 0; i < inventory.sheets.size(); ++i) {
      if (!names(selector.sheet, inventory.sheets[i].id, inventory.sheets[i].title)) continue;
      sheet_matched = true;
      choose(inventory.objects[i]);
    }
  }
  if (!found.empty()) return selector.kind == Kind::master ? insides(std::move(found)) : Result<std::vector<ObjectRef>>(std::move(found));
  const auto text = "'" + selector.text + "'";
  if (!types.empty()) {
    return Status(Code::not_found, text + " matches no object of type '" + selector.type + "'" +
                                       near_names(selector.type, {types.begin(), types.end()}) +
                                       "; qonduit objects lists objects with their types");
  }
  if (selector.kind == Kind::sheet && !sheet_matched)
    return Status(Code::not_found, text + " matches no sheet" + near_things(selector.sheet.text, inventory.sheet_names));
  if (selector.kind == Kind::object) {
    // An object that is on no sheet: a master visualization.
    auto objects = objects_anywhere(selector.object.text);
    if (objects || objects.error().code() != Code::not_found) return objects;
  }
  const std::string what = selector.kind == Kind::master ? " matches no master visualization" : " matches no object";
  return Status(Code::not_found, text + what + near_things(selector.object.text, candidates));
}

// A pattern that takes nothing out is fine; a name that does is misspelt, and what it meant would be delivered.
bool Catalog::may_miss(const config::Selector& selector, const Inventory& inventory) {
  const auto named = [&](const SheetRef& sheet) { return names(selector.sheet, sheet.id, sheet.title); };
  const bool sheet_there = selector.sheet.is_glob() || std::any_of(inventory.sheets.begin(), inventory.sheets.end(), named);
  return sheet_there && selector.object.is_glob();
}

Result<std::vector<ObjectRef>> Catalog::resolve(const std::vector<std::string>& texts) {
  std::vector<Status> problems;
  auto found = resolve(texts, problems, {});
  if (!found || problems.empty()) return found;
  std::string all;
  for (const auto& problem : problems) all += (all.empty() ? "" : "\n") + problem.message();
  return Status(problems.front().code(), std::move(all));
}

Result<std::vector<ObjectRef>> Catalog::resolve(const std::vector<std::string>& texts, std::vector<Status>& problems, const Ahead& ahead) {
  std::vector<config::Selector> selectors;
  for (const auto& text : texts) {
    if (auto selector = config::parse_selector(text))
      selectors.push_back(std::move(*selector));
    else
      problems.push_back(std::move(selector).error());
  }
  const auto inventory = take_inventory(selectors, ahead);
  if (!inventory) return inventory.error();

  std::vector<ObjectRef> found;
  std::set<std::string> taken;
  std::set<std::string> excluded;
  std::set<std::string> by_name;
  for (auto& selector : selectors) {
    auto objects = find(selector, *inventory);
    for (const auto& [sheet, object] : selector.otherwise) {
      if (objects || objects.error().code() != Code::not_found) break;
      auto other = selector;
      other.sheet = sheet, other.object = object;
      if (auto there = find(other, *inventory)) {
        selector = std::move(other);  // its other readings are done with: the loop ends here
        objects = std::move(there);
        break;
      }
    }
    if (!objects) {
      const auto code = objects.error().code();
      if (code != Code::not_found && code != Code::invalid_argument) return std::move(objects).error();
      if (!selector.excludes || code != Code::not_found || !may_miss(selector, *inventory)) problems.push_back(std::move(objects).error());
      continue;
    }
    const bool named = !selector.object.is_glob();
    for (auto& object : *objects) {
      if (selector.excludes) {
        excluded.insert(object.id);
        continue;
      }
      if (named && names(selector.object, object.id, object.title)) by_name.insert(object.id);
      if (taken.insert(object.id).second) found.push_back(std::move(object));
    }
  }
  for (auto& object : found) object.named = by_name.contains(object.id);
  std::erase_if(found, [&](const auto& object) { return excluded.contains(object.id); });
  if (found.empty() && !excluded.empty() && problems.empty())
    return Status(Code::not_found, "everything that is named is taken out again with '!'");
  return found;
}

// Master visualizations that are containers stand for what is in them.
Result<std::vector<ObjectRef>> Catalog::insides(std::vector<ObjectRef> masters) {
  std::vector<ObjectRef> found;
  for (auto& master : masters) {
    auto objects = walk_object(session_, std::move(master));
    if (!objects) return objects;
    for (auto& object : *objects) found.push_back(std::move(object));
  }
  return found;
}

Result<std::vector<ObjectRef>> Catalog::objects_anywhere(const std::string& id) {
  auto handle = session_.get_object(id);
  if (!handle) return std::move(handle).error();
  return walk_object(session_, {handle->id(), handle->type(), "", "", ""});
}

}  // namespace qonduit::engine
