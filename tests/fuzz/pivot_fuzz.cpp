// Pages of pivots and stacks, trees, layouts and properties: whatever the bytes, the cube adapter answers a batch, a definition, or an
// error.
#include <cstdint>
#include <numeric>
#include <string>

#include "plugins/adapters/cube/cube_adapter.hpp"

namespace {

using qonduit::cube::CubeAdapter;
using qonduit::cube::CubeOptions;
using qonduit::cube::Shape;

std::string layout(const char* mode) {
  return std::string(R"({"qInfo":{"qType":"x"},"qHyperCube":{"qMode":")") + mode + R"(","qSize":{"qcx":)" + (mode[0] == 'P' ? "4" : "1") +
         R"(,"qcy":9},"qDimensionInfo":[{"qFallbackTitle":"A","qTags":["$text"],"qAttrExprInfo":[{"id":"color"}]},)" +
         R"({"qFallbackTitle":"B","qTags":["$date"],"qNumFormat":{"qType":"D"},"qCardinalities":{"qHypercubeCardinal":3}}],)" +
         R"("qMeasureInfo":[{"qFallbackTitle":"C","qNumFormat":{"qType":"I"},"qMin":0,"qMax":9},{"qFallbackTitle":"D","qNumFormat":{"qType":"R"}}],)" +
         R"("qEffectiveInterColumnSortOrder":[1,0,-1],"qNoOfLeftDims":1,"qPivotDataPages":[{"qTop":[)" +
         R"({"qText":"a","qElemNo":0,"qType":"N","qSubNodes":[{"qText":"C","qElemNo":0,"qType":"P"},{"qText":"D","qElemNo":1,"qType":"P"}]},)" +
         R"({"qText":"b","qElemNo":1,"qType":"N","qSubNodes":[{"qText":"C","qElemNo":0,"qType":"P"},{"qText":"D","qElemNo":1,"qType":"P"}]}]}]}})";
}

void read(CubeAdapter& adapter, const char* mode, std::string_view text) {
  const auto good = layout(mode);
  static_cast<void>(adapter.prepare({}, good, text));
  if (!adapter.open({}, good)) return;
  qonduit::Request request;
  request.page = {0, 0, mode[0] == 'P' ? 4 : 1, 9};
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
  static_cast<void>(CubeAdapter::accepts("pivot-table", text));
  // One shape an input: the bytes choose it, so that many inputs are tried.
  static constexpr Shape kShapes[] = {Shape::tidy, Shape::wide, Shape::cells};
  CubeOptions options;
  options.shape = kShapes[std::accumulate(text.begin(), text.end(), 0u) % 3];
  options.totals = qonduit::cube::Totals::keep;
  options.attributes = qonduit::cube::Attributes::columns;
  CubeAdapter adapter(options);
  static_cast<void>(adapter.prepare({}, text, "{}"));
  static_cast<void>(adapter.open({}, text));
  for (const auto* mode : {"P", "K", "T"}) read(adapter, mode, text);
  return 0;
}
