// The table of all keys: name, type, default, help, and how a text becomes a member. Parsing, the check for unknown keys, the listing of
// effective values and the reference come from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"

namespace qonduit::config {

// A value with references resolved.
struct Value {
  std::string text;
  bool secret = false;
  Origin origin;
  bool verbatim = false;  // all of it came from a secret: quotes in it are its own
};

// A text as a value of a configuration is written, before property_line() escapes it: in quotes where it begins with one, $${ for ${.
std::string written_text(std::string_view text);
// $${ for ${.
std::string unreferenced(std::string_view text);
// Takes the quotes off, where the value has some. The problem in words, or empty.
std::string take_quotes(Value& value);

enum class Form : std::uint8_t {
  text,  // one text, set without its quotes
  own    // a list or an expression, in which quotes have a meaning
};

template <typename T>
struct Key {
  std::string_view name;
  std::string type;           // for the reference: text, path, list, the words to choose from, or a number's unit and range
  std::string_view fallback;  // the default as written; empty: none
  std::string_view help;
  bool required;
  std::string (*set)(T&, const Value&);  // the problem in words, or empty
  Form form = Form::text;
};

const std::vector<Key<Connection>>& connection_keys();
const std::vector<Key<Pipeline>>& pipeline_keys();
const std::vector<Key<Sink>>& sink_keys();

// pipeline.NAME.*: what happens to columns and rows between reading and delivering. A name that ends with a dot is a family, followed by
// a column's name. Their values are read by core/pipeline/transform, which knows what they mean.
struct TransformKey {
  std::string_view name;
  std::string_view type;
  std::string_view help;
};
const std::vector<TransformKey>& transform_keys();
// Whether the part of a key behind pipeline.NAME. is one of them, of the pipeline or of an object.
bool is_transform_key(std::string_view part);

const std::vector<Key<Config>>& global_keys();  // plugins.*, logging.*

// CR, LF, NUL, escapes ...: no name, URL or header has them.
bool has_control(std::string_view text);

}  // namespace qonduit::config
