// Rows of a batch to the bytes of RFC 4180, appended to a buffer. All decisions about a column are taken once; a cell costs a switch, no
// allocation and no virtual call. One thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "csv_options.hpp"
#include "time_format.hpp"

namespace qonduit::csv {

class Encoder {
 public:
  Encoder(const CsvOptions& options, const Schema& schema);

  // The byte order mark and the header line, where wanted. bad_data when formula = reject and a name is one.
  Status begin(std::string& out) const;
  // Rows [from, to) of the batch. first_row: the number of row 0 of the batch in the file, for messages.
  Status rows(const BatchView& batch, std::int64_t from, std::int64_t to, std::int64_t first_row, std::string& out) const;
  // What the formats of dates and times have not written of the rows so far, for the user; empty: all was written.
  [[nodiscard]] std::string lost() const;

 private:
  Status text(std::string_view value, std::string& out, std::size_t column, std::int64_t row) const;
  void quoted(std::string_view value, std::string& out) const;
  void number(double value, std::string& out) const;
  void plain(std::string_view value, std::string& out) const;
  template <typename Write>
  void formatted(std::string& out, const Write& write) const;

  const CsvOptions options_;
  const Schema schema_;
  TimeFormat date_, timestamp_, time_;
  std::string_view line_end_;
  std::array<bool, 256> special_{};  // bytes that need quotes around the field
  bool quote_all_;
};

}  // namespace qonduit::csv
