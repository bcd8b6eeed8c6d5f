// MariaDB's types as the sink knows them: what a name stands for and what values it takes.
#pragma once

#include <cstdint>
#include <string_view>

#include "plugins/sinks/sql/core/column.hpp"
#include "plugins/sinks/sql/core/dialect.hpp"

namespace qonduit::odbc {

enum class Base : std::uint8_t { integer, boolean, real, decimal, text, date, timestamp, time, other };
struct ColumnType {
  Base base = Base::other;
  int length = -1;  // of texts in characters, of times in digits of a second; -1: not said
};

// "bigint(20)", "VARCHAR(190)", "datetime(3)" ...
ColumnType parse_type(std::string_view text);
sql::Fit fit(sql::Kind kind, const ColumnType& type);

}  // namespace qonduit::odbc
