// What is written where: the main file, conf.d/*.properties beside it in lexical order, and the command line, merged with the later one
// winning. Values are raw: references are not resolved yet.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/loader.hpp"

namespace qonduit::config {

struct Raw {
  std::string text;
  Origin origin;
  std::size_t order = 0;  // plugins get their options in the order written
};

class Sources {
 public:
  // Reads everything there is; what cannot be read or understood is in problems().
  Sources(const std::filesystem::path& main_file, const std::vector<std::string>& overrides);

  [[nodiscard]] const std::map<std::string, Raw>& values() const { return values_; }
  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }
  // The folder of the main file, absolute.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  void read_file(const std::filesystem::path& path);
  void read_folder(const std::filesystem::path& path);
  void read_override(const std::string& text);
  void set(std::string key, std::string text, Origin origin);
  void problem(Origin origin, std::string key, std::string what);

  std::filesystem::path folder_;
  std::map<std::string, Raw> values_;
  std::vector<Problem> problems_;
  std::size_t order_ = 0;
};

}  // namespace qonduit::config
