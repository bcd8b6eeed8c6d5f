#include "dead_letters.hpp"

#include <qonduit/text.hpp>

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "json.hpp"
#include "safe_name.hpp"

namespace qonduit::queue {
namespace {

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

void append_bytes(const std::string& name, std::string_view value, std::string& out) {
  if (is_utf8(value)) return append_json_member(name, value, out);
  append_json_member(name + "_base64", base64(value), out);
}

}  // namespace

void DeadLetters::begin(const Run& run, const Headers& headers) {
  path_ = directory_ + "/" + safe_name(run.pipeline) + "." + safe_name(run.object_id) + "." + safe_name(run.dataset) + "." +
          safe_name(run.run_id) + ".jsonl";
  context_ = "\"headers\":{";
  for (const auto& [name, value] : headers) append_json_member(name, value, context_);
  context_ += '}';
  count_ = 0;
  written_ = false;
}

Status DeadLetters::add(const Refused& refused) {
  const auto words =
      "message " + std::string(refused.message.id) + " to " + std::string(refused.destination) + " was refused: " + refused.reason;
  if (directory_.empty()) return {Code::bad_data, words + "; set dead-letter-directory to keep such messages and go on"};
  if (count_ >= limit_)
    return {Code::bad_data, words + "; dead-letter-limit = " + std::to_string(limit_) + " are in '" + path_ + "' already"};
  std::string line = "{";
  append_json_member("reason", refused.reason, line);
  append_json_member("destination", refused.destination, line);
  append_json_member("kind", to_string(refused.message.kind), line);
  append_json_member("id", refused.message.id, line);
  append_json_member("content_type", refused.message.content_type, line);
  line += ",\"rows\":" + std::to_string(refused.message.rows) + "," + context_;
  if (refused.message.key) append_bytes("key", *refused.message.key, line);
  append_bytes("body", refused.message.body, line);
  line += "}\n";
  auto status = append(line);
  if (status.ok()) ++count_, written_ = true;
  return std::move(status).within(words);
}

Status DeadLetters::append(std::string_view line) {
  const auto failed = [&](const char* what) {
    return Status(Code::io, std::string("cannot ") + what + " the dead letter file '" + path_ + "': " + std::strerror(errno));
  };
  const int fd = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (fd < 0) return failed("open");
  Status status;
  while (!line.empty() && status.ok()) {
    const auto written = ::write(fd, line.data(), line.size());
    if (written >= 0) {
      line.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      status = failed("write");
    }
  }
  ::close(fd);
  return status;
}

Status DeadLetters::sync() {
  if (!written_) return {};
  const int fd = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  const bool stored = fd >= 0 && ::fsync(fd) == 0;
  const auto why = errno;
  if (fd >= 0) ::close(fd);
  if (stored) return {};
  return {Code::io, "cannot store the dead letter file '" + path_ + "': " + std::strerror(why)};
}

}  // namespace qonduit::queue
