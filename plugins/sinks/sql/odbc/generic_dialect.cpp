#include "generic_dialect.hpp"

#include "column_type.hpp"

namespace qonduit::odbc {
namespace {

using sql::Kind;

constexpr std::size_t kKeyText = 190;
constexpr std::size_t kAnyText = 4000;  // the standard has no text of any length

}  // namespace

std::string GenericDialect::type_of(Kind kind, bool bounded, std::size_t length) const {
  switch (kind) {
    case Kind::integer: return "BIGINT";
    case Kind::real: return "DOUBLE PRECISION";
    case Kind::boolean: return "BOOLEAN";
    case Kind::text: return "VARCHAR(" + std::to_string(length != 0 ? length : bounded ? kKeyText : kAnyText) + ")";
    case Kind::date: return "DATE";
    case Kind::timestamp: return "TIMESTAMP(3)";
    case Kind::time: return "TIME(3)";
    case Kind::interval: return "BIGINT";
  }
  return "VARCHAR(" + std::to_string(kAnyText) + ")";
}

sql::Fit GenericDialect::fit(Kind kind, std::string_view column_type) const {
  return odbc::fit(kind, parse_type(TypeNames::standard, column_type));
}

std::optional<Kind> GenericDialect::kind_of_type(std::string_view column_type) const {
  return kind_of(parse_type(TypeNames::standard, column_type));
}

std::string GenericDialect::create_table(const sql::TableName& table, std::string_view definition, bool /*scratch*/) const {
  return std::string("CREATE ") + (table.temporary ? "TEMPORARY " : "") + "TABLE " + qualified(table) + " (" + std::string(definition) +
         ")";
}

std::optional<std::string> GenericDialect::alter_type(const sql::TableName& table, const sql::ColumnSpec& column) const {
  return "ALTER TABLE " + qualified(table) + " ALTER COLUMN " + quote(column.name) + " SET DATA TYPE " + column.type;
}

// OR REPLACE keeps grants; it cannot change the type of a column.
std::vector<std::string> GenericDialect::point_view(const sql::TableName& view, const sql::TableName& table, bool exists,
                                                    bool retyped) const {
  const auto select = qualified(view) + " AS SELECT * FROM " + qualified(table);
  if (!exists || !retyped) return {"CREATE OR REPLACE VIEW " + select};
  return {"DROP VIEW " + qualified(view), "CREATE VIEW " + select};
}

std::string GenericDialect::distinct(std::string_view a, std::string_view b) const {
  return std::string(a) + " IS DISTINCT FROM " + std::string(b);
}

std::string GenericDialect::update_from(const sql::TableName& table, const sql::TableName& stage,
                                        const std::vector<std::pair<std::string, std::string>>& set, std::string_view condition) const {
  return "MERGE INTO " + qualified(table) + " AS t USING " + qualified(stage) + " AS s ON " + std::string(condition) +
         " WHEN MATCHED THEN UPDATE SET " + assignments(set);
}

}  // namespace qonduit::odbc
