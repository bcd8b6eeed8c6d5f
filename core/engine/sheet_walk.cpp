#include "core/engine/sheet_walk.hpp"

#include <algorithm>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "core/engine/json_members.hpp"
#include "core/engine/nesting.hpp"
#include "core/engine/object_titles.hpp"
#include "qonduit/json_text.hpp"

namespace qonduit::engine {
namespace {

using Poco::JSON::Object;
using Sight = ObjectRef::Sight;

// Deeper than any app nests; an engine that answers a new container inside each one would never end.
constexpr int kDeepest = 16;

// A sheet, a container, or an object that may turn out to be one. Lists keep the addresses of their elements.
struct Node {
  ObjectRef object;
  bool sheet = false;
  std::list<Node> parts{};
  std::vector<Condition> conditions{};
  std::shared_ptr<std::set<std::string>> seen{};  // every id below the root
  std::string title_expression{};
  bool retitled = false;  // its properties have the last word on its title, whatever the lists around it say: it extends a master object
  bool titled = false;    // they were asked for
  bool read = false;      // what is in it was asked for
};

// A container, or what may turn out to be one.
bool may_hold_others(const std::string& type) { return is_container(type) || type.empty() || type == "masterobject"; }

bool to_be_read(const Node& node) {
  return !node.read && node.object.sight != Sight::missing && (node.sheet || may_hold_others(node.object.type));
}

void hide(ObjectRef& object, std::string reason) {
  if (object.sight != Sight::visible) return;
  object.sight = Sight::hidden;
  object.reason = std::move(reason);
}

void add_part(Node& parent, Part part) {
  if (!parent.seen->insert(part.id).second) return;  // named twice, or a container inside itself
  Node node;
  node.object = {std::move(part.id), std::move(part.type), std::move(part.title), parent.object.sheet_id, parent.object.sheet_title};
  node.object.sight = part.sight;
  node.object.reason = std::move(part.reason);
  node.conditions = std::move(part.conditions);
  node.seen = parent.seen;
  node.title_expression = std::move(part.title_expression);
  node.retitled = part.retitled;
  parent.parts.push_back(std::move(node));
}

void take_layout(Node& node, const Object::Ptr& layout) {
  if (node.sheet) {
    node.conditions.push_back(condition_in(layout, "showCondition"));
    for (auto& part : parts_of_sheet(layout)) add_part(node, std::move(part));
    return;
  }
  if (const auto shown = text_in(layout, "visualization"); !shown.empty()) node.object.type = shown;
  if (node.object.title.empty()) node.object.title = text_in(layout, "title");
  if (node.object.title.empty()) node.object.title = text_in(object_in(layout, "qMeta"), "title");
  if (!is_container(node.object.type)) return;
  for (auto& part : parts_of_container(layout)) add_part(node, std::move(part));
}

// A sheet must be there. A container that is not is left as it is: reading it fails on its own, and says why.
Status accept(Node& node, Result<Object::Ptr> reply) {
  if (reply) {
    const auto layout = object_in(*reply, "qLayout");
    if (!layout.isNull()) take_layout(node, layout);
    return {};
  }
  if (node.sheet) return std::move(reply).error().within("sheet '" + node.object.sheet_title + "'");
  if (retryable(reply.error().code())) return std::move(reply).error().within("object '" + node.object.id + "'");
  return {};
}

// An entry of a tree of properties, and what is below it.
void take_tree(Node& node, const Object::Ptr& entry, int depth = 0) {
  node.read = true;
  take_layout(node, as_layout(entry));
  if (depth == kDeepest) return;
  std::map<std::string, Object::Ptr> entries;
  each(array_in(entry, "qChildren"),
       [&](const Object::Ptr& child) { entries[text_in(object_in(object_in(child, "qProperty"), "qInfo"), "qId")] = child; });
  for (auto& part : node.parts) {
    const auto child = entries.find(part.object.id);
    // A link to a master object has no children itself. Its layout lists the master's.
    if (child != entries.end() && is_container(part.object.type) && !part.retitled) take_tree(part, child->second, depth + 1);
  }
}

// Its properties have the last word on its title, and were not asked for.
bool to_be_titled(const Node& node) { return node.retitled && !node.titled && node.parts.empty() && node.object.sight != Sight::missing; }

// A node that is asked about.
struct Asked {
  Node* node;
  PendingHandle handle;
  bool parts, title;
};

std::vector<Asked> ask_for(Objects& engine, const std::vector<Node*>& nodes) {
  std::vector<Asked> asked;
  for (auto* node : nodes) {
    const bool parts = to_be_read(*node), title = to_be_titled(*node);
    if (!parts && !title) continue;
    asked.push_back({node, engine.begin_object(node->object.id), parts, title});
    node->read = node->read || parts;
    node->titled = node->titled || title;
  }
  return asked;
}

// An object that cannot be read now keeps the title it has.
Status take_title(Node& node, const Result<Object::Ptr>& reply) {
  if (!reply) return retryable(reply.error().code()) ? Status(reply.error()).within("titles of objects") : Status();
  auto title = title_in(object_in(*reply, "qProp"));
  if (title.empty() || !node.parts.empty()) return {};
  if (title.starts_with('='))
    node.title_expression = std::move(title);
  else
    node.object.title = std::move(title);
  return {};
}

// What is in the nodes, and what they are called. Of a sheet one call tells, also what is in its containers, and computes none of it; who
// may not see definitions is told by layouts.
Status read(Objects& engine, std::vector<Asked>& nodes) {
  std::vector<Handle> handles;
  std::vector<Call> calls;
  std::vector<std::pair<Asked*, const char*>> asked;
  const auto ask = [&](Asked& node, int handle, const char* method) {
    calls.push_back({handle, method, "[]", {}});
    asked.emplace_back(&node, method);
  };
  for (auto& node : nodes) {
    auto handle = node.handle.take();
    if (handle) {
      if (node.parts) ask(node, handle->number(), node.node->sheet ? "GetFullPropertyTree" : "GetLayout");
      if (node.title) ask(node, handle->number(), "GetEffectiveProperties");
      handles.push_back(std::move(*handle));
    } else if (node.parts) {
      if (auto status = accept(*node.node, std::move(handle).error()); !status.ok()) return status;
    } else if (auto status = take_title(*node.node, std::move(handle).error()); !status.ok()) {
      return status;
    }
  }
  auto sent = calls;
  auto replies = call_all(engine, std::move(calls));
  calls.clear();
  std::vector<Node*> again;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    auto& node = *asked[i].first->node;
    auto reply = parse_reply(replies[i]);
    Status status;
    if (asked[i].second == std::string_view("GetEffectiveProperties")) {
      status = take_title(node, reply);
    } else if (const auto entry = node.sheet && reply ? object_in(*reply, "qPropEntry") : Object::Ptr(); !entry.isNull()) {
      take_tree(node, entry);
    } else if (node.sheet && (reply || !retryable(reply.error().code()))) {
      calls.push_back({sent[i].handle, "GetLayout", "[]", {}});
      again.push_back(&node);
    } else {
      status = accept(node, std::move(reply));
    }
    if (!status.ok()) return status;
  }
  replies = call_all(engine, std::move(calls));
  for (std::size_t i = 0; i < again.size(); ++i) {
    if (auto status = accept(*again[i], parse_reply(replies[i])); !status.ok()) return status;
  }
  return {};
}

// The schema calls the result qValue, its example qReturn.
Object::Ptr value_in(const Object::Ptr& reply) {
  const auto value = object_in(reply, "qValue");
  return value.isNull() ? object_in(reply, "qReturn") : value;
}

// The nodes, and all that is known below them.
std::vector<Node*> with_parts(const std::vector<Node*>& nodes) {
  auto all = nodes;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (auto& part : all[i]->parts) all.push_back(&part);
  }
  return all;
}

