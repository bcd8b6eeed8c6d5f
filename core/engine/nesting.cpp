#include "core/engine/nesting.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>

#include "core/engine/json_members.hpp"
#include "qonduit/text.hpp"

namespace qonduit::engine {
namespace {

using Poco::Dynamic::Var;
using Poco::JSON::Object;
using Sight = ObjectRef::Sight;

Var member(const Object::Ptr& object, const std::string& key) { return object.isNull() || !object->has(key) ? Var() : object->get(key); }

struct Child {
  Part part;
  std::string reference, master;  // what a container's entry may name it by
  bool placed = false;
};

std::vector<Child> children_of(const Object::Ptr& layout) {
  std::vector<Child> children;
  each(array_in(object_in(layout, "qChildList"), "qItems"), [&](const Object::Ptr& item) {
    const auto info = object_in(item, "qInfo");
    const auto data = object_in(item, "qData");
    Child child;
    child.part.id = text_in(info, "qId");
    if (child.part.id.empty()) return;
    child.part.type = text_in(info, "qType");
    // What a link shows is the master's kind of object.
    if (const auto shown = text_in(data, "visualization"); !shown.empty()) child.part.type = shown;
    child.part.title = text_in(data, "title");
    child.part.title_expression = child.part.title.empty() ? expression_in(data, "title") : "";
    if (child.part.title.empty()) child.part.title = text_in(object_in(item, "qMeta"), "title");
    child.part.conditions.push_back(condition_in(data, "showCondition"));
    child.reference = text_in(data, "containerChildId");
    if (child.reference.empty()) child.reference = text_in(data, "childRefId");
    child.master = text_in(data, "qExtendsId");
    child.part.retitled = !child.master.empty() || text_in(info, "qType") == "masterobject";
    children.push_back(std::move(child));
  });
  return children;
}

Child* find_child(std::vector<Child>& children, const std::string& reference, bool by_master) {
  const auto find = [&](std::string Child::*name) -> Child* {
    for (auto& child : children) {
      if (!child.placed && child.*name == reference) return &child;
    }
    return nullptr;
  };
  auto* found = find(by_master ? &Child::master : &Child::reference);
  if (found == nullptr) found = find(by_master ? &Child::reference : &Child::master);
  for (auto& child : children) {
    if (found == nullptr && !child.placed && child.part.id == reference) found = &child;
  }
  return found;
}

}  // namespace

Condition read_condition(std::string text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  if (text == "-") return {false};  // an expression without a value
  const auto lower = ascii_lower(text);
  if (lower == "true" || lower == "false") return {lower == "true"};
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return {number != 0};
  return {true, std::move(text)};
}

Condition condition_in(const Object::Ptr& object, const std::string& key) {
  if (auto expression = expression_in(object, key); !expression.empty()) return read_condition(std::move(expression));
  const auto value = member(object, key);
  if (value.isBoolean()) return {value.convert<bool>()};
  if (value.isNumeric()) return {value.convert<double>() != 0};
  return value.isString() ? read_condition(value.convert<std::string>()) : Condition();
}

std::vector<Part> parts_of_sheet(const Object::Ptr& layout) {
  struct Placed {
    double row, column;
    Part part;
  };
  std::vector<Placed> placed;
  std::set<std::string> seen;
  each(array_in(layout, "cells"), [&](const Object::Ptr& cell) {
    const auto id = text_in(cell, "name");
    if (id.empty() || !seen.insert(id).second) return;
    placed.push_back({number_in(cell, "row"), number_in(cell, "col"), {id, text_in(cell, "type"), ""}});
  });
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return std::tie(a.row, a.column) < std::tie(b.row, b.column); });
  std::vector<Part> parts;
  for (auto& item : placed) parts.push_back(std::move(item.part));

  for (auto& child : children_of(layout)) {
    const auto known = std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return part.id == child.part.id; });
    if (known == parts.end()) {
      parts.push_back(std::move(child.part));
      continue;
    }
    if (known->type.empty()) known->type = child.part.type;
    known->title = std::move(child.part.title);
    known->title_expression = std::move(child.part.title_expression);
    known->retitled = child.part.retitled;
    known->conditions = std::move(child.part.conditions);
  }
  return parts;
}

std::vector<Part> parts_of_container(const Object::Ptr& layout) {
  auto children = children_of(layout);
  // Containers have children, tabbed and layout containers have objects, filter panes neither.
  auto entries = array_in(layout, "children");
  if (entries.isNull()) entries = array_in(layout, "objects");
  std::vector<Part> parts;
  if (entries.isNull()) {
    for (auto& child : children) parts.push_back(std::move(child.part));
    return parts;
  }
  each(entries, [&](const Object::Ptr& entry) {
    auto reference = text_in(entry, "refId");
    if (reference.empty()) reference = text_in(entry, "childRefId");
    auto* child = find_child(children, reference, flag_in(entry, "isMaster"));
    const auto label = text_in(entry, "label");
    const auto computed_label = expression_in(entry, "label");
    if (child == nullptr) {
      parts.push_back({reference, "", label, {}, {}, Sight::missing, "its container names it, but the engine lists no such child"});
      return;
    }
    child->placed = true;
    Part part = child->part;
    if (part.title.empty() && !label.empty()) part.title = label, part.retitled = true;
    if (part.title.empty() && part.title_expression.empty()) part.title_expression = computed_label;
    part.conditions.push_back(condition_in(entry, "condition"));
    parts.push_back(std::move(part));
  });
  for (auto& child : children) {
    if (child.placed) continue;
    child.part.sight = Sight::hidden;
    child.part.reason = "its container has no tab for it";
    parts.push_back(std::move(child.part));
  }
  return parts;
}

Object::Ptr as_layout(const Object::Ptr& entry) {
  const auto properties = object_in(entry, "qProperty");
  Object::Ptr layout = properties.isNull() ? new Object : new Object(*properties);
  Poco::JSON::Array::Ptr items = new Poco::JSON::Array;
  each(array_in(entry, "qChildren"), [&](const Object::Ptr& child) {
    const auto data = object_in(child, "qProperty");
    if (data.isNull()) return;
    Object::Ptr item = new Object;
    item->set("qInfo", data->get("qInfo"));
    item->set("qData", data);
    item->set("qMeta", data->get("qMetaDef"));
    items->add(item);
  });
  Object::Ptr list = new Object;
  list->set("qItems", items);
  layout->set("qChildList", list);
  return layout;
}

bool is_container(std::string_view type) {
  return type.find("container") != std::string_view::npos || type == "filterpane" || type == "sn-filter-pane";
}

}  // namespace qonduit::engine
