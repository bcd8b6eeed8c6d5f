#include "flat_json.hpp"

#include <qonduit/value_text.hpp>

#include <stdexcept>
#include <string>

namespace qonduit::queue::testing {
namespace {

using qonduit::testing::Cell;
using qonduit::testing::Rows;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Rows rows() {
    Rows rows;
    if (take('[')) {
      do rows.push_back(object());
      while (take(','));
      expect(']');
    } else {
      rows.push_back(object());
    }
    if (!text_.empty()) fail();
    return rows;
  }

 private:
  std::vector<Cell> object() {
    std::vector<Cell> cells;
    expect('{');
    if (take('}')) return cells;
    do {
      string();
      expect(':');
      cells.push_back(value());
    } while (take(','));
    expect('}');
    return cells;
  }
  Cell value() {
    if (!text_.empty() && text_.front() == '"') return string();
    const auto end = text_.find_first_of(",}");
    if (end == std::string_view::npos || end == 0) fail();
    const std::string word(text_.substr(0, end));
    text_.remove_prefix(end);
    if (word == "null") return std::nullopt;
    if (word != "true" && word != "false" && word.find_first_not_of("0123456789+-.eE") != std::string::npos) fail();
    return word;
  }
  std::string string() {
    expect('"');
    std::string out;
    while (!take('"')) {
      if (text_.empty() || static_cast<unsigned char>(text_.front()) < 0x20) fail();
      if (!take('\\')) {
        out += text_.front();
        text_.remove_prefix(1);
        continue;
      }
      const char letter = text_.at(0);
      text_.remove_prefix(1);
      switch (letter) {
        case 'n': out += '\n'; break;
        case 'r': out += '\r'; break;
        case 't': out += '\t'; break;
        case 'u':
          out += static_cast<char>(std::stoi(std::string(text_.substr(0, 4)), nullptr, 16));
          text_.remove_prefix(4);
          break;
        case '"':
        case '\\': out += letter; break;
        default: fail();
      }
    }
    return out;
  }
  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }
  [[noreturn]] void fail() const { throw std::runtime_error("not the JSON of rows, at: " + std::string(text_.substr(0, 60))); }

  std::string_view text_;
};

}  // namespace

Rows flat_rows(std::string_view json) { return Reader(json).rows(); }

Rows flat_rows(const std::vector<std::string>& bodies) {
  Rows rows;
  for (const auto& body : bodies) {
    for (auto& row : flat_rows(body)) rows.push_back(std::move(row));
  }
  return rows;
}

Cell json_cell(const Field& field, const ColumnView& column, std::int64_t row) {
  auto text = qonduit::testing::canonical_cell(field, column, row);
  if (!text) return text;
  if (field.type == Type::timestamp && text->ends_with(".000")) return text->substr(0, text->size() - 4);
  if (field.type == Type::float64) return *text == "nan" ? "NaN" : *text == "inf" ? "Infinity" : *text == "-inf" ? "-Infinity" : *text;
  if (field.type != Type::duration) return text;
  ValueText room;
  return std::string(interval_text(column.milliseconds(row), room));
}

}  // namespace qonduit::queue::testing
