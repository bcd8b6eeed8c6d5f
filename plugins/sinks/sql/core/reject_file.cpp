#include "reject_file.hpp"

#include <qonduit/json_text.hpp>
#include <qonduit/value_text.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <utility>

namespace qonduit::sql {
namespace {

std::string json_value(const ColumnView& column, std::int64_t row) {
  if (column.is_null(row)) return "null";
  switch (column.type()) {
    case Type::boolean:
    case Type::int64: return shown(column, row);
    case Type::float64: return std::isfinite(column.float64(row)) ? shown(column, row) : "\"" + shown(column, row) + "\"";
    case Type::utf8:
    case Type::date32:
    case Type::timestamp:
    case Type::duration: break;
  }
  return json_string(shown(column, row));
}

}  // namespace

Result<std::optional<std::string>> parse_reject(std::string_view option) {
  constexpr std::string_view kSkip = "skip-to ";
  if (option == "fail") return std::optional<std::string>();
  if (option.starts_with(kSkip) && option.size() > kSkip.size()) {
    auto path = option.substr(kSkip.size());
    while (!path.empty() && path.front() == ' ') path.remove_prefix(1);
    if (!path.empty()) return std::optional(std::string(path));
  }
  return Status(Code::invalid_config, "reject: is fail, or skip-to and the path of a file");
}

std::string shown(const ColumnView& column, std::int64_t row) {
  if (column.is_null(row)) return "null";
  switch (column.type()) {
    case Type::int64: return std::to_string(column.int64(row));
    case Type::timestamp:
    case Type::duration: return std::to_string(column.milliseconds(row)) + " ms";
    case Type::date32: return std::to_string(column.date32(row)) + " days";
    case Type::boolean: return column.boolean(row) ? "true" : "false";
    case Type::utf8: return std::string(column.text(row));
    case Type::float64: {
      ValueText room;
      return std::string(real_text(column.float64(row), room));
    }
  }
  return {};
}

Status RejectFile::check_folder() const {
  auto folder = std::filesystem::path(path_).parent_path();
  if (folder.empty()) folder = ".";
  const bool there = ::access(path_.c_str(), F_OK) == 0;
  if (::access(there ? path_.c_str() : folder.c_str(), there ? W_OK : W_OK | X_OK) == 0) return {};
  return {errno == ENOENT ? Code::not_found : Code::forbidden,
          "reject: '" + path_ + "' cannot be written: " + (there ? "" : "its folder: ") + std::strerror(errno)};
}

void RejectFile::begin(std::string run_id, std::string table) {
  run_id_ = std::move(run_id);
  table_ = std::move(table);
  lines_.clear();
  count_ = 0;
}

Status RejectFile::add(const BatchView& batch, std::int64_t row, std::uint64_t number, std::string_view column, std::string_view reason) {
  if (count_ >= limit_) {
    return {Code::bad_data, "more than reject-limit = " + std::to_string(limit_) + " rows were refused; row " + std::to_string(number) +
                                ": " + std::string(reason)};
  }
  ++count_;
  lines_ += "{\"run\":" + json_string(run_id_) + ",\"table\":" + json_string(table_) + ",\"row\":" + std::to_string(number) +
            ",\"column\":" + (column.empty() ? "null" : json_string(column)) + ",\"reason\":" + json_string(reason) + ",\"values\":{";
  for (std::size_t i = 0; i < batch.columns(); ++i) {
    lines_ += (i == 0 ? "" : ",") + json_string(batch.schema().fields[i].name) + ":" + json_value(batch.column(i), row);
  }
  lines_ += "}}\n";
  return {};
}

Status RejectFile::publish() {
  if (lines_.empty()) return {};
  const auto failed = [&](const char* what) {
    return Status(Code::io, std::string("cannot ") + what + " the reject file '" + path_ + "': " + std::strerror(errno));
  };
  const int fd = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (fd < 0) return failed("open");
  Status status;
  for (std::string_view rest = lines_; !rest.empty() && status.ok();) {
    const auto written = ::write(fd, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      status = failed("write");
    }
  }
  if (status.ok() && ::fsync(fd) != 0) status = failed("store");
  ::close(fd);
  lines_.clear();
  return status;
}

}  // namespace qonduit::sql
