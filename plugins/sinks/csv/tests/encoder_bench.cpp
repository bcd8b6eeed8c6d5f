// How fast rows become text. Prints cells and bytes a second. Release only.
#include <benchmark/benchmark.h>

#include "plugins/sinks/csv/encoder.hpp"

namespace {

using qonduit::BatchView;
using qonduit::Column;
using qonduit::Schema;
using qonduit::Type;

constexpr std::int64_t kRows = 1250;  // with 8 columns: a page of 10,000 cells

// The column kinds of a usual table: two texts, a date, a timestamp, two integers, two reals.
void encode(benchmark::State& state, qonduit::csv::CsvOptions options) {
  const Schema schema{{{"customer", Type::utf8},
                       {"region", Type::utf8},
                       {"day", Type::date32},
                       {"shipped", Type::timestamp},
                       {"number", Type::int64},
                       {"quantity", Type::int64},
                       {"sales", Type::float64},
                       {"share", Type::float64}}};
  std::vector<Column> columns;
  for (const auto& field : schema.fields) columns.emplace_back(field.type, kRows);
  for (std::int64_t row = 0; row < kRows; ++row) {
    columns[0].append_text("Customer " + std::to_string(row * 7919 % 1200));
    columns[1].append_text(row % 3 == 0 ? "North" : "South, \"West\"");
    columns[2].append_date32(static_cast<std::int32_t>(19'000 + row % 700));
    columns[3].append_int64(1'700'000'000'000 + row * 86'399'000);
    columns[4].append_int64(100'000 + row);
    columns[5].append_int64(row % 24);
    columns[6].append_float64(static_cast<double>(row * 7919 % 100'000) / 100);
    if (row % 10 == 0) {
      columns[7].append_null();
    } else {
      columns[7].append_float64(static_cast<double>(row) / 777);
    }
  }
  qonduit::arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  const BatchView batch(schema, *array);
  const qonduit::csv::Encoder encoder(options, schema);
  std::string out;
  std::size_t bytes = 0;
  for (auto _ : state) {
    out.clear();
    if (!encoder.rows(batch, 0, kRows, 0, out).ok()) state.SkipWithError("refused");
    benchmark::DoNotOptimize(out.data());
    bytes += out.size();
  }
  state.counters["cells/s"] = benchmark::Counter(static_cast<double>(state.iterations() * kRows * 8), benchmark::Counter::kIsRate);
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void BM_encode(benchmark::State& state) { encode(state, {}); }
void BM_encode_two_digits(benchmark::State& state) {
  qonduit::csv::CsvOptions options;
  options.digits = 2;
  encode(state, options);
}
void BM_encode_quote_all(benchmark::State& state) {
  qonduit::csv::CsvOptions options;
  options.quote = qonduit::csv::Quote::all;
  encode(state, options);
}

BENCHMARK(BM_encode);
BENCHMARK(BM_encode_two_digits);
BENCHMARK(BM_encode_quote_all);

}  // namespace
