// What a column is to a database: its kind, its name there, its type there. Values without behaviour, shared by planning and loading.
#pragma once

#include <qonduit/batch.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::sql {

// time: since midnight, 00:00:00.000 to 23:59:59.999. interval: any duration, of either sign. Both come as duration columns and are told
// apart by the field's qlik.logical.
enum class Kind : std::uint8_t { integer, real, boolean, text, date, timestamp, time, interval };

[[nodiscard]] std::string_view to_string(Kind kind);  // as options and documents call it: "integer"
[[nodiscard]] Kind kind_of(const Field& field);

// What to do with a real that is NaN or infinite. text: the column is text, and holds every number as text.
enum class NonFinite : std::uint8_t { keep, null, text, fail };

struct TableName {
  std::string schema;  // empty: the connection's own
  std::string table;
  bool temporary = false;  // of this connection alone; schema is empty then
};

// A column as the database's catalogue describes it.
struct ColumnInfo {
  std::string name;
  std::string type;  // as the dialect's own types are spelt: "bigint", "character varying(20)"
  bool nullable = true;
  bool has_default = false;  // or is generated: it needs no value
};

struct TableInfo {
  std::vector<ColumnInfo> columns;
  std::vector<std::string> primary_key;  // column names
  bool is_view = false;
};

// A column as a delivery wants it.
struct ColumnSpec {
  std::string name;  // in the database
  Kind kind = Kind::text;
  std::string type;  // SQL, as written in CREATE TABLE or found in the catalogue
  bool nullable = true;
  bool key = false;     // of the primary key or an index: some databases want a bounded type
  std::string comment;  // empty: none
};

// A column while rows are loaded: where its values come from, and what they become. A value is never cast in silence: what the type cannot
// hold is refused, with row, column and value.
struct LoadColumn {
  std::string name;
  Kind kind = Kind::text;
  std::string type;                     // of the column that is loaded
  std::optional<std::size_t> source;    // the batch's column; none: the constant
  std::optional<std::string> constant;  // text, as Kind::text columns hold it; timestamps ISO 8601 ("2026-01-31T23:59:59"); none: null
  NonFinite non_finite = NonFinite::keep;
};

}  // namespace qonduit::sql
