// What the suites of SQL sinks share: a sink with a database of its own, rows to deliver through the plugin's C table, and the database's
// own means to look at them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "sql_target.hpp"

namespace qonduit::sql::testing {

using qonduit::testing::SampleRun;
using qonduit::testing::SinkDriver;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
using Line = std::vector<qonduit::testing::Cell>;

// Region, Year, Sales: what the tests deliver.
struct Sale {
  std::optional<std::string> region;
  std::optional<std::int64_t> year;
  std::optional<double> sales;
};

class SqlModes : public ::testing::TestWithParam<SqlTarget> {
 protected:
  SqlModes() {
    auto pattern = (std::filesystem::temp_directory_path() / "qonduit-sql-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    folder_ = pattern;
    base_ = GetParam().make(folder_);
    auto component = qonduit::testing::shared_host().find(GetParam().plugin, GetParam().sink, false);
    if (!component) throw std::runtime_error(component.error().message());
    component_ = *component;
    run_.run_id = "run-1";
    run_.title = "sales";
  }
  ~SqlModes() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] Result<SinkDriver> try_to_create(const Options& more) const {
    auto options = base_;
    options.emplace_back("mode", "append");  // unless a test says otherwise: the last one counts
    options.insert(options.end(), more.begin(), more.end());
    return SinkDriver::create(*component_, options);
  }
  SinkDriver create(const Options& more) const {
    auto sink = try_to_create(more);
    if (!sink) throw std::runtime_error(sink.error().message());
    return std::move(*sink);
  }

  static Schema schema() {
    return {{{"Region", Type::utf8, true, {{"qlik.title", "Region"}}},
             {"Year", Type::int64},
             {"Sales", Type::float64, true, {{"qlik.expression", "Sum(Sales)"}}}}};
  }
  static qonduit::arrow::ArrayHandle batch(const std::vector<Sale>& sales) {
    std::vector<Column> columns;
    for (const auto type : {Type::utf8, Type::int64, Type::float64}) columns.emplace_back(type);
    for (const auto& [region, year, amount] : sales) {
      region ? columns[0].append_text(*region) : columns[0].append_null();
      year ? columns[1].append_int64(*year) : columns[1].append_null();
      amount ? columns[2].append_float64(*amount) : columns[2].append_null();
    }
    qonduit::arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    return array;
  }
  Status deliver(SinkDriver& sink, const std::vector<Sale>& sales) { return deliver(sink, schema(), *batch(sales)); }
  Status deliver(SinkDriver& sink, const Schema& columns, const ArrowArray& rows) {
    auto status = sink.open(run_, columns);
    if (status.ok()) status = sink.write(rows);
    if (status.ok()) status = sink.commit();
    if (!status.ok()) static_cast<void>(sink.abort());
    return status;
  }
  // A delivery of the next run, by a sink of its own.
  Status next(const Options& options, const std::vector<Sale>& sales) {
    run_.run_id = "run-" + std::to_string(++runs_);
    auto sink = create(options);
    return deliver(sink, sales);
  }

  Rows query(const std::string& sql) const { return GetParam().query(folder_, sql); }
  Rows sales(const std::string& table = "sales") const {
    return query("SELECT \"Region\", \"Year\", \"Sales\" FROM \"" + table + "\" ORDER BY 1, 2, 3");
  }

  std::filesystem::path folder_;
  Options base_;
  std::optional<qonduit::host::Component> component_;
  SampleRun run_;
  int runs_ = 1;
};

#define QONDUIT_SQL_OK(expression)                                                                            \
  do {                                                                                                        \
    const ::qonduit::Status qonduit_status = (expression);                                                    \
    ASSERT_TRUE(qonduit_status.ok()) << to_string(qonduit_status.code()) << ": " << qonduit_status.message(); \
  } while (false)

}  // namespace qonduit::sql::testing
