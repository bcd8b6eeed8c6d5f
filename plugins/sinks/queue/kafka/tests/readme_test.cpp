// The README's table of options is the one in the code.
#include <gtest/gtest.h>

#include <qonduit/testing/option_markdown.hpp>

#include <fstream>
#include <sstream>

#include "plugins/sinks/queue/kafka/kafka_options.hpp"

namespace {

TEST(KafkaReadme, ListsTheOptionsOfTheCode) {
  std::stringstream readme;
  readme << std::ifstream(SINK_README).rdbuf();
  const auto table = qonduit::testing::option_markdown(qonduit::kafka::kOptions);
  EXPECT_NE(readme.str().find(table), std::string::npos) << "put this into " << SINK_README << ":\n" << table;
}

}  // namespace
