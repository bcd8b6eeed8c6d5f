#include "dead_letter_replay.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace qonduit::queue {
namespace {

constexpr std::size_t kMostEntries = 1000, kMostBytes = 16 << 20;
constexpr std::uint64_t kCopied = 1 << 20;

}  // namespace

// The file for what stays, locked; gone at the end unless it took the place of the other.
class DeadLetterReplay::Rest {
 public:
  explicit Rest(std::string path, LockedFile file) : path_(std::move(path)), file_(std::move(file)) {}
  Rest(const Rest&) = delete;
  Rest& operator=(const Rest&) = delete;
  ~Rest() {
    if (!placed_) static_cast<void>(::unlink(path_.c_str()));
  }

  LockedFile& file() { return file_; }
  // In place of this file; where nothing stays, there is none.
  Status place(const std::string& path) {
    const auto size = file_.size();
    if (!size) return size.error();
    if (*size > 0) {
      if (auto status = file_.sync(); !status.ok()) return status;
      placed_ = std::rename(path_.c_str(), path.c_str()) == 0;
    }
    const bool done = *size > 0 ? placed_ : ::unlink(path.c_str()) == 0;
    if (!done) return {Code::io, "cannot replace '" + path + "': " + std::strerror(errno)};
    return sync_folder_of(path);
  }

 private:
  std::string path_;
  LockedFile file_;
  bool placed_ = false;
};

Status DeadLetterReplay::run(const std::string& path) {
  replayed_ = {};
  const auto rest_path = path + ".replay";
  auto opened = LockedFile::open(rest_path, O_RDWR | O_CREAT, LockedFile::Lock::at_once);
  if (!opened && opened.error().code() == Code::unavailable)
    return {Code::unavailable, "another replay of '" + path + "' is under way; wait until it has ended"};
  if (!opened) return std::move(opened).error();
  Rest rest(rest_path, std::move(*opened));
  auto file = LockedFile::open(path, O_RDWR, LockedFile::Lock::exclusive);
  if (!file) return std::move(file).error();
  const auto end = file->size();
  if (!end) return end.error();
  // A delivery may add lines while the broker is waited for.
  file->unlock();
  auto status = rest.file().truncate(0);
  if (status.ok()) status = rest.file().belong_as(*file);
  if (!status.ok()) return status;

  LetterLines lines(*file, *end);
  Status sent;
  status = send_all(lines, rest.file(), sent);
  if (status.ok() && changed_) status = replace(path, *file, *end, rest);
  if (!status.ok()) {
    publisher_.drop();
    return std::move(status).within(std::to_string(replayed_.sent) +
                                    " messages were sent and are in the file still; another replay sends them again under the same ids");
  }
  return sent.ok() ? unsendable_ : sent;
}

Status DeadLetterReplay::send_all(LetterLines& lines, LockedFile& rest, Status& sent) {
  for (bool more = true; more;) {
    auto line = lines.next();
    if (!line) return std::move(line).error();
    more = line->has_value();
    if (more) {
      bytes_ += (*line)->size();
      auto& entry = entries_.emplace_back();
      entry.line = std::move(**line);
      if (sent.ok()) sent = send(entry, lines.number());
    }
    if (more && entries_.size() < kMostEntries && bytes_ < kMostBytes) continue;
    if (sent.ok()) sent = confirm();
    if (!sent.ok()) publisher_.drop();
    if (auto status = keep(rest); !status.ok()) return status;
  }
  return {};
}

Status DeadLetterReplay::send(Entry& entry, std::uint64_t number) {
  auto read = parse_line(entry.line);
  if (!read) return cannot_send(number, read.error().message()), Status();
  if (!read->missing.empty()) {
    cannot_send(number, "it lacks " + read->missing + ", which lines of versions before do not have; add it, or remove the line");
    return {};
  }
  entry.letter = std::move(read->letter);
  if (opened_ != entry.letter.to) {
    if (auto status = confirm(); !status.ok()) return status;
    opened_.reset();
    auto status = publisher_.open(entry.letter.to, [this](const Refused& refused) {
      const auto found = std::find_if(entries_.begin(), entries_.end(),
                                      [&](const Entry& sent) { return sent.state == State::sent && sent.letter.id == refused.message.id; });
      if (found != entries_.end()) refuse_again(*found, refused);
      return Status();
    });
    if (!status.ok()) return status;
    opened_ = entry.letter.to;
  }
  const auto message = entry.letter.message();
  if (message.body.size() > message_max_) {
    refuse_again(entry, {message, publisher_.target(),
                         "its body of " + std::to_string(message.body.size()) +
                             " bytes is larger than message-max = " + std::to_string(message_max_)});
    return {};
  }
  entry.state = State::sent;
  return publisher_.publish(message);
}

Status DeadLetterReplay::confirm() {
  if (!opened_) return {};
  if (auto status = publisher_.flush(); !status.ok()) return status;
  for (auto& entry : entries_) {
    if (entry.state != State::sent) continue;
    entry.state = State::confirmed;
    ++replayed_.sent;
    changed_ = true;
  }
  return {};
}

void DeadLetterReplay::refuse_again(Entry& entry, const Refused& refused) {
  entry.letter.refuse(refused);
  entry.line.clear();
  append_line(entry.letter, entry.line);
  entry.line.pop_back();
  entry.state = State::kept;
  changed_ = true;
}

Status DeadLetterReplay::keep(LockedFile& rest) {
  for (auto& entry : entries_) {
    if (entry.state == State::confirmed) continue;
    entry.line += '\n';
    if (auto status = rest.append(entry.line); !status.ok()) return status;
    ++replayed_.stayed;
  }
  entries_.clear();
  bytes_ = 0;
  return {};
}

Status DeadLetterReplay::replace(const std::string& path, LockedFile& file, std::uint64_t end, Rest& rest) {
  if (auto status = file.lock(); !status.ok()) return status;
  while (true) {
    const auto added = file.read(end, kCopied);
    if (!added) return added.error();
    if (added->empty()) break;
    if (auto status = rest.file().append(*added); !status.ok()) return status;
    end += added->size();
  }
  return rest.place(path);
}

void DeadLetterReplay::cannot_send(std::uint64_t number, const std::string& why) {
  if (unsendable_.ok()) unsendable_ = {Code::bad_data, "line " + std::to_string(number) + " cannot be sent: " + why};
}

}  // namespace qonduit::queue
