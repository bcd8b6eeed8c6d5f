#include "json.hpp"

#include <qonduit/json_text.hpp>
#include <qonduit/value_text.hpp>

#include <cmath>

#include "encoder.hpp"

namespace qonduit::queue {
namespace {

void append_quoted(std::string_view text, std::string& out) {
  out += '"';
  out += text;
  out += '"';
}

}  // namespace

void append_json_member(std::string_view name, std::string_view value, std::string& out) {
  if (!out.empty() && out.back() != '{') out += ',';
  append_json_string(name, out);
  out += ':';
  append_json_string(value, out);
}

Status append_json_value(const ColumnView& column, std::int64_t row, NonFinite non_finite, std::string& out) {
  if (column.has_nulls() && column.is_null(row)) {
    out += "null";
    return {};
  }
  ValueText room;
  switch (column.type()) {
    case Type::int64: out += integer_text(column.int64(row), room); break;
    case Type::float64: {
      const auto value = column.float64(row);
      const auto text = real_text(value, room);
      if (std::isfinite(value)) {
        out += text;
      } else if (non_finite == NonFinite::null) {
        out += "null";
      } else if (non_finite == NonFinite::text) {
        append_quoted(text, out);
      } else {
        return {Code::bad_data, std::string(text) + " is no number JSON has; set non-finite = null or text"};
      }
      break;
    }
    case Type::boolean: out += column.boolean(row) ? "true" : "false"; break;
    case Type::utf8: append_json_string(column.text(row), out); break;
    case Type::date32: append_quoted(date_text(column.date32(row), room), out); break;
    case Type::timestamp: append_quoted(timestamp_text(column.milliseconds(row), room, 'T'), out); break;
    case Type::duration: append_quoted(interval_text(column.milliseconds(row), room), out); break;
  }
  return {};
}

JsonRows::JsonRows(const Schema& schema, NonFinite non_finite) : names_(unique_names(schema)), non_finite_(non_finite) {
  for (const auto& name : names_) {
    auto& member = members_.emplace_back(members_.empty() ? "{" : ",");
    append_json_string(name, member);
    member += ':';
  }
}

void JsonRows::use(const BatchView& batch) {
  columns_.clear();
  for (std::size_t i = 0; i < batch.columns(); ++i) columns_.push_back(batch.column(i));
}

Status JsonRows::append(std::int64_t row, std::uint64_t number, std::string& out) {
  if (members_.empty()) out += '{';
  for (std::size_t i = 0; i < members_.size(); ++i) {
    out += members_[i];
    if (auto status = append_json_value(columns_[i], row, non_finite_, out); !status.ok()) {
      return std::move(status).within("row " + std::to_string(number) + ", column '" + names_[i] + "'");
    }
  }
  out += '}';
  return {};
}

}  // namespace qonduit::queue
