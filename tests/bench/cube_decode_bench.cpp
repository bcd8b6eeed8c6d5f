// One page of 10,000 cells of a pivot: a bare simdjson walk of its bytes, and its decoding into Arrow batches by the cube adapter, in
// shapes tidy and cells. The page is made here, in the form captured pages have: 2,500 rows under 50 regions, four measures.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstdio>
#include <random>
#include <string>

#include "plugins/adapters/cube/cube_adapter.hpp"

namespace qonduit::cube {
namespace {

constexpr int kRows = 2500;
constexpr int kMeasures = 4;

std::string make_page() {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> amount(0, 100'000);
  std::string page = R"({"qDataPages":[{"qLeft":[)";
  char text[256];
  const auto add = [&](const char* format, auto... values) {
    std::snprintf(text, sizeof text, format, values...);
    page += text;
  };
  for (int region = 0; region < 50; ++region) {
    add(R"(%s{"qText":"Region %d","qElemNo":%d,"qValue":"NaN","qType":"N","qUp":0,"qDown":0,"qSubNodes":[)", region > 0 ? "," : "", region,
        region);
    for (int i = 0; i < kRows / 50; ++i) {
      const int customer = region * 50 + i;
      add(R"(%s{"qText":"Customer %d","qElemNo":%d,"qValue":"NaN","qType":"N","qUp":0,"qDown":0,"qSubNodes":[]})", i > 0 ? "," : "",
          customer, customer);
    }
    page += "]}";
  }
  page += R"(],"qTop":[)";
  for (int m = 0; m < kMeasures; ++m)
    add(R"(%s{"qText":"Measure %d","qElemNo":%d,"qValue":"NaN","qType":"P","qUp":0,"qDown":0,"qSubNodes":[]})", m > 0 ? "," : "", m, m);
  page += R"(],"qData":[)";
  for (int row = 0; row < kRows; ++row) {
    page += row > 0 ? ",[" : "[";
    for (int m = 0; m < kMeasures; ++m) {
      const double value = amount(random);
      add(R"(%s{"qText":"%.2f","qNum":%.17g,"qType":"V"})", m > 0 ? "," : "", value, value);
    }
    page += "]";
  }
  page += R"(],"qArea":{"qLeft":0,"qTop":0,"qWidth":4,"qHeight":2500}}]})";
  page.append(QONDUIT_REPLY_PADDING, ' ');
  return page;
}

const std::string& page() {
  static const std::string text = make_page();
  return text;
}
std::size_t page_size() { return page().size() - QONDUIT_REPLY_PADDING; }

std::string make_layout() {
  std::string dimensions;
  for (const auto* title : {"Region", "Customer"})
    dimensions += (dimensions.empty() ? "" : ",") + std::string(R"({"qFallbackTitle":")") + title +
                  R"(","qTags":["$text"],"qNumFormat":{"qType":"U"}})";
  std::string measures;
  std::string top;
  for (int m = 0; m < kMeasures; ++m) {
    const auto title = "Measure " + std::to_string(m);
    measures += (m > 0 ? "," : "") + std::string(R"({"qFallbackTitle":")") + title + R"(","qNumFormat":{"qType":"R"}})";
    top += (m > 0 ? "," : "") + std::string(R"({"qText":")") + title + R"(","qElemNo":)" + std::to_string(m) +
           R"(,"qType":"P","qSubNodes":[]})";
  }
  return R"({"qInfo":{"qType":"pivot-table"},"qHyperCube":{"qMode":"P","qSize":{"qcx":4,"qcy":2500},"qDimensionInfo":[)" + dimensions +
         R"(],"qMeasureInfo":[)" + measures + R"(],"qEffectiveInterColumnSortOrder":[0,1,-1],"qNoOfLeftDims":2,)" +
         R"("qPivotDataPages":[{"qLeft":[],"qTop":[)" + top + R"(],"qData":[]}]}})";
}

void count(benchmark::State& state) {
  state.counters["cells/s"] = benchmark::Counter(static_cast<double>(state.iterations()) * kRows * kMeasures, benchmark::Counter::kIsRate);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(page_size()));
}

// What any reader of every cell must do: find the members and read text, number and type.
void BM_walk_pivot(benchmark::State& state) {
  namespace ondemand = simdjson::ondemand;
  ondemand::parser parser;
  for (auto step : state) {
    static_cast<void>(step);
    ondemand::document document;
    double sum = 0;
    std::size_t length = 0;
    if (parser.iterate(page().data(), page_size(), page().size()).get(document)) return state.SkipWithError("not JSON");
    for (auto data_page : document["qDataPages"]) {
      for (auto row : data_page["qData"]) {
        for (auto item : row) {
          ondemand::object cell;
          std::string_view text;
          std::string_view type;
          double number = 0;
          if (item.get_object().get(cell) || cell.find_field("qText").get_string().get(text)) return state.SkipWithError("not a cell");
          if (!cell.find_field("qNum").get_double().get(number)) sum += number;
          if (cell.find_field("qType").get_string().get(type)) return state.SkipWithError("not a cell");
          length += text.size() + type.size();
        }
      }
    }
    benchmark::DoNotOptimize(sum);
    benchmark::DoNotOptimize(length);
  }
  count(state);
}
BENCHMARK(BM_walk_pivot);

void decode(benchmark::State& state, Shape shape) {
  CubeOptions options;
  options.shape = shape;
  CubeAdapter adapter(options);
  if (!adapter.open({}, make_layout())) return state.SkipWithError("the layout was refused");
  Request request;
  request.page = {0, 0, kMeasures, kRows};
  for (auto step : state) {
    static_cast<void>(step);
    auto decoded = adapter.decode(request, std::string_view(page()).substr(0, page_size()));
    if (!decoded) return state.SkipWithError(decoded.error().message().c_str());
    decoded->array.release(&decoded->array);
  }
  count(state);
}
void BM_decode_pivot_tidy(benchmark::State& state) { decode(state, Shape::tidy); }
BENCHMARK(BM_decode_pivot_tidy);
void BM_decode_pivot_cells(benchmark::State& state) { decode(state, Shape::cells); }
BENCHMARK(BM_decode_pivot_cells);

}  // namespace
}  // namespace qonduit::cube

BENCHMARK_MAIN();
