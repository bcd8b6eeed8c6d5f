// JSON for the control plane: layouts, properties and parameters as Poco::JSON trees that keep the order of their members, as a
// QIX engine does. Data pages never pass through here (see matrix.hpp).
#pragma once

#include <Poco/Dynamic/Var.h>
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace qonduit::simulator {

using Json = Poco::Dynamic::Var;
using JsonObject = Poco::JSON::Object::Ptr;
using JsonArray = Poco::JSON::Array::Ptr;

// Objects and arrays in the order written.
[[nodiscard]] JsonObject object(std::initializer_list<std::pair<std::string_view, Json>> members = {});
[[nodiscard]] JsonArray array(std::initializer_list<Json> items = {});

// Throws Poco::Exception with the position when the text is not JSON.
[[nodiscard]] Json parse_json(const std::string& text);
[[nodiscard]] std::string to_text(const Json& value);

// Null when the value is something else.
[[nodiscard]] JsonObject as_object(const Json& value);
[[nodiscard]] JsonArray as_array(const Json& value);

// Members of an object with a fallback; a null object has no members.
[[nodiscard]] Json member(const JsonObject& from, const std::string& name);
[[nodiscard]] std::string text_member(const JsonObject& from, const std::string& name, const std::string& fallback = {});
[[nodiscard]] std::int64_t int_member(const JsonObject& from, const std::string& name, std::int64_t fallback = 0);
[[nodiscard]] bool bool_member(const JsonObject& from, const std::string& name, bool fallback = false);
[[nodiscard]] JsonObject object_member(const JsonObject& from, const std::string& name);
[[nodiscard]] JsonArray array_member(const JsonObject& from, const std::string& name);

// A JSON pointer ("/qMetaDef/title") followed through objects and arrays; an empty Var when it leads nowhere.
[[nodiscard]] Json resolve_pointer(const Json& root, const std::string& pointer);

// A deep copy, so that evaluating an object cannot change its stored properties.
[[nodiscard]] Json copy_of(const Json& value);

// Text as a JSON string with its quotes.
void append_quoted(std::string& out, std::string_view text);
// A double as the engine writes it: shortest digits that read back the same; "NaN" as a string.
void append_number(std::string& out, double value);
// The same for layouts.
[[nodiscard]] Json number(double value);

}  // namespace qonduit::simulator
