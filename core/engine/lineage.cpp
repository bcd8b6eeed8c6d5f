#include "core/engine/lineage.hpp"

#include <algorithm>
#include <map>

#include "core/engine/app_lists.hpp"
#include "core/engine/expression.hpp"
#include "core/engine/json_members.hpp"

namespace qonduit::engine {
namespace {

using Poco::JSON::Object;

// Objects whose properties are asked for at a time.
constexpr std::size_t kAtATime = 64;

class Walk {
 public:
  Walk(std::map<std::string, MasterItem> library, std::vector<UsedExpression>& found) : library_(std::move(library)), found_(found) {}

  void object(std::size_t index, const Object::Ptr& properties) {
    index_ = index;
    visit(properties, "");
  }

 private:
  void visit(const Object::Ptr& node, const std::string& path) {
    for (const auto& name : node->getNames()) {
      const auto here = path + "/" + name;
      if (const auto inner = node->getObject(name); !inner.isNull()) {
        if (name == "qHyperCubeDef")
          cube(inner, here);
        else if (name == "qListObjectDef")
          dimension(inner, here, 0);
        else
          visit(inner, here);
      } else if (const auto items = node->getArray(name); !items.isNull()) {
        for (unsigned i = 0; i < items->size(); ++i) {
          if (const auto item = items->getObject(i); !item.isNull()) visit(item, here + "/" + std::to_string(i));
        }
      }
    }
  }

  void cube(const Object::Ptr& definition, const std::string& path) {
    int position = 0;
    each(array_in(definition, "qDimensions"), [&](const Object::Ptr& item) { dimension(item, path, position++); });
    position = 0;
    each(array_in(definition, "qMeasures"), [&](const Object::Ptr& item) {
      const auto own = object_in(item, "qDef");
      add(path, true, position++, text_in(item, "qLibraryId"), {text_in(own, "qDef")}, {text_in(own, "qLabel")});
    });
  }

  void dimension(const Object::Ptr& item, const std::string& path, int position) {
    const auto own = object_in(item, "qDef");
    add(path, false, position, text_in(item, "qLibraryId"), texts_in(own, "qFieldDefs"), texts_in(own, "qFieldLabels"));
  }

  // Every member of a group is used; a master item stands for its own.
  void add(const std::string& path, bool measure, int position, const std::string& library_id, std::vector<std::string> expressions,
           std::vector<std::string> labels) {
    if (const auto master = library_.find(library_id); master != library_.end()) {
      expressions = master->second.expressions;
      labels = master->second.labels;
      if (labels.empty()) labels.push_back(master->second.title);
    }
    if (expressions.empty()) expressions.emplace_back();
    for (std::size_t i = 0; i < expressions.size(); ++i) {
      found_.push_back({index_, path, measure, position, i < labels.size() ? labels[i] : std::string(), expressions[i], library_id, {}});
    }
  }

  std::map<std::string, MasterItem> library_;
  std::vector<UsedExpression>& found_;
  std::size_t index_ = 0;
};

Result<std::map<std::string, MasterItem>> read_library(Session& session) {
  std::map<std::string, MasterItem> library;
  for (const auto list : {read_dimensions, list_measures}) {
    auto items = list(session);
    if (!items) return std::move(items).error();
    for (auto& item : *items) library.emplace(item.id, item);
  }
  return library;
}

}  // namespace

Result<std::vector<UsedExpression>> read_lineage(Session& session, const std::vector<std::string>& object_ids) {
  auto library = read_library(session);
  if (!library) return std::move(library).error();
  std::vector<UsedExpression> found;
  Walk walk(std::move(*library), found);
  for (std::size_t begin = 0; begin < object_ids.size(); begin += kAtATime) {
    const auto end = std::min(object_ids.size(), begin + kAtATime);
    const std::vector<std::string> ids(object_ids.begin() + static_cast<std::ptrdiff_t>(begin),
                                       object_ids.begin() + static_cast<std::ptrdiff_t>(end));
    const auto handles = session.get_objects(ids);
    std::vector<Call> calls;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (!handles[i]) return handles[i].error().within("object '" + ids[i] + "'");
      calls.push_back({handles[i]->number(), "GetEffectiveProperties", "[]", {}});
    }
    const auto replies = call_all(session, std::move(calls));
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto reply = parse_reply(replies[i]);
      if (!reply) return reply.error().within("cannot read the definition of object '" + ids[i] + "'");
      if (const auto properties = object_in(*reply, "qProp"); !properties.isNull()) walk.object(begin + i, properties);
    }
  }
  std::vector<std::string> definitions;
  for (const auto& used : found) definitions.push_back(used.measure ? "=" + used.expression : used.expression);
  auto fields = fields_of_definitions(session, definitions);
  if (!fields) return std::move(fields).error();
  for (std::size_t i = 0; i < found.size(); ++i) found[i].fields = std::move((*fields)[i]);
  return found;
}

Result<std::vector<std::vector<std::string>>> fields_of_definitions(Session& session, const std::vector<std::string>& definitions) {
  std::vector<std::vector<std::string>> fields(definitions.size());
  std::vector<std::string> expressions;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    std::string_view definition = definitions[i];
    if (definition.empty() || definition == "=") continue;
    if (definition.front() == '=') {
      expressions.push_back(definitions[i].substr(1));
      places.push_back(i);
    } else {
      fields[i].push_back(unbracketed(definition));
    }
  }
  auto used = fields_of(session, expressions);
  if (!used) return std::move(used).error();
  for (std::size_t i = 0; i < places.size(); ++i) fields[places[i]] = std::move((*used)[i]);
  return fields;
}

}  // namespace qonduit::engine
