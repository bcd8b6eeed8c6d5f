#include "dead_letters.hpp"

#include <qonduit/text.hpp>

#include <fcntl.h>

#include <algorithm>
#include <filesystem>

#include "dead_letter_replay.hpp"
#include "letter_lines.hpp"
#include "locked_file.hpp"
#include "safe_name.hpp"

namespace qonduit::queue {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".jsonl";

Status no_directory() {
  return {Code::unsupported, "dead-letter-directory is not set: messages that are refused fail the run and are not kept"};
}

// What lines of versions before do not say, the name does, in its way.
void fill_from_name(const std::string& name, DeadLetterFile& file) {
  std::vector<std::string> parts{""};
  for (const char c : name.substr(0, name.size() - kEnding.size())) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  if (parts.size() != 4) return;
  for (const auto& [member, part] : {std::pair(&file.pipeline, &parts[0]), std::pair(&file.object, &parts[1]),
                                     std::pair(&file.dataset, &parts[2]), std::pair(&file.run_id, &parts[3])}) {
    if (member->empty()) *member = *part;
  }
}

Result<DeadLetterFile> describe(const std::string& path, const std::string& name) {
  auto open = LockedFile::open(path, O_RDONLY, LockedFile::Lock::shared);
  if (!open) return std::move(open).error();
  const auto size = open->size();
  if (!size) return size.error();
  open->unlock();
  DeadLetterFile file;
  file.path = path;
  LetterLines lines(*open, *size);
  while (true) {
    const auto line = lines.next();
    if (!line) return line.error();
    if (!*line) break;
    const auto read = parse_line(**line);
    const bool first = ++file.messages == 1;
    if (first && !read) file.reason = "line " + std::to_string(lines.number()) + " cannot be read: " + read.error().message();
    if (!read) continue;
    const auto& letter = read->letter;
    if (first) file.reason = letter.reason;
    if (file.pipeline.empty()) {
      file.pipeline = letter.pipeline, file.run_id = letter.run;
      file.object = letter.object, file.dataset = letter.dataset;
    }
    if (letter.time.empty()) continue;
    if (file.first.empty() || letter.time < file.first) file.first = letter.time;
    file.last = std::max(file.last, letter.time);
  }
  fill_from_name(name, file);
  return file;
}

}  // namespace

void DeadLetters::begin(const Run& run, const Destination& destination) {
  path_ = directory_ + "/" + safe_name(run.pipeline) + "." + safe_name(run.object_id) + "." + safe_name(run.part()) + "." +
          safe_name(run.run_id) + std::string(kEnding);
  delivery_ = {};
  delivery_.to = destination;
  delivery_.pipeline = run.pipeline;
  delivery_.run = run.run_id;
  delivery_.app = run.app;
  delivery_.object = run.object_id;
  delivery_.dataset = run.part();
  count_ = 0;
  written_ = false;
}

Status DeadLetters::add(const Refused& refused) {
  const auto words =
      "message " + std::string(refused.message.id) + " to " + std::string(refused.destination) + " was refused: " + refused.reason;
  if (directory_.empty()) return {Code::bad_data, words + "; set dead-letter-directory to keep such messages and go on"};
  if (count_ >= limit_)
    return {Code::bad_data, words + "; dead-letter-limit = " + std::to_string(limit_) + " are in '" + path_ + "' already"};
  auto letter = delivery_;
  letter.refuse(refused);
  letter.kind = refused.message.kind;
  letter.id = refused.message.id;
  letter.content_type = refused.message.content_type;
  letter.rows = refused.message.rows;
  if (refused.message.key) letter.key = *refused.message.key;
  letter.body = refused.message.body;
  letter.op = refused.message.op;
  letter.tombstone = refused.message.tombstone;
  std::string line;
  append_line(letter, line);
  auto status = append(line);
  if (status.ok()) ++count_, written_ = true;
  return std::move(status).within(words);
}

Status DeadLetters::append(std::string_view line) {
  const auto in_words = "dead letter file";
  auto file = LockedFile::open(path_, O_RDWR | O_CREAT, LockedFile::Lock::exclusive);
  if (!file) return std::move(file).error().within(in_words);
  const auto size = file->size();
  if (!size) return size.error().within(in_words);
  // A writer that died may have left half a line.
  const auto end = *size == 0 ? Result<std::string>("\n") : file->read(*size - 1, 1);
  if (!end) return end.error().within(in_words);
  return file->append(*end == "\n" ? std::string(line) : "\n" + std::string(line)).within(in_words);
}

Status DeadLetters::sync() {
  if (!written_) return {};
  auto file = LockedFile::open(path_, O_RDWR, LockedFile::Lock::exclusive);
  // A replay has sent what was in it.
  if (!file && file.error().code() == Code::not_found) return {};
  if (!file) return std::move(file).error().within("dead letter file");
  if (auto status = file->sync(); !status.ok()) return status;
  return sync_folder_of(path_);
}

Result<std::vector<DeadLetterFile>> DeadLetters::files() const {
  if (directory_.empty()) return no_directory();
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(directory_, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == kEnding && at->symlink_status(error).type() == fs::file_type::regular) {
      names.push_back(at->path().filename().string());
    }
  }
  if (error) {
    return Status(error == std::errc::no_such_file_or_directory ? Code::not_found : Code::io,
                  "cannot read dead-letter-directory = '" + directory_ + "': " + error.message() + "; it must exist and be readable");
  }
  std::sort(names.begin(), names.end());
  std::vector<DeadLetterFile> files;
  for (const auto& name : names) {
    auto file = describe(directory_ + "/" + name, name);
    if (!file && file.error().code() == Code::not_found) continue;  // a replay was faster
    if (!file) return std::move(file).error();
    if (file->messages > 0) files.push_back(std::move(*file));
  }
  return files;
}

Status DeadLetters::replay(std::string_view path, Publisher& publisher, std::uint64_t message_max, Replayed& replayed) const {
  replayed = {};
  if (directory_.empty()) return no_directory();
  std::error_code error;
  const fs::path file(path);
  const auto folder = fs::weakly_canonical(fs::absolute(file, error).parent_path(), error);
  if (file.extension() != kEnding || error || folder != fs::weakly_canonical(fs::absolute(directory_, error), error)) {
    return {Code::invalid_argument,
            "'" + std::string(path) + "' is no file NAME" + std::string(kEnding) + " in dead-letter-directory = '" + directory_ + "'"};
  }
  return DeadLetterReplay(publisher, message_max, replayed).run(std::string(path));
}

}  // namespace qonduit::queue
