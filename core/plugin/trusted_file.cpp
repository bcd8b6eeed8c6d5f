// The checks on a plugin's file and the folders above it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/plugin/library.hpp"

namespace qonduit::plugin {
namespace {

Status untrusted(const std::filesystem::path& path, const std::string& why) { return {Code::forbidden, "'" + path.string() + "' " + why}; }

std::string reason() { return std::strerror(errno); }

// Empty when only root and we can write it. An access control list that lets others write shows as the group's bit.
std::string distrust(const struct stat& info, bool ancestor) {
  if (info.st_uid != 0 && info.st_uid != ::geteuid()) {
    return "belongs to user " + std::to_string(info.st_uid) + ", neither root nor the user qonduit runs as; chown it";
  }
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) == 0) return {};
  // In a sticky folder nobody can replace what belongs to somebody else.
  if (ancestor && (info.st_mode & S_ISVTX) != 0 && info.st_uid == 0) return {};
  return (info.st_mode & S_IWOTH) != 0 ? "is writable by everybody; chmod go-w it" : "is writable by its group; chmod go-w it";
}

// One step of the walk. Only the folder that holds the plugin must not be sticky: whatever stands in it is a candidate.
Status check_folder(int fd, const std::filesystem::path& walked, const std::filesystem::path& holder) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return untrusted(walked, "cannot be examined: " + reason());
  if (const auto problem = distrust(info, walked != holder); !problem.empty())
    return untrusted(walked, "is a folder above a plugin and " + problem);
  return {};
}

// Walks down from the root, each step on the descriptor of the one before, so that no folder can be swapped in between.
Status check_folders(const std::filesystem::path& folder, int& folder_fd) {
  int fd = ::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  std::filesystem::path walked = "/";
  if (fd < 0) return untrusted(walked, "cannot be opened: " + reason());
  if (auto status = check_folder(fd, walked, folder); !status.ok()) return ::close(fd), status;
  for (const auto& part : folder.relative_path()) {
    if (part.empty()) continue;
    walked /= part;
    const int next = ::openat(fd, part.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    const auto why = next < 0 ? reason() : std::string();
    ::close(fd);
    if (next < 0) return untrusted(walked, "cannot be opened: " + why);
    fd = next;
    if (auto status = check_folder(fd, walked, folder); !status.ok()) return ::close(fd), status;
  }
  folder_fd = fd;
  return {};
}

}  // namespace

Result<int> open_trusted(const std::filesystem::path& file) {
  std::error_code error;
  // Symlinks among the folders are resolved first, and the folders they lead to are what is checked. The file itself must be none.
  const auto folder = std::filesystem::canonical(file.parent_path().empty() ? "." : file.parent_path(), error);
  if (error) return Status(Code::not_found, "'" + file.parent_path().string() + "' cannot be resolved: " + error.message());
  int folder_fd = -1;
  if (auto status = check_folders(folder, folder_fd); !status.ok())
    return std::move(status).within("'" + file.string() + "' is not trusted");
  const int fd = ::openat(folder_fd, file.filename().c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  const int open_error = errno;
  ::close(folder_fd);
  if (fd < 0) {
    if (open_error == ELOOP) return untrusted(file, "is a symbolic link; plugins are loaded from real files only");
    return Status(open_error == ENOENT ? Code::not_found : Code::forbidden,
                  "'" + file.string() + "' cannot be opened: " + std::strerror(open_error));
  }
  struct stat info {};
  std::string problem;
  if (::fstat(fd, &info) != 0)
    problem = "cannot be examined: " + reason();
  else if (!S_ISREG(info.st_mode))
    problem = "is not a regular file";
  else
    problem = distrust(info, false);
  if (problem.empty()) return fd;
  ::close(fd);
  return untrusted(file, problem);
}

}  // namespace qonduit::plugin
