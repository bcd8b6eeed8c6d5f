#include "apps/qonduit/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace qonduit::app {
namespace {

Status failed(const std::filesystem::path& path) { return {Code::io, "cannot write '" + path.string() + "': " + std::strerror(errno)}; }

Status is_there(const std::filesystem::path& path) {
  return {Code::already_exists, "'" + path.string() + "' is there already; name another file, or replace it with --force"};
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(fd) == 0;
}

}  // namespace

Status can_write_new_file(const std::filesystem::path& path, Existing existing) {
  std::error_code error;
  if (existing == Existing::keep && std::filesystem::exists(std::filesystem::symlink_status(path, error))) return is_there(path);
  auto temporary = path.string() + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return failed(path);
  ::close(fd);
  ::unlink(temporary.c_str());
  return {};
}

Status write_new_file(const std::filesystem::path& path, std::string_view text, Existing existing) {
  auto temporary = path.string() + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);  // mode 0600
  if (fd < 0) return failed(path);
  const bool whole = write_all(fd, text);
  Status status = whole ? Status() : failed(path);
  ::close(fd);
  if (status.ok()) {
    // A link does not replace what is there, a rename does.
    const int placed =
        existing == Existing::replace ? std::rename(temporary.c_str(), path.c_str()) : ::link(temporary.c_str(), path.c_str());
    if (placed != 0 && errno == EEXIST) {
      status = is_there(path);
    } else if (placed != 0) {
      status = failed(path);
    }
  }
  if (!status.ok() || existing == Existing::keep) ::unlink(temporary.c_str());
  return status;
}

}  // namespace qonduit::app
