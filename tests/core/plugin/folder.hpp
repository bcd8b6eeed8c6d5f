// A folder for the length of a test, with copies of broken plugins whose modes a test may spoil.
#pragma once

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/paths.hpp"

namespace qonduit::plugin {

// A folder nobody else can write, with copies of the libraries asked for.
class Folder {
 public:
  explicit Folder(const std::vector<std::string>& names) {
    std::string pattern = (std::filesystem::temp_directory_path() / "qonduit-plugins-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
    for (const auto& name : names) add(name);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path add(const std::string& name, mode_t mode = 0755) {
    const auto target = path_ / (name + ".so");
    std::filesystem::copy_file(paths::build("tests/abi/broken_plugins/made/" + name + ".so"), target,
                               std::filesystem::copy_options::overwrite_existing);
    ::chmod(target.c_str(), mode);
    return target;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace qonduit::plugin
