#include "published_file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "made_folders.hpp"

namespace qonduit::csv {
namespace {

constexpr std::string_view kPartial = ".partial";
// Started early, write-back leaves little to wait for at the end.
constexpr std::uint64_t kWriteBack = 8u << 20;
constexpr off_t kSmall = 16 << 20;

std::string advice(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT: return "the disk is full; free space, the target is as it was";
    case EACCES:
    case EPERM: return "permission denied (does the folder belong to the user qonduit runs as?)";
    case EROFS: return "the file system is read-only";
    case ENAMETOOLONG: return "the name is too long for this file system; choose a shorter file template";
    case EISDIR: return "a folder of this name is in the way";
    case ENOTDIR: return "a file of this name is in the way of a folder";
    case ELOOP: return "a symbolic link is in the way; links are not followed below the directory";
    case EMFILE:
    case ENFILE: return "too many open files";
    default: return std::strerror(error);
  }
}

Code code_of(int error) {
  return error == EACCES || error == EPERM || error == EROFS ? Code::forbidden : error == ENAMETOOLONG ? Code::invalid_config : Code::io;
}

Status refused(const std::string& what, const std::string& path, int error) {
  return {code_of(error), "cannot " + what + " '" + path + "': " + advice(error)};
}

// The access control list of a file in a folder, put on another one, where the file has one. 0, or what went wrong. The kernel keeps it as
// an attribute, which is copied as it is.
int copy_list(int folder, const std::string& name, int to) {
  static constexpr const char* kAttribute = "system.posix_acl_access";
  const auto from = "/proc/self/fd/" + std::to_string(folder) + "/" + name;  // attributes have no call that begins at a folder
  std::vector<char> list(4096);
  auto size = ::lgetxattr(from.c_str(), kAttribute, list.data(), list.size());
  if (size < 0 && errno == ERANGE) {
    list.resize(64 << 10);  // the most an attribute can be
    size = ::lgetxattr(from.c_str(), kAttribute, list.data(), list.size());
  }
  if (size >= 0) return ::fsetxattr(to, kAttribute, list.data(), static_cast<std::size_t>(size), 0) == 0 ? 0 : errno;
  if (errno != ENODATA && errno != EOPNOTSUPP) return errno;
  // A folder may hand down a list that the file before did not have.
  if (errno == ENODATA) static_cast<void>(::fremovexattr(to, kAttribute));
  return 0;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

std::string folder_around(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? "." : std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

Status already_there(const std::string& path) { return {Code::already_exists, "'" + path + "' exists already (on-exists = fail)"}; }

Result<TargetFolder> TargetFolder::open(const std::string& base, const std::vector<std::string>& parts, unsigned mode) {
  return open(base, parts, std::optional(mode));
}

Result<TargetFolder> TargetFolder::find(const std::string& base, const std::vector<std::string>& parts) {
  return open(base, parts, std::nullopt);
}

Result<TargetFolder> TargetFolder::open(const std::string& base, const std::vector<std::string>& parts, std::optional<unsigned> make) {
  TargetFolder target;
  const int not_made = make ? MadeFolders::enter(AT_FDCWD, base, *make, base) : ENOENT;
  if (not_made == 0 || not_made == EEXIST) target.entered_.push_back({"", base});
  const auto within = folder_around(base);
  const bool could = make && not_made == ENOENT && ::access(within.c_str(), F_OK) == 0;
  if (could && ::access(base.c_str(), F_OK) != 0)
    return Status(Code::forbidden, "cannot create the directory '" + base + "': the folder it would be in takes no new ones (" +
                                       std::strerror(not_made) + "); correct directory");
  if (make && not_made == ENOENT && !could)
    return Status(Code::not_found,
                  "neither the directory '" + base + "' nor the folder it would be in exists; create it, or correct directory");
  target.base_ = Descriptor(::open(base.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!target.base_ && errno == ENOENT && !make) return Status(Code::not_found, "there is no directory '" + base + "'");
  if (!target.base_ && errno == ENOENT) return refused("create the directory", base, not_made);
  if (!target.base_) return refused("open the directory", base, errno);
  target.path_ = base;
  target.folder_ = Descriptor(::fcntl(target.base_.get(), F_DUPFD_CLOEXEC, 0));
  for (const auto& part : parts) {
    if (auto status = target.step_into(part, make); !status.ok()) return status;
  }
  return target;
}

// Each step on the descriptor of the one before, and never through a link: that keeps every file below the base.
Status TargetFolder::step_into(const std::string& part, std::optional<unsigned> make) {
  path_ += "/" + part;
  below_ += (below_.empty() ? "" : "/") + part;
  if (make) {
    const int error = MadeFolders::enter(folder_.get(), part, *make, path_);
    if (error != 0 && error != EEXIST) return refused("create the folder", path_, error);
    entered_.push_back({below_, path_});
  }
  Descriptor next(::openat(folder_.get(), part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!next && errno == ENOENT && !make) return {Code::not_found, "there is no folder '" + path_ + "'"};
  if (!next) return refused("open the folder", path_, errno);
  folder_ = std::move(next);
  return {};
}

TargetFolder& TargetFolder::operator=(TargetFolder&& other) noexcept {
  if (this == &other) return *this;
  remove_made();
  base_ = std::move(other.base_), folder_ = std::move(other.folder_);
  path_ = std::move(other.path_), below_ = std::move(other.below_);
  entered_ = std::exchange(other.entered_, {});
  return *this;
}

void TargetFolder::leave(bool kept) noexcept {
  for (auto step = entered_.rbegin(); step != entered_.rend(); ++step) {
    if (step->name.empty())
      MadeFolders::leave(AT_FDCWD, step->path, step->path, kept);
    else
      MadeFolders::leave(base_.get(), step->name, step->path, kept);
  }
  entered_.clear();
}

Status TargetFolder::sync() const { return ::fsync(folder_.get()) == 0 ? Status() : refused("make durable the names in", path_, errno); }

Status PublishedFile::failed(const std::string& what, int error) const { return refused(what, path(), error); }

Result<PublishedFile> PublishedFile::create(int folder, const std::string& folder_path, const std::string& name, std::string_view run_id) {
  PublishedFile file;
  file.folder_ = folder;
  file.folder_path_ = folder_path;
  file.name_ = name;
  const auto prefix = "." + name + ".";
  file.partial_ = prefix + std::string(run_id) + std::string(kPartial);

  // A live writer holds a lock on its partial file; one without a lock was left by a crash.
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), ::closedir);
  while (listing != nullptr) {
    const auto* entry = ::readdir(listing.get());
    if (entry == nullptr) break;
    const std::string_view found(entry->d_name);
    if (!found.starts_with(prefix) || !found.ends_with(kPartial)) continue;
    const Descriptor stale(::openat(folder, entry->d_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (stale && ::flock(stale.get(), LOCK_EX | LOCK_NB) != 0) continue;
    ::unlinkat(folder, entry->d_name, 0);
  }

  file.file_ = Descriptor(::openat(folder, file.partial_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640));
  if (!file.file_ && errno == EEXIST)
    return Status(Code::invalid_config, "another sink of this run delivers into '" + file.path() + "': give each a file of its own");
  if (!file.file_) return file.failed("write", errno);
  if (::flock(file.file_.get(), LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    file.remove();
    return file.failed("lock", error);
  }
  return file;
}

Status PublishedFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto done = ::write(file_.get(), bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return failed("write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(done));
    written_ += static_cast<std::uint64_t>(done);
  }
  if (written_ - flushed_ >= kWriteBack) {
    // A hint; whether it is durable is fsync's business.
    ::sync_file_range(file_.get(), static_cast<off64_t>(flushed_), static_cast<off64_t>(written_ - flushed_), SYNC_FILE_RANGE_WRITE);
    flushed_ = written_;
  }
  return {};
}

Status PublishedFile::take_rights(std::optional<unsigned> mode, std::string& note) {
  const auto add = [&](const std::string& what, int error) {
    note += (note.empty() ? "" : "; ") + ("'" + path() + "' does not keep " + what + ": " + std::strerror(error));
  };
  struct stat old {};
  if (::fstatat(folder_, name_.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(old.st_mode)) {
    struct stat own {};
    if (::fstat(file_.get(), &own) != 0) return failed("look at", errno);
    // Before the mode: a file that changes hands may lose bits of it.
    const bool other_group = own.st_gid != old.st_gid && ::fchown(file_.get(), static_cast<uid_t>(-1), old.st_gid) != 0;
    if (other_group) add("its group " + std::to_string(old.st_gid) + ", and what that group may do (is the user of qonduit in it?)", errno);
    if (const int error = copy_list(folder_, name_, file_.get()); error != 0) add("its access control list", error);
    // What one group may do is not for another, unless everybody may.
    if (!mode) mode = old.st_mode & (other_group ? 0707U | ((old.st_mode & 0007U) << 3U) : 0777U);
  }
  return !mode || ::fchmod(file_.get(), *mode) == 0 ? Status() : failed("set the mode of", errno);
}

Status PublishedFile::sync() {
  if (::fsync(file_.get()) == 0) return {};
  const int error = errno;
  remove();
  return failed("make durable", error);
}

Status PublishedFile::publish(bool replace) {
  int result = ::renameat2(folder_, partial_.c_str(), folder_, name_.c_str(), replace ? 0 : RENAME_NOREPLACE);
  if (result != 0 && errno == EINVAL && !replace) {
    // A file system that cannot refuse by itself. Between the look and the rename somebody else's file may come.
    struct stat target {};
    errno = EEXIST;
    if (::fstatat(folder_, name_.c_str(), &target, AT_SYMLINK_NOFOLLOW) != 0)
      result = ::renameat(folder_, partial_.c_str(), folder_, name_.c_str());
  }
  if (result == 0) {
    partial_.clear();
    return {};
  }
  const int error = errno;
  remove();
  if (error == EEXIST) return already_there(path());
  return failed("publish", error);
}

void PublishedFile::remove() noexcept {
  if (!partial_.empty()) ::unlinkat(folder_, partial_.c_str(), 0);
  partial_.clear();
  file_ = Descriptor();
}

Result<std::string> read_small_file(int folder, const std::string& name) {
  const Descriptor file(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file) return Status(errno == ENOENT ? Code::not_found : Code::io, "cannot read '" + name + "': " + std::strerror(errno));
  struct stat info {};
  if (::fstat(file.get(), &info) != 0 || info.st_size > kSmall)
    return Status(Code::bad_data, "'" + name + "' is not the manifest it should be");
  std::string text;
  char buffer[4096];
  ssize_t got = 0;
  while ((got = ::read(file.get(), buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<std::size_t>(got));
  if (got < 0) return Status(Code::io, "cannot read '" + name + "': " + std::strerror(errno));
  return text;
}

}  // namespace qonduit::csv