// Conditions and titles that came as expressions, on their way in one round trip. A condition that cannot be evaluated hides nothing.
class Evaluation {
 public:
  Evaluation(Objects& engine, const std::vector<Node*>& nodes) {
    std::vector<Call> calls;
    const auto ask = [&](std::string& expression, std::function<void(const Object::Ptr&)> take) {
      if (expression.empty()) return;
      calls.push_back({engine.doc(), "EvaluateEx", "[" + json_string(expression) + "]", {}});
      takes_.push_back(std::move(take));
      expression.clear();
    };
    for (auto* node : nodes) {
      for (auto& condition : node->conditions) {
        ask(condition.expression, [&condition](const Object::Ptr& value) {
          condition.holds =
              (flag_in(value, "qIsNumeric") ? Condition{number_in(value, "qNumber") != 0} : read_condition(text_in(value, "qText"))).holds;
        });
      }
      ask(node->title_expression, [node](const Object::Ptr& value) {
        auto title = text_in(value, "qText");
        if (!title.empty() || !node->titled) node->object.title = std::move(title);
      });
    }
    replies_ = Pending(engine, std::move(calls));
  }

  // Waits. The nodes are known then.
  Status take() {
    const auto replies = replies_.take();
    for (std::size_t i = 0; i < takes_.size(); ++i) {
      const auto reply = parse_reply(replies[i]);
      if (!reply && retryable(reply.error().code())) return reply.error().within("cannot evaluate a title or a show condition");
      if (const auto value = reply ? value_in(*reply) : Object::Ptr(); !value.isNull()) takes_[i](value);
    }
    return {};
  }

