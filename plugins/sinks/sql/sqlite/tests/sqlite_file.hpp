// A SQLite file, read by SQLite itself and not by the code under test.
#pragma once

#include <qonduit/testing/rows.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace qonduit::sqlite::testing {

using qonduit::testing::Rows;

// The rows of a query as text, reals shortest; throws with SQLite's words.
Rows query(const std::filesystem::path& file, const std::string& sql);
void execute(const std::filesystem::path& file, const std::string& sql);
// Tables and views but those of SQLite itself and the sink's records, by name.
std::vector<std::string> tables(const std::filesystem::path& file);

}  // namespace qonduit::sqlite::testing
