#include "amqp_sink.hpp"

#include <utility>

#include "amqp_publisher.hpp"
#include "plugins/sinks/queue/core/safe_name.hpp"

namespace qonduit::amqp {

Result<std::unique_ptr<AmqpSink>> AmqpSink::create(AmqpOptions options) {
  const auto refused = [](std::string why) { return Status(Code::invalid_config, std::move(why)); };
  if (auto status = check(options); !status.ok()) return status;
  auto endpoints = parse_endpoints(options.url);
  if (!endpoints) return std::move(endpoints).error();
  auto routing_key = RunTemplate::parse("routing-key", options.routing_key);
  if (!routing_key) return std::move(routing_key).error();
  for (const auto& endpoint : *endpoints) {
    if (!endpoint.tls && !endpoint.loopback() && !options.allow_plaintext) {
      return refused("url: amqp:// to " + endpoint.name() + " is not encrypted; use amqps://, or set allow-plaintext = true");
    }
    if (options.auth == Auth::external && !endpoint.tls) return refused("auth: external needs amqps:// and a client certificate");
  }
  if (options.tls_certificate.empty() != options.tls_key.empty()) return refused("tls-certificate and tls-key: set both, or none");
  if (options.auth == Auth::external && options.tls_certificate.empty()) return refused("auth: external needs tls-certificate and tls-key");
  if (options.exchange.empty() && options.declare_exchange != ExchangeType::none)
    return refused("declare-exchange: the default exchange is there already; set exchange");
  if (!options.queue.empty() && options.declare_queue == QueueType::none) return refused("queue: names what declare-queue makes; set both");
  if (options.exchange.empty() && !options.queue.empty())
    return refused("queue: the default exchange routes to the queue whose name is the routing key; leave it out, or set exchange");
  auto publisher = std::make_unique<AmqpPublisher>(options, std::move(*endpoints));
  return std::unique_ptr<AmqpSink>(new AmqpSink(std::move(options), std::move(*routing_key), std::move(publisher)));
}

// A routing key is any text of 255 bytes.
std::string AmqpSink::broker_name(std::string_view text, Hash /*hash*/) const { return queue::cut_name(text, 255); }

}  // namespace qonduit::amqp
