// A table of the sink's own beside its targets: made where it is missing. One thread, one connection.
#pragma once

#include <qonduit/status.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "database.hpp"

namespace qonduit::sql {

class OwnTable {
 public:
  struct Column {
    std::string_view name;
    Kind kind = Kind::text;
    bool bounded = true;  // a text of at most 190 characters, as keys have to be; false: of any length
  };
  // what: how messages call it.
  OwnTable(Database& database, std::string schema, std::string name, std::vector<Column> columns, std::vector<std::string> key,
           std::string what)
      : database_(database),
        table_{std::move(schema), std::move(name)},
        columns_(std::move(columns)),
        key_(std::move(key)),
        what_(std::move(what)) {}

  // Creates it where it is missing. Not in a transaction.
  Status ensure();
  Result<bool> exists();
  // As statements write it.
  [[nodiscard]] std::string name() const { return database_.dialect().qualified(table_); }

 private:
  Database& database_;
  TableName table_;
  std::vector<Column> columns_;
  std::vector<std::string> key_;
  std::string what_;
};

}  // namespace qonduit::sql
