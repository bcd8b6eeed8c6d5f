// A disk of a test's server that is full while an object of this class lives.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/paths.hpp"

namespace qonduit::sql::testing {

class FullDisk {
 public:
  explicit FullDisk(const std::filesystem::path& folder) : flag_(flag_in(folder)) { std::ofstream(flag_) << "full\n"; }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    std::error_code ignored;
    std::filesystem::remove(flag_, ignored);
  }

  // What to put in front of a server's command: its files whose path holds `part` can be kept from growing. The library is copied into
  // the server's folder: the user it runs as need not reach the build folder, and a library that is out of reach is left out in silence.
  static std::vector<std::string> preload(const std::filesystem::path& folder, const std::string& part) {
    const auto library = folder / "full_disk.so";
    if (!std::filesystem::exists(library)) {
      std::filesystem::copy_file(paths::build("plugins/sinks/sql/testing/libsql_full_disk.so"), library);
      std::filesystem::permissions(library, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
    }
    return {"/usr/bin/env", "LD_PRELOAD=" + library.string(), "QONDUIT_FULL_DISK=" + flag_in(folder).string(),
            "QONDUIT_FULL_DISK_PATH=" + part};
  }

 private:
  static std::filesystem::path flag_in(const std::filesystem::path& folder) { return folder / "disk-is-full"; }

  std::filesystem::path flag_;
};

}  // namespace qonduit::sql::testing
