// A dialect for tests of what all databases share: the words a dialect must say, and the base class' own for everything else.
#pragma once

#include <string>

#include "plugins/sinks/sql/core/dialect.hpp"

namespace qonduit::sql::testing {

class PlainDialect : public Dialect {
 public:
  [[nodiscard]] std::string_view name() const override { return "plain"; }
  [[nodiscard]] NameLimits limits() const override { return {20, 0, false, true, true}; }
  [[nodiscard]] std::string type_of(Kind kind, bool bounded, std::size_t length) const override {
    return std::string(to_string(kind)) + (bounded ? " bounded" : "") + (length != 0 ? " " + std::to_string(length) : "");
  }
  // A column takes what its type's first word says; integers go into reals, everything into texts.
  [[nodiscard]] Fit fit(Kind kind, std::string_view column_type) const override {
    if (column_type.starts_with("text")) return Fit::checked;
    if (column_type.starts_with("real") && kind == Kind::integer) return Fit::checked;
    return column_type.starts_with(to_string(kind)) ? Fit::whole : Fit::lossy;
  }
  [[nodiscard]] std::optional<Kind> kind_of_type(std::string_view column_type) const override {
    for (const auto kind :
         {Kind::integer, Kind::real, Kind::boolean, Kind::text, Kind::date, Kind::timestamp, Kind::time, Kind::interval}) {
      if (column_type.starts_with(to_string(kind))) return kind;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool holds_non_finite() const override { return true; }
  [[nodiscard]] bool transactional_ddl() const override { return true; }
  [[nodiscard]] bool transactional_truncate() const override { return true; }
  [[nodiscard]] std::string create_table(const TableName& table, std::string_view definition, bool /*scratch*/) const override {
    return "CREATE TABLE " + qualified(table) + " (" + std::string(definition) + ")";
  }
  [[nodiscard]] std::vector<std::string> point_view(const TableName& view, const TableName& table, bool /*exists*/,
                                                    bool /*retyped*/) const override {
    return {"CREATE VIEW " + qualified(view) + " AS SELECT * FROM " + qualified(table)};
  }
  [[nodiscard]] std::string distinct(std::string_view a, std::string_view b) const override {
    return std::string(a) + " <> " + std::string(b);
  }
};

}  // namespace qonduit::sql::testing
