// The lines of a dead letter file up to a given byte, one at a time: a file may be larger than memory. Empty lines are left out.
#pragma once

#include <qonduit/status.hpp>

#include <cstdint>
#include <optional>
#include <string>

#include "locked_file.hpp"

namespace qonduit::queue {

class LetterLines {
 public:
  // file: outlives this object.
  LetterLines(const LockedFile& file, std::uint64_t end) : file_(file), end_(end) {}

  // Without its line feed; none behind the last. The last may lack one: its writer died.
  Result<std::optional<std::string>> next();
  // Of the line next() gave, from 1.
  [[nodiscard]] std::uint64_t number() const { return number_; }

 private:
  const LockedFile& file_;
  std::uint64_t end_, read_ = 0, number_ = 0;
  std::string block_;
  std::size_t at_ = 0;  // in block_
};

}  // namespace qonduit::queue
