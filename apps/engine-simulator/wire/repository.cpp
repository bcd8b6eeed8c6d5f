#include "wire/repository.hpp"

#include <Poco/Exception.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>
#include <Poco/URI.h>
#include <Poco/UTF8String.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>

#include "apps/meta.hpp"
#include "json.hpp"

namespace qonduit::simulator {
namespace {

using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;
using Query = std::map<std::string, std::string>;

struct Refusal {
  HTTPResponse::HTTPStatus status;
  std::string text;
};

JsonObject entity_of(const App& app) {
  JsonObject made = app_meta(app);
  made->set("id", app.id());
  made->set("name", app.title());
  made->set("lastReloadTime", app.last_reload_time());
  made->set("stream", Json());
  made->set("tags", array());
  made->set("customProperties", array());
  made->set("schemaPath", "App");
  return made;
}

// "stream.name" of an entity; empty where there is none.
Json property(const JsonObject& entity, const std::string& path) {
  const auto dot = path.find('.');
  const Json found = entity->has(path.substr(0, dot)) ? entity->get(path.substr(0, dot)) : Json();
  if (dot == std::string::npos) return found;
  const auto inner = as_object(found);
  return inner.isNull() ? Json() : property(inner, path.substr(dot + 1));
}

std::string text_of(const Json& value) {
  if (value.isEmpty()) return {};
  if (value.isBoolean()) return value.convert<bool>() ? "true" : "false";
  return value.convert<std::string>();
}

// "name so 'x' and published eq true": conditions that all hold. Names and texts are compared without case.
class Filter {
 public:
  explicit Filter(const std::string& text) : rest_(text) {
    while (!trimmed().empty()) {
      if (!conditions_.empty() && word() != "and") refuse(text);
      Condition made{word(), word(), {}};
      made.value = value();
      const bool known =
          made.operation == "eq" || made.operation == "ne" || made.operation == "so" || made.operation == "sw" || made.operation == "ew";
      if (made.path.empty() || !known) refuse(text);
      conditions_.push_back(std::move(made));
    }
  }

  [[nodiscard]] bool holds(const JsonObject& entity) const {
    return std::all_of(conditions_.begin(), conditions_.end(), [&](const Condition& condition) {
      const std::string have = Poco::UTF8::toLower(text_of(property(entity, condition.path)));
      const std::string want = Poco::UTF8::toLower(condition.value);
      if (condition.operation == "eq") return have == want;
      if (condition.operation == "ne") return have != want;
      if (condition.operation == "sw") return have.starts_with(want);
      if (condition.operation == "ew") return have.ends_with(want);
      return have.find(want) != std::string::npos;
    });
  }

 private:
  struct Condition {
    std::string path;
    std::string operation;
    std::string value;
  };

  [[noreturn]] static void refuse(const std::string& text) {
    throw Refusal{HTTPResponse::HTTP_BAD_REQUEST,
                  "the filter is not understood here: " + text + " (conditions with eq, ne, so, sw or ew, joined by and)"};
  }

  const std::string& trimmed() {
    rest_.erase(0, rest_.find_first_not_of(' '));
    return rest_;
  }

  std::string word() {
    const auto end = std::min(trimmed().find(' '), rest_.size());
    std::string made = rest_.substr(0, end);
    rest_.erase(0, end);
    return made;
  }

  // A text in apostrophes, which may hold none itself (measured: no form of one is taken), or a word.
  std::string value() {
    if (!trimmed().starts_with('\'')) return word();
    const auto end = rest_.find('\'', 1);
    if (end == std::string::npos || (end + 1 < rest_.size() && rest_[end + 1] != ' ')) refuse(rest_);
    std::string made = rest_.substr(1, end - 1);
    rest_.erase(0, end + 1);
    return made;
  }

