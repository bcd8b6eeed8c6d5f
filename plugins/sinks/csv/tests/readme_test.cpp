// The README's table of options is the one in the code.
#include <gtest/gtest.h>

#include <qonduit/testing/option_markdown.hpp>

#include <fstream>
#include <sstream>

#include "plugins/sinks/csv/csv_options.hpp"

namespace {

TEST(CsvReadme, ListsTheOptionsOfTheCode) {
  std::ifstream file(CSV_README);
  std::stringstream readme;
  readme << file.rdbuf();
  const auto table = qonduit::testing::option_markdown(qonduit::csv::kOptions);
  EXPECT_NE(readme.str().find(table), std::string::npos) << "put this into " << CSV_README << ":\n" << table;
}

}  // namespace
