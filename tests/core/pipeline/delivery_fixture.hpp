// Three sinks that write down what is asked of them, and what deliveries into them need.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "tests/core/pipeline/recording_sink.hpp"

namespace qonduit::pipeline::testing {

class DeliveryFixture : public ::testing::Test {
 protected:
  DeliveryFixture() {
    arrow::export_schema(one_column(), &schema_);
    run_.run_id = "run-1";
    for (const auto* name : {"a", "b", "c"}) sinks_.push_back(recording_sink(name));
  }
  ~DeliveryFixture() override { schema_.release(&schema_); }

  // These of them, by number.
  std::vector<NamedSink*> sinks(const std::vector<std::size_t>& which) {
    std::vector<NamedSink*> found;
    for (const auto sink : which) found.push_back(&sinks_[sink]);
    return found;
  }
  // Into these sinks; up to two batches wait.
  std::unique_ptr<Delivery> begin(const std::vector<std::size_t>& into) {
    return std::make_unique<Delivery>(sinks(into), run_, schema_, 2);
  }

  ArrowSchema schema_{};
  qonduit::Run run_;
  std::vector<NamedSink> sinks_;
};

}  // namespace qonduit::pipeline::testing
