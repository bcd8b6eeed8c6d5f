// How long the simulated engine takes for a page of 10,000 cells, request text to reply text: it must not be the bottleneck of what is
// measured against it.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "apps/demo.hpp"
#include "calls/dispatcher.hpp"

namespace qonduit::simulator {
namespace {

class Bench {
 public:
  explicit Bench(const Options& options) : engine_(options), dispatcher_(engine_, std::make_shared<Session>(), user()) {}

  int open(const std::string& app, const std::string& object) {
    (void)call(-1, "OpenDoc", "[\"" + app + "\"]");
    const auto frame = as_object(parse_json(call(1, "GetObject", "[\"" + object + "\"]")));
    return static_cast<int>(int_member(object_member(object_member(frame, "result"), "qReturn"), "qHandle"));
  }

  std::string call(int handle, const std::string& method, const std::string& params, std::string buffer = {}) {
    return dispatcher_
        .answer(
            R"({"jsonrpc":"2.0","id":1,"handle":)" + std::to_string(handle) + R"(,"method":")" + method + R"(","params":)" + params + "}",
            std::move(buffer))
        .frame;
  }

  void pages(benchmark::State& state, int handle, const char* method, int width, int height) {
    (void)call(handle, "GetLayout", "[]");  // the calculation itself is not what is measured
    std::string reply;
    std::int64_t top = 0;
    std::int64_t bytes = 0;
    for (auto _ : state) {
      reply = call(handle, method,
                   R"(["/qHyperCubeDef",[{"qLeft":0,"qTop":)" + std::to_string(top) + R"(,"qWidth":)" + std::to_string(width) +
                       R"(,"qHeight":)" + std::to_string(height) + "}]]",
                   std::move(reply));
      if (reply.size() < 100'000) throw std::runtime_error("no page: " + reply);
      bytes += static_cast<std::int64_t>(reply.size());
      top = (top + height) % 40'000;
    }
    state.SetBytesProcessed(bytes);
    state.counters["cells"] = benchmark::Counter(static_cast<double>(width) * height, benchmark::Counter::kIsIterationInvariantRate);
  }

 private:
  static SessionKey user() {
    SessionKey key;
    key.user_directory = "BENCH";
    key.user_id = "reader";
    return key;
  }
  Engine engine_;
  Dispatcher dispatcher_;
};

Options synthetic() {
  Options options;
  options.synthetic = true;
  options.shape.rows = 10'000'000;
  return options;
}

void SyntheticTable(benchmark::State& state) {
  Bench bench(synthetic());
  bench.pages(state, bench.open("synthetic", "synthetic-table"), "GetHyperCubeData", 8, 1250);
}

void SyntheticPivot(benchmark::State& state) {
  Bench bench(synthetic());
  bench.pages(state, bench.open("synthetic", "synthetic-pivot"), "GetHyperCubePivotData", 2, 5000);
}

void SyntheticStack(benchmark::State& state) {
  Bench bench(synthetic());
  bench.pages(state, bench.open("synthetic", "synthetic-stack"), "GetHyperCubeStackData", 1, 5000);
}

void ComputedTable(benchmark::State& state) {
  const auto folder = std::filesystem::temp_directory_path() / ("qonduit-bench-" + std::to_string(::getpid()));
  make_demo(folder.string());
  Options options;
  options.apps = {folder.string()};
  Bench bench(options);
  bench.pages(state, bench.open("consumer-sales", "table-orders"), "GetHyperCubeData", 9, 1111);
  std::filesystem::remove_all(folder);
}

BENCHMARK(SyntheticTable)->Unit(benchmark::kMillisecond);
BENCHMARK(SyntheticPivot)->Unit(benchmark::kMillisecond);
BENCHMARK(SyntheticStack)->Unit(benchmark::kMillisecond);
BENCHMARK(ComputedTable)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace qonduit::simulator

BENCHMARK_MAIN();
