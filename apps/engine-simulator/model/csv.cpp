#include "model/csv.hpp"

#include <algorithm>

namespace qonduit::simulator {

CsvReader::CsvReader(std::string_view text) : text_(text) {
  if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
}

bool CsvReader::next(std::vector<std::string>& row) {
  row.clear();
  if (at_ >= text_.size()) return false;
  while (true) {
    row.push_back(field());
    if (at_ >= text_.size()) return true;
    const char c = text_[at_++];
    if (c == ',') continue;
    if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
    return true;
  }
}

std::string CsvReader::field() {
  std::string made;
  if (at_ < text_.size() && text_[at_] == '"') {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '"') {
        made += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        made += text_[++at_];
      } else {
        ++at_;
        break;
      }
    }
  }
  const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
  made.append(text_, at_, end - at_);
  at_ = end;
  return made;
}

}  // namespace qonduit::simulator
