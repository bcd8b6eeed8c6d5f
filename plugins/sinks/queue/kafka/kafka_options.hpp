// The options of the sink, as a user sets them, and their table.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "plugins/sinks/queue/core/queue_options.hpp"

namespace qonduit::kafka {

enum class Guarantee : std::uint8_t { at_least_once, transactional };
enum class Atomic : std::uint8_t { dataset, run };
enum class Sasl : std::uint8_t { none, plain, scram_sha_256, scram_sha_512, oauthbearer, gssapi };
enum class Compression : std::uint8_t { none, gzip, snappy, lz4, zstd };
enum class Partitioner : std::uint8_t { murmur2_random, consistent_random, fnv1a_random, random };

struct KafkaOptions : queue::QueueOptions {
  KafkaOptions() { window = 100'000; }

  std::vector<std::string> bootstrap_servers;
  std::string topic = "{title}";
  Guarantee delivery = Guarantee::at_least_once;
  std::string transactional_id = "qonduit-{pipeline}";
  Atomic atomic = Atomic::dataset;
  std::chrono::milliseconds transaction_timeout{900'000};
  bool tls = true;
  std::string tls_ca;
  std::string tls_certificate;
  std::string tls_key;
  bool allow_plaintext = false;
  Sasl sasl = Sasl::none;
  std::string user;
  std::string password;
  Compression compression = Compression::lz4;
  Partitioner partitioner = Partitioner::murmur2_random;
  std::chrono::milliseconds linger{5};
  bool create_topic = false;
  std::int64_t partitions = 1;
  std::int64_t replication = -1;
  std::vector<std::string> topic_settings;
  std::vector<std::string> client_settings;
};

inline constexpr auto kOptions = joined(
    options(
        option("bootstrap-servers", &KafkaOptions::bootstrap_servers,
               "host:port of brokers, by commas; the cluster says where the others are.")
            .required(),
        option("topic", &KafkaOptions::topic,
               "The topic. {pipeline} {app} {sheet} {object} {title} {dataset} {run} {date} {loop} {loop:NAME} are replaced; marks that a "
               "topic's name cannot have become -, and a loop's value that has them is told by a hash."),
        option("delivery", &KafkaOptions::delivery,
               "at-least-once: messages are visible as they come. transactional: all of a delivery at once, to consumers that read "
               "committed messages.")
            .values<Guarantee>({{"at-least-once", Guarantee::at_least_once}, {"transactional", Guarantee::transactional}}),
        option("transactional-id", &KafkaOptions::transactional_id,
               "Who this producer is, for the cluster: a host that takes over under the same id fences the one before it. {pipeline} is "
               "replaced. One for each sink that a pipeline has in a cluster."),
        option("atomic", &KafkaOptions::atomic, "What a transaction holds: each dataset by itself, or all of a run.")
            .values<Atomic>({{"dataset", Atomic::dataset}, {"run", Atomic::run}}),
        option(
            "transaction-timeout", &KafkaOptions::transaction_timeout,
            "How long a transaction may last before the cluster aborts it; brokers allow 15m unless transaction.max.timeout.ms says more.")
            .range(1000, 86'400'000),
        option("tls", &KafkaOptions::tls,
               "Encrypted, the broker's certificate and host name checked. false needs allow-plaintext, but to this machine."),
        option("tls-ca", &KafkaOptions::tls_ca,
               "A PEM file with the authorities that may sign the brokers' certificates; when not set, the system's."),
        option("tls-certificate", &KafkaOptions::tls_certificate, "A PEM file with the client certificate and its chain."),
        option("tls-key", &KafkaOptions::tls_key, "A PEM file with its private key, not encrypted."),
        option("allow-plaintext", &KafkaOptions::allow_plaintext,
               "tls = false to other machines: passwords and rows can be read on the way. To this machine it always may."),
        option("sasl", &KafkaOptions::sasl, "How it logs in: none (or by its certificate), or a SASL mechanism.")
            .values<Sasl>({{"none", Sasl::none},
                           {"plain", Sasl::plain},
                           {"scram-sha-256", Sasl::scram_sha_256},
                           {"scram-sha-512", Sasl::scram_sha_512},
                           {"oauthbearer", Sasl::oauthbearer},
                           {"gssapi", Sasl::gssapi}}),
        option("user", &KafkaOptions::user, "The user of plain and scram, the client of oauthbearer."),
        option("password", &KafkaOptions::password, "Its password, or secret.").secret(),
        option("compression", &KafkaOptions::compression, "Of batches of messages.")
            .values<Compression>({{"none", Compression::none},
                                  {"gzip", Compression::gzip},
                                  {"snappy", Compression::snappy},
                                  {"lz4", Compression::lz4},
                                  {"zstd", Compression::zstd}}),
        option("partitioner", &KafkaOptions::partitioner,
               "How a key chooses its partition. murmur2-random: as Java producers do. Messages without a key are spread.")
            .values<Partitioner>({{"murmur2-random", Partitioner::murmur2_random},
                                  {"consistent-random", Partitioner::consistent_random},
                                  {"fnv1a-random", Partitioner::fnv1a_random},
                                  {"random", Partitioner::random}}),
        option("linger", &KafkaOptions::linger, "How long messages wait for others to share a request with.").range(0, 60'000),
        option("create-topic", &KafkaOptions::create_topic, "Make the topic where it is not there."),
        option("partitions", &KafkaOptions::partitions, "Of a topic that is made.").range(1, 100'000),
        option("replication", &KafkaOptions::replication, "Its replicas; -1: what the cluster does by default.").range(-1, 100),
        option("topic-settings", &KafkaOptions::topic_settings, "Its settings: cleanup.policy=compact, retention.ms=-1"),
        option("client-settings", &KafkaOptions::client_settings,
               "Settings of librdkafka by its own names: socket.keepalive.enable=true, sasl.kerberos.service.name=kafka. Not those that "
               "another option sets, or that a promise rests on. Values are shown: no secrets here.")),
    queue::kQueueOptions);

}  // namespace qonduit::kafka
