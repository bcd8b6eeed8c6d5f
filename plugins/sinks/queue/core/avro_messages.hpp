// What `format = avro` needs beside an encoder: the schema of a delivery in a registry, or in a header. One thread.
#pragma once

#include <qonduit/run_template.hpp>
#include <qonduit/sink.hpp>

#include <memory>
#include <optional>
#include <string>

#include "encoder.hpp"
#include "queue_options.hpp"
#include "schema_registry.hpp"

namespace qonduit::queue {

class AvroMessages {
 public:
  // What is wrong with options that are each right, for any format.
  static Status check(const QueueOptions& options);

  explicit AvroMessages(const QueueOptions& options);

  // Of the registry, where there is one.
  Status probe() { return registry_ ? registry_->probe() : Status(); }
  // The encoder of a delivery to this destination. With a registry, its schema is there when this returns.
  Result<std::unique_ptr<Encoder>> encoder(const Run& run, const Schema& schema, const std::string& destination);
  // The schema of the delivery for a header; empty where there is none to send.
  [[nodiscard]] const std::string& header() const { return header_; }

 private:
  Result<std::string> subject(const Run& run, const std::string& destination) const;

  std::string subject_;
  bool with_header_;
  std::optional<SchemaRegistry> registry_;
  std::string header_;
};

}  // namespace qonduit::queue
