#include "core/rehearsal/ledger.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>
#include <vector>

#include "core/recording/keyed_hash.hpp"

namespace qonduit::rehearsal {
namespace {

constexpr recording::Key kKey{};  // nothing here is secret

Status failure(const std::filesystem::path& file) {
  return {Code::io, "cannot keep count in '" + file.string() + "': " + std::strerror(errno)};
}

void append(std::string& out, std::uint64_t word) { out.append(reinterpret_cast<const char*>(&word), sizeof word); }

// Type, then length or value: no two different values look the same.
void append_value(std::string& out, const ColumnView& column, std::int64_t row) {
  if (column.is_null(row)) {
    out.push_back('\0');
    return;
  }
  out.push_back(static_cast<char>(1 + static_cast<int>(column.type())));
  switch (column.type()) {
    case Type::int64: append(out, static_cast<std::uint64_t>(column.int64(row))); break;
    case Type::float64: append(out, std::bit_cast<std::uint64_t>(column.float64(row))); break;
    case Type::boolean: out.push_back(column.boolean(row) ? '\1' : '\0'); break;
    case Type::utf8: {
      const auto text = column.text(row);
      append(out, text.size());
      out.append(text);
      break;
    }
    case Type::date32: append(out, static_cast<std::uint64_t>(column.date32(row))); break;
    case Type::timestamp:
    case Type::duration: append(out, static_cast<std::uint64_t>(column.milliseconds(row))); break;
  }
}

std::uint64_t hash_of(const Schema& schema) {
  std::string text;
  for (const auto& field : schema.fields) {
    append(text, field.name.size());
    text.append(field.name).push_back(static_cast<char>(field.type));
  }
  return recording::keyed_hash(kKey, text);
}

// Reads hashes one after another.
class LedgerReader {
 public:
  explicit LedgerReader(const std::filesystem::path& file) : stream_(file, std::ios::binary) {}
  [[nodiscard]] bool good() const { return stream_.is_open(); }
  bool next(std::uint64_t& hash) { return static_cast<bool>(stream_.read(reinterpret_cast<char*>(&hash), sizeof hash)); }
  std::vector<std::uint64_t> rest() {
    std::vector<std::uint64_t> hashes;
    for (std::uint64_t hash = 0; next(hash);) hashes.push_back(hash);
    return hashes;
  }

 private:
  std::ifstream stream_;
};

// Walks two sorted lists: what is in one and not in the other.
void count_differences(std::vector<std::uint64_t>& truth, std::vector<std::uint64_t>& delivered, Comparison& comparison) {
  std::sort(truth.begin(), truth.end());
  std::sort(delivered.begin(), delivered.end());
  std::uint64_t missing = 0;
  std::uint64_t unknown = 0;
  auto left = truth.begin();
  auto right = delivered.begin();
  while (left != truth.end() || right != delivered.end()) {
    const auto hash = left == truth.end() ? *right : right == delivered.end() ? *left : std::min(*left, *right);
    std::uint64_t wanted = 0;
    std::uint64_t came = 0;
    for (; left != truth.end() && *left == hash; ++left) ++wanted;
    for (; right != delivered.end() && *right == hash; ++right) ++came;
    if (wanted > came) missing += wanted - came;
    if (came > wanted) (wanted > 0 ? comparison.duplicated : unknown) += came - wanted;
  }
  // A row nobody has seen stands for one that is missing.
  comparison.altered = unknown;
  comparison.lost = missing - std::min(missing, unknown);
}

}  // namespace

std::filesystem::path ledger_file(const std::filesystem::path& folder, std::string_view object, std::string_view dataset) {
  std::string name;
  append(name, object.size());
  name.append(object).append(dataset);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(recording::keyed_hash(kKey, name)));
  return folder / text.data();
}

Result<std::unique_ptr<LedgerWriter>> LedgerWriter::create(const std::filesystem::path& file, const Schema& schema) {
  const auto partial = file.string() + ".partial";
  std::FILE* stream = std::fopen(partial.c_str(), "wbe");
  if (stream == nullptr) return failure(file);
  std::unique_ptr<LedgerWriter> writer(new LedgerWriter(file, stream));
  if (auto status = writer->put(hash_of(schema)); !status.ok()) return status;
  return writer;
}

LedgerWriter::~LedgerWriter() {
  if (stream_ == nullptr) return;
  std::fclose(stream_);
  std::error_code ignored;
  std::filesystem::remove(file_.string() + ".partial", ignored);
}

Status LedgerWriter::put(std::uint64_t hash) { return std::fwrite(&hash, sizeof hash, 1, stream_) == 1 ? Status() : failure(file_); }

Status LedgerWriter::write(const BatchView& batch) {
  std::vector<ColumnView> columns;
  for (std::size_t i = 0; i < batch.columns(); ++i) columns.push_back(batch.column(i));
  for (std::int64_t row = 0; row < batch.rows(); ++row) {
    row_.clear();
    for (const auto& column : columns) append_value(row_, column, row);
    if (auto status = put(recording::keyed_hash(kKey, row_)); !status.ok()) return status;
  }
  rows_ += static_cast<std::uint64_t>(batch.rows());
  return {};
}

Status LedgerWriter::commit() {
  const bool ok = std::fclose(std::exchange(stream_, nullptr)) == 0;
  std::error_code error;
  if (ok) std::filesystem::rename(file_.string() + ".partial", file_, error);
  if (ok && !error) return {};
  return failure(file_);
}

Result<Comparison> compare(const std::filesystem::path& truth, const std::filesystem::path& delivered) {
  LedgerReader left(truth);
  LedgerReader right(delivered);
  if (!left.good()) return failure(truth);
  Comparison comparison;
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  const bool has_schema = left.next(a) && right.next(b);
  comparison.other_schema = has_schema && a != b;
  // In the same order, as a rule; then nothing needs to be in memory.
  bool more_left = false;
  bool more_right = false;
  std::uint64_t same = 0;
  while (true) {
    more_left = left.next(a);
    more_right = right.next(b);
    if (!more_left || !more_right || a != b) break;
    ++same;
  }
  auto rest_left = left.rest();
  auto rest_right = right.rest();
  if (more_left) rest_left.push_back(a);
  if (more_right) rest_right.push_back(b);
  comparison.expected = same + rest_left.size();
  comparison.delivered = same + rest_right.size();
  if (rest_left.empty() && rest_right.empty()) return comparison;
  // A row that came twice may be known from the part that was alike.
  LedgerReader again(truth);
  auto all = again.rest();
  all.erase(all.begin());
  LedgerReader once_more(delivered);
  auto came = once_more.rest();
  if (!came.empty()) came.erase(came.begin());
  count_differences(all, came, comparison);
  comparison.reordered = comparison.lost == 0 && comparison.duplicated == 0 && comparison.altered == 0;
  return comparison;
}

Result<std::uint64_t> count_rows(const std::filesystem::path& ledger) {
  std::error_code error;
  const auto size = std::filesystem::file_size(ledger, error);
  if (error) return Status(Code::io, "cannot read '" + ledger.string() + "': " + error.message());
  return size / sizeof(std::uint64_t) - 1;
}

}  // namespace qonduit::rehearsal
