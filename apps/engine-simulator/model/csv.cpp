#include "model/csv.hpp"

#include <algorithm>
#include <array>

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

bool CsvReader::next(std::vector<std::string>& row) {
  std::size_t fields = 0;
  if (at_ >= text_.size()) {
    row.clear();
    return false;
  }
  while (true) {
    if (fields == row.size()) row.emplace_back();
    read_field(row[fields++]);
    const char c = at_ < text_.size() ? text_[at_++] : '\n';
    if (c == ',') continue;
    if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
    row.resize(fields);
    return true;
  }
}

void CsvReader::read_field(std::string& field) {
  field.clear();
  if (at_ < text_.size() && text_[at_] == '"') {
    for (++at_; at_ < text_.size(); ++at_) {
      const auto quote = std::min(text_.find('"', at_), text_.size());
      field.append(text_, at_, quote - at_);
      at_ = quote + 1;
      if (at_ >= text_.size() || text_[at_] != '"') break;
      field += '"';
    }
    at_ = std::min(at_, text_.size());
  }
  const auto begin = at_;
  auto end = begin;
  while (end < text_.size() && !kEndsField[static_cast<unsigned char>(text_[end])]) ++end;
  field.append(text_, begin, end - begin);
  at_ = end;
}

}  // namespace qonduit::simulator
