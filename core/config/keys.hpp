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
  std::string_view type;      // for the reference: text, path, duration, size, integer, list, one of ...
  std::string_view fallback;  // the default as written; empty: none
  std::string_view help;
  bool required;
  std::string (*set)(T&, const Value&);  // the problem in words, or empty
};

const std::vector<Key<Connection>>& connection_keys();
const std::vector<Key<Pipeline>>& pipeline_keys();
const std::vector<Key<Sink>>& sink_keys();
const std::vector<Key<Config>>& global_keys();  // plugins.*, logging.*

// "a, b, "c, d"" → a · b · c, d
std::vector<std::string> split_list(std::string_view text);

}  // namespace qonduit::config
