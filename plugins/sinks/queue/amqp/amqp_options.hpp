// The options of the sink, as a user sets them, and their table.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "plugins/sinks/queue/core/queue_options.hpp"

namespace qonduit::amqp {

enum class Auth : std::uint8_t { plain, external };
enum class ExchangeType : std::uint8_t { none, direct, topic, fanout, headers };
enum class QueueType : std::uint8_t { none, quorum, classic, stream };

struct AmqpOptions : queue::QueueOptions {
  std::vector<std::string> url;
  std::string user;
  std::string password;
  Auth auth = Auth::plain;
  std::string tls_ca;
  std::string tls_certificate;
  std::string tls_key;
  bool allow_plaintext = false;
  std::string exchange;
  std::string routing_key = "{title}";
  ExchangeType declare_exchange = ExchangeType::none;
  QueueType declare_queue = QueueType::none;
  std::string queue;
  std::chrono::milliseconds heartbeat{30'000};
};

inline constexpr auto kOptions = joined(
    options(
        option("url", &AmqpOptions::url,
               "amqps://host:5671/vhost, or several by commas: the next is tried when one is not there. A vhost of / is written %2f.")
            .required(),
        option("user", &AmqpOptions::user, "The user; when not set, the one in the URL, or guest."),
        option("password", &AmqpOptions::password, "Its password; when not set, guest.").secret(),
        option("auth", &AmqpOptions::auth, "plain: user and password. external: the client certificate says who it is.")
            .values<Auth>({{"plain", Auth::plain}, {"external", Auth::external}}),
        option("tls-ca", &AmqpOptions::tls_ca,
               "A PEM file with the authorities that may sign the broker's certificate; when not set, the system's. Certificate and host "
               "name are always checked."),
        option("tls-certificate", &AmqpOptions::tls_certificate, "A PEM file with the client certificate and its chain."),
        option("tls-key", &AmqpOptions::tls_key, "A PEM file with its private key, not encrypted."),
        option("allow-plaintext", &AmqpOptions::allow_plaintext,
               "amqp:// to other machines: passwords and rows can be read on the way. To this machine it always may."),
        option("exchange", &AmqpOptions::exchange, "The exchange; when not set, the default one, which routes to the queue of that name."),
        option("routing-key", &AmqpOptions::routing_key,
               "The routing key. {pipeline} {app} {sheet} {object} {title} {dataset} {run} {date} {loop} {loop:NAME} are replaced. At most "
               "255 bytes."),
        option("declare-exchange", &AmqpOptions::declare_exchange, "Make the exchange, durable, of this type; none: it is there.")
            .values<ExchangeType>({{"none", ExchangeType::none},
                                   {"direct", ExchangeType::direct},
                                   {"topic", ExchangeType::topic},
                                   {"fanout", ExchangeType::fanout},
                                   {"headers", ExchangeType::headers}}),
        option("declare-queue", &AmqpOptions::declare_queue,
               "Make the queue, durable, of this type, and bind it by the routing key where an exchange is set; none: it is there.")
            .values<QueueType>(
                {{"none", QueueType::none}, {"quorum", QueueType::quorum}, {"classic", QueueType::classic}, {"stream", QueueType::stream}}),
        option("queue", &AmqpOptions::queue, "The name of the queue that is made; when not set, the routing key."),
        option("heartbeat", &AmqpOptions::heartbeat, "How long a broker may be silent before the connection counts as lost is twice this.")
            .range(1000, 600'000)),
    queue::kQueueOptions);

}  // namespace qonduit::amqp
