// Lists, and cells that carry attributes: whatever the bytes, the adapters answer a batch or bad_data.
#include <cstdint>
#include <string>

#include "plugins/adapters/list/list_adapter.hpp"
#include "plugins/adapters/straight/straight_adapter.hpp"

namespace {

using qonduit::straight::StraightOptions;

constexpr char kList[] =
    R"({"qListObject":{"qSize":{"qcx":2,"qcy":9},"qDimensionInfo":{"qFallbackTitle":"A","qTags":["$numeric"],"qNumFormat":{"qType":"U"}},)"
    R"("qExpressions":[{"qExpr":"1"}],"frequencyEnabled":true}})";
constexpr char kCube[] =
    R"({"qHyperCube":{"qMode":"S","qSize":{"qcx":1,"qcy":9},"qDimensionInfo":[{"qFallbackTitle":"A","qTags":["$text"],)"
    R"("qAttrExprInfo":[{"id":"color"},{"id":"latitude","qMin":1,"qMax":2}],"qAttrDimInfo":[{"id":"group"}]}],"qMeasureInfo":[]}})";

void decode(qonduit::Adapter& adapter, const char* layout, std::int64_t width, std::string_view text) {
  static_cast<void>(adapter.prepare({}, text, text));
  static_cast<void>(adapter.open({}, text));
  if (!adapter.open({}, layout)) return;
  qonduit::Request request;
  request.page = {0, 0, width, 9};
  if (auto decoded = adapter.decode(request, text)) {
    decoded->array.release(&decoded->array);
  } else {
    static_cast<void>(adapter.widen(request, text));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string padded = std::string(reinterpret_cast<const char*>(data), size) + std::string(QONDUIT_REPLY_PADDING, ' ');
  const std::string_view text = std::string_view(padded).substr(0, size);
  static_cast<void>(qonduit::list::ListAdapter::accepts("listbox", text));
  StraightOptions options;
  options.element_numbers = true;
  options.attributes = qonduit::straight::Attributes::columns;
  qonduit::list::ListAdapter list(options);
  decode(list, kList, 2, text);
  qonduit::straight::StraightAdapter cube(options);
  decode(cube, kCube, 1, text);
  return 0;
}
