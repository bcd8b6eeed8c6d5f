// A file that appears whole or not at all: lines go into a file of its own beside it, which takes the name at the end. Readable by its
// owner only. Used by one thread at a time. Ends without a trace when finish() was not called.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "qonduit/status.hpp"

namespace qonduit::recording {

class CassetteWriter {
 public:
  // already_exists when the file is there and may not be replaced; not_found when the folder is not.
  static Result<std::unique_ptr<CassetteWriter>> create(const std::filesystem::path& file, bool replace);
  CassetteWriter(const CassetteWriter&) = delete;
  CassetteWriter& operator=(const CassetteWriter&) = delete;
  ~CassetteWriter();

  // The text and a line end. After a failure every further call fails the same.
  Status line(std::string_view text);
  [[nodiscard]] std::uint64_t lines() const noexcept { return lines_; }
  // Durable, and under its name.
  Status finish();

 private:
  CassetteWriter(std::filesystem::path file, bool replace) : file_(std::move(file)), replace_(replace) {}
  Status flush();

  std::filesystem::path file_, partial_;
  bool replace_;
  int fd_ = -1;
  std::string buffer_;
  std::uint64_t lines_ = 0;
  Status failed_;
};

}  // namespace qonduit::recording
