#include "core/logging/log_file.hpp"

#include <fcntl.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace qonduit::logging {
namespace {

constexpr mode_t kMode = 0640;

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Under the lock of logging.cpp.
class LogFile final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  LogFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~LogFile() override { ::close(fd_); }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    const std::string_view text(line.data(), line.size());
    const bool refused_before = std::exchange(refused_, !write_all(fd_, text));
    if (!refused_) return;
    if (!refused_before)
      write_all(STDERR_FILENO, "qonduit: the log '" + path_ + "' cannot be written: " + std::strerror(errno) + "; its lines come here\n");
    write_all(STDERR_FILENO, text);
  }
  void flush_() override {}

  int fd_;
  std::string path_;
  bool refused_ = false;
};

}  // namespace

Result<std::shared_ptr<spdlog::sinks::sink>> open_log_file(const std::filesystem::path& path) {
  // Without O_NONBLOCK a pipe that nobody reads would hang the host.
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, kMode);
  if (fd < 0) {
    const auto why = errno == ENXIO    ? std::string("nobody reads this pipe")
                     : errno == ENOENT ? std::string("its folder is not there; make it, or correct logging.file")
                                       : std::string(std::strerror(errno));
    return Status(Code::io, "the log '" + path.string() + "' cannot be written: " + why);
  }
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags >= 0) ::fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
  return std::shared_ptr<spdlog::sinks::sink>(std::make_shared<LogFile>(fd, path.string()));
}

}  // namespace qonduit::logging
