// Rows into a sink, through the plugin's C table, as the host drives it: rows a second and the process's peak memory. Or the same rows
// as CSV on stdout, for the database's own tool.
//   sink_load_bench ROWS csv
//   sink_load_bench ROWS PLUGIN SINK OPTION=VALUE ...
#include <qonduit/testing/sink_driver.hpp>

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace {

using qonduit::Column;
using qonduit::Type;

constexpr std::int64_t kBatch = 1250;  // rows of a page of 10,000 cells

const qonduit::Schema& schema() {
  static const qonduit::Schema all{{{"id", Type::int64},
                                    {"region", Type::utf8},
                                    {"product", Type::utf8},
                                    {"day", Type::date32},
                                    {"moment", Type::timestamp},
                                    {"price", Type::float64},
                                    {"quantity", Type::int64},
                                    {"paid", Type::boolean}}};
  return all;
}

const char* region(std::int64_t row) {
  static const char* const names[] = {"North", "South", "East", "West", "Central"};
  return names[row % 5];
}
std::string product(std::int64_t row) { return "Product number " + std::to_string(row % 1000); }
double price(std::int64_t row) { return static_cast<double>(row % 100'000) / 8 + 0.25; }
std::int64_t moment(std::int64_t row) { return 1'700'000'000'000 + row * 61'000; }

void fill(std::vector<Column>& columns, std::int64_t first, std::int64_t last) {
  for (auto row = first; row < last; ++row) {
    columns[0].append_int64(row);
    columns[1].append_text(region(row));
    columns[2].append_text(product(row));
    columns[3].append_date32(static_cast<std::int32_t>(19'000 + row % 1000));
    columns[4].append_int64(moment(row));
    columns[5].append_float64(price(row));
    columns[6].append_int64(row % 97);
    columns[7].append_boolean(row % 3 == 0);
  }
}

void print_csv(std::int64_t rows) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto seconds = static_cast<std::time_t>(moment(row) / 1000);
    const auto days = static_cast<std::time_t>(19'000 + row % 1000) * 86'400;
    char at[32], day[32];
    std::tm parts{};
    std::strftime(at, sizeof at, "%Y-%m-%d %H:%M:%S", gmtime_r(&seconds, &parts));
    std::strftime(day, sizeof day, "%Y-%m-%d", gmtime_r(&days, &parts));
    std::printf("%lld,%s,%s,%s,%s,%.17g,%lld,%d\n", static_cast<long long>(row), region(row), product(row).c_str(), day, at, price(row),
                static_cast<long long>(row % 97), row % 3 == 0 ? 1 : 0);
  }
}

int fail(const std::string& what) {
  std::cerr << "sink_load_bench: " << what << '\n';
  return 1;
}

int load(std::int64_t rows, const std::string& file, const std::string& name, const qonduit::testing::Options& options) {
  qonduit::testing::FakeHost host;
  host.host().set_paranoid(false);
  auto component = host.find(file, name, false);
  if (!component) return fail(component.error().message());
  auto sink = qonduit::testing::SinkDriver::create(*component, options);
  if (!sink) return fail(sink.error().message());
  qonduit::testing::SampleRun run;
  run.title = "bench";
  const auto begin = std::chrono::steady_clock::now();
  auto status = sink->open(run, schema());
  std::chrono::duration<double> made{};
  for (std::int64_t row = 0; row < rows && status.ok(); row += kBatch) {
    const auto before = std::chrono::steady_clock::now();
    std::vector<Column> columns;
    for (const auto& field : schema().fields) columns.emplace_back(field.type, kBatch);
    fill(columns, row, std::min(rows, row + kBatch));
    ArrowArray batch{};
    finish_batch(columns, &batch);
    made += std::chrono::steady_clock::now() - before;
    status = sink->write(batch);
    batch.release(&batch);
  }
  if (status.ok()) status = sink->commit();
  if (!status.ok()) return fail(status.message());
  const auto seconds = (std::chrono::steady_clock::now() - begin - made).count() / 1e9;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%.3f %ld\n", seconds, usage.ru_maxrss / 1024);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) return fail("ROWS csv, or ROWS PLUGIN SINK OPTION=VALUE ...");
  const auto rows = std::atoll(arguments[1]);
  if (std::string(arguments[2]) == "csv") {
    print_csv(rows);
    return 0;
  }
  qonduit::testing::Options options;
  for (int i = 4; i < count; ++i) {
    const std::string text = arguments[i];
    const auto mark = text.find('=');
    options.emplace_back(text.substr(0, mark), text.substr(mark + 1));
  }
  return load(rows, arguments[2], arguments[3], options);
}
