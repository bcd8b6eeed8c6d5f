// The types of columns as the sink knows them: what a name stands for in a family of databases, and what values it takes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "plugins/sinks/sql/core/column.hpp"
#include "plugins/sinks/sql/core/dialect.hpp"

namespace qonduit::odbc {

// Whose names they are: FLOAT has eight bytes in SQL Server and in the standard, four in MariaDB.
enum class TypeNames : std::uint8_t { mariadb, sqlserver, standard };
enum class Base : std::uint8_t { integer, boolean, real, decimal, text, date, timestamp, time, other };
struct ColumnType {
  Base base = Base::other;
  int length = -1;  // of texts in characters, of times in digits of a second; -1: not said
  int scale = 0;    // of decimals; negative: digits before the point that are rounded away
};

// "bigint(20)", "VARCHAR(190)", "datetime(3)", "nvarchar(max) COLLATE Latin1_General_CI_AS" ...
ColumnType parse_type(TypeNames names, std::string_view text);
sql::Fit fit(sql::Kind kind, const ColumnType& type);
// The kind that reads the column's own values back unchanged; none: a type of the user's own.
std::optional<sql::Kind> kind_of(const ColumnType& type);

}  // namespace qonduit::odbc
