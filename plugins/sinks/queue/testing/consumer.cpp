#include "consumer.hpp"

#include <Poco/JSON/Parser.h>
#include <zlib.h>

#include <cstdint>
#include <map>
#include <stdexcept>

namespace qonduit::queue::testing {

std::optional<std::vector<std::string>> completed(const std::vector<Delivered>& messages) {
  // By what stands before the last slash of the id: run and source.
  std::map<std::string, std::map<std::uint64_t, std::string>> open;
  std::optional<std::vector<std::string>> rows;
  for (const auto& message : messages) {
    const auto slash = message.id.rfind('/');
    auto& delivery = open[message.id.substr(0, slash)];
    if (message.kind == "row") {
      const auto [at, fresh] = delivery.emplace(std::stoull(message.id.substr(slash + 1)), message.body);
      if (!fresh && at->second != message.body) throw std::runtime_error("two messages share the id " + message.id);
      continue;
    }
    const auto marker = Poco::JSON::Parser().parse(message.body).extract<Poco::JSON::Object::Ptr>();
    const auto what = marker->getValue<std::string>("marker");
    if (what == "completed") {
      std::uint64_t sum = 0;
      for (const auto& [number, body] : delivery)
        sum += ::crc32(0, reinterpret_cast<const unsigned char*>(body.data()), static_cast<unsigned>(body.size()));
      if (marker->getValue<std::uint64_t>("messages") != delivery.size()) {
        throw std::runtime_error(message.id + ": " + std::to_string(delivery.size()) + " messages, its marker says " +
                                 marker->get("messages").toString());
      }
      if (marker->getValue<std::uint64_t>("crc32_sum") != sum) throw std::runtime_error(message.id + ": the checksum differs");
      if (!rows) rows.emplace();
      for (auto& [number, body] : delivery) rows->push_back(std::move(body));
    }
    delivery.clear();
  }
  return rows;
}

void ChangedTable::take(const std::string& key, const Delivered& message) {
  completed_ = message.kind == "marker" && message.body.find("\"marker\":\"completed\"") != std::string::npos;
  if (message.kind == "row") rows_[key] = message.body;
}

std::vector<std::string> ChangedTable::rows() {
  std::vector<std::string> rows;
  if (completed_) {
    for (const auto& [key, row] : rows_) rows.push_back(row);
  }
  completed_ = false;
  return rows;
}

}  // namespace qonduit::queue::testing
