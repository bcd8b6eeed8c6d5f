#include "cassette/recorded_matrix.hpp"

#include <Poco/Exception.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "engine_error.hpp"

namespace qonduit::simulator {
namespace {

// Behind the JSON value that begins at `at`. The text is valid JSON.
std::size_t skip_value(std::string_view text, std::size_t at) {
  int depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      for (++at; text[at] != '"'; ++at)
        if (text[at] == '\\') ++at;
    } else if (c == '{' || c == '[') {
      ++depth;
      continue;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at;
      --depth;
    } else if (c == ',' && depth == 0) {
      return at;
    }
    if (depth == 0 && (c == '}' || c == ']' || c == '"')) return at + 1;
  }
  return at;
}

}  // namespace

MappedFile::MappedFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw Poco::OpenFileException(path, std::strerror(errno));
  struct stat info {};
  if (::fstat(fd, &info) == 0 && info.st_size > 0) {
    void* mapped = ::mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapped != MAP_FAILED) data_ = static_cast<const char*>(mapped), size_ = static_cast<std::size_t>(info.st_size);
  }
  ::close(fd);
  if (data_ == nullptr) throw Poco::ReadFileException(path, "empty, or cannot be mapped");
}

MappedFile::~MappedFile() { ::munmap(const_cast<char*>(data_), size_); }

void RecordedMatrix::add(const Area& area, std::string_view page) {
  tallest_ = std::max(tallest_, area.height);
  if (area.height > 0 && area.width > 0) pages_.insert({area.top, Page{area, page, pages_.size(), {}}});
}

const RecordedMatrix::Page* RecordedMatrix::find(std::int64_t row, std::int64_t column) const {
  const Page* best = nullptr;
  const auto end = pages_.upper_bound(row);
  for (auto at = pages_.lower_bound(row - tallest_ + 1); at != end; ++at) {
    const auto& [area, text, order, starts] = at->second;
    const bool covers = row < area.top + area.height && column >= area.left && column < area.left + area.width;
    if (covers && (best == nullptr || order > best->order)) best = &at->second;
  }
  return best;
}

void RecordedMatrix::find_rows(const Page& page) const {
  const auto begin = page.text.find(member_);
  if (begin == std::string_view::npos) throw EngineError{-32603, member_, "a recorded page has no rows"};
  std::vector<std::uint32_t> starts;
  auto at = begin + member_.size();
  while (at < page.text.size() && page.text[at] == '[') {
    starts.push_back(static_cast<std::uint32_t>(at));
    at = skip_value(page.text, at);
    if (at < page.text.size() && page.text[at] == ',') ++at;
  }
  page.starts = std::move(starts);
}

void RecordedMatrix::append_cells(std::string& out, std::uint64_t row, std::uint32_t left, std::uint32_t width) const {
  const std::lock_guard lock(mutex_);
  const std::int64_t end = std::int64_t{left} + width;
  for (std::int64_t column = left; column < end;) {
    const auto* page = find(static_cast<std::int64_t>(row), column);
    if (page == nullptr)
      throw EngineError{-32603, "row " + std::to_string(row) + ", column " + std::to_string(column), "this page is not in the recording"};
    if (page->starts.empty()) find_rows(*page);
    const auto index = static_cast<std::size_t>(static_cast<std::int64_t>(row) - page->area.top);
    if (index >= page->starts.size())
      throw EngineError{-32603, "row " + std::to_string(row), "a recorded page has fewer rows than its area"};
    auto at = std::size_t{page->starts[index]} + 1;
    for (auto skipped = page->area.left; skipped < column; ++skipped) at = skip_value(page->text, at) + 1;
    const auto last = std::min(end, page->area.left + page->area.width);
    const auto first_cell = at;
    for (; column < last; ++column) {
      at = skip_value(page->text, at);
      if (column + 1 < last) ++at;  // the comma
    }
    out.append(page->text, first_cell, at - first_cell);
    if (column < end) out.push_back(',');
  }
}

}  // namespace qonduit::simulator
