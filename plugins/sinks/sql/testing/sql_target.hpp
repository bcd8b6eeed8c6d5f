// What the suites for SQL sinks need of a database: how to write the options of the sink, and how to look at it by its own means.
#pragma once

#include <qonduit/testing/rows.hpp>
#include <qonduit/testing/sink_driver.hpp>

#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace qonduit::sql::testing {

using qonduit::testing::Options;
using qonduit::testing::Rows;

struct SqlTarget {
  std::string name;    // letters and digits
  std::string plugin;  // the plugin's file
  std::string sink;
  // Makes an empty place of its own for a test, and gives the options that deliver there.
  std::function<Options(const std::filesystem::path& folder)> make;
  // Runs SQL there, outside of the sink. Names are in double quotes; cells as the database's own client shows them.
  std::function<Rows(const std::filesystem::path& folder, const std::string& sql)> query;
  bool transactional_ddl = true;
  bool swaps = true;                // method = swap
  bool copies_constraints = false;  // a staging table can have those of its target
  Options long_texts;               // what texts of any length need
  std::string yes = "t";            // how a true boolean is shown
};

inline void PrintTo(const SqlTarget& target, std::ostream* out) { *out << target.name; }

}  // namespace qonduit::sql::testing
