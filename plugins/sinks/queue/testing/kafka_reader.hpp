// A consumer of the tests' own, over librdkafka: what is in a topic; and what tests do to topics. Throws when the broker does not do what
// it is asked.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consumer.hpp"

namespace qonduit::kafka::testing {

struct Received {
  std::string id, type, content_type;
  std::optional<std::string> key;
  std::optional<std::string> body;  // none: a tombstone
  std::map<std::string, std::string> headers;
  std::int32_t partition = 0;
};

// Read what is not committed too, or what a read-committed consumer sees.
enum class Isolation : std::uint8_t { uncommitted, committed };

// All that is in a topic now, partition by partition; nothing when there is no such topic. A reader of what is committed first waits a
// moment for transactions that are being ended.
std::vector<Received> read_all(const std::string& servers, const std::string& topic, Isolation isolation = Isolation::committed);

// The first offset of each partition that a reader has not read; a partition that is not in it is read from its beginning.
using Place = std::map<std::int32_t, std::int64_t>;

// What has come into a topic since `place`, which it moves.
std::vector<Received> read_new(const std::string& servers, const std::string& topic, Place& place,
                               Isolation isolation = Isolation::committed);

std::vector<queue::testing::Delivered> delivered(const std::vector<Received>& messages);

// Whether the broker with this node id answers and takes part in its cluster.
bool answers(const std::string& servers, int node);
// The broker that leads partition 0 of a topic; -1: none does.
int leader_of(const std::string& servers, const std::string& topic);

void make_topic(const std::string& servers, const std::string& topic, int partitions = 1, int replication = 1,
                const std::map<std::string, std::string>& settings = {});
// Its settings are these, and otherwise the broker's.
void set_topic(const std::string& servers, const std::string& topic, const std::map<std::string, std::string>& settings);

}  // namespace qonduit::kafka::testing
