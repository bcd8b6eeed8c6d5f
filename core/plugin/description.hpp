// What a component says of itself: its describe_json, read. The shape is in docs/abi.md, "describe_json".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qonduit/status.hpp"

namespace qonduit::plugin {

struct DescribedOption {
  std::string name;
  std::string type;                 // string integer number bool char enum duration size; others are left to the plugin
  std::vector<std::string> values;  // of an enum
  std::optional<std::int64_t> min, max;
  bool required = false;
  bool secret = false;
  bool prefix = false;  // a family of keys: name is what they begin with
  std::string help;
};

struct Description {
  std::string summary;
  std::vector<DescribedOption> options;
};

// bad_data, with the reason, where the text is not such a description.
Result<Description> read_description(std::string_view json);

}  // namespace qonduit::plugin
