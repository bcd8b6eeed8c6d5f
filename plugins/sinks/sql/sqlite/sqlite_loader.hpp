// One bulk load: a prepared INSERT, and how each column's values are bound. Nothing is copied or allocated for a cell. One thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/sinks/sql/core/database.hpp"
#include "plugins/sinks/sql/core/value_text.hpp"

namespace qonduit::sqlite {

class SqliteLoader {
 public:
  static Result<SqliteLoader> prepare(sqlite3* connection, const std::string& insert, const std::vector<sql::LoadColumn>& columns);

  // bad_data, with refusal(), for a value the column cannot hold or the database refuses.
  Status load(const BatchView& batch, std::int64_t first, std::int64_t last);
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] const std::optional<sql::Refusal>& refusal() const { return refusal_; }

 private:
  // How a value is bound.
  enum class Form : std::uint8_t { integer, whole_as_real, real, boolean, milliseconds, time, text, as_text, constant };
  struct Binding {
    Form form;
    sql::LoadColumn column;
    std::size_t longest;  // characters; 0: any
    ValueText room;       // SQLite reads it while it steps
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };

  static Form form_of(const sql::LoadColumn& column);
  Status bind(Binding& binding, int index, const ColumnView& column, std::int64_t row);
  Status bind_text(Binding& binding, int index, std::string_view text);
  Status bind_real(Binding& binding, int index, double value);
  Status refuse(std::size_t column, const std::string& reason);
  Status refused_by_database(int code, const BatchView& batch, std::int64_t row);

  sqlite3* connection_ = nullptr;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  std::vector<Binding> bindings_;
  std::uint64_t rows_ = 0;
  std::optional<sql::Refusal> refusal_;
};

}  // namespace qonduit::sqlite
