// Deliveries of numbered rows to the target t, for tests of what goes wrong: every row holds the number of its delivery and its own, so
// that a reader sees at once when two deliveries are mixed or one is not whole.
#pragma once

#include <gtest/gtest.h>
#include <qonduit/testing/sink_driver.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#define ASSERT_DONE(expression)                                                                               \
  do {                                                                                                        \
    const ::qonduit::Status qonduit_status = (expression);                                                    \
    ASSERT_TRUE(qonduit_status.ok()) << to_string(qonduit_status.code()) << ": " << qonduit_status.message(); \
  } while (false)

namespace qonduit::sinks::testing {

class DeliveryFixture : public ::testing::Test {
 protected:
  DeliveryFixture(const std::string& plugin_file, const std::string& sink) {
    auto component = qonduit::testing::shared_host().find(plugin_file, sink, false);
    if (!component) throw std::runtime_error(component.error().message());
    component_ = *component;
    run_.title = "t";
  }

  [[nodiscard]] qonduit::testing::SinkDriver create(qonduit::testing::Options options, const qonduit::testing::Options& more) const {
    options.insert(options.end(), more.begin(), more.end());
    auto sink = qonduit::testing::SinkDriver::create(*component_, options);
    if (!sink) throw std::runtime_error(sink.error().message());
    return std::move(*sink);
  }
  static qonduit::arrow::ArrayHandle rows(std::int64_t delivery, std::int64_t count) {
    std::vector<Column> columns;
    columns.emplace_back(Type::int64, count), columns.emplace_back(Type::int64, count);
    for (std::int64_t row = 0; row < count; ++row) columns[0].append_int64(delivery), columns[1].append_int64(row);
    qonduit::arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    return array;
  }
  // Up to the commit.
  Status load(qonduit::testing::SinkDriver& sink, std::int64_t delivery, std::int64_t count = 10) {
    run_.run_id = "run-" + std::to_string(delivery);
    auto status = sink.open(run_, schema_);
    if (status.ok()) status = sink.write(*rows(delivery, count));
    return status;
  }
  Status deliver(qonduit::testing::SinkDriver& sink, std::int64_t delivery, std::int64_t count = 10) {
    auto status = load(sink, delivery, count);
    if (status.ok()) status = sink.commit();
    if (!status.ok()) static_cast<void>(sink.abort());
    return status;
  }
  // What a call answers that another thread cancels as soon as this holds.
  template <typename Waits, typename Call>
  static Status cancelled_when(qonduit::testing::SinkDriver& sink, const std::string& what, Waits&& waits, Call&& call) {
    std::thread other([&] {
      wait_until(what, waits);
      sink.cancel();
    });
    auto status = call();
    other.join();
    return status;
  }
  // Asks every 10 ms, for there is no event to wait for; what does not hold within a minute fails the test. From any thread.
  template <typename Holds>
  static void wait_until(const std::string& what, Holds&& holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!holds()) {
      if (std::chrono::steady_clock::now() > deadline) {
        ADD_FAILURE() << "not within a minute: " << what;
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  std::optional<qonduit::host::Component> component_;
  qonduit::testing::SampleRun run_;
  Schema schema_{{{"delivery", Type::int64}, {"n", Type::int64}}};
};

}  // namespace qonduit::sinks::testing
