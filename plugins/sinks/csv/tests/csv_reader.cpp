#include "csv_reader.hpp"

#include <stdexcept>

namespace qonduit::csv::testing {

Records read_records(std::string_view text, char delimiter, std::string_view line_end) {
  Records records;
  std::size_t at = 0;
  const auto wrong = [&](const std::string& what) { throw std::runtime_error(what + " at byte " + std::to_string(at)); };
  while (at < text.size()) {
    auto& record = records.emplace_back();
    while (true) {
      auto& value = record.emplace_back();
      if (at < text.size() && text[at] == '"') {
        value.quoted = true;
        for (++at;; ++at) {
          if (at >= text.size()) wrong("the text ends inside quotes");
          if (text[at] != '"') {
            value.text += text[at];
          } else if (text.substr(at).starts_with("\"\"")) {
            value.text += text[at++];
          } else {
            ++at;
            break;
          }
        }
      } else {
        while (at < text.size() && text[at] != delimiter && !text.substr(at).starts_with(line_end)) {
          if (text[at] == '"' || text[at] == '\r' || text[at] == '\n') wrong("a bare field with a quote or a line end");
          value.text += text[at++];
        }
      }
      if (at < text.size() && text[at] == delimiter) {
        ++at;
        continue;
      }
      if (!text.substr(at).starts_with(line_end)) wrong("neither a delimiter nor a line end");
      at += line_end.size();
      break;
    }
  }
  return records;
}

}  // namespace qonduit::csv::testing
