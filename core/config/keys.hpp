// The table of all keys: name, type, default, help, and how a text becomes a member. Parsing, the check for unknown keys, the listing of
// effective values and the reference come from it.
#pragma once

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
};

template <typename T>
struct Key {
  std::string_view name;
  std::string type;           // for the reference: text, path, list, the words to choose from, or a number's unit and range
  std::string_view fallback;  // the default as written; empty: none
  std::string_view help;
  bool required;
  std::string (*set)(T&, const Value&);  // the problem in words, or empty
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

// a, b, "c, d", "say ""e""" → a · b · c, d · say "e". Blanks around an item are dropped, inside quotes they are kept.
std::vector<std::string> split_list(std::string_view text);
// The item as split_list reads it back: quoted where it has to be.
std::string list_item(std::string_view text);
// CR, LF, NUL, escapes ...: no name, URL or header has them.
bool has_control(std::string_view text);

}  // namespace qonduit::config
