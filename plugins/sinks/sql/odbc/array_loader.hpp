// One bulk load: an INSERT whose parameters are arrays, a column each. Rows are sent in chunks, each after a savepoint: a chunk that is
// refused is taken back and sent again row by row, so that the row at fault is known. Where the driver has no arrays, one statement carries
// several rows. One thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connection.hpp"
#include "plugins/sinks/sql/core/database.hpp"

namespace qonduit::odbc {

class ArrayLoader {
 public:
  // packet: bytes the server takes with one statement. insert: up to and with " VALUES "; chunk: rows of one statement at most.
  static Result<ArrayLoader> prepare(Connection& connection, std::string insert, const std::vector<sql::LoadColumn>& columns,
                                     std::int64_t chunk, bool arrays, std::size_t packet);

  Status load(const BatchView& batch, std::int64_t first, std::int64_t last);
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] const std::optional<sql::Refusal>& refusal() const { return refusal_; }

 private:
  // Dates and times are texts: the driver of MariaDB copies structures of arrays and does not free them.
  enum class Form : std::uint8_t { integer, real, boolean, text };
  // The values of a chunk as the driver reads them: `width` bytes each, and their lengths or that they are null.
  struct Buffer {
    sql::LoadColumn column;
    Form form;
    std::size_t longest;  // characters the column takes; 0: any
    std::vector<char> values;
    std::vector<SQLLEN> sizes;
    std::size_t width = 0;
  };

  explicit ArrayLoader(Connection& connection) : connection_(&connection) {}
  [[nodiscard]] std::int64_t fitting(const BatchView& batch, std::int64_t first, std::int64_t last) const;
  Status fill(const BatchView& batch, std::int64_t first, std::int64_t last);
  Status fill_texts(Buffer& buffer, std::size_t index, const ColumnView& view, std::int64_t first, std::int64_t last);
  Status fill_fixed(Buffer& buffer, std::size_t index, const ColumnView& view, std::int64_t first, std::int64_t last);
  Status send(std::size_t from, std::size_t count);
  Status send_one_by_one(std::size_t count, const Status& refused);
  Status bind(SQLHANDLE statement, std::size_t parameter, Buffer& buffer, std::size_t row);
  Status savepoint(const char* statement);
  Status refuse(std::size_t index, std::uint64_t row, const std::string& reason);

  Connection* connection_;
  std::string insert_;
  std::size_t packet_ = 0;
  std::int64_t chunk_ = 1;
  bool arrays_ = true;
  std::vector<Buffer> buffers_;
  Statement statement_;
  std::size_t prepared_ = 0;  // rows of the prepared statement's text
  std::uint64_t rows_ = 0;
  std::optional<sql::Refusal> refusal_;
};

}  // namespace qonduit::odbc
