// Every README of a plugin lists the options of the code.
#include <gtest/gtest.h>

#include <qonduit/testing/option_markdown.hpp>

#include <fstream>
#include <ostream>
#include <sstream>
#include <string>

#include "plugins/adapters/cube/cube_options.hpp"
#include "plugins/adapters/list/list_options.hpp"
#include "plugins/adapters/straight/straight_options.hpp"
#include "plugins/sinks/csv/csv_options.hpp"
#include "plugins/sinks/queue/amqp/amqp_options.hpp"
#include "plugins/sinks/queue/kafka/kafka_options.hpp"
#include "plugins/sinks/sql/odbc/odbc_options.hpp"
#include "plugins/sinks/sql/postgresql/postgresql_options.hpp"
#include "plugins/sinks/sql/sqlite/sqlite_options.hpp"
#include "tests/paths.hpp"

namespace qonduit {
namespace {

using testing::option_markdown;

struct Readme {
  std::string plugin;
  std::string folder;  // below plugins/
  std::string table;

  friend void PrintTo(const Readme& readme, std::ostream* out) { *out << readme.folder; }
};

class PluginReadme : public ::testing::TestWithParam<Readme> {};

TEST_P(PluginReadme, ListsTheOptionsOfTheCode) {
  const auto path = paths::source("plugins/" + std::string(GetParam().folder) + "/README.md");
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_NE(text.str().find(GetParam().table), std::string::npos) << "put this into " << path << ":\n" << GetParam().table;
}

INSTANTIATE_TEST_SUITE_P(Of, PluginReadme,
                         ::testing::Values(Readme{"csv", "sinks/csv", option_markdown(csv::kOptions)},
                                           Readme{"sqlite", "sinks/sql/sqlite", option_markdown(sqlite::kOptions)},
                                           Readme{"postgresql", "sinks/sql/postgresql", option_markdown(postgresql::kOptions)},
                                           Readme{"odbc", "sinks/sql/odbc", option_markdown(odbc::kOptions)},
                                           Readme{"amqp", "sinks/queue/amqp", option_markdown(amqp::kOptions)},
                                           Readme{"kafka", "sinks/queue/kafka", option_markdown(kafka::kOptions)},
                                           Readme{"table", "adapters/table", option_markdown(straight::kOptions)},
                                           Readme{"chart", "adapters/chart", option_markdown(straight::kOptions)},
                                           Readme{"list", "adapters/list", option_markdown(list::kOptions)},
                                           Readme{"cube", "adapters/cube", option_markdown(cube::kOptions)}),
                         [](const auto& given) { return given.param.plugin; });

}  // namespace
}  // namespace qonduit
