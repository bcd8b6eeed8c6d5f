#include "core/engine/expression.hpp"

#include <algorithm>

#include "core/engine/app_lists.hpp"
#include "core/engine/json_members.hpp"
#include "core/engine/json_text.hpp"
#include "core/engine/near_names.hpp"

namespace qonduit::engine {
namespace {

using Poco::JSON::Object;

std::string in_context(const std::string& expression) { return "expression '" + expression + "'"; }

std::vector<Reply> ask_each(Session& session, const std::string& method, const std::vector<std::string>& expressions) {
  std::vector<Call> calls;
  calls.reserve(expressions.size());
  for (const auto& expression : expressions) calls.push_back({session.doc(), method, "[" + json_text(expression) + "]", {}});
  return call_all(session, std::move(calls));
}

// The piece of a UTF-8 text that begins and ends so many UTF-16 code units in: the unit the engine counts in.
std::string cut_utf16(std::string_view text, std::size_t from, std::size_t count) {
  const auto byte_of = [&](std::size_t units) {
    std::size_t at = 0;
    for (std::size_t seen = 0; at < text.size() && seen < units; ++seen) {
      const auto lead = static_cast<unsigned char>(text[at]);
      const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      if (bytes == 4) ++seen;  // a surrogate pair
      at += bytes;
    }
    return std::min(at, text.size());
  };
  const auto begin = byte_of(from);
  return std::string(text.substr(begin, byte_of(from + count) - begin));
}

// Variables and $(=...) are put in before anything is checked, so that the engine's positions are positions in what was sent.
Result<std::vector<std::string>> expanded(Session& session, std::vector<std::string> expressions) {
  std::vector<std::size_t> which;
  std::vector<std::string> asked;
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    if (expressions[i].find("$(") == std::string::npos) continue;
    which.push_back(i);
    asked.push_back(expressions[i]);
  }
  const auto replies = ask_each(session, "ExpandExpression", asked);
  for (std::size_t i = 0; i < which.size(); ++i) {
    const auto reply = parse_reply(replies[i]);
    if (!reply) return reply.error().within(in_context(asked[i]));
    expressions[which[i]] = text_in(*reply, "qExpandedExpression");
  }
  return expressions;
}

std::vector<std::string> bad_fields(const Object::Ptr& reply, const std::string& checked) {
  std::vector<std::string> names;
  each(array_in(reply, "qBadFieldNames"), [&](const Object::Ptr& place) {
    auto name = unbracketed(
        cut_utf16(checked, static_cast<std::size_t>(number_in(place, "qFrom")), static_cast<std::size_t>(number_in(place, "qCount"))));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  });
  return names;
}

Status unknown_fields(const std::vector<std::string>& names, const std::vector<std::string>& known) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + ("'" + name + "'" + near_names(name, known));
  return {Code::not_found, "the app has no field " + list + "; names with spaces go into brackets: [Sales Amount]"};
}

Dual read_dual(const Object::Ptr& value) {
  Dual dual{text_in(value, "qText"), std::numeric_limits<double>::quiet_NaN()};
  if (flag_in(value, "qIsNumeric")) dual.number = number_in(value, "qNumber");
  return dual;
}

}  // namespace

std::string bracketed(std::string_view field) {
  std::string out = "[";
  for (const char c : field) {
    out += c;
    if (c == ']') out += c;
  }
  return out + "]";
}

std::string unbracketed(std::string_view name) {
  const bool quoted = name.size() > 2 && ((name.front() == '[' && name.back() == ']') || (name.front() == '"' && name.back() == '"'));
  if (!quoted) return std::string(name);
  const char mark = name.back();
  std::string out;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    out += name[i];
    if (name[i] == mark) ++i;
  }
  return out;
}

Result<std::string> measure_expression(Session& session, const std::string& library_id) {
  const auto context = "master measure '" + library_id + "'";
  const auto found = parse_reply(session.call(session.doc(), "GetMeasure", "[" + json_text(library_id) + "]"));
  if (!found) return found.error().within(context);
  const auto handle = static_cast<int>(number_in(object_in(*found, "qReturn"), "qHandle"));
  if (handle == 0) return Status(Code::not_found, context + ": the app has none of this id, or the user may not see it");
  const auto reply = parse_reply(session.call(handle, "GetMeasure"));
  if (!reply) return reply.error().within(context);
  return text_in(object_in(*reply, "qMeasure"), "qDef");
}

Status check_expression(Session& session, const std::string& expression) {
  return std::move(check_expressions(session, {expression}).front());
}

std::vector<Status> check_expressions(Session& session, const std::vector<std::string>& expressions) {
  const auto sent = expanded(session, expressions);
  if (!sent) return std::vector<Status>(expressions.size(), sent.error());
  const auto replies = ask_each(session, "CheckExpression", *sent);
  std::vector<Status> found;
  std::vector<std::string> known;  // read when the first is missing
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const auto reply = parse_reply(replies[i]);
    Status status;
    if (!reply) {
      status = reply.error();
    } else if (const auto error = text_in(*reply, "qErrorMsg"); !error.empty()) {
      status = {Code::invalid_argument, error};
    } else if (const auto bad = bad_fields(*reply, (*sent)[i]); !bad.empty()) {
      if (known.empty()) {
        const auto fields = list_fields(session);
        for (const auto& field : fields ? *fields : std::vector<ListedField>()) known.push_back(field.name);
      }
      status = unknown_fields(bad, known);
    }
    found.push_back(std::move(status).within(in_context(expressions[i])));
  }
  return found;
}

Result<Dual> evaluate(Session& session, const std::string& expression) {
  if (auto status = check_expression(session, expression); !status.ok()) return status;
  auto values = evaluate_all(session, {expression});
  if (!values) return std::move(values).error();
  return std::move(values->front());
}

Result<std::vector<Dual>> evaluate_all(Session& session, const std::vector<std::string>& expressions) {
  const auto replies = ask_each(session, "EvaluateEx", expressions);
  std::vector<Dual> values;
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const auto reply = parse_reply(replies[i]);
    if (!reply) return reply.error().within(in_context(expressions[i]));
    // The schema calls the result qValue, its example qReturn.
    auto value = object_in(*reply, "qValue");
    if (value.isNull()) value = object_in(*reply, "qReturn");
    if (value.isNull()) return Status(Code::bad_data, in_context(expressions[i]) + ": the engine answered without a value");
    values.push_back(read_dual(value));
  }
  return values;
}

Result<std::vector<std::vector<std::string>>> fields_of(Session& session, const std::vector<std::string>& expressions) {
  const auto replies = ask_each(session, "GetFieldsFromExpression", expressions);
  std::vector<std::vector<std::string>> fields;
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const auto reply = parse_reply(replies[i]);
    if (!reply) return reply.error().within(in_context(expressions[i]));
    fields.push_back(texts_in(*reply, "qFieldNames"));
  }
  return fields;
}

}  // namespace qonduit::engine
