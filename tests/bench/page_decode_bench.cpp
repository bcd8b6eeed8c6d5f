// One page of 10,000 cells: a bare simdjson walk of its bytes, and its decoding into Arrow batches by the table adapter. The page is made
// here, in the form captured pages have: 1,250 rows of two texts, a date, an integer and four numbers.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstdio>
#include <random>
#include <string>

#include "plugins/adapters/straight/page_decoder.hpp"

namespace qonduit::straight {
namespace {

constexpr int kRows = 1250;
constexpr int kColumns = 8;

std::string make_page() {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> amount(0, 100'000);
  std::string page = R"({"qDataPages":[{"qMatrix":[)";
  char cell[256];
  const auto add = [&](const char* format, auto... values) {
    std::snprintf(cell, sizeof cell, format, values...);
    page += cell;
  };
  for (int r = 0; r < kRows; ++r) {
    page += r == 0 ? "[" : ",[";
    add(R"({"qText":"Customer %d","qNum":"NaN","qElemNumber":%d,"qState":"O"},)", r, r);
    add(R"({"qText":"Region %d","qNum":"NaN","qElemNumber":%d,"qState":"O"},)", r % 7, r % 7);
    add(R"({"qText":"2024-01-%02d","qNum":%d,"qElemNumber":%d,"qState":"O"},)", r % 28 + 1, 45292 + r % 28, r);
    add(R"({"qText":"%d","qNum":%d,"qElemNumber":%d,"qState":"O"},)", r, r, r);
    for (int m = 0; m < 4; ++m) {
      const double value = amount(random);
      add(R"({"qText":"%.2f","qNum":%.17g,"qElemNumber":0,"qState":"L"}%s)", value, value, m < 3 ? "," : "]");
    }
  }
  page += R"(],"qTails":[],"qArea":{"qLeft":0,"qTop":0,"qWidth":8,"qHeight":1250}}]})";
  page.append(QONDUIT_REPLY_PADDING, ' ');
  return page;
}

const std::string& page() {
  static const std::string text = make_page();
  return text;
}
std::size_t page_size() { return page().size() - QONDUIT_REPLY_PADDING; }

void count(benchmark::State& state) {
  state.counters["cells/s"] = benchmark::Counter(static_cast<double>(state.iterations()) * kRows * kColumns, benchmark::Counter::kIsRate);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(page_size()));
}

// What any reader of every cell must do: find the members and read text, number and element.
void BM_walk(benchmark::State& state) {
  namespace ondemand = simdjson::ondemand;
  ondemand::parser parser;
  for (auto step : state) {
    static_cast<void>(step);
    ondemand::document document;
    double sum = 0;
    std::size_t length = 0;
    if (parser.iterate(page().data(), page_size(), page().size()).get(document)) return state.SkipWithError("not JSON");
    for (auto data_page : document["qDataPages"]) {
      for (auto row : data_page["qMatrix"]) {
        for (auto item : row) {
          ondemand::object cell;
          std::string_view text;
          double number = 0;
          std::int64_t element = 0;
          if (item.get_object().get(cell) || cell.find_field("qText").get_string().get(text)) return state.SkipWithError("not a cell");
          if (!cell.find_field("qNum").get_double().get(number)) sum += number;
          if (cell.find_field("qElemNumber").get_int64().get(element)) return state.SkipWithError("not a cell");
          length += text.size() + static_cast<std::size_t>(element);
        }
      }
    }
    benchmark::DoNotOptimize(sum);
    benchmark::DoNotOptimize(length);
  }
  count(state);
}
BENCHMARK(BM_walk);

ColumnPlan plan() {
  hypercube::CubeLayout cube;
  cube.columns = kColumns;
  cube.rows = kRows;
  const char* tags[] = {"$text", "$text", "$date", "$integer"};
  for (int i = 0; i < kColumns; ++i) {
    hypercube::ColumnInfo column;
    column.role = i < 4 ? hypercube::Role::dimension : hypercube::Role::measure;
    column.index = i;
    column.title = "column " + std::to_string(i);
    if (i < 4) column.tags = {tags[i]};
    column.format_type = i == 3 ? "I" : i < 4 ? "U" : "R";
    cube.visible.push_back(std::move(column));
  }
  hypercube::label_columns(cube, {});
  return plan_columns(cube, {}, {}, {});
}

void BM_decode(benchmark::State& state) {
  const auto columns = plan();
  for (auto step : state) {
    static_cast<void>(step);
    auto decoded = decode_page({&columns}, {0, 0, kColumns, kRows}, std::string_view(page()).substr(0, page_size()));
    if (!decoded) return state.SkipWithError(decoded.error().message().c_str());
    decoded->array.release(&decoded->array);
  }
  count(state);
}
BENCHMARK(BM_decode);

}  // namespace
}  // namespace qonduit::straight

BENCHMARK_MAIN();
