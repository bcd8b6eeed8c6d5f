// The nodes of a header, a stack or a tree, read from JSON in one pass in the order they stand there, parents before children, without an
// allocation per node. Texts live until the parser reads the next document. Reused from page to page; one thread.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace qonduit::cube {

// A value of the engine: a number, a text, or both.
struct DualValue {
  std::string_view text;
  double number = std::numeric_limits<double>::quiet_NaN();
  bool has_number = false;
  bool has_text = false;
  bool raw = false;           // escapes of the text were not read
  std::int64_t element = -1;  // of an attribute that is a value of another field
};

// Where the attribute values of a node or a cell lie in a list of all of them.
struct AttributeRange {
  std::uint32_t expressions = 0, expression_count = 0;
  std::uint32_t dimensions = 0, dimension_count = 0;
};

struct Node {
  static constexpr std::int64_t kNoElement = std::numeric_limits<std::int64_t>::min();

  DualValue value;
  std::int64_t element = kNoElement;
  std::int64_t row = -1;  // qRow
  char type = '\0';       // qType
  bool can_expand = false;
  std::uint32_t depth = 0;
  std::uint32_t first_value = 0, value_count = 0;  // qValues of trees, in NodeTree::values
  AttributeRange attributes;
};

class NodeTree {
 public:
  // What is read of a node. Plain headers have text, element, type and children, in this order, as captured pivots do, and nothing else is
  // wanted of them; NO_SUCH_FIELD where one is otherwise.
  enum class Content : std::uint8_t { everything, plain, plain_with_numbers };
  // Reads an array of nodes; their children are in qSubNodes or qNodes. DEPTH_ERROR when they nest deeper than levels.
  simdjson::error_code read(simdjson::ondemand::array nodes, std::uint32_t levels, Content content = Content::everything);
  void clear();

  [[nodiscard]] const std::vector<Node>& nodes() const noexcept { return nodes_; }
  [[nodiscard]] const DualValue& value(std::size_t i) const noexcept { return values_[i]; }
  [[nodiscard]] const std::vector<DualValue>& attributes() const noexcept { return attributes_; }

 private:
  simdjson::error_code read_level(simdjson::ondemand::array nodes, std::uint32_t depth);
  simdjson::error_code read_node(simdjson::ondemand::object members, std::uint32_t depth);
  simdjson::error_code read_plain(simdjson::ondemand::object& members, std::uint32_t depth);
  simdjson::error_code read_below(simdjson::ondemand::value value, std::uint32_t depth);
  simdjson::error_code read_values(simdjson::ondemand::value value, std::size_t index);
  simdjson::error_code read_attributes(simdjson::ondemand::field& field, AttributeRange& range);

  std::vector<Node> nodes_;
  std::vector<DualValue> values_, attributes_;
  std::uint32_t levels_ = 0;
  Content content_ = Content::everything;
};

// Whether a key is this name: its bytes up to and with the closing quote. Names have no escapes.
template <std::size_t N>
bool is_key(simdjson::ondemand::raw_json_string key, const char (&name)[N]) noexcept {
  return std::memcmp(key.raw(), name, N - 1) == 0 && key.raw()[N - 1] == '"';
}

// Members of nodes and cells. A member of another type than expected is as if it were not there.
simdjson::error_code read_text(simdjson::ondemand::value value, DualValue& out);
simdjson::error_code read_number(simdjson::ondemand::value value, DualValue& out);  // "NaN" is no number, "Infinity" is one
simdjson::error_code read_integer(simdjson::ondemand::value value, std::int64_t& out);
simdjson::error_code read_type(simdjson::ondemand::value value, char& out);
simdjson::error_code read_flag(simdjson::ondemand::value value, bool& out);
// {"qValues": [...]}, appended to a list; where: first and count.
simdjson::error_code read_attribute_values(simdjson::ondemand::value value, std::vector<DualValue>& into, std::uint32_t& first,
                                           std::uint32_t& count);

}  // namespace qonduit::cube
