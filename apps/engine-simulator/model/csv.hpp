// Reads RFC 4180 files: quoted fields, doubled quotes, line breaks inside quotes, CRLF or LF, an optional BOM.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qonduit::simulator {

class CsvReader {
 public:
  // The text stays with the caller.
  explicit CsvReader(std::string_view text);
  // False at the end. An empty line is a row of one empty field. Strings that are in the row are written to again.
  [[nodiscard]] bool next(std::vector<std::string>& row);

 private:
  void read_field(std::string& field);
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace qonduit::simulator
