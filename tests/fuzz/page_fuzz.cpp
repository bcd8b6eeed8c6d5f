// Pages of hypercubes, and layouts: whatever the bytes, an adapter of straight cubes answers a batch or bad_data.
#include <cstdint>
#include <string>

#include "plugins/adapters/straight/straight_adapter.hpp"

namespace {

constexpr char kLayout[] =
    R"({"qHyperCube":{"qSize":{"qcx":4,"qcy":9},"qDimensionInfo":[{"qFallbackTitle":"A","qTags":["$text"],"qNumFormat":{"qType":"U"}},)"
    R"({"qFallbackTitle":"B","qTags":["$date"],"qNumFormat":{"qType":"D"}}],"qMeasureInfo":[{"qFallbackTitle":"C","qNumFormat":{"qType":"I"},"qMin":0,"qMax":9},)"
    R"({"qFallbackTitle":"D","qNumFormat":{"qType":"R"}}],"qMode":"S","qHasOtherValues":true}})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using qonduit::straight::StraightAdapter;
  const std::string padded = std::string(reinterpret_cast<const char*>(data), size) + std::string(QONDUIT_REPLY_PADDING, ' ');
  const std::string_view text = std::string_view(padded).substr(0, size);
  StraightAdapter adapter{qonduit::straight::StraightOptions()};
  static_cast<void>(StraightAdapter::reads("table", text));
  static_cast<void>(adapter.prepare({}, text, text));
  static_cast<void>(adapter.open({}, text));
  if (!adapter.open({}, kLayout)) return 0;
  qonduit::Request request;
  request.page = {0, 0, 4, 9};
  if (auto decoded = adapter.decode(request, text)) {
    decoded->array.release(&decoded->array);
  } else {
    static_cast<void>(adapter.widen(request, text));
  }
  return 0;
}
