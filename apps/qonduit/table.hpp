// What commands print: rows under headings that line up and fit the terminal, or the same as a JSON array of objects.
#pragma once

#include <Poco/Dynamic/Var.h>
#include <Poco/JSON/Array.h>

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace qonduit::app {

class Table {
 public:
  enum class Align { left, right };
  enum class Cut { end, beginning };  // of a text that is too long; of a path the end says more
  struct Column {
    std::string heading;  // the JSON member too
    Align align = Align::left;
    Cut cut = Cut::end;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // A value for each column: text, number, or empty. Integers are shown with thousands separators.
  void add(std::vector<Poco::Dynamic::Var> row);
  [[nodiscard]] std::size_t rows() const { return rows_.size(); }

  // Texts are cut with "…" where lines would be longer than width, numbers never; columns that do not fit even so are left out at the end,
  // and a last line names them. 0: neither.
  void print(std::ostream& out, std::size_t width) const;
  // The rows as objects whose members are the headings.
  [[nodiscard]] Poco::JSON::Array::Ptr json() const;
  void print_json(std::ostream& out) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Poco::Dynamic::Var>> rows_;
};

// Texts as a JSON array; a count, or null for one that is not known (negative).
Poco::JSON::Array::Ptr array_of(const std::vector<std::string>& texts);
Poco::Dynamic::Var count_or_null(std::int64_t count);

// Columns of the terminal standard output is, else what COLUMNS says, else 0.
std::size_t terminal_width();

}  // namespace qonduit::app
