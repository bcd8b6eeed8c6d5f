// What a conformance suite of a sink is made of: its traits, the fixtures, and the macro that names the configurations to be tested. Who
// includes it alone links the tests from one compiled source that includes sink_conformance.hpp: they take seconds to compile.
#pragma once

#include <qonduit/testing/rows.hpp>
#include <qonduit/testing/sample_batches.hpp>
#include <qonduit/testing/sink_driver.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace qonduit::testing {

struct SinkTraits {
  std::string name;    // of this configuration: letters and digits
  std::string plugin;  // the plugin file
  std::string sink;    // the component
  // Options that deliver into this folder, or to whatever stands for it.
  std::function<Options(const std::filesystem::path& folder)> options;
  // The same, to another target there: of sinks that tell their targets apart.
  std::function<Options(const std::filesystem::path& folder)> beside = {};
  // The rows a reader of the target sees, in order; nothing when it sees no delivery. Schema: what was delivered last.
  std::function<std::optional<Rows>(const std::filesystem::path& folder, const Schema& schema)> read_back;
  // How a cell reads in read_back: csv may have one text for null and empty.
  CellText cell = canonical_cell;
  // Everything at the target, visible to readers or not: empty after an abort. By default the files below the folder.
  std::function<std::vector<std::string>(const std::filesystem::path& folder)> leftovers = {};
  // Names of sample batches this target cannot hold, each with the code the sink answers for it.
  std::vector<std::pair<std::string, Code>> cannot = {};
  // Options the sink must refuse, each with a word its message contains.
  std::vector<std::pair<Options, std::string>> refused = {};
  std::uint32_t guarantees = 0;   // bits these options must give, exactly
  std::size_t most_batches = 20;  // of a sample: fewer where a server takes long over each row
  bool knows_committed = true;    // false: committed() may answer unknown
  // Makes the next commit fail, and then possible again. Absent: this target cannot be broken from a test.
  std::function<void(const std::filesystem::path&folder)> break_target = {}, heal_target = {};
};

namespace detail {

// Of a sample. QONDUIT_MOST_BATCHES makes them fewer for every sink, where each row takes long: under a sanitizer.
inline std::size_t most_batches(const SinkTraits& traits) {
  const char* wished = std::getenv("QONDUIT_MOST_BATCHES");
  return wished == nullptr ? traits.most_batches : std::min<std::size_t>(traits.most_batches, std::strtoul(wished, nullptr, 10));
}

}  // namespace detail

inline void PrintTo(const SinkTraits& traits, std::ostream* out) { *out << traits.name; }

class SinkFixture {
 protected:
  explicit SinkFixture(const SinkTraits& traits) : traits_(traits) {
    auto pattern = (std::filesystem::temp_directory_path() / "qonduit-sink-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    folder_ = pattern;
    auto component = shared_host().find(traits.plugin, traits.sink, false);
    if (!component) throw std::runtime_error(component.error().message());
    component_ = *component;
  }
  ~SinkFixture() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] SinkDriver create() const {
    auto sink = SinkDriver::create(*component_, traits_.options(folder_));
    if (!sink) throw std::runtime_error(sink.error().message());
    return std::move(*sink);
  }
  [[nodiscard]] std::optional<Rows> target(const Schema& schema) const { return traits_.read_back(folder_, schema); }
  [[nodiscard]] std::vector<std::string> leftovers() const {
    if (traits_.leftovers) return traits_.leftovers(folder_);
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      if (!entry.is_directory()) files.push_back(entry.path().string());
    }
    return files;
  }
  [[nodiscard]] Rows expected(const SampleBatches& sample) const {
    Rows rows;
    for (std::size_t i = 0; i < sample.batch_count; ++i) append_rows(rows, sample.schema, *sample.make(i), traits_.cell);
    return rows;
  }
  static Status write_all(SinkDriver& sink, const SampleBatches& sample) {
    for (std::size_t i = 0; i < sample.batch_count; ++i) {
      auto status = sink.write(*sample.make(i));
      if (!status.ok()) return status;
    }
    return {};
  }
  static Status deliver(SinkDriver& sink, const SampleRun& run, const SampleBatches& sample) {
    auto status = sink.open(run, sample.schema);
    if (status.ok()) status = write_all(sink, sample);
    if (status.ok()) status = sink.commit();
    return status;
  }

  SinkTraits traits_;
  std::filesystem::path folder_;
  std::optional<host::Component> component_;
  SampleBatches sample_ = sample_batches_named("EveryType");
  SampleRun run_;
};

class SinkConformance : public ::testing::TestWithParam<SinkTraits>, protected SinkFixture {
 protected:
  SinkConformance() : SinkFixture(GetParam()) {}
};

// Every sample batch, delivered and read back.
class SinkConformanceSamples : public ::testing::TestWithParam<std::tuple<SinkTraits, std::string>>, protected SinkFixture {
 protected:
  SinkConformanceSamples() : SinkFixture(std::get<0>(GetParam())) {}
};

inline std::vector<std::string> sample_names() {
  std::vector<std::string> names;
  for (const auto& sample : sample_batches()) names.push_back(sample.name);
  return names;
}

}  // namespace qonduit::testing

#define QONDUIT_SINK_CONFORMANCE(prefix, ...)                                                                                          \
  namespace qonduit::testing {                                                                                                         \
  INSTANTIATE_TEST_SUITE_P(prefix, SinkConformance, ::testing::Values(__VA_ARGS__), [](const auto& test) { return test.param.name; }); \
  INSTANTIATE_TEST_SUITE_P(prefix, SinkConformanceSamples,                                                                             \
                           ::testing::Combine(::testing::Values(__VA_ARGS__), ::testing::ValuesIn(sample_names())),                    \
                           [](const auto& test) { return std::get<0>(test.param).name + std::get<1>(test.param); });                   \
  }                                                                                                                                    \
  static_assert(true, "a semicolon follows")
