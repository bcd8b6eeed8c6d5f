// What librdkafka is told, made from the options. No I/O.
#pragma once

#include <librdkafka/rdkafka.h>
#include <qonduit/status.hpp>

#include <map>
#include <memory>
#include <string>

#include "kafka_options.hpp"

namespace qonduit::kafka {

struct ConfigurationDeleter {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using Configuration = std::unique_ptr<rd_kafka_conf_t, ConfigurationDeleter>;

// "a=1, b=2"; invalid_config, in the name of the option, for what is none.
Result<std::map<std::string, std::string>> parse_settings(std::string_view option, const std::vector<std::string>& items);

// Of a producer. transactional_id: empty: it has no transactions. invalid_config for what librdkafka does not take, in its words.
Result<Configuration> client_configuration(const KafkaOptions& options, const std::string& transactional_id);

}  // namespace qonduit::kafka
