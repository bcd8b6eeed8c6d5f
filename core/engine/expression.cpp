#include "core/engine/expression.hpp"

#include <cmath>

#include "core/engine/expression_check.hpp"
#include "core/engine/json_members.hpp"
#include "qonduit/json_text.hpp"

namespace qonduit::engine {
namespace {

using Poco::JSON::Object;

std::string in_context(const std::string& expression) { return "expression '" + expression + "'"; }

std::vector<Reply> ask_each(Session& session, const std::string& method, const std::vector<std::string>& expressions) {
  std::vector<Call> calls;
  calls.reserve(expressions.size());
  for (const auto& expression : expressions) calls.push_back({session.doc(), method, "[" + json_string(expression) + "]", {}});
  return call_all(session, std::move(calls));
}

// An engine answers the text of an error as the value. A text is believed of what is an expression, whatever the text.
Status refuse_errors(Session& session, const std::vector<std::string>& expressions, const std::vector<Dual>& values) {
  std::vector<std::string> asked;
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    if (std::isnan(values[i].number) && values[i].text != "-") asked.push_back(expressions[i]);
  }
  if (asked.empty()) return {};
  const auto expanded = ask_each(session, "ExpandExpression", asked);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto reply = parse_reply(expanded[i]);
    if (!reply) return reply.error().within(in_context(asked[i]));
    texts.push_back(text_in(*reply, "qExpandedExpression"));
  }
  const auto checked = ask_each(session, "CheckExpression", texts);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto reply = parse_reply(checked[i]);
    if (!reply) return reply.error().within(in_context(asked[i]));
    if (const auto error = text_in(*reply, "qErrorMsg"); !error.empty())
      return Status(Code::invalid_argument, error).within(in_context(asked[i]));
  }
  return {};
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
  const auto found = parse_reply(session.call(session.doc(), "GetMeasure", "[" + json_string(library_id) + "]"));
  if (!found) return found.error().within(context);
  const auto handle = static_cast<int>(number_in(object_in(*found, "qReturn"), "qHandle"));
  if (handle == 0) return Status(Code::not_found, context + ": the app has none of this id, or the user may not see it");
  const auto reply = parse_reply(session.call(handle, "GetMeasure"));
  if (!reply) return reply.error().within(context);
  return text_in(object_in(*reply, "qMeasure"), "qDef");
}

Result<Dual> evaluate(Session& session, const std::string& expression) {
  if (expression.find_first_not_of(" \t\r\n=") == std::string::npos)
    return Status(Code::invalid_argument, in_context(expression) + ": it is empty, there is nothing to compute");
  if (auto status = ExpressionCheck(session).check(ExpressionCheck::Question{expression}); !status.ok())
    return std::move(status).within(in_context(expression));
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
  if (auto status = refuse_errors(session, expressions, values); !status.ok()) return status;
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
