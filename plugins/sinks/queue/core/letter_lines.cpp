#include "letter_lines.hpp"

#include <algorithm>
#include <utility>

namespace qonduit::queue {
namespace {

constexpr std::uint64_t kBlock = 1 << 20;

}  // namespace

Result<std::optional<std::string>> LetterLines::next() {
  std::string line;
  while (true) {
    if (at_ == block_.size()) {
      if (read_ == end_) break;
      auto block = file_.read(read_, static_cast<std::size_t>(std::min(kBlock, end_ - read_)));
      if (!block) return std::move(block).error();
      if (block->empty()) return Status(Code::inconsistent, "the file was shortened by something else while it was read");
      block_ = std::move(*block);
      read_ += block_.size();
      at_ = 0;
    }
    const auto feed = block_.find('\n', at_);
    line.append(block_, at_, feed == std::string::npos ? feed : feed - at_);
    at_ = feed == std::string::npos ? block_.size() : feed + 1;
    if (feed == std::string::npos) continue;
    ++number_;
    if (!line.empty()) return std::optional(std::move(line));
  }
  if (line.empty()) return std::optional<std::string>();
  ++number_;
  return std::optional(std::move(line));
}

}  // namespace qonduit::queue
