// Rows in the binary format of COPY: what PostgreSQL's documentation of COPY describes, and its types' send functions produce. Rows are
// appended to a buffer of the caller's. How a column is written is decided once; a cell costs a switch and a store. One thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sinks/sql/core/column.hpp"
#include "plugins/sinks/sql/core/database.hpp"

namespace qonduit::postgresql {

inline constexpr std::string_view kCopyHeader{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
inline constexpr std::string_view kCopyTrailer{"\377\377", 2};

class CopyEncoder {
 public:
  // invalid_argument for a constant that is none of its type.
  static Result<CopyEncoder> create(const std::vector<sql::LoadColumn>& columns);

  // Appends rows first to last (not included). bad_data, with refusal() and the rows before appended, for a value the column cannot hold.
  Status rows(const BatchView& batch, std::int64_t first, std::int64_t last, std::string& out);
  [[nodiscard]] std::uint64_t count() const { return rows_; }  // rows appended since create
  [[nodiscard]] const std::optional<sql::Refusal>& refusal() const { return refusal_; }

 private:
  enum class Form : std::uint8_t {
    int2,
    int4,
    int8,
    numeric,
    whole_as_real,
    real,
    boolean,
    text,
    date,
    date_as_timestamp,
    timestamp,
    time,
    interval,
    as_text,
    constant
  };
  struct Column {
    Form form;
    sql::LoadColumn load;
    std::size_t longest;   // characters; 0: any
    std::string constant;  // with its length in front
  };
  class Cells;

  static Form form_of(const sql::LoadColumn& column);
  bool value(const Column& column, const ColumnView& view, std::int64_t row, Cells& out);
  bool refuse(const Column& column, const std::string& reason);

  std::vector<Column> columns_;
  std::uint64_t rows_ = 0;
  std::optional<sql::Refusal> refusal_;
};

}  // namespace qonduit::postgresql
