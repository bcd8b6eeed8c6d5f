// ExportData: a cube's rows as CSV or as a workbook, within the limits the engine documents, and the temporary files clients fetch
// afterwards.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "apps/app.hpp"
#include "json.hpp"

namespace qonduit::simulator {

struct ExportCell {
  std::string text;
  double number = kNaN;
};

// What is exported: a line of titles, and rows.
struct ExportTable {
  std::vector<std::string> titles;
  std::vector<char> dates;  // by column: its numbers are days or times, which only their texts show
  std::vector<std::vector<ExportCell>> rows;
  bool truncated = false;  // more than 1,000 columns or 5,000,000 cells
};

// A straight cube as its rows; a pivot with a column for each leaf on top; a stack with a column for each dimension and measure. path: the
// cube's definition path; titles are taken from the layout. Nothing of a cube of another mode.
[[nodiscard]] std::optional<ExportTable> export_table(const JsonObject& layout, const std::string& path, const Cube& cube);

[[nodiscard]] std::string to_csv(const ExportTable& table, char delimiter);
// An .xlsx of one sheet: numbers as numbers without a format, all else as texts.
[[nodiscard]] std::string to_workbook(const ExportTable& table);

// Content under /tempcontent, for the session that made it.
class Exports {
 public:
  // The URL's path.
  [[nodiscard]] std::string add(std::string content, const std::string& extension, const std::string& owner);
  [[nodiscard]] std::optional<std::string> find(const std::string& path, const std::string& owner) const;

 private:
  struct File {
    std::string content;
    std::string owner;
  };
  mutable std::mutex mutex_;
  std::map<std::string, File> files_;
};

}  // namespace qonduit::simulator
