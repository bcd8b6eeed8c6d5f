#include "kafka_sink.hpp"

#include <qonduit/options.hpp>
#include <qonduit/text.hpp>

#include <algorithm>
#include <utility>

#include "client_settings.hpp"
#include "kafka_publisher.hpp"
#include "plugins/sinks/queue/core/safe_name.hpp"

namespace qonduit::kafka {
namespace {

bool may_be_in_a_topic(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool loopback(std::string_view server) {
  const auto host = server.starts_with('[') ? server.substr(1, server.find(']') - 1) : server.substr(0, server.rfind(':'));
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace

Result<std::unique_ptr<KafkaSink>> KafkaSink::create(KafkaOptions options) {
  const auto refused = [](std::string why) { return Status(Code::invalid_config, std::move(why)); };
  if (auto status = check(options); !status.ok()) return status;
  const auto& servers = options.bootstrap_servers;
  if (servers.empty()) return refused("bootstrap-servers: names no broker");
  for (const auto& server : servers) {
    if (server.find("://") != std::string::npos || server.find('@') != std::string::npos)
      return refused("bootstrap-servers: '" + server + "' is no host:port; user and password are options of their own");
    if (!options.tls && !options.allow_plaintext && !loopback(server))
      return refused("tls: false to " + server + " is not encrypted; leave it true, or set allow-plaintext = true");
  }
  auto topic = RunTemplate::parse("topic", options.topic);
  if (!topic) return std::move(topic).error();
  if (options.tls_certificate.empty() != options.tls_key.empty()) return refused("tls-certificate and tls-key: set both, or none");
  if (!options.tls && !(options.tls_ca + options.tls_certificate).empty())
    return refused("tls: false, but tls-ca or tls-certificate is set");
  const bool password = options.sasl == Sasl::plain || options.sasl == Sasl::scram_sha_256 || options.sasl == Sasl::scram_sha_512;
  if (password && (options.user.empty() || options.password.empty())) return refused("sasl: this mechanism needs user and password");
  if (options.sasl == Sasl::none && !(options.user + options.password).empty())
    return refused("user and password: are for sasl = plain or scram; set sasl");
  const bool transactional = options.delivery == Guarantee::transactional;
  if (transactional && !options.dead_letter_directory.empty())
    return refused("dead-letter-directory: a transaction without one of its messages is not committed; use delivery = at-least-once");
  if (transactional && options.transactional_id.empty()) return refused("transactional-id: is empty; delivery = transactional needs one");
  if (!transactional && options.atomic == Atomic::run) return refused("atomic: run needs delivery = transactional");
  if (options.atomic == Atomic::run && options.mode == queue::Mode::changes)
    return refused("atomic: run does not go with mode = changes, whose state moves with each dataset");
  if (!options.create_topic && !options.topic_settings.empty())
    return refused("topic-settings: are for a topic that create-topic makes; set it");
  if (auto settings = parse_settings("topic-settings", options.topic_settings); !settings) return std::move(settings).error();
  // What librdkafka does not take is told now.
  if (auto configuration = client_configuration(options, transactional ? options.transactional_id : ""); !configuration)
    return std::move(configuration).error();
  auto publisher = std::make_unique<KafkaPublisher>(options);
  return std::unique_ptr<KafkaSink>(new KafkaSink(std::move(options), std::move(*topic), std::move(publisher)));
}

// Letters, digits, '.', '_' and '-' are all that a topic's name may have. Other ASCII characters become '-'. Letters of other alphabets
// would leave nothing to tell names apart: they are left out, and the name ends in its hash.
std::string KafkaSink::broker_name(std::string_view text, Hash hash) const {
  constexpr std::size_t kLongest = 249;
  std::string topic;
  bool spoilt = hash == Hash::always;
  for (const char c : text) {
    const bool ascii = static_cast<unsigned char>(c) < 0x80;
    spoilt = spoilt || !ascii;
    if (ascii) topic += may_be_in_a_topic(c) ? c : '-';
  }
  const bool words = topic.find_first_not_of(".-_") != std::string::npos;
  if (words && !spoilt) return queue::cut_name(topic, kLongest);
  const auto digits = short_hash(text).substr(0, 8);
  if (!words) return "topic-" + digits;
  const auto begin = topic.find_first_not_of("-_."), end = topic.find_last_not_of("-_.") + 1;
  return queue::cut_name(topic.substr(begin, end - begin), kLongest - 9) + "-" + digits;
}

// Of 'c.d' and 'c_d' one must be called otherwise, whichever comes first: the one with the dot, which separates the parts of a name.
bool KafkaSink::holds(std::string_view value) const {
  return std::all_of(value.begin(), value.end(), [](char c) { return c != '.' && may_be_in_a_topic(c); });
}

// Kafka takes '.' and '_' for one where it names its metrics, and refuses to make both topics.
std::string KafkaSink::compared(std::string_view name) const {
  std::string one(name);
  std::replace(one.begin(), one.end(), '.', '_');
  return QueueSink::compared(one);
}

}  // namespace qonduit::kafka
