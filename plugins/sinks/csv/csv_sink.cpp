#include "csv_sink.hpp"

#include <qonduit/log.hpp>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "plugins/sinks/names/folded_name.hpp"

namespace qonduit::csv {
namespace {

constexpr std::size_t kBuffer = 512 << 10;
// Rows encoded before the buffer is looked at: short enough that it hardly grows past its size.
constexpr std::int64_t kStride = 256;

// Where everything may be written by its rights, and nothing can be made.
constexpr const char* kKernelFiles = "its file system shows what the kernel knows, and nothing can be made there";

bool is_there(const std::string& path) {
  struct stat file {};
  return ::lstat(path.c_str(), &file) == 0;
}

bool is_folder(const std::string& path) {
  struct stat file {};
  return ::lstat(path.c_str(), &file) == 0 && S_ISDIR(file.st_mode);
}

bool shows_the_kernel(const std::string& folder) {
  struct statfs system {};
  return ::statfs(folder.c_str(), &system) == 0 && (system.f_type == PROC_SUPER_MAGIC || system.f_type == SYSFS_MAGIC);
}

// What formats and words are wrong with, all of it.
std::string problems_of(const CsvOptions& options) {
  std::string problems;
  const auto wrong = [&](const std::string& why) { problems += (problems.empty() ? "" : "; ") + why; };
  struct Format {
    const char* option;
    const std::string& pattern;
    TimeKind kind;
  };
  for (const auto& format : {Format{"date-format", options.date_format, TimeKind::date},
                             Format{"timestamp-format", options.timestamp_format, TimeKind::timestamp},
                             Format{"time-format", options.time_format, TimeKind::time}}) {
    if (auto problem = TimeFormat::problem(format.pattern, format.kind); !problem.empty())
      wrong(std::string(format.option) + " = " + problem);
  }
  if (options.delimiter == '"' || options.delimiter == '\n' || options.delimiter == '\r') {
    wrong("delimiter: a quote or a line end cannot separate fields");
  } else if (std::isalnum(static_cast<unsigned char>(options.delimiter)) != 0 ||
             std::string_view("+-.:").find(options.delimiter) != std::string_view::npos) {
    // It could stand inside a number or a date, which are not quoted.
    wrong(std::string("delimiter: '") + options.delimiter + "' is part of numbers, dates or words; use , ; | or \\t");
  }
  if (options.decimal != '.' && options.decimal != ',') wrong("decimal: is . or ,");
  if (!options.null.empty() && std::isdigit(static_cast<unsigned char>(options.null.back())) != 0)
    wrong("null: '" + options.null + "' ends like a number; a null must not look like one");
  if (options.null.find_first_of(std::string("\"\r\n") + options.delimiter) != std::string::npos)
    wrong("null: is never quoted, so it must not hold a quote, a line end or the delimiter");
  if (options.true_text == options.false_text)
    wrong("true, false: both are written as '" + options.true_text + "', and nobody can tell them apart");
  for (const auto& [option, text] :
       {std::pair<const char*, const std::string&>{"true", options.true_text}, {"false", options.false_text}}) {
    if (text == options.null) wrong(std::string(option) + ": is written as '" + text + "', as a null is; set null to another text");
  }
  if (!options.nan.empty() && std::isdigit(static_cast<unsigned char>(options.nan.back())) != 0)
    wrong("nan: '" + options.nan + "' ends like a number; what is none must not look like one");
  if (options.compression_level && options.compression != Compression::gzip) wrong("compression-level: is for compression = gzip");
  return problems;
}

}  // namespace

Result<std::unique_ptr<CsvSink>> CsvSink::create(CsvOptions options) {
  while (options.directory.size() > 1 && options.directory.ends_with('/')) options.directory.pop_back();
  std::string problems = problems_of(options);
  const auto wrong = [&](const std::string& why) { problems += (problems.empty() ? "" : "; ") + why; };
  auto file = parse_file_template(options.file);
  if (!file) wrong(file.error().message());
  std::string extension(extension_of(options.file));
  const bool packed = extension.size() > 4;
  if (packed && options.compression == Compression::none)
    wrong("file: ends with " + extension + ", and compression is none: set compression = gzip, or leave .gz out");
  if (extension.empty()) extension = ".csv";
  if (!packed && options.compression == Compression::gzip) extension += ".gz";
  std::optional<unsigned> mode;
  if (!options.file_mode.empty()) {
    unsigned bits = 0;
    const auto* end = options.file_mode.data() + options.file_mode.size();
    const auto [at, error] = std::from_chars(options.file_mode.data(), end, bits, 8);
    if (error != std::errc() || at != end || bits > 0777 || (bits & 0600) != 0600)
      wrong("file-mode: '" + options.file_mode + "' is no mode that lets the owner read and write; write 640 or 644");
    mode = bits;
  }
  if (!problems.empty()) return Status(Code::invalid_config, problems);
  return std::unique_ptr<CsvSink>(new CsvSink(std::move(options), std::move(*file), std::move(extension), mode));
}

Status CsvSink::probe() {
  const auto& directory = options_.directory;
  const Descriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const auto cannot = [&](Code code, const std::string& what, const std::string& why) {
    return Status(code, "the directory '" + directory + "' " + what + ": " + why);
  };
  if (!folder && errno == ENOENT) {
    // It will be made. A path may be a secret, and is masked as a whole: no part of it is named.
    const auto within = folder_around(directory);
    if (::access(within.c_str(), F_OK) != 0)
      return cannot(Code::not_found, "cannot be made", "the folder it would be in is not there either");
    if (::faccessat(AT_FDCWD, within.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
      return cannot(Code::forbidden, "cannot be made", std::string("the folder it would be in: ") + std::strerror(errno));
    if (shows_the_kernel(within)) return cannot(Code::forbidden, "cannot be made", kKernelFiles);
    return {};
  }
  if (!folder) return cannot(errno == ENOENT ? Code::not_found : Code::forbidden, "cannot be opened", std::strerror(errno));
  if (::faccessat(folder.get(), ".", W_OK | X_OK, AT_EACCESS) != 0) return cannot(Code::forbidden, "is not writable", std::strerror(errno));
  if (shows_the_kernel(directory)) return cannot(Code::forbidden, "is not writable", kKernelFiles);
  return {};
}

Result<Plan> CsvSink::plan(const Run& run, const Schema& /*schema*/) {
  if (auto status = template_.check(run); !status.ok()) return status;
  if (auto status = probe(); !status.ok()) return status;
  auto parts = path_parts(template_, run);
  const auto folder = TargetFolder::find(options_.directory, {parts.begin(), parts.end() - 1});
  if (!folder && folder.error().code() != Code::not_found) return folder.error();
  if (folder && ::faccessat(folder->fd(), ".", W_OK | X_OK, AT_EACCESS) != 0)
    return Status(Code::forbidden, "the folder '" + folder->path() + "' is not writable: " + std::strerror(errno));
  if (planned_run_ != run.run_id) planned_.clear(), planned_run_ = std::string(run.run_id);
  const auto whose = std::string(run.object_id) + '\0' + run.part();
  const auto anothers = [&](const std::string& path) {
    const auto planned = planned_.find(path);
    return planned != planned_.end() && planned->second != whose;
  };
  if (auto choice = choose(run, parts, folder ? &*folder : nullptr, anothers); !choice) return std::move(choice).error();
  const auto path = path_of(parts);
  planned_.try_emplace(names::folded_name(path), whose);
  const bool there = is_there(path);
  if (there && is_folder(path)) return Status(Code::io, "cannot publish '" + path + "': a folder of this name is in the way");
  if (there && options_.on_exists == OnExists::fail) return already_there(path);
  return Plan{path, there ? "replaces '" + path + "' with" : "writes", there ? "" : "to '" + path + "'", true, names::one_path(path)};
}

// Which file it becomes may still depend on the files that are there, but not on deliveries of other groups.
Result<std::string> CsvSink::target_of(const Run& run) {
  if (auto status = template_.check(run); !status.ok()) return status;
  return groups_.of(
      run, [this](const Run& one, Ids ids) { return names::folded_name(names::one_path(path_of(path_parts(template_, one, ids)))); });
}

Status CsvSink::open(const Run& run, const Schema& schema) {
  const auto text = [](std::string_view view) { return std::string(view); };
  run_ = {run.fence,
          text(run.pipeline),
          text(run.run_id),
          text(run.app),
          text(run.app_id),
          text(run.sheet),
          text(run.object_id),
          text(run.object_type),
          text(run.title),
          run.part(),
          text(run.started_at),
          text(run.reload_time),
          {},
          {}};
  run_.loop.assign(run.loop.begin(), run.loop.end());
  run_.selections.assign(run.selections.begin(), run.selections.end());
  schema_ = schema;
  rows_ = bytes_ = 0;
  path_.clear();
  note_.clear();
  buffer_.clear();
  broken_ = {};
  if (used_run_ != run_.run_id) used_.clear(), used_run_ = run_.run_id;

  if (auto status = template_.check(run); !status.ok()) return status;
  auto parts = path_parts(template_, run);
  // Who may read a file may enter its folder.
  auto folder = TargetFolder::open(options_.directory, {parts.begin(), parts.end() - 1}, mode_ ? *mode_ | ((*mode_ & 0444) >> 2) : 0750);
  if (!folder) return std::move(folder).error();
  folder_.emplace(std::move(*folder));
  auto choice = choose(run, parts, &*folder_, [this](const std::string& path) { return used_.contains(path); });
  if (!choice) return std::move(choice).error();
  path_ = path_of(parts);
  name_ = parts.back() + extension_;
  note_ = std::move(choice->note);
  // Where each run has files of its own, the ones before stay as they are.
  if (!choice->ours && !template_.has("run") && !template_.has("date")) {
    if (const auto before = former_.of(run); !before.empty())
      note_ += (note_.empty() ? "" : "; ") + ("its rows went into '" + before + "' before, which stays as it is");
  }
  // Said before the rows are read; what comes to be there in between is seen when the file is published.
  if (options_.on_exists == OnExists::fail && is_there(path_)) return already_there(path_);
  if (auto status = check_fence(); !status.ok()) return status;
  auto file = PublishedFile::create(folder_->fd(), folder_->path(), name_, run_.run_id);
  if (!file) return std::move(file).error();
  file_.emplace(std::move(*file));
  stream_.emplace(options_.compression, options_.compression_level.value_or(6),
                  [this](std::string_view bytes) { return file_->write(bytes); });
  encoder_.emplace(options_, schema_);
  buffer_.reserve(kBuffer + (64 << 10));
  return encoder_->begin(buffer_);
}

std::string CsvSink::path_of(const std::vector<std::string>& parts) const {
  auto path = options_.directory;
  for (const auto& part : parts) path += "/" + part;
  return path + extension_;
}

Result<FileChoice> CsvSink::choose(const Run& run, std::vector<std::string>& parts, const TargetFolder* folder,
                                   const std::function<bool(const std::string&)>& taken) {
  const auto compared = [this](const std::vector<std::string>& path) { return names::folded_name(path_of(path)); };
  const auto with = [&parts](const std::string& last) {
    auto path = parts;
    path.back() = last;
    return path;
  };
  const FileNames names{parts.back(), path_parts(template_, run, Ids::always).back(),
                        shared_.shares(run, [&](const Run& other) { return compared(path_parts(template_, other)); })};
  auto choice = choose_file(
      run, names, [&](const std::string& last) { return taken(compared(with(last))); },
      [&](const std::string& last) -> Result<std::string> {
        if (folder == nullptr) return Status(Code::not_found, "there is no folder");
        return read_small_file(folder->fd(), last + extension_ + std::string(kManifest));
      });
  if (choice) parts.back() = choice->part;
  return choice;
}

// A host that lost its right to this target, and does not know yet, must not overwrite what its successor wrote.
Status CsvSink::check_fence() const {
  const auto text = read_small_file(folder_->fd(), manifest_name());
  if (!text) return text.error().code() == Code::not_found ? Status() : text.error();
  const auto fence = manifest_number(*text, "fence");
  if (!fence || *fence <= run_.fence) return {};
  return {Code::forbidden, "'" + path_ + "' was written under fence " + std::to_string(*fence) + ", this host's is " +
                               std::to_string(run_.fence) + ": another host has taken over this pipeline"};
}

// An empty table is more often a mistake upstream than the truth: a selection that matches nothing, a reload that loaded nothing.
Status CsvSink::check_empty() const {
  if (rows_ > 0 || options_.allow_empty) return {};
  const auto text = read_small_file(folder_->fd(), manifest_name());
  if (!text) return text.error().code() == Code::not_found ? Status() : text.error();
  const auto rows = manifest_number(*text, "rows");
  if (!rows || *rows == 0) return {};
  return {Code::bad_data, "the delivery has no rows, and '" + path_ + "' has " + std::to_string(*rows) +
                              "; it stays as it is. Set allow-empty = true where no rows are right"};
}

Status CsvSink::write(const BatchView& batch) {
  if (!encoder_) return {Code::invalid_argument, "write before open"};
  if (broken_.ok()) broken_ = encode(batch);
  return broken_;
}

Status CsvSink::encode(const BatchView& batch) {
  for (std::int64_t row = 0; row < batch.rows(); row += kStride) {
    const auto end = std::min(batch.rows(), row + kStride);
    if (auto status = encoder_->rows(batch, row, end, static_cast<std::int64_t>(rows_), buffer_); !status.ok()) return status;
    if (buffer_.size() < kBuffer) continue;
    if (auto status = flush(); !status.ok()) return status;
  }
  rows_ += static_cast<std::uint64_t>(batch.rows());
  return {};
}

Status CsvSink::flush() {
  auto status = stream_->write(buffer_);
  buffer_.clear();
  return status;
}

Status CsvSink::commit() {
  if (!encoder_) return {Code::invalid_argument, "commit before open"};
  if (broken_.ok()) broken_ = publish();
  if (!broken_.ok()) return broken_;
  folder_->keep_made();
  used_.insert(names::folded_name(path_));
  close();
  return {};
}

// File and manifest are complete and durable before either gets its name: the two renames stand next to each other.
Status CsvSink::publish() {
  if (auto status = flush(); !status.ok()) return status;
  if (auto status = stream_->finish(); !status.ok()) return status;
  if (const auto lost = encoder_->lost(); !lost.empty()) note_ += (note_.empty() ? "" : "; ") + lost;
  bytes_ = stream_->bytes();
  auto record = PublishedFile::create(folder_->fd(), folder_->path(), manifest_name(), run_.run_id);
  if (!record) return std::move(record).error();
  auto status = record->write(manifest(stream_->digest(), bytes_));
  if (status.ok()) status = record->take_rights(mode_, note_);
  if (status.ok()) status = file_->take_rights(mode_, note_);
  if (status.ok()) status = record->sync();
  if (status.ok()) status = file_->sync();
  if (status.ok()) status = check_fence();
  if (status.ok()) status = check_empty();
  if (status.ok()) status = file_->publish(options_.on_exists == OnExists::replace);
  if (status.ok()) status = record->publish(true);
  if (status.ok()) return folder_->sync();
  record->remove();
  return status;
}

Status CsvSink::abort() {
  if (file_) file_->remove();
  if (folder_) folder_->remove_made();
  close();
  return {};
}

void CsvSink::close() {
  encoder_.reset();
  stream_.reset();
  file_.reset();
}

Result<Committed> CsvSink::committed(std::string_view run_id) {
  if (!folder_) return Committed::unknown;
  const auto text = read_small_file(folder_->fd(), manifest_name());
  if (!text) return text.error().code() == Code::not_found ? Result<Committed>(Committed::no) : Result<Committed>(text.error());
  return manifest_text(*text, "run") == run_id ? Committed::yes : Committed::no;
}

Delivery CsvSink::delivery() const { return {rows_, bytes_, path_, note_}; }

std::string CsvSink::manifest(const std::string& digest, std::uint64_t bytes) const {
  ManifestWriter out;
  out.text("file", name_);
  out.number("rows", rows_);
  out.number("columns", schema_.fields.size());
  out.number("bytes", bytes);
  out.text("sha256", digest);
  out.text("run", run_.run_id);
  out.number("fence", run_.fence);
  out.text("pipeline", run_.pipeline);
  out.text("app", run_.app);
  out.text("app_id", run_.app_id);
  out.text("sheet", run_.sheet);
  out.text("object", run_.object_id);
  out.text("object_type", run_.object_type);
  out.text("title", run_.title);
  out.text("dataset", run_.part);
  out.text("started_at", run_.started_at);
  out.text("reload_time", run_.reload_time);
  if (!run_.loop.empty()) out.pairs("foreach", run_.loop);
  if (!run_.selections.empty()) out.pairs("selections", run_.selections);
  out.schema(schema_);
  return out.finish();
}

}  // namespace qonduit::csv
