// The example of docs/plugin-guide.md: a sink that writes each row as one line, cells separated by tabs.
#include <qonduit/sdk.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

// [options]
namespace {

enum class Nulls { empty, word };

struct LinesOptions {
  std::string path;
  bool header = true;
  Nulls nulls = Nulls::empty;
};

constexpr auto kOptions =
    qonduit::options(qonduit::option("path", &LinesOptions::path, "File to write; replaced by every run.").required(),
                     qonduit::option("header", &LinesOptions::header, "Write the names of the columns first."),
                     qonduit::option("nulls", &LinesOptions::nulls, "What stands for a missing value: nothing, or the word null.")
                         .values({{"empty", Nulls::empty}, {"word", Nulls::word}}));
// [options]

// [text]
// Tabs and line breaks inside a cell would break the format, so they are written as \t, \n and \r.
void append_escaped(std::string& line, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\t': line += "\\t"; break;
      case '\n': line += "\\n"; break;
      case '\r': line += "\\r"; break;
      case '\\': line += "\\\\"; break;
      default: line += c;
    }
  }
}

void append_cell(std::string& line, const qonduit::ColumnView& column, std::int64_t row, Nulls nulls) {
  if (column.is_null(row)) {
    line += nulls == Nulls::word ? "null" : "";
    return;
  }
  switch (column.type()) {
    case qonduit::Type::int64:
    case qonduit::Type::timestamp:
    case qonduit::Type::duration: line += std::to_string(column.int64(row)); break;
    case qonduit::Type::date32: line += std::to_string(column.date32(row)); break;
    case qonduit::Type::boolean: line += column.boolean(row) ? "true" : "false"; break;
    case qonduit::Type::utf8: append_escaped(line, column.text(row)); break;
    case qonduit::Type::float64: {
      char digits[32];
      line.append(digits, std::to_chars(digits, digits + sizeof digits, column.float64(row)).ptr);
      break;
    }
  }
}
// [text]

// What is behind this path is on the disk, not only in its cache.
bool synced(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool done = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return done;
}

// [sink]
class LinesSink final : public qonduit::Sink {
 public:
  explicit LinesSink(LinesOptions options) : options_(std::move(options)), partial_(options_.path + ".partial") {}

  std::uint32_t guarantees() const override { return qonduit::guarantee::replace; }

  qonduit::Status probe() override {
    const auto folder = std::filesystem::absolute(options_.path).parent_path();
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) return {};
    return {qonduit::Code::not_found, "the folder '" + folder.string() + "' does not exist (create it, or change 'path')"};
  }

  qonduit::Status open(const qonduit::Run&, const qonduit::Schema& schema) override {
    rows_ = 0;
    file_.open(partial_, std::ios::binary | std::ios::trunc);
    if (!file_) return failed("open");
    std::string line;
    for (std::size_t i = 0; i < schema.fields.size(); ++i) {
      if (i != 0) line += '\t';
      append_escaped(line, schema.fields[i].name);
    }
    if (options_.header) file_ << line << '\n';
    return file_ ? qonduit::Status() : failed("write");
  }
  // [sink]

  // [write]
  qonduit::Status write(const qonduit::BatchView& batch) override {
    if (!file_.is_open()) return {qonduit::Code::invalid_argument, "write without open"};
    std::string lines;
    for (std::int64_t row = 0; row < batch.rows(); ++row) {
      for (std::size_t i = 0; i < batch.columns(); ++i) {
        if (i != 0) lines += '\t';
        append_cell(lines, batch.column(i), row, options_.nulls);
      }
      lines += '\n';
    }
    file_ << lines;
    if (!file_) return failed("write");
    rows_ += static_cast<std::uint64_t>(batch.rows());
    return {};
  }
  // [write]

  // [commit]
  qonduit::Status commit() override {
    if (!file_.is_open()) return {qonduit::Code::invalid_argument, "commit without open"};
    file_.close();
    if (!file_ || !synced(partial_)) return failed("store");
    std::error_code error;
    std::filesystem::rename(partial_, options_.path, error);
    if (error) return {qonduit::Code::io, "cannot rename '" + partial_ + "' to '" + options_.path + "': " + error.message()};
    if (!synced(std::filesystem::absolute(options_.path).parent_path().string())) return failed("store the folder of");
    qonduit::log::debug("wrote a file", {{"path", options_.path}, {"rows", std::to_string(rows_)}});
    return {};
  }

  qonduit::Status abort() override {
    file_.close();
    file_.clear();
    std::error_code error;
    std::filesystem::remove(partial_, error);
    if (error) return {qonduit::Code::io, "cannot remove '" + partial_ + "': " + error.message()};
    return {};
  }

  // The file does not say which run wrote it.
  qonduit::Result<qonduit::Committed> committed(std::string_view) override { return qonduit::Committed::unknown; }

  qonduit::Delivery delivery() const override { return {rows_, 0, options_.path}; }
  // [commit]

 private:
  qonduit::Status failed(const char* what) const {
    return {qonduit::Code::io, std::string("cannot ") + what + " '" + partial_ + "' (does the folder exist, is there space?)"};
  }

  LinesOptions options_;
  std::string partial_;
  std::ofstream file_;
  std::uint64_t rows_ = 0;
};

}  // namespace

// [plugin]
QONDUIT_PLUGIN("lines", "1.0.0", qonduit::sink<LinesSink, kOptions>("lines", "One line per row, cells separated by tabs."))
// [plugin]
