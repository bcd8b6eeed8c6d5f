// Reads RFC 4180 files: quoted fields, doubled quotes, line breaks inside quotes, CRLF or LF, an optional BOM.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::simulator {

class CsvReader {
 public:
  // The text stays with the caller.
  explicit CsvReader(std::string_view text);
  // False at the end. An empty line is a row of one empty field. Fields are valid as long as the text and this reader are.
  [[nodiscard]] bool next(std::vector<std::string_view>& row);

 private:
  std::string_view read_field();
  std::string_view read_quoted();
  // From here to the end of the field.
  std::string_view rest();
  std::string_view text_;
  std::size_t at_ = 0;
  std::deque<std::string> unquoted_;  // fields that the text does not hold as they are
};

}  // namespace qonduit::simulator
