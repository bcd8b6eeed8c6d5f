#include "core/pipeline/constant_columns.hpp"

#include <algorithm>
#include <utility>

#include "core/pipeline/transform/owned_columns.hpp"
#include "core/pipeline/transform/values.hpp"
#include "qonduit/hidden_titles.hpp"
#include "qonduit/own_name.hpp"

namespace qonduit::pipeline {
namespace {

// Titles count, shown or not: a column that is hidden, or shares its title at present, may have it for a name tomorrow.
std::string unused_name(const std::string& name, const Schema& schema, const std::vector<std::string>& hidden) {
  const auto taken = [&](const std::string& wanted) {
    return std::find(hidden.begin(), hidden.end(), wanted) != hidden.end() ||
           std::any_of(schema.fields.begin(), schema.fields.end(),
                       [&](const Field& field) { return field.name == wanted || field.find("qlik.title") == wanted; });
  };
  auto unused = name;
  for (int number = 2; taken(unused); ++number) unused = name + " (" + std::to_string(number) + ")";
  return unused;
}

}  // namespace

Result<std::vector<ConstantColumn>> state_columns(const AppState& state, const std::vector<std::string>& states) {
  auto selected = state.selection_columns(states);
  if (!selected) return std::move(selected).error();
  std::vector<ConstantColumn> columns;
  // Known by the same name whatever the dataset's columns are called.
  const auto facts = [](const std::string& name, const char* role) {
    return Metadata{{"qlik.role", role}, {"qlik.title", name}, {std::string(kOwnName), name + " (" + role + ")"}};
  };
  for (const auto& [name, value] : state.turn().values) columns.push_back({name, value, facts(name, "loop")});
  for (const auto& [name, value] : *selected)
    columns.push_back({name, value.empty() ? std::nullopt : std::optional(value), facts(name, "selection")});
  return columns;
}

ConstantColumns::ConstantColumns(std::unique_ptr<BatchReader> inner, std::vector<ConstantColumn> columns)
    : WrappingReader(std::move(inner)), columns_(std::move(columns)) {}

ConstantColumns::~ConstantColumns() {
  if (schema_.release != nullptr) schema_.release(&schema_);
}

Result<std::unique_ptr<BatchReader>> ConstantColumns::add(std::unique_ptr<BatchReader> inner, std::vector<ConstantColumn> columns) {
  if (columns.empty()) return inner;
  auto schema = arrow::import_schema(inner->schema());
  if (!schema) return std::move(schema).error();
  const auto hidden = hidden_titles(*schema);
  std::vector<Field> fields;
  for (const auto& column : columns) {
    Field field{unused_name(column.name, *schema, hidden), Type::utf8, !column.value, column.metadata, true};
    fields.push_back(field);
    schema->fields.push_back(std::move(field));  // so that two of ours differ too
  }
  schema->fields.erase(schema->fields.end() - static_cast<std::ptrdiff_t>(fields.size()), schema->fields.end());
  schema->fields.insert(schema->fields.begin(), fields.begin(), fields.end());
  std::unique_ptr<ConstantColumns> made(new ConstantColumns(std::move(inner), std::move(columns)));
  arrow::export_schema(*schema, &made->schema_);
  return std::unique_ptr<BatchReader>(std::move(made));
}

Result<std::optional<arrow::ArrayHandle>> ConstantColumns::next() {
  auto batch = inner_->next();
  if (!batch || !*batch) return batch;
  const auto rows = (**batch)->length;
  std::vector<transform::OwnedColumn> whole;
  for (const auto& column : columns_)
    whole.push_back(column.value ? transform::repeat({Type::utf8, 0, 0, *column.value}, rows) : transform::repeat_null(rows));
  for (auto& column : transform::take_apart(std::move(**batch))) whole.push_back(std::move(column));
  return std::optional<arrow::ArrayHandle>(transform::put_together(std::move(whole), rows));
}

}  // namespace qonduit::pipeline
