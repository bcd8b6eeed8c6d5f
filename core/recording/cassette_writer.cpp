#include "core/recording/cassette_writer.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace qonduit::recording {
namespace {

constexpr std::size_t kBuffer = 1 << 20;

Status system_failure(const std::string& what) {
  const int error = errno;
  const auto code = error == ENOENT ? Code::not_found : error == EACCES || error == EPERM ? Code::forbidden : Code::io;
  return {code, what + ": " + std::strerror(error)};
}

}  // namespace

Result<std::unique_ptr<CassetteWriter>> CassetteWriter::create(const std::filesystem::path& file, bool replace) {
  std::unique_ptr<CassetteWriter> writer(new CassetteWriter(file, replace));
  std::error_code ignored;
  if (!replace && std::filesystem::exists(std::filesystem::symlink_status(file, ignored))) {
    return Status(Code::already_exists, "'" + file.string() + "' is there already; name another file, or give --overwrite");
  }
  auto pattern = file.string() + ".partial-XXXXXX";
  writer->fd_ = ::mkostemp(pattern.data(), O_CLOEXEC);  // mode 0600
  if (writer->fd_ < 0) return system_failure("cannot write '" + file.string() + "'");
  writer->partial_ = pattern;
  return writer;
}

CassetteWriter::~CassetteWriter() {
  if (fd_ >= 0) ::close(fd_);
  if (!partial_.empty()) ::unlink(partial_.c_str());
}

Status CassetteWriter::line(std::string_view text) {
  if (!failed_.ok()) return failed_;
  buffer_.append(text).push_back('\n');
  ++lines_;
  return buffer_.size() < kBuffer ? Status() : flush();
}

Status CassetteWriter::flush() {
  std::string_view rest(buffer_);
  while (!rest.empty()) {
    const auto written = ::write(fd_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed_ = system_failure("cannot write '" + file_.string() + "'");
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
  return {};
}

Status CassetteWriter::finish() {
  if (!failed_.ok()) return failed_;
  if (auto status = flush(); !status.ok()) return status;
  if (::fsync(fd_) != 0) return system_failure("cannot write '" + file_.string() + "'");
  // Somebody may have made the file meanwhile.
  const unsigned flags = replace_ ? 0 : RENAME_NOREPLACE;
  if (::renameat2(AT_FDCWD, partial_.c_str(), AT_FDCWD, file_.c_str(), flags) != 0) {
    if (errno == EEXIST) return {Code::already_exists, "'" + file_.string() + "' is there already; name another file, or give --overwrite"};
    return system_failure("cannot name '" + file_.string() + "'");
  }
  partial_.clear();
  return {};
}

}  // namespace qonduit::recording
