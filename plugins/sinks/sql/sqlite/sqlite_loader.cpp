#include "sqlite_loader.hpp"

#include <qonduit/text.hpp>

#include <charconv>
#include <cmath>
#include <utility>

#include "plugins/sinks/sql/core/names.hpp"
#include "plugins/sinks/sql/core/reject_file.hpp"
#include "sqlite_database.hpp"
#include "sqlite_dialect.hpp"

namespace qonduit::sqlite {
namespace {

using sql::Kind;

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kExactAsReal = 9'007'199'254'740'992;

// n of VARCHAR(n); 0: there is none.
std::size_t length_in(std::string_view type) {
  const auto open = type.find('(');
  std::size_t length = 0;
  if (open != std::string_view::npos) std::from_chars(type.data() + open + 1, type.data() + type.size(), length);
  return length;
}

}  // namespace

SqliteLoader::Form SqliteLoader::form_of(const sql::LoadColumn& column) {
  if (!column.source) return Form::constant;
  const auto affinity = affinity_of(column.type);
  const bool textual = affinity == Affinity::text;
  switch (column.kind) {
    case Kind::integer: return textual ? Form::as_text : affinity == Affinity::real ? Form::whole_as_real : Form::integer;
    case Kind::real: return textual ? Form::as_text : Form::real;
    case Kind::boolean: return textual ? Form::as_text : Form::boolean;
    case Kind::interval: return textual ? Form::as_text : Form::milliseconds;
    case Kind::time: return Form::time;
    case Kind::text: return Form::text;
    case Kind::date:
    case Kind::timestamp: return Form::as_text;
  }
  return Form::text;
}

Result<SqliteLoader> SqliteLoader::prepare(sqlite3* connection, const std::string& insert, const std::vector<sql::LoadColumn>& columns) {
  SqliteLoader loader;
  loader.connection_ = connection;
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(connection, insert.c_str(), static_cast<int>(insert.size()) + 1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return failure_of(connection, code, "prepare the loading", {});
  loader.statement_.reset(statement);
  for (const auto& column : columns) {
    loader.bindings_.push_back({form_of(column), column, affinity_of(column.type) == Affinity::text ? length_in(column.type) : 0, {}});
  }
  int index = 1;
  for (auto& binding : loader.bindings_) {
    if (binding.form == Form::constant && binding.column.constant) {
      auto& text = *binding.column.constant;
      // Timestamps are written as the loader writes them.
      if (binding.column.kind == Kind::timestamp && text.size() > 10 && text[10] == 'T') text[10] = ' ';
      if (auto status = loader.bind_text(binding, index, text); !status.ok()) return status;
    }
    ++index;
  }
  return loader;
}

Status SqliteLoader::load(const BatchView& batch, std::int64_t first, std::int64_t last) {
  refusal_.reset();
  std::vector<ColumnView> columns;
  columns.reserve(bindings_.size());
  for (const auto& binding : bindings_) columns.push_back(batch.column(binding.column.source.value_or(0)));
  auto* statement = statement_.get();
  for (auto row = first; row < last; ++row) {
    for (std::size_t i = 0; i < bindings_.size(); ++i) {
      auto& binding = bindings_[i];
      if (binding.form == Form::constant) continue;
      const auto index = static_cast<int>(i) + 1;
      if (columns[i].is_null(row)) {
        sqlite3_bind_null(statement, index);
      } else if (auto status = bind(binding, index, columns[i], row); !status.ok()) {
        return status;
      }
    }
    const int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (code != SQLITE_DONE) return refused_by_database(code, batch, row);
    ++rows_;
  }
  return {};
}

Status SqliteLoader::bind(Binding& binding, int index, const ColumnView& column, std::int64_t row) {
  auto* statement = statement_.get();
  switch (binding.form) {
    case Form::integer: sqlite3_bind_int64(statement, index, column.int64(row)); return {};
    case Form::milliseconds: sqlite3_bind_int64(statement, index, column.milliseconds(row)); return {};
    case Form::boolean: sqlite3_bind_int(statement, index, column.boolean(row) ? 1 : 0); return {};
    case Form::real: return bind_real(binding, index, column.float64(row));
    case Form::text: return bind_text(binding, index, column.text(row));
    case Form::whole_as_real: {
      const auto value = column.int64(row);
      if (value > kExactAsReal || value < -kExactAsReal)
        return refuse(static_cast<std::size_t>(index) - 1, std::to_string(value) + " cannot be held exactly by a real");
      sqlite3_bind_double(statement, index, static_cast<double>(value));
      return {};
    }
    case Form::time: {
      const auto value = column.milliseconds(row);
      if (value < 0 || value >= kDay) return refuse(static_cast<std::size_t>(index) - 1, std::to_string(value) + " ms is no time of day");
      return bind_text(binding, index, interval_text(value, binding.room));
    }
    case Form::as_text:
      if (binding.column.kind == Kind::real && !std::isfinite(column.float64(row)) && binding.column.non_finite != sql::NonFinite::text) {
        return bind_real(binding, index, column.float64(row));
      }
      return bind_text(binding, index, sql::value_text(binding.column.kind, column, row, binding.room));
    case Form::constant: return {};
  }
  return {};
}

Status SqliteLoader::bind_text(Binding& binding, int index, std::string_view text) {
  const auto position = static_cast<std::size_t>(index) - 1;
  if (sql::holds_nul(text)) return refuse(position, "the text holds a NUL byte: '" + std::string(text.substr(0, text.find('\0'))) + "'...");
  if (binding.longest != 0 && text.size() > binding.longest && sql::characters(text) > binding.longest) {
    return refuse(position, "the text is longer than the column holds: " + std::to_string(sql::characters(text)) + " characters, " +
                                binding.column.type + " holds " + std::to_string(binding.longest) + ": '" +
                                std::string(cut_utf8(text, 80)) + "'");
  }
  const int code =
      sqlite3_bind_text64(statement_.get(), index, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code == SQLITE_OK) return {};
  return refuse(position, "the text of " + std::to_string(text.size()) + " bytes is longer than SQLite holds");
}

Status SqliteLoader::bind_real(Binding& binding, int index, double value) {
  if (std::isfinite(value)) {
    sqlite3_bind_double(statement_.get(), index, value);
  } else if (binding.column.non_finite == sql::NonFinite::null) {
    sqlite3_bind_null(statement_.get(), index);
  } else {
    ValueText room;
    return refuse(static_cast<std::size_t>(index) - 1,
                  std::string(real_text(value, room)) + " is no number SQLite holds; set non-finite to null or text");
  }
  return {};
}

Status SqliteLoader::refuse(std::size_t column, const std::string& reason) {
  refusal_ = sql::Refusal{static_cast<std::int64_t>(rows_), column, reason};
  return {Code::bad_data, "row " + std::to_string(rows_ + 1) + ", column '" + bindings_[column].column.name + "': " + reason};
}

// A constraint names the columns it is about: their values say which row it was.
Status SqliteLoader::refused_by_database(int code, const BatchView& batch, std::int64_t row) {
  const auto status = failure_of(connection_, code, "insert row " + std::to_string(rows_ + 1), {});
  if (status.code() != Code::bad_data) return status;
  const std::string_view words(sqlite3_errmsg(connection_));
  std::string values;
  std::optional<std::size_t> column;
  for (std::size_t i = 0; i < bindings_.size(); ++i) {
    const auto& [form, load, longest, room] = bindings_[i];
    const auto at = words.find("." + load.name);
    if (at == std::string_view::npos || !load.source) continue;
    const auto end = at + 1 + load.name.size();
    if (end != words.size() && words[end] != ',') continue;
    column = column ? column : std::optional(i);
    values += (values.empty() ? "" : ", ") + load.name + " = " + sql::shown(batch.column(*load.source), row);
  }
  refusal_ = sql::Refusal{static_cast<std::int64_t>(rows_), column, std::string(words) + (values.empty() ? "" : " (" + values + ")")};
  return {Code::bad_data, "row " + std::to_string(rows_ + 1) + " was refused: " + refusal_->reason};
}

}  // namespace qonduit::sqlite
