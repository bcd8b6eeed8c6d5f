#include "core/engine/json_members.hpp"

#include <Poco/JSON/Parser.h>

namespace qonduit::engine {

using Poco::JSON::Array;
using Poco::JSON::Object;

Result<Object::Ptr> parse_reply(const Reply& reply) {
  if (!reply.ok()) return reply.status;
  try {
    return Poco::JSON::Parser().parse(std::string(reply.result)).extract<Object::Ptr>();
  } catch (const Poco::Exception& error) {
    return Status(Code::bad_data, "the engine's answer cannot be read: " + error.displayText());
  }
}

Result<Object::Ptr> parse_reply(const Reply& reply, const std::string& member) {
  const auto result = parse_reply(reply);
  if (!result) return result.error();
  auto object = object_in(*result, member);
  if (object.isNull()) return Status(Code::bad_data, "the engine's answer has no " + member);
  return object;
}

std::string text_in(const Object::Ptr& object, const std::string& key) {
  if (object.isNull() || !object->has(key) || object->isNull(key) || !object->get(key).isString()) return {};
  return object->getValue<std::string>(key);
}

std::string expression_in(const Object::Ptr& object, const std::string& key) {
  const auto member = object_in(object, key);
  for (const auto* kind : {"qStringExpression", "qValueExpression"}) {
    auto expression = text_in(object_in(member, kind), "qExpr");
    if (expression.empty()) expression = text_in(member, kind);
    if (!expression.empty()) return expression;
  }
  return {};
}

double number_in(const Object::Ptr& object, const std::string& key) {
  if (object.isNull() || !object->has(key)) return 0;
  const auto value = object->get(key);
  return value.isNumeric() ? value.convert<double>() : 0;
}

bool flag_in(const Object::Ptr& object, const std::string& key) {
  if (object.isNull() || !object->has(key)) return false;
  const auto value = object->get(key);
  return value.isBoolean() && value.convert<bool>();
}

Object::Ptr object_in(const Object::Ptr& object, const std::string& key) {
  return object.isNull() ? Object::Ptr() : object->getObject(key);
}

std::vector<std::string> texts_in(const Object::Ptr& object, const std::string& key) {
  std::vector<std::string> texts;
  const auto array = array_in(object, key);
  if (array.isNull()) return texts;
  for (const auto& item : *array) {
    if (item.isString()) texts.push_back(item.extract<std::string>());
  }
  return texts;
}

Array::Ptr array_in(const Object::Ptr& object, const std::string& key) { return object.isNull() ? Array::Ptr() : object->getArray(key); }

}  // namespace qonduit::engine
