// Session objects that hold one cube of a published object and nothing else, with some of its definition's members replaced.
#pragma once

#include <qonduit/json_text.hpp>

#include <simdjson.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace qonduit::hypercube {

// qInfo.qType of the copies: an open with a layout of this type reads one.
inline constexpr std::string_view kCopyType = "qonduit-cube";

// An object with some members replaced: as it was, but for those named, and with the new ones at the end.
std::string with_members(simdjson::dom::object object, std::initializer_list<std::string_view> without, const std::string& added);

// The properties of the session object: the cube's definition where it was, at definition_path, in the alternate state of the object.
std::string object_copy(simdjson::dom::element properties, std::string_view definition_path, std::string cube_definition);

// qInfo.qType of a layout.
std::string layout_type(std::string_view layout_json);

}  // namespace qonduit::hypercube
