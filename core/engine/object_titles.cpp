#include "core/engine/object_titles.hpp"

#include <utility>

#include "core/engine/json_members.hpp"
#include "qonduit/json_text.hpp"

namespace qonduit::engine {
namespace {

using Poco::JSON::Object;

Status not_now(const Status& status) { return retryable(status.code()) ? Status(status).within("titles of objects") : Status(); }

}  // namespace

std::string title_in(const Object::Ptr& properties) {
  if (auto plain = text_in(properties, "title"); !plain.empty()) return plain;
  const auto expression = expression_in(properties, "title");
  if (expression.empty()) return text_in(object_in(properties, "qMetaDef"), "title");
  return expression.starts_with('=') ? expression : "=" + expression;
}

Result<std::vector<std::string>> titles_of(Objects& engine, const std::vector<std::string>& ids) {
  std::vector<std::string> titles(ids.size());
  std::vector<Call> calls;
  std::vector<std::size_t> asked;
  const auto handles = engine.get_objects(ids);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!handles[i]) {
      if (auto status = not_now(handles[i].error()); !status.ok()) return status;
      continue;
    }
    calls.push_back({handles[i]->number(), "GetEffectiveProperties", "[]", {}});
    asked.push_back(i);
  }
  auto replies = call_all(engine, std::move(calls));
  calls.clear();
  std::vector<std::size_t> computed;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto reply = parse_reply(replies[i]);
    if (!reply) {
      if (auto status = not_now(reply.error()); !status.ok()) return status;
      continue;
    }
    auto& title = titles[asked[i]];
    title = title_in(object_in(*reply, "qProp"));
    if (!title.starts_with('=')) continue;
    calls.push_back({engine.doc(), "EvaluateEx", "[" + json_string(title) + "]", {}});
    computed.push_back(asked[i]);
  }
  if (calls.empty()) return titles;
  replies = call_all(engine, std::move(calls));
  for (std::size_t i = 0; i < computed.size(); ++i) {
    const auto reply = parse_reply(replies[i]);
    if (!reply && retryable(reply.error().code())) return not_now(reply.error());
    // The schema calls the result qValue, its example qReturn.
    auto value = reply ? object_in(*reply, "qValue") : Object::Ptr();
    if (reply && value.isNull()) value = object_in(*reply, "qReturn");
    titles[computed[i]] = text_in(value, "qText");
  }
  return titles;
}

}  // namespace qonduit::engine
