// What a consumer must have of a delivery of DeliveryFixture.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace qonduit::queue::testing {

// Rows 0 to count of a delivery, each once when one counts an id once.
template <typename Received>
void expect_rows(const std::vector<Received>& messages, std::int64_t delivery, std::int64_t count) {
  std::map<std::string, std::string> by_id;
  for (const auto& message : messages) {
    const auto body = std::optional<std::string>(message.body).value();
    const auto [at, fresh] = by_id.emplace(message.id, body);
    EXPECT_EQ(at->second, body) << "two messages share the id " << message.id;
  }
  std::set<std::string> bodies;
  for (const auto& [id, body] : by_id) bodies.insert(body);
  EXPECT_EQ(by_id.size(), bodies.size()) << "one row under two ids";
  ASSERT_EQ(bodies.size(), static_cast<std::size_t>(count));
  for (std::int64_t row = 0; row < count; ++row) {
    ASSERT_TRUE(bodies.contains("{\"delivery\":" + std::to_string(delivery) + ",\"n\":" + std::to_string(row) + "}")) << row;
  }
}

}  // namespace qonduit::queue::testing
