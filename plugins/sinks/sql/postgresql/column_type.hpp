// PostgreSQL's types as the sink knows them: what a name stands for, in whatever spelling, and what values it takes.
#pragma once

#include <cstdint>
#include <string_view>

#include "plugins/sinks/sql/core/column.hpp"
#include "plugins/sinks/sql/core/dialect.hpp"

namespace qonduit::postgresql {

enum class Base : std::uint8_t { int2, int4, int8, numeric, float8, boolean, text, date, timestamp, time, interval, other };

struct ColumnType {
  Base base = Base::other;
  int length = -1;  // of varchar, in characters; of times, digits of a second; -1: not said
  int scale = 0;    // of decimals; negative: digits before the point that are rounded away
};

// "bigint", "INT8", "character varying(20)", "timestamp(3) without time zone" ...
ColumnType parse_type(std::string_view text);
sql::Fit fit(sql::Kind kind, const ColumnType& type);

}  // namespace qonduit::postgresql
