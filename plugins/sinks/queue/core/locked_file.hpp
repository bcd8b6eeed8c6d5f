// A file that one process at a time changes: open, and locked with flock, which the kernel gives back when the process ends. Whoever
// replaces the file by another of its name holds the lock of the one that is replaced; who waited for it opens the new one. One thread.
#pragma once

#include <qonduit/status.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace qonduit::queue {

class LockedFile {
 public:
  // shared: to read; at_once: to change, where nobody has it.
  enum class Lock : std::uint8_t { shared, exclusive, at_once };

  // flags: of open(2); a symbolic link is not followed. not_found when there is no such file; unavailable when it is locked and the caller
  // does not wait.
  static Result<LockedFile> open(const std::string& path, int flags, Lock lock);
  LockedFile(LockedFile&& other) noexcept;
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;
  ~LockedFile();

  void unlock();
  // Again, to change it; inconsistent when the file of this name is another by now.
  Status lock();

  [[nodiscard]] Result<std::uint64_t> size() const;
  // Up to `most` bytes from `at`; fewer at the end of the file only.
  [[nodiscard]] Result<std::string> read(std::uint64_t at, std::size_t most) const;
  // Behind its end. What a write that failed has left is taken back.
  Status append(std::string_view bytes);
  Status truncate(std::uint64_t size);
  // Owner, group and mode of the other: who could change that one can change this one.
  Status belong_as(const LockedFile& other);
  Status sync();

 private:
  LockedFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  [[nodiscard]] bool is_named() const;
  [[nodiscard]] Status failed(const char* what) const;

  std::string path_;
  int fd_;
};

// What was created, renamed or removed in the folder of this file is durable.
Status sync_folder_of(const std::string& path);

}  // namespace qonduit::queue
