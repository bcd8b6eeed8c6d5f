#include "core/pipeline/variables.hpp"

#include <cmath>
#include <vector>

#include "core/engine/asked_again.hpp"
#include "core/engine/near_names.hpp"
#include "qonduit/json_text.hpp"
#include "qonduit/value_text.hpp"

namespace qonduit::pipeline {
namespace {

using engine::ask;
using engine::object_in;
using engine::text_in;
using Poco::JSON::Object;

std::string near_variables(engine::Session& session, const std::string& name, const std::stop_token& stop) {
  auto list = engine::asked_again(session, stop, [&] {
    return session.create_session_object(R"({"qInfo":{"qType":"VariableList"},"qVariableListDef":{"qType":"variable"}})");
  });
  if (!list) return {};
  const auto reply = ask(session, stop, list->number(), "GetLayout");
  if (!reply) return {};
  std::vector<std::string> names;
  engine::each(engine::array_in(object_in(object_in(*reply, "qLayout"), "qVariableList"), "qItems"),
               [&](const Object::Ptr& item) { names.push_back(text_in(item, "qName")); });
  return engine::near_names(name, names);
}

}  // namespace

std::string number_text(double value) {
  ValueText room;
  return std::string(real_text(value, room));
}

Result<VariableReading> set_variable(engine::Session& session, const config::VariableValue& value, const std::stop_token& stop) {
  const auto context = "variable." + value.name;
  const auto found = ask(session, stop, session.doc(), "GetVariableByName", "[" + json_string(value.name) + "]");
  if (!found && found.error().code() != Code::not_found) return found.error().within(context);
  const auto handle = found ? static_cast<int>(engine::number_in(object_in(*found, "qReturn"), "qHandle")) : 0;
  if (handle == 0) {
    return Status(Code::not_found, context + ": the app has no variable '" + value.name + "'" + near_variables(session, value.name, stop));
  }
  const bool text = std::isnan(value.number);
  const auto set_and_read = [&](const std::string& method, const std::string& params) -> Result<Object::Ptr> {
    const auto set = ask(session, stop, handle, method, "[" + params + "]");
    if (!set) return set.error().within(context);
    const auto reply = ask(session, stop, handle, "GetLayout");
    if (!reply) return reply.error().within(context);
    return object_in(*reply, "qLayout");
  };
  const auto written = json_string(value.text);
  auto read = text ? set_and_read("SetStringValue", written) : set_and_read("SetNumValue", value.text);
  // An app with a decimal comma shows 1,5, and $(NAME) would be that.
  if (read && !text && text_in(*read, "qText") != value.text) read = set_and_read("SetDualValue", written + "," + value.text);
  if (!read) return std::move(read).error();
  const auto& layout = *read;
  VariableReading reading{text_in(layout, "qText"), {}};
  const bool formula = text && value.text.starts_with('=');
  const bool same = formula || (reading.text == value.text && (text || engine::number_in(layout, "qNum") == value.number));
  if (!same) reading.problem = "set to '" + value.text + "', but it is '" + reading.text + "'";
  return reading;
}

}  // namespace qonduit::pipeline
