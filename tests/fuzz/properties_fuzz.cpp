// .properties text: read to the end, whatever it is.
#include <cstdint>
#include <string_view>

#include "core/config/keys.hpp"
#include "core/config/properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(qonduit::config::parse_properties(text));
  static_cast<void>(qonduit::config::split_list(text));
  return 0;
}
