// Avro messages, read by Apache's library for Python: decode_avro.py says how. Throws with its words when it cannot read them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace qonduit::queue::testing {

struct AvroRows {
  std::string schema_id;          // of Confluent's wire format; "-" for single-object encoding
  std::vector<std::string> rows;  // JSON as Python writes it
};

enum class LogicalTypes : std::uint8_t { read, raw };

AvroRows read_avro(const std::string& schema, const std::vector<std::string>& messages, LogicalTypes types = LogicalTypes::read);

}  // namespace qonduit::queue::testing
