// Values to select and loops, as configurations write them: read or refused, whatever they are. No range ends before it begins.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/config/selection.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qonduit::config;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto values = parse_values(text)) {
    for (const auto& value : *values) {
      if ((value.kind == Wanted::range || value.kind == Wanted::number) && value.numbers.low > value.numbers.high) std::abort();
    }
  }
  static_cast<void>(parse_foreach(text));
  static_cast<void>(parse_field(text));
  static_cast<void>(parse_variable("v", text));
  return 0;
}