  std::string rest_;
  std::vector<Condition> conditions_;
};

std::vector<JsonObject> entities(const Engine& engine, const Query& query) {
  const auto given = query.find("filter");
  const Filter filter(given == query.end() ? std::string() : given->second);
  std::vector<JsonObject> made;
  for (const auto& app : engine.apps())
    if (auto entity = entity_of(*app); filter.holds(entity)) made.push_back(std::move(entity));
  return made;
}

std::size_t count_in(const Query& query, const std::string& name, std::size_t otherwise) {
  const auto given = query.find(name);
  if (given == query.end()) return otherwise;
  std::size_t made = 0;
  const char* end = given->second.data() + given->second.size();
  if (const auto read = std::from_chars(given->second.data(), end, made); read.ec != std::errc{} || read.ptr != end)
    throw Refusal{HTTPResponse::HTTP_BAD_REQUEST, name + " is no number"};
  return made;
}

// A page of a list: its columns are properties of the entities.
JsonObject table(const Engine& engine, const Query& query, const JsonObject& body) {
  auto all = entities(engine, query);
  const JsonArray columns = array_member(body, "columns");
  if (columns.isNull()) throw Refusal{HTTPResponse::HTTP_BAD_REQUEST, "columns are missing"};
  std::vector<std::pair<std::string, std::string>> wanted;  // name, property
  for (const auto& column : *columns)
    wanted.emplace_back(text_member(as_object(column), "name"), text_member(as_object(column), "definition"));
  if (const auto by = query.find("sortColumn"); by != query.end()) {
    const auto named = std::find_if(wanted.begin(), wanted.end(), [&](const auto& column) { return column.first == by->second; });
    const std::string path = named == wanted.end() ? by->second : named->second;
    const auto order = query.find("orderAscending");
    const bool down = order != query.end() && order->second == "false";
    std::stable_sort(all.begin(), all.end(), [&](const JsonObject& left, const JsonObject& right) {
      const auto a = text_of(property(left, path));
      const auto b = text_of(property(right, path));
      return down ? b < a : a < b;
    });
  }
  JsonArray names = array();
  for (const auto& [name, path] : wanted) names->add(name);
  JsonArray rows = array();
  const auto skip = count_in(query, "skip", 0);
  const auto take = count_in(query, "take", all.size());
  for (std::size_t i = skip; i < all.size() && i - skip < take; ++i) {
    JsonArray row = array();
    for (const auto& [name, path] : wanted) row->add(property(all[i], path));
    rows->add(row);
  }
  return object({{"columnNames", names}, {"rows", rows}});
}

Json answer_of(const Engine& engine, const std::string& path, const Query& query, const std::string& method, const JsonObject& body) {
  if (method == "POST" && path == "app/table") return table(engine, query, body);
  if (method == "GET") {
    if (path == "about")
      return object({{"buildVersion", "31.60.0.0"},
                     {"buildDate", "2024-01-01T00:00:00.000Z"},
                     {"databaseProvider", "Devart.Data.PostgreSql"},
                     {"nodeType", 1},
                     {"sharedPersistence", true},
                     {"requiresBootstrap", false},
                     {"singleNodeOnly", false},
                     {"schemaPath", "About"}});
    if (path == "app" || path == "app/full") {
      JsonArray made = array();
      for (const auto& entity : entities(engine, query)) made->add(entity);
      return made;
    }
    if (path == "app/count") return object({{"value", static_cast<std::int64_t>(entities(engine, query).size())}});
    if (path.starts_with("app/"))
      if (const App* app = engine.find_app(path.substr(4)); app != nullptr) return entity_of(*app);
  }
  throw Refusal{HTTPResponse::HTTP_NOT_FOUND, "The resource does not exist."};
}

void answer(HTTPServerResponse& response, HTTPResponse::HTTPStatus status, const std::string& type, const std::string& text) {
  response.setStatusAndReason(status);
  response.setContentType(type + "; charset=utf-8");
  response.sendBuffer(text.data(), text.size());
}

}  // namespace

void answer_repository(const Engine& engine, const std::string& path, HTTPServerRequest& request, HTTPServerResponse& response) {
  try {
    const Poco::URI uri(path);
    Query query;
    for (const auto& [name, value] : uri.getQueryParameters()) query[name] = value;
    const std::string key = query["xrfkey"];
    if (key.size() != 16 || request.get("X-Qlik-Xrfkey", "") != key)
      throw Refusal{HTTPResponse::HTTP_BAD_REQUEST, "XSRF prevention check failed. Possible XSRF discovered."};
    std::string body;
    Poco::StreamCopier::copyToString(request.stream(), body);
    const auto given = body.empty() ? JsonObject() : as_object(parse_json(body));
    const Json made = answer_of(engine, uri.getPath().substr(std::string("/qrs/").size()), query, request.getMethod(), given);
    answer(response, HTTPResponse::HTTP_OK, "application/json", to_text(made));
  } catch (const Refusal& refusal) {
    answer(response, refusal.status, "text/plain", refusal.text);
  } catch (const Poco::Exception& error) {
    answer(response, HTTPResponse::HTTP_BAD_REQUEST, "text/plain", error.message());
  }
}

}  // namespace qonduit::simulator
