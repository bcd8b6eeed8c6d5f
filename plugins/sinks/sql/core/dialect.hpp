// How one kind of database writes SQL, and what it can do. Pure: no connection, no state; one instance serves all sinks of a process and
// every thread. Statements are made by statements.hpp out of what a dialect says; a new database is a new dialect and a new Database.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "column.hpp"

namespace qonduit::sql {

// What names a database takes. Names are always quoted.
struct NameLimits {
  std::size_t bytes = 63;          // 0: as characters say
  std::size_t characters = 0;      // 0: as bytes say
  bool case_sensitive = true;      // false: "Sales" and "sales" are one name
  bool accent_sensitive = true;    // false: "Résumé" and "resume" are one name
  bool beyond_bmp = true;          // false: characters above U+FFFF are refused in names
  std::string_view reserved = {};  // what tables of the database's own begin with, in small letters; it refuses others that do
  std::span<const std::string_view> columns = {};  // what columns of the database's own are called in every table
};

// Whether a column that is there can take values of a kind.
enum class Fit : std::uint8_t {
  whole,    // every value of the kind
  checked,  // the values that are in its range, and the others are refused loudly, by the loader or by the database
  lossy,    // it would round, cut or reinterpret: refused
};

// The scale of a decimal type, of what stands in its parentheses: -2 of "5, -2"; 0 where none is said.
[[nodiscard]] int scale_of(std::string_view parameters);

class Dialect {
 public:
  Dialect() = default;
  Dialect(const Dialect&) = delete;
  Dialect& operator=(const Dialect&) = delete;
  virtual ~Dialect() = default;

  [[nodiscard]] virtual std::string_view name() const = 0;  // "postgresql"
  [[nodiscard]] virtual NameLimits limits() const = 0;
  [[nodiscard]] virtual std::string quote(std::string_view identifier) const { return doubled(identifier, '"'); }
  // Where parameters cannot stand: in comments. A backslash is a character like others.
  [[nodiscard]] virtual std::string literal(std::string_view text) const { return doubled(text, '\''); }
  [[nodiscard]] virtual std::string placeholder(std::size_t /*number*/) const { return "?"; }  // of parameter 1, 2 ...: "$1" or "?"
  [[nodiscard]] std::string qualified(const TableName& table) const;  // "schema"."table"; a temporary table by temporary_name
  [[nodiscard]] virtual std::string temporary_name(std::string_view table) const { return quote(table); }

  // The type a new column gets. bounded: of a key or index. length: of texts, in characters; 0: as long as the database can.
  [[nodiscard]] virtual std::string type_of(Kind kind, bool bounded, std::size_t length) const = 0;
  [[nodiscard]] virtual Fit fit(Kind kind, std::string_view column_type) const = 0;
  // The kind that reads the column's own values back unchanged, for widening; none: a type of the user's own.
  [[nodiscard]] virtual std::optional<Kind> kind_of_type(std::string_view column_type) const = 0;
  [[nodiscard]] virtual bool holds_non_finite() const = 0;  // NaN and infinities come back as they went

  // DDL can be rolled back, and so is part of a delivery's transaction.
  [[nodiscard]] virtual bool transactional_ddl() const = 0;
  // A delivery that is not committed keeps no other from its commit: what is new in its transaction locks no catalogue.
  [[nodiscard]] virtual bool overlaps() const { return false; }
  // TRUNCATE can be rolled back; empty(): the statement that empties a table, "TRUNCATE TABLE x".
  [[nodiscard]] virtual bool transactional_truncate() const = 0;
  [[nodiscard]] virtual std::string truncate(const TableName& table) const { return "TRUNCATE TABLE " + qualified(table); }
  [[nodiscard]] virtual std::string begin() const { return "BEGIN"; }
  [[nodiscard]] virtual std::string savepoint(std::string_view name) const { return "SAVEPOINT " + std::string(name); }
  [[nodiscard]] virtual std::string rollback_to(std::string_view name) const { return "ROLLBACK TO SAVEPOINT " + std::string(name); }
  // Empty: savepoints need no release.
  [[nodiscard]] virtual std::string release(std::string_view name) const { return "RELEASE SAVEPOINT " + std::string(name); }

