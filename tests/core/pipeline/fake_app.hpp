// An app in memory behind a session, as far as its state goes: fields with values, variables, bookmarks, alternate states. It does to
// selections what a test tells it to: refuse them, lose them, select by itself.
#pragma once

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/engine/session.hpp"
#include "tests/core/engine/scripted_transport.hpp"

namespace qonduit::pipeline {

class FakeApp {
 public:
  struct Field {
    std::vector<std::string> values;
    std::set<std::size_t> selected = {};
    std::set<std::size_t> excluded = {};
    bool locked = false;
    bool always_one = false;
  };
  std::map<std::string, Field> fields;
  std::map<std::string, std::string> variables;
  bool decimal_comma = false;                                                     // how it shows the numbers of variables
  std::map<std::string, std::map<std::string, std::set<std::size_t>>> bookmarks;  // id → field → elements
  std::string reload_time = "2026-01-01T00:00:00Z";
  std::function<void(FakeApp&, const std::string& field)> selected;  // after a selection was made
  std::function<bool(const engine::Request&)> aborts;                // answers error 15
  std::function<void(FakeApp&, const engine::Request&)> before;      // sees every call
  std::vector<std::string> methods;
  int connections = 0;
  bool forgets = false;  // a new connection finds nothing selected

  std::unique_ptr<engine::Session> open() {
    config::Connection connection;
    connection.name = "c";
    connection.url = "wss://qlik.example.com:4747/app";
    connection.keepalive = std::chrono::milliseconds(0);
    connection.reconnect_attempts = 3;
    auto session = engine::Session::open(connection, "app", [this](const config::Connection&, const std::string&) {
      ++connections;
      if (forgets && connections > 1) {
        for (auto& [name, field] : fields) field.selected.clear();
      }
      wire = std::make_shared<engine::Wire>();
      wire->answer_with([this](const engine::Request& request) { return answer(request); });
      wire->push(R"({"jsonrpc":"2.0","method":"OnConnected","params":{"qSessionState":"SESSION_CREATED"}})");
      return Result<std::unique_ptr<engine::Transport>>(std::make_unique<engine::ScriptedTransport>(wire));
    });
    if (!session || !(*session)->open_app("app")) return nullptr;
    return std::move(*session);
  }
  void cut(engine::Session& session) {
    wire->fail({Code::unavailable, "cut"});
    while (session.health().ok()) static_cast<void>(session.call(-1, "EngineVersion"));
  }
  std::set<std::string> selection(const std::string& name) {
    std::set<std::string> texts;
    for (const auto element : fields.at(name).selected) texts.insert(fields.at(name).values.at(element));
    return texts;
  }

  std::shared_ptr<engine::Wire> wire;

 private:
  using Object = Poco::JSON::Object;

  static std::string returned(int handle) {
    return R"({"qReturn":{"qType":"x","qHandle":)" + std::to_string(handle) + R"(,"qGenericType":"x","qGenericId":"x"}})";
  }

  std::vector<std::string> answer(const engine::Request& request) {
    methods.push_back(request.method);
    if (before) before(*this, request);
    if (aborts && aborts(request)) return {engine::Wire::error(request.id, 15)};
    return {engine::Wire::result(request.id, result_of(request))};
  }

  std::string result_of(const engine::Request& request) {
    const auto& method = request.method;
    const auto params = Poco::JSON::Parser().parse(request.params).extract<Poco::JSON::Array::Ptr>();
    if (method == "OpenDoc" || method == "GetActiveDoc") return returned(1);
    if (method == "GetAppLayout") return R"({"qLayout":{"qTitle":"A","qStateNames":["Other"],"qLastReloadTime":")" + reload_time + "\"}}";
    if (method == "GetField")
      return handle_of("field", params->getElement<std::string>(0), fields.contains(params->getElement<std::string>(0)));
    if (method == "GetVariableByName")
      return handle_of("variable", params->getElement<std::string>(0), variables.contains(params->getElement<std::string>(0)));
    if (method == "GetBookmark") return handle_of("bookmark", params->getElement<std::string>(0), true);
    if (method == "CreateSessionObject") return create(params->getObject(0));
    if (method == "GetObject") return R"({"qReturn":{"qType":null,"qHandle":null}})";
    if (method == "ClearAll") {
      if (params->getElement<std::string>(1) != "$") return "{}";
      for (auto& [name, field] : fields) {
        if (!field.locked && !field.always_one) field.selected.clear();
      }
      return "{}";
    }
    if (method == "ApplyBookmark") return apply(params->getElement<std::string>(0));
    const auto [kind, name] = handles_[request.handle];
    if (method == "LowLevelSelect") return select(fields.at(name), name, params->getArray(0));
    if (method == "SetStringValue") return numbers_.erase(name), variables[name] = params->getElement<std::string>(0), "{}";
    if (method == "SetNumValue") {
      variables[name] = numbers_[name] = params->get(0).toString();
      if (decimal_comma) std::replace(variables[name].begin(), variables[name].end(), '.', ',');
      return "{}";
    }
    if (method == "SetDualValue") {
      variables[name] = params->getElement<std::string>(0);
      numbers_[name] = params->get(1).toString();
      return "{}";
    }
    if (method == "GetListObjectData") return page(fields.at(name), params->getArray(1)->getObject(0));
    if (method == "GetLayout") return R"({"qLayout":)" + layout(kind, name) + "}";
    return "{}";
  }

  std::string handle_of(const std::string& kind, const std::string& name, bool there) {
    if (!there) return R"({"qReturn":{"qType":null,"qHandle":null}})";
    handles_[++last_] = {kind, name};
    return returned(last_);
  }

