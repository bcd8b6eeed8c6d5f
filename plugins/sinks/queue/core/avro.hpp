// Rows as Avro: the schema of a delivery, and the binary encoding of its rows, a record a message. Avro 1.11: two's complement numbers as
// zigzag varints, doubles little endian, a union's branch before its value. A cell costs a switch; nothing is allocated once the buffer has
// grown. The functions are pure.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/sink.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "encoder.hpp"

namespace qonduit::queue {

struct AvroSchema {
  std::string text;       // JSON, with docs and original names
  std::string canonical;  // its Parsing Canonical Form
};

// A record named after the object and its hypercube, in the namespace qonduit.PIPELINE. Names that Avro does not take are changed;
// "doc" and "qonduit-name" of a field hold the column's own.
AvroSchema avro_schema(const Run& run, const Schema& schema);

// What Avro takes as a name: [A-Za-z_][A-Za-z0-9_]*. A character that is none of these becomes one '_'. A name with
// letters of other alphabets ends in eight digits of its hash: they would leave nothing to tell names apart.
std::string avro_name(std::string_view text);

// CRC-64-AVRO (Rabin) of a Parsing Canonical Form.
std::uint64_t avro_fingerprint(std::string_view canonical);

// What stands before the record: Avro's single-object encoding, or Confluent's wire format with the id of a registered schema.
std::string single_object_prefix(std::uint64_t fingerprint);
std::string registered_prefix(std::int32_t id);

std::unique_ptr<Encoder> make_avro_encoder(const Schema& schema, std::string prefix);

}  // namespace qonduit::queue
