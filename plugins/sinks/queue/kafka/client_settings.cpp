#include "client_settings.hpp"

#include <qonduit/options.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace qonduit::kafka {
namespace {

// What the delivery's promises rest on, and what other options set.
constexpr std::string_view kOurs[] = {"acks",
                                      "batch.num.messages",
                                      "bootstrap.servers",
                                      "compression.codec",
                                      "compression.type",
                                      "debug",
                                      "delivery.report.only.error",
                                      "delivery.timeout.ms",
                                      "dr_cb",
                                      "dr_msg_cb",
                                      "enable.gapless.guarantee",
                                      "enable.idempotence",
                                      "enable.ssl.certificate.verification",
                                      "error_cb",
                                      "linger.ms",
                                      "log_cb",
                                      "max.in.flight",
                                      "max.in.flight.requests.per.connection",
                                      "message.max.bytes",
                                      "message.send.max.retries",
                                      "message.timeout.ms",
                                      "metadata.broker.list",
                                      "opaque",
                                      "partitioner",
                                      "plugin.library.paths",
                                      "queue.buffering.max.kbytes",
                                      "queue.buffering.max.messages",
                                      "queue.buffering.max.ms",
                                      "queuing.strategy",
                                      "request.required.acks",
                                      "retries",
                                      "sasl.mechanism",
                                      "sasl.mechanisms",
                                      "sasl.oauthbearer.client.id",
                                      "sasl.oauthbearer.client.secret",
                                      "sasl.password",
                                      "sasl.username",
                                      "security.protocol",
                                      "ssl.ca.location",
                                      "ssl.certificate.location",
                                      "ssl.endpoint.identification.algorithm",
                                      "ssl.key.location",
                                      "test.mock.num.brokers",
                                      "transaction.timeout.ms",
                                      "transactional.id"};

std::string_view mechanism(Sasl sasl) {
  switch (sasl) {
    case Sasl::none: return "";
    case Sasl::plain: return "PLAIN";
    case Sasl::scram_sha_256: return "SCRAM-SHA-256";
    case Sasl::scram_sha_512: return "SCRAM-SHA-512";
    case Sasl::oauthbearer: return "OAUTHBEARER";
    case Sasl::gssapi: return "GSSAPI";
  }
  return "";
}

std::string_view name_of(Compression compression) {
  switch (compression) {
    case Compression::none: return "none";
    case Compression::gzip: return "gzip";
    case Compression::snappy: return "snappy";
    case Compression::lz4: return "lz4";
    case Compression::zstd: return "zstd";
  }
  return "none";
}

std::string_view name_of(Partitioner partitioner) {
  switch (partitioner) {
    case Partitioner::murmur2_random: return "murmur2_random";
    case Partitioner::consistent_random: return "consistent_random";
    case Partitioner::fnv1a_random: return "fnv1a_random";
    case Partitioner::random: return "random";
  }
  return "murmur2_random";
}

}  // namespace

Result<std::map<std::string, std::string>> parse_settings(std::string_view option, const std::vector<std::string>& items) {
  std::map<std::string, std::string> settings;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& item = items[i];
    const auto equals = item.find('=');
    // Not shown: it may be what stands behind a comma in a password.
    if (equals == std::string::npos || equals == 0) {
      return Status(Code::invalid_config, std::string(option) + ": item " + std::to_string(i + 1) +
                                              " is no name=value; an item with a comma is written in quotes: \"name=a,b\"");
    }
    settings[item.substr(0, equals)] = item.substr(equals + 1);
  }
  return settings;
}

Result<Configuration> client_configuration(const KafkaOptions& options, const std::string& transactional_id) {
  Configuration conf(rd_kafka_conf_new());
  Status status;
  const auto set = [&](const std::string& name, const std::string& value) {
    char why[512];
    if (!status.ok() || rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), why, sizeof why) == RD_KAFKA_CONF_OK) return;
    status = {Code::invalid_config, std::string("librdkafka does not take ") + name + ": " + why};
  };
  std::string servers;
  for (const auto& server : options.bootstrap_servers) servers += (servers.empty() ? "" : ",") + server;
  set("bootstrap.servers", servers);
  set("client.id", "qonduit");
  // A topic that is not there is an error, or made as the options say.
  set("allow.auto.create.topics", "false");
  set("enable.idempotence", "true");
  set("acks", "all");
  set("linger.ms", std::to_string(options.linger.count()));
  set("batch.num.messages", "100000");
  set("compression.type", std::string(name_of(options.compression)));
  set("partitioner", std::string(name_of(options.partitioner)));
  set("queue.buffering.max.messages", std::to_string(options.window));
  set("queue.buffering.max.kbytes", std::to_string(options.window_size.count / 1024));
  // A message with its key and headers.
  set("message.max.bytes", std::to_string(std::max<std::uint64_t>(options.message_max.count + (64 << 10), 1'000'000)));
  set("security.protocol", std::string(options.sasl == Sasl::none ? "" : "sasl_") + (options.tls ? "ssl" : "plaintext"));
  set("enable.ssl.certificate.verification", "true");
  set("ssl.endpoint.identification.algorithm", "https");
  set("log.connection.close", "false");
  auto message_timeout = options.retry_for;
  if (!transactional_id.empty()) {
    set("transactional.id", transactional_id);
    set("transaction.timeout.ms", std::to_string(options.transaction_timeout.count()));
    message_timeout = std::min(message_timeout, options.transaction_timeout);
  }
  set("message.timeout.ms", std::to_string(message_timeout.count()));
  const bool token = options.sasl == Sasl::oauthbearer;
  for (const auto& [name, value] : {std::pair<std::string, std::string>("ssl.ca.location", options.tls_ca),
                                    {"ssl.certificate.location", options.tls_certificate},
                                    {"ssl.key.location", options.tls_key},
                                    {"sasl.mechanism", std::string(mechanism(options.sasl))},
                                    {token ? "sasl.oauthbearer.client.id" : "sasl.username", options.user},
                                    {token ? "sasl.oauthbearer.client.secret" : "sasl.password", options.password}}) {
    if (!value.empty()) set(name, value);
  }
  auto more = parse_settings("client-settings", options.client_settings);
  if (!more) return std::move(more).error();
  for (const auto& [name, value] : *more) {
    if (std::find(std::begin(kOurs), std::end(kOurs), name) != std::end(kOurs))
      return Status(Code::invalid_config, "client-settings: '" + name + "' is the sink's own; it follows from the other options");
    set(name, value);
  }
  if (!status.ok()) return status;
  return conf;
}

}  // namespace qonduit::kafka
