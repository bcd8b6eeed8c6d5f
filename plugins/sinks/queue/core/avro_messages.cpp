#include "avro_messages.hpp"

#include <qonduit/options.hpp>

#include <algorithm>
#include <utility>

#include "avro.hpp"

namespace qonduit::queue {
namespace {

constexpr std::string_view kHeader = "avro-schema";
constexpr std::size_t kLargestHeader = 64 << 10;  // AMQP has all headers in one frame, of 128 KiB by default

}  // namespace

Status AvroMessages::check(const QueueOptions& options) {
  const auto wrong = [](std::string why) { return Status(Code::invalid_config, std::move(why)); };
  const bool avro = options.format == Format::avro;
  if (avro && options.envelope == Envelope::cloudevents)
    return wrong("envelope: CloudEvents in structured mode hold JSON, and Avro is none; use format = json, or leave envelope out");
  if (options.schema_registry.empty()) {
    if (!options.schema_registry_user.empty() || !options.schema_registry_password.empty() || !options.schema_registry_ca.empty() ||
        !options.schema_subject.empty() || options.schema_registry_allow_plaintext || !options.schema_register) {
      return wrong("schema-registry: is not set, and other options are about it; set it, or leave out schema-registry-* and schema-*");
    }
    return {};
  }
  if (!avro) return wrong("schema-registry: only Avro has schemas to register; use format = avro");
  if (auto status = SchemaRegistry::check(options); !status.ok()) return status;
  return RunTemplate::parse("schema-subject", options.schema_subject).status();
}

AvroMessages::AvroMessages(const QueueOptions& options) : subject_(options.schema_subject) {
  const auto& headers = options.headers;
  with_header_ = std::find(headers.begin(), headers.end(), kHeader) != headers.end();
  if (!options.schema_registry.empty()) registry_.emplace(options);
}

Result<std::unique_ptr<Encoder>> AvroMessages::encoder(const Run& run, const Schema& schema, const std::string& destination) {
  header_.clear();
  auto avro = avro_schema(run, schema);
  if (registry_) {
    const auto name = subject(run, destination);
    if (!name) return name.error();
    const auto id = registry_->id(*name, avro.text);
    if (!id) return id.error();
    return make_avro_encoder(schema, registered_prefix(*id));
  }
  if (with_header_) {
    if (avro.text.size() > kLargestHeader) {
      return Status(Code::unsupported, "headers: the Avro schema of " + std::to_string(schema.fields.size()) + " columns has " +
                                           std::to_string(avro.text.size()) + " bytes, and a header " + std::to_string(kLargestHeader) +
                                           "; set schema-registry, or leave avro-schema out of headers");
    }
    header_ = std::move(avro.text);
  }
  return make_avro_encoder(schema, single_object_prefix(avro_fingerprint(avro.canonical)));
}

Result<std::string> AvroMessages::subject(const Run& run, const std::string& destination) const {
  if (subject_.empty()) return destination + "-value";
  const auto name = RunTemplate::parse("schema-subject", subject_);
  if (!name) return name.error();
  if (auto status = name->check(run); !status.ok()) return status;
  return name->text(run, Turns::together);
}

}  // namespace qonduit::queue
