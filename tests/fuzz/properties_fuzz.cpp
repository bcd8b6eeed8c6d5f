// .properties text: read to the end, whatever it is.
#include <cstdint>
#include <string_view>

#include "core/config/properties.hpp"
#include "core/config/selection.hpp"
#include "qonduit/list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(qonduit::config::parse_properties(text));
  static_cast<void>(qonduit::parse_list(text));
  static_cast<void>(qonduit::config::parse_selector(text));
  static_cast<void>(qonduit::config::parse_foreach(text));
  return 0;
}