  // "CREATE TEMPORARY TABLE x (columns)", or an ordinary table where table.temporary is false. definition: what stands in the parentheses.
  // scratch: its content need not survive a crash.
  [[nodiscard]] virtual std::string create_table(const TableName& table, std::string_view definition, bool scratch) const = 0;
  // A table, or a temporary one, like another, with its constraints and indexes; none: the database cannot, and it is made from its
  // columns.
  [[nodiscard]] virtual std::optional<std::string> create_like(const TableName& /*table*/, const TableName& /*other*/) const {
    return std::nullopt;
  }
  [[nodiscard]] virtual std::string drop_table(const TableName& table) const { return "DROP TABLE IF EXISTS " + qualified(table); }
  [[nodiscard]] virtual std::string add_column(const TableName& table, const ColumnSpec& column) const;
  // Statements that give a column a wider type and keep its values; none: this database rebuilds the table (Database::widen_column).
  [[nodiscard]] virtual std::optional<std::string> alter_type(const TableName& /*table*/, const ColumnSpec& /*column*/) const {
    return std::nullopt;
  }
  // Tells the planner what is in a table that was just filled; empty: it looks for itself.
  [[nodiscard]] virtual std::string analyze(const TableName& /*table*/) const { return {}; }
  // One statement that puts replacement in table's place, and table aside as aside; or several where DDL is transactional.
  [[nodiscard]] virtual std::vector<std::string> swap(const TableName& table, const TableName& replacement, const TableName& aside) const;
  [[nodiscard]] virtual std::string rename(const TableName& table, const TableName& to) const;
  // Statements that let view read from table. exists: the view is there; retyped: with other types for its columns.
  [[nodiscard]] virtual std::vector<std::string> point_view(const TableName& view, const TableName& table, bool exists,
                                                            bool retyped) const = 0;
  // Comments on a table and its columns; empty: the database has none.
  [[nodiscard]] virtual std::vector<std::string> comments(const TableName& /*table*/, std::string_view /*comment*/,
                                                          const std::vector<ColumnSpec>& /*columns*/) const {
    return {};
  }

  // The first row of a query, if any.
  [[nodiscard]] virtual std::string first_row(std::string_view select) const { return std::string(select) + " LIMIT 1"; }
  // True where the two expressions differ, nulls being equal to each other.
  [[nodiscard]] virtual std::string distinct(std::string_view a, std::string_view b) const = 0;
  // "UPDATE t SET column = value ... FROM stage s WHERE condition" in this database's words. In set and condition the tables go by the
  // aliases t and s; columns on the left of = are bare.
  [[nodiscard]] virtual std::string update_from(const TableName& table, const TableName& stage,
                                                const std::vector<std::pair<std::string, std::string>>& set,
                                                std::string_view condition) const;
  // "UPDATE t SET column = value ... WHERE condition", and "DELETE FROM t WHERE condition", with the alias t in the condition.
  [[nodiscard]] virtual std::string update_where(const TableName& table, const std::vector<std::pair<std::string, std::string>>& set,
                                                 std::string_view condition) const;
  [[nodiscard]] virtual std::string delete_where(const TableName& table, std::string_view condition) const;
  // A parameter that is a timestamp, written "2026-01-31T23:59:59": the placeholder, cast where it must be.
  [[nodiscard]] virtual std::string timestamp_parameter(std::size_t number) const { return placeholder(number); }
  [[nodiscard]] virtual std::string boolean(bool value) const { return value ? "TRUE" : "FALSE"; }

 protected:
  // The text between two quotes, and each quote in it twice.
  static std::string doubled(std::string_view text, char quote);
  // "a = x, b = y", each with the prefix in front.
  static std::string assignments(const std::vector<std::pair<std::string, std::string>>& set, std::string_view prefix = {});
};

}  // namespace qonduit::sql