  std::string create(const Object::Ptr& properties) {
    const auto list = properties->getObject("qListObjectDef");
    std::string name;
    if (!list.isNull()) name = list->getObject("qDef")->getArray("qFieldDefs")->getElement<std::string>(0);
    if (name.size() > 2) name = name.substr(1, name.size() - 2);
    if (const auto current = properties->getObject("qSelectionObjectDef"); !current.isNull())
      name = current->getValue<std::string>("qStateName");
    const auto kind = !list.isNull()                           ? "list"
                      : properties->has("qSelectionObjectDef") ? "current"
                      : properties->has("qFieldListDef")       ? "fields"
                      : properties->has("qVariableListDef")    ? "variables"
                                                               : "bookmarks";
    return handle_of(kind, name, true);
  }

  std::string select(Field& field, const std::string& name, const Poco::JSON::Array::Ptr& elements) {
    if (field.locked || (field.always_one && elements->size() != 1)) return R"({"qReturn":false})";
    field.selected.clear();
    for (unsigned i = 0; i < elements->size(); ++i) field.selected.insert(elements->getElement<std::size_t>(i));
    if (selected) selected(*this, name);
    return R"({"qReturn":true})";
  }

  std::string apply(const std::string& id) {
    for (auto& [name, field] : fields) {
      if (!field.locked) field.selected = bookmarks[id].contains(name) ? bookmarks[id][name] : std::set<std::size_t>();
    }
    if (selected) selected(*this, "");
    return R"({"qSuccess":true})";
  }

  static std::string page(const Field& field, const Object::Ptr& area) {
    std::string rows;
    const auto top = area->getValue<std::size_t>("qTop");
    for (auto i = top; i < std::min(field.values.size(), top + area->getValue<std::size_t>("qHeight")); ++i) {
      const bool chosen = field.selected.contains(i);
      const bool out = field.excluded.contains(i);
      const char* state = field.locked && chosen ? "L" : chosen ? (out ? "XS" : "S") : out ? "X" : field.selected.empty() ? "O" : "A";
      // An engine leaves an empty text out.
      const auto text = field.values[i].empty() ? std::string() : R"("qText":")" + field.values[i] + R"(",)";
      rows += (rows.empty() ? "" : ",") + std::string("[{") + text + R"("qNum":"NaN","qElemNumber":)" + std::to_string(i) +
              R"(,"qState":")" + state + "\"}]";
    }
    return R"({"qDataPages":[{"qMatrix":[)" + rows + "]}]}";
  }

  std::string layout(const std::string& kind, const std::string& name) {
    if (kind == "list") {
      const auto& field = fields.at(name);
      return R"({"qListObject":{"qSize":{"qcx":1,"qcy":)" + std::to_string(field.values.size()) + R"(},"qDimensionInfo":{)" +
             (field.locked       ? R"("qLocked":true)"
              : field.always_one ? R"("qIsOneAndOnlyOne":true)"
                                 : "") +
             "}}}";
    }
    if (kind == "variable")
      return R"({"qText":")" + variables[name] + R"(","qNum":)" + (numbers_.contains(name) ? numbers_[name] : "\"NaN\"") + "}";
    if (kind == "current") return R"({"qSelectionObject":{"qSelections":[)" + (name == "$" ? current() : "") + "]}}";
    std::string items;
    if (kind == "fields") {
      for (const auto& [field, content] : fields) items += (items.empty() ? "" : ",") + std::string(R"({"qName":")") + field + "\"}";
      return R"({"qFieldList":{"qItems":[)" + items + "]}}";
    }
    if (kind == "bookmarks") {
      for (const auto& [id, content] : bookmarks) items += (items.empty() ? "" : ",") + std::string(R"({"qInfo":{"qId":")") + id + "\"}}";
      return R"({"qBookmarkList":{"qItems":[)" + items + "]}}";
    }
    if (kind == "bookmark") {
      for (const auto& [field, elements] : bookmarks[name]) {
        std::string values;
        for (const auto element : elements)
          values += (values.empty() ? "" : ",") + std::string(R"({"qText":")") + std::to_string(element) + "\"}";
        items += (items.empty() ? "" : ",") + std::string(R"({"qDef":{"qName":")") + field + R"("},"qValues":[)" + values + "]}";
      }
      return R"({"qBookmark":{"qStateData":[{"qStateName":"$","qFieldItems":[)" + items + "]}]}}";
    }
    return "{}";
  }

  std::string current() {
    std::string items;
    for (const auto& [name, field] : fields) {
      if (field.selected.empty()) continue;
      std::string names;
      std::size_t possible = 0;
      for (const auto element : field.selected) {
        names += (names.empty() ? "" : ",") + std::string(R"({"qName":")") + field.values[element] + "\"}";
        possible += field.excluded.contains(element) ? 0 : 1;
      }
      items += (items.empty() ? "" : ",") + std::string(R"({"qField":")") + name + R"(","qSelectedCount":)" +
               std::to_string(field.selected.size()) + R"(,"qStateCounts":{"qSelected":)" + std::to_string(possible) +
               R"(},"qOneAndOnlyOne":)" + (field.always_one ? "true" : "false") + R"(,"qSelectedFieldSelectionInfo":[)" + names + "]}";
    }
    return items;
  }

  std::map<int, std::pair<std::string, std::string>> handles_;
  std::map<std::string, std::string> numbers_;  // of variables that have one
  int last_ = 100;
};

}  // namespace qonduit::pipeline
