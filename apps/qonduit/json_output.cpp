#include "apps/qonduit/json_output.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Stringifier.h>

#include <sstream>
#include <string>

#include "apps/qonduit/text.hpp"
#include "core/logging/logging.hpp"
#include "core/logging/masked_output.hpp"

namespace qonduit::app {
namespace {

using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

std::string safe(const std::string& text) { return valid_utf8(logging::redacted(text)); }

Var copy_of(const Var& value);

Var copy_of(const Object& object) {
  Object::Ptr copy = new Object(Poco::JSON_PRESERVE_KEY_ORDER);
  for (const auto& name : object.getNames()) copy->set(safe(name), copy_of(object.get(name)));
  return copy;
}

Var copy_of(const Array& array) {
  Array::Ptr copy = new Array;
  for (const auto& value : array) copy->add(copy_of(value));
  return copy;
}

Var copy_of(const Var& value) {
  if (value.isEmpty()) return value;
  if (value.type() == typeid(Object::Ptr)) return copy_of(*value.extract<Object::Ptr>());
  if (value.type() == typeid(Array::Ptr)) return copy_of(*value.extract<Array::Ptr>());
  if (value.type() == typeid(Object)) return copy_of(value.extract<Object>());
  if (value.type() == typeid(Array)) return copy_of(value.extract<Array>());
  return value.isString() ? Var(safe(value.extract<std::string>())) : value;
}

}  // namespace

void print_json(std::ostream& out, const Var& json) {
  std::ostringstream text;
  Poco::JSON::Stringifier::stringify(copy_of(json), text, 2);
  text << '\n';
  logging::write_masked(out, text.str());
}

}  // namespace qonduit::app
