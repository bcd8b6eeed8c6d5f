#include "core/fetch/member_text.hpp"

#include <simdjson.h>

#include <string>

#include "core/engine/message.hpp"

namespace qonduit::fetch {

Result<std::string_view> member_text(std::string_view object_json, std::string_view member) {
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  const simdjson::padded_string_view padded(object_json.data(), object_json.size(), object_json.size() + engine::Message::kPadding);
  auto error = parser.iterate(padded).get(document);
  simdjson::ondemand::value value;
  if (!error) error = document.find_field_unordered(member).get(value);
  std::string_view text;
  if (!error) {
    // raw_json of a container is the container; scalars do not occur here.
    simdjson::ondemand::object object;
    error = value.get_object().get(object);
    if (!error) error = object.raw_json().get(text);
  }
  if (error) return Status(Code::bad_data, "the reply has no usable '" + std::string(member) + "': " + simdjson::error_message(error));
  return text;
}

}  // namespace qonduit::fetch
