#include "model/csv.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace qonduit::simulator {
namespace {

constexpr auto kEndsField = [] {
  std::array<bool, 256> ends{};
  for (const char c : {',', '\r', '\n'}) ends[static_cast<unsigned char>(c)] = true;
  return ends;
}();

}  // namespace

CsvReader::CsvReader(std::string_view text) : text_(text) {
  if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
}

bool CsvReader::next(std::vector<std::string_view>& row) {
  row.clear();
  if (at_ >= text_.size()) return false;
  while (true) {
    row.push_back(read_field());
    const char c = at_ < text_.size() ? text_[at_++] : '\n';
    if (c == ',') continue;
    if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
    return true;
  }
}

std::string_view CsvReader::read_field() { return at_ < text_.size() && text_[at_] == '"' ? read_quoted() : rest(); }

std::string_view CsvReader::read_quoted() {
  std::string field;
  for (++at_; at_ < text_.size(); ++at_) {
    const auto quote = std::min(text_.find('"', at_), text_.size());
    field.append(text_, at_, quote - at_);
    at_ = quote + 1;
    if (at_ >= text_.size() || text_[at_] != '"') break;
    field += '"';
  }
  at_ = std::min(at_, text_.size());
  field += rest();
  return unquoted_.emplace_back(std::move(field));
}

std::string_view CsvReader::rest() {
  const auto begin = at_;
  while (at_ < text_.size() && !kEndsField[static_cast<unsigned char>(text_[at_])]) ++at_;
  return text_.substr(begin, at_ - begin);
}

}  // namespace qonduit::simulator
