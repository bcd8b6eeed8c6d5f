#include "core/engine/expression.hpp"

#include "core/engine/json_members.hpp"
#include "core/engine/json_text.hpp"

namespace qonduit::engine {

using Poco::JSON::Object;

Status check_expression(Session& session, const std::string& expression) {
  const auto reply = parse_reply(session.call(session.doc(), "CheckExpression", "[" + json_text(expression) + "]"));
  const auto context = "expression '" + expression + "'";
  if (!reply) return reply.error().within(context);
  if (const auto error = text_in(*reply, "qErrorMsg"); !error.empty()) return {Code::invalid_argument, context + ": " + error};
  std::string unknown;
  each(array_in(*reply, "qBadFieldNames"), [&](const Object::Ptr& place) {
    // Where the name stands in the expression, counted in UTF-16 code units; ASCII names, the most, are cut out.
    const auto from = static_cast<std::size_t>(number_in(place, "qFrom"));
    const auto count = static_cast<std::size_t>(number_in(place, "qCount"));
    if (from < expression.size()) unknown += (unknown.empty() ? "" : ", ") + expression.substr(from, count);
  });
  const auto places = array_in(*reply, "qBadFieldNames");
  if (places.isNull() || places->size() == 0) return {};
  return {Code::not_found, context + ": the app has no field " + (unknown.empty() ? "of a name in it" : unknown) +
                               "; names with spaces go into brackets: [Sales Amount]"};
}

Result<Dual> evaluate(Session& session, const std::string& expression) {
  if (auto status = check_expression(session, expression); !status.ok()) return status;
  const auto reply = parse_reply(session.call(session.doc(), "EvaluateEx", "[" + json_text(expression) + "]"));
  if (!reply) return reply.error().within("expression '" + expression + "'");
  // The schema calls the result qValue, its example qReturn.
  auto value = object_in(*reply, "qValue");
  if (value.isNull()) value = object_in(*reply, "qReturn");
  if (value.isNull()) return Status(Code::bad_data, "expression '" + expression + "': the engine answered without a value");
  Dual dual{text_in(value, "qText"), std::numeric_limits<double>::quiet_NaN()};
  if (flag_in(value, "qIsNumeric")) dual.number = number_in(value, "qNumber");
  return dual;
}

}  // namespace qonduit::engine
