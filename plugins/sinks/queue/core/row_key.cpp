#include "row_key.hpp"

#include <qonduit/options.hpp>
#include <qonduit/suggestion.hpp>
#include <qonduit/value_text.hpp>

#include "json.hpp"

namespace qonduit::queue {
namespace {

void append_plain(const ColumnView& column, std::int64_t row, std::string& out) {
  ValueText room;
  switch (column.type()) {
    case Type::int64: out += integer_text(column.int64(row), room); break;
    case Type::float64: out += real_text(column.float64(row), room); break;
    case Type::boolean: out += column.boolean(row) ? "true" : "false"; break;
    case Type::utf8: out += column.text(row); break;
    case Type::date32: out += date_text(column.date32(row), room); break;
    case Type::timestamp: out += timestamp_text(column.milliseconds(row), room, 'T'); break;
    case Type::duration: out += interval_text(column.milliseconds(row), room); break;
  }
}

}  // namespace

Result<RowKey> RowKey::parse(const std::vector<std::string>& columns, const Schema& schema) {
  RowKey key;
  std::vector<std::string_view> names;
  for (const auto& field : schema.fields) names.push_back(field.name);
  for (const auto& wanted : columns) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] != wanted) continue;
      if (found) return Status(Code::invalid_config, "key: there are several columns '" + wanted + "'");
      found = i;
    }
    if (!found) return Status(Code::invalid_config, "key: there is no column '" + wanted + "'" + suggestion(wanted, names));
    key.columns_.push_back(*found);
  }
  return key;
}

std::optional<std::string_view> RowKey::of(const BatchView& batch, std::int64_t row) {
  if (several()) return json(batch, row);
  const auto column = batch.column(columns_.front());
  if (column.is_null(row)) return std::nullopt;
  text_.clear();
  append_plain(column, row, text_);
  return text_;
}

std::string_view RowKey::json(const BatchView& batch, std::int64_t row) {
  json_.clear();
  for (const auto index : columns_) {
    if (several()) json_ += json_.empty() ? '[' : ',';
    // Text for what JSON has no number for: it cannot fail.
    static_cast<void>(append_json_value(batch.column(index), row, NonFinite::text, json_));
  }
  if (several()) json_ += ']';
  return json_;
}

}  // namespace qonduit::queue