 private:
  std::vector<std::function<void(const Object::Ptr&)>> takes_;
  Pending replies_;
};

// REQUIRES: parents before their parts.
void apply_conditions(const std::vector<Node*>& nodes) {
  const auto fails = [](const Node& node) {
    return std::any_of(node.conditions.begin(), node.conditions.end(), [](const auto& condition) { return !condition.holds; });
  };
  for (auto* node : nodes) {
    if (node->sheet && fails(*node)) hide(node->object, "the show condition of its sheet does not hold");
    for (auto& part : node->parts) {
      if (fails(part)) hide(part.object, "its show condition does not hold");
      if (node->object.sight != Sight::visible) hide(part.object, node->object.reason);
    }
  }
}

// Objects, not containers, that are not hidden for sure. They are shown for sure where nothing about them or around them is still to be
// evaluated. REQUIRES: parents before their parts.
std::vector<KnownObject> known_objects(const std::vector<Node*>& nodes) {
  const auto decided = [](const Node& node) {
    return std::all_of(node.conditions.begin(), node.conditions.end(),
                       [](const auto& condition) { return condition.expression.empty() && condition.holds; });
  };
  std::set<const Node*> open;  // around or about which something is to be evaluated
  std::vector<KnownObject> found;
  for (const auto* node : nodes) {
    if (!decided(*node)) open.insert(node);
    for (const auto& part : node->parts) {
      if (open.contains(node) || !decided(part)) open.insert(&part);
      if (node->object.sight == Sight::visible && part.object.sight == Sight::visible && !may_hold_others(part.object.type))
        found.push_back({&part.object, !open.contains(&part)});
    }
  }
  return found;
}

// Level by level, while what is known is evaluated: neither needs the other.
Status walk(Objects& engine, const std::vector<Node*>& roots, const TellKnown& tell) {
  auto asked = ask_for(engine, roots);
  for (int depth = 0; !asked.empty(); ++depth) {
    const auto deeper = std::find_if(asked.begin(), asked.end(), [](const auto& node) { return node.parts; });
    if (depth > kDeepest && deeper != asked.end()) {
      return {Code::bad_data, "object '" + deeper->node->object.id + "': containers are nested deeper than " + std::to_string(kDeepest)};
    }
    if (auto status = read(engine, asked); !status.ok()) return status;
    std::vector<Node*> level;
    for (const auto& node : asked) level.push_back(node.node);
    const auto known = with_parts(level);
    if (tell) tell(known_objects(known));
    Evaluation evaluation(engine, known);
    asked = ask_for(engine, known);
    if (auto status = evaluation.take(); !status.ok()) return status;
    apply_conditions(known);
    if (tell) tell(known_objects(known));
  }
  return {};
}

void flatten(Node& node, std::vector<ObjectRef>& objects) {
  for (auto& part : node.parts) {
    part.object.inside = node.object.inside;
    if (!node.sheet) part.object.inside.push_back({node.object.id, node.object.title});
    flatten(part, objects);
  }
  if (node.parts.empty() && !node.sheet) objects.push_back(std::move(node.object));
}

}  // namespace

Result<std::vector<std::vector<ObjectRef>>> walk_sheets(Objects& engine, const std::vector<SheetRef>& sheets, const TellKnown& tell) {
  std::list<Node> roots;
  std::vector<Node*> level;
  for (const auto& sheet : sheets) {
    Node node;
    node.object = {sheet.id, "sheet", sheet.title, sheet.id, sheet.title};
    node.sheet = true;
    node.seen = std::make_shared<std::set<std::string>>();
    roots.push_back(std::move(node));
    level.push_back(&roots.back());
  }
  if (auto status = walk(engine, level, tell); !status.ok()) return status;
  std::vector<std::vector<ObjectRef>> found;
  found.reserve(sheets.size());
  for (auto& root : roots) flatten(root, found.emplace_back());
  return found;
}

Result<std::vector<ObjectRef>> walk_object(Objects& engine, ObjectRef object) {
  Node root;
  root.seen = std::make_shared<std::set<std::string>>(std::set<std::string>{object.id});
  root.object = std::move(object);
  if (auto status = walk(engine, {&root}, {}); !status.ok()) return status;
  std::vector<ObjectRef> found;
  flatten(root, found);
  return found;
}

}  // namespace qonduit::engine
