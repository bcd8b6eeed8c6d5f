// One bulk load: an INSERT whose parameters are arrays, a column each. Rows are sent in chunks, each after a savepoint: a chunk that is
// refused is taken back and sent again row by row, so that the row at fault is known. Where the driver has no arrays, one statement carries
// several rows; where the database has no savepoints, the rows of the chunk are what is known. One thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "column_type.hpp"
#include "connection.hpp"
#include "plugins/sinks/sql/core/database.hpp"

namespace qonduit::odbc {

// How rows go to one server.
struct LoadStyle {
  TypeNames names = TypeNames::standard;
  bool wide = true;                          // texts as UTF-16; false: as the driver's charset says, UTF-8
  bool arrays = true;                        // of parameters
  std::int64_t chunk = 1;                    // rows of one statement at most
  std::size_t packet = 0;                    // bytes the server takes with one statement; 0: any number
  std::string savepoint, rollback, release;  // of a chunk; empty: there are no savepoints, or they need no release
};

class ArrayLoader {
 public:
  // insert: up to and with " VALUES ".
  static Result<ArrayLoader> prepare(Connection& connection, std::string insert, const std::vector<sql::LoadColumn>& columns,
                                     LoadStyle style);

  Status load(const BatchView& batch, std::int64_t first, std::int64_t last);
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] const std::optional<sql::Refusal>& refusal() const { return refusal_; }

 private:
  // Dates and times are texts: the driver of MariaDB copies structures of arrays and does not free them.
  enum class Form : std::uint8_t { integer, real, boolean, text };  // text: of style_.wide
  // The values of a chunk as the driver reads them: `width` bytes each, and their lengths or that they are null.
  struct Buffer {
    sql::LoadColumn column;
    Form form;
    std::size_t longest;  // characters the column takes; 0: any
    std::vector<char> values;
    std::vector<SQLLEN> sizes;
    std::size_t width = 0;
  };

  ArrayLoader(Connection& connection, LoadStyle style) : connection_(&connection), style_(std::move(style)) {}
  [[nodiscard]] std::int64_t fitting(const BatchView& batch, std::int64_t first, std::int64_t last) const;
  Status fill(const BatchView& batch, std::int64_t first, std::int64_t last);
  Status fill_constant(Buffer& buffer, std::size_t count);
  Status fill_texts(Buffer& buffer, std::size_t index, const ColumnView& view, std::int64_t first, std::int64_t last);
  Status fill_fixed(Buffer& buffer, std::size_t index, const ColumnView& view, std::int64_t first, std::int64_t last);
  Status send(std::size_t from, std::size_t count);
  Status send_one_by_one(std::size_t count, const Status& refused);
  Status bind(SQLHANDLE statement, std::size_t parameter, Buffer& buffer, std::size_t row);
  Status put_text(Buffer& buffer, std::size_t index, std::size_t at, std::string_view text);
  Status run(const std::string& statement);
  Status refuse(std::size_t index, std::uint64_t row, const std::string& reason);

  Connection* connection_;
  LoadStyle style_;
  std::string insert_;
  std::vector<Buffer> buffers_;
  Statement statement_;
  std::size_t prepared_ = 0;  // rows of the prepared statement's text
  std::uint64_t rows_ = 0;
  std::optional<sql::Refusal> refusal_;
};

}  // namespace qonduit::odbc
