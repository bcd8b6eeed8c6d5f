// Members of the engine's JSON, read the way it is written: what is default is left out, titles may be null, and an integer may come as
// a real. For small replies; pages of data are read by adapters.
#pragma once

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <string>
#include <vector>

#include "core/engine/rpc.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

// The result of a reply, or why there is none.
Result<Poco::JSON::Object::Ptr> parse_reply(const Reply& reply);
// The same of one member of the result; bad_data when that is not an object.
Result<Poco::JSON::Object::Ptr> parse_reply(const Reply& reply, const std::string& member);

// A text, or empty for anything else.
std::string text_in(const Poco::JSON::Object::Ptr& object, const std::string& key);
// A number, or 0 for anything else.
double number_in(const Poco::JSON::Object::Ptr& object, const std::string& key);
// The expression of a member that the engine evaluates: {"qStringExpression":{"qExpr":"..."}}, or with the text itself in it, or of a
// value; empty for anything else. Source: the engine's schema, StringExpression and ValueExpression.
std::string expression_in(const Poco::JSON::Object::Ptr& object, const std::string& key);
bool flag_in(const Poco::JSON::Object::Ptr& object, const std::string& key);
// Null when there is none; a null object has none.
Poco::JSON::Object::Ptr object_in(const Poco::JSON::Object::Ptr& object, const std::string& key);
Poco::JSON::Array::Ptr array_in(const Poco::JSON::Object::Ptr& object, const std::string& key);
// The texts of an array; empty for anything else.
std::vector<std::string> texts_in(const Poco::JSON::Object::Ptr& object, const std::string& key);

// Calls visit for every object in an array, which may be null.
template <typename Visit>
void each(const Poco::JSON::Array::Ptr& array, const Visit& visit) {
  if (array.isNull()) return;
  for (unsigned i = 0; i < array->size(); ++i) {
    if (auto item = array->getObject(i); !item.isNull()) visit(item);
  }
}

}  // namespace qonduit::engine
