#include "locked_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace qonduit::queue {
namespace {

Status file_error(const char* what, const std::string& path, int why) {
  return {why == ENOENT ? Code::not_found : Code::io, std::string("cannot ") + what + " '" + path + "': " + std::strerror(why)};
}

int flock_again(int fd, int operation) {
  while (true) {
    if (::flock(fd, operation) == 0) return 0;
    if (errno != EINTR) return errno;
  }
}

}  // namespace

Result<LockedFile> LockedFile::open(const std::string& path, int flags, Lock lock) {
  while (true) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0) return file_error("open", path, errno);
    LockedFile file(path, fd);
    const int why = flock_again(fd, lock == Lock::shared ? LOCK_SH : lock == Lock::exclusive ? LOCK_EX : LOCK_EX | LOCK_NB);
    if (why == EWOULDBLOCK) return Status(Code::unavailable, "'" + path + "' is in use by another process");
    if (why != 0) return file_error("lock", path, why);
    if (file.is_named()) return file;
  }
}

LockedFile::LockedFile(LockedFile&& other) noexcept : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

LockedFile::~LockedFile() {
  if (fd_ >= 0) ::close(fd_);
}

bool LockedFile::is_named() const {
  struct stat here {
  }, there{};
  return ::fstat(fd_, &here) == 0 && ::lstat(path_.c_str(), &there) == 0 && here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

Status LockedFile::failed(const char* what) const { return file_error(what, path_, errno); }

void LockedFile::unlock() { static_cast<void>(::flock(fd_, LOCK_UN)); }

Status LockedFile::lock() {
  if (const int why = flock_again(fd_, LOCK_EX); why != 0) return file_error("lock", path_, why);
  return is_named() ? Status() : Status(Code::inconsistent, "'" + path_ + "' was removed or replaced by something else");
}

Result<std::uint64_t> LockedFile::size() const {
  struct stat found {};
  if (::fstat(fd_, &found) != 0) return failed("read the size of");
  return static_cast<std::uint64_t>(found.st_size);
}

Result<std::string> LockedFile::read(std::uint64_t at, std::size_t most) const {
  std::string out(most, '\0');
  std::size_t have = 0;
  while (have < most) {
    const auto got = ::pread(fd_, out.data() + have, most - have, static_cast<off_t>(at + have));
    if (got == 0) break;
    if (got > 0) {
      have += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      return failed("read");
    }
  }
  out.resize(have);
  return out;
}

Status LockedFile::append(std::string_view bytes) {
  const auto before = size();
  if (!before) return before.error();
  auto at = *before;
  while (!bytes.empty()) {
    const auto written = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written >= 0) {
      at += static_cast<std::uint64_t>(written);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      auto status = failed("write");
      static_cast<void>(truncate(*before));
      return status;
    }
  }
  return {};
}

Status LockedFile::truncate(std::uint64_t size) { return ::ftruncate(fd_, static_cast<off_t>(size)) == 0 ? Status() : failed("shorten"); }

Status LockedFile::belong_as(const LockedFile& other) {
  struct stat mine {
  }, wanted{};
  if (::fstat(fd_, &mine) != 0 || ::fstat(other.fd_, &wanted) != 0) return failed("read the owner of");
  const bool same = mine.st_uid == wanted.st_uid && mine.st_gid == wanted.st_gid;
  if (!same && ::fchown(fd_, wanted.st_uid, wanted.st_gid) != 0) return failed("give to the owner of the file it replaces");
  return ::fchmod(fd_, wanted.st_mode & 07777) == 0 ? Status() : failed("set the mode of");
}

Status LockedFile::sync() { return ::fsync(fd_) == 0 ? Status() : failed("store"); }

Status sync_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const auto folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return file_error("open the folder", folder, errno);
  const int why = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  return why == 0 ? Status() : file_error("store the folder", folder, why);
}

}  // namespace qonduit::queue
