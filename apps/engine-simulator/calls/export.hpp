// ExportData: a cube's rows as CSV, within the limits the engine documents, and the temporary files clients fetch afterwards.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "cube/matrix.hpp"
#include "json.hpp"

namespace qonduit::simulator {

struct Exported {
  std::string text;
  bool truncated = false;  // more than 1,000 columns or 5,000,000 cells
};

// path: the cube's definition path; titles are taken from the layout.
[[nodiscard]] Exported export_csv(const JsonObject& layout, const std::string& path, const Matrix& matrix, char delimiter);

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
