#include "core/pipeline/transform/withheld.hpp"

#include <algorithm>

#include "qonduit/own_name.hpp"

namespace qonduit::pipeline::transform {

Status withheld(Status status, const std::vector<ColumnNames>& masked) {
  if (status.code() != Code::bad_data) return status;
  const auto tells_of = [&status](std::string_view name) {
    return !name.empty() && status.message().find("'" + std::string(name) + "'") != std::string::npos;
  };
  for (const auto& column : masked) {
    if (!tells_of(column.name) && !tells_of(column.title)) continue;
    return {status.code(),
            "a value of column '" + std::string(column.name) + "' could not be read; which one is withheld, for the column is masked"};
  }
  return status;
}

Status withheld(Status status, const Rules& rules, const ArrowSchema& source) {
  if (status.code() != Code::bad_data) return status;
  const auto hides = [](const ColumnRule<Mask>& rule) { return rule.value != Mask::none; };
  if (std::none_of(rules.masks.begin(), rules.masks.end(), hides)) return status;
  const auto schema = arrow::import_schema(source);
  if (!schema) return schema.error();
  std::vector<ColumnNames> masked;
  for (const auto& field : schema->fields) {
    const auto title = field.find("qlik.title");
    const auto is_of = [&](const ColumnRule<Mask>& rule) {
      return hides(rule) && (rule.column == field.name || rule.column == title || rule.column == own_name(field));
    };
    if (std::any_of(rules.masks.begin(), rules.masks.end(), is_of)) masked.push_back({field.name, title});
  }
  return withheld(std::move(status), masked);
}

}  // namespace qonduit::pipeline::transform
