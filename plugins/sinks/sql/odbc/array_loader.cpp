#include "array_loader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "plugins/sinks/sql/core/names.hpp"
#include "plugins/sinks/sql/core/value_text.hpp"
#include "wide_text.hpp"

namespace qonduit::odbc {
namespace {

using sql::Kind;

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kFirstDay = -719'162, kLastDay = 2'932'896;  // 0001-01-01 to 9999-12-31
constexpr std::int64_t kExactAsReal = 9'007'199'254'740'992;
constexpr std::size_t kMostBytes = 8 << 20;    // of one column's texts in a chunk
constexpr std::size_t kMostParameters = 1000;  // of a statement that carries several rows

std::int64_t whole_days(std::int64_t milliseconds) { return milliseconds / kDay - (milliseconds % kDay < 0 ? 1 : 0); }

// Of the years 1 to 9999.
bool in_range(Kind kind, const ColumnView& view, std::int64_t row) {
  if (kind != Kind::date && kind != Kind::timestamp) return true;
  const auto days = kind == Kind::date ? view.date32(row) : whole_days(view.milliseconds(row));
  return days >= kFirstDay && days <= kLastDay;
}

template <typename T>
void put(std::vector<char>& values, std::size_t row, const T& value) {
  std::memcpy(values.data() + row * sizeof value, &value, sizeof value);
}

}  // namespace

Result<ArrayLoader> ArrayLoader::prepare(Connection& connection, std::string insert, const std::vector<sql::LoadColumn>& columns,
                                         LoadStyle style) {
  if (!style.arrays) {
    style.chunk =
        std::min<std::int64_t>(style.chunk, std::max<std::int64_t>(1, static_cast<std::int64_t>(kMostParameters / columns.size())));
  }
  ArrayLoader loader(connection, std::move(style));
  loader.insert_ = std::move(insert);
  for (const auto& column : columns) {
    const auto type = parse_type(loader.style_.names, column.type);
    auto form = Form::text;
    if (column.source && type.base != Base::text) {
      form = column.kind == Kind::real || type.base == Base::real            ? Form::real
             : column.kind == Kind::integer || column.kind == Kind::interval ? Form::integer
             : column.kind == Kind::boolean                                  ? Form::boolean
                                                                             : Form::text;
    }
    const auto longest = type.base == Base::text && type.length > 0 ? static_cast<std::size_t>(type.length) : 0;
    loader.buffers_.push_back({column, form, longest, {}, {}, 0});
  }
  return loader;
}

// Rows from first on that fit into the buffers, and into one packet with room to spare.
std::int64_t ArrayLoader::fitting(const BatchView& batch, std::int64_t first, std::int64_t last) const {
  last = std::min(last, first + style_.chunk);
  for (const auto& buffer : buffers_) {
    if (buffer.form != Form::text || !buffer.column.source || buffer.column.kind != Kind::text) continue;
    const auto view = batch.column(*buffer.column.source);
    std::size_t widest = 1;
    for (auto row = first; row < last; ++row) {
      if (view.is_null(row)) continue;
      widest = std::max(widest, view.text(row).size());
      if (widest * static_cast<std::size_t>(row - first + 1) > kMostBytes) last = std::max(row, first + 1);
    }
  }
  if (style_.packet == 0) return last;
  std::size_t bytes = 0;
  for (auto row = first; row < last; ++row) {
    for (const auto& buffer : buffers_) {
      bytes += sizeof(ValueText);
      if (buffer.form != Form::text || !buffer.column.source || buffer.column.kind != Kind::text) continue;
      const auto view = batch.column(*buffer.column.source);
      if (!view.is_null(row)) bytes += view.text(row).size();
    }
    if (bytes > style_.packet / 2) return std::max(row, first + 1);
  }
  return last;
}

Status ArrayLoader::load(const BatchView& batch, std::int64_t first, std::int64_t last) {
  refusal_.reset();
  while (first < last) {
    const auto end = fitting(batch, first, last);
    if (auto status = fill(batch, first, end); !status.ok()) return status;
    const auto count = static_cast<std::size_t>(end - first);
    if (auto status = run(style_.savepoint); !status.ok()) return status;
    auto status = send(0, count);
    if (status.code() == Code::bad_data) status = send_one_by_one(count, status);
    if (status.ok()) status = run(style_.release);
    if (!status.ok()) return status;
    rows_ += count;
    first = end;
  }
  return {};
}

Status ArrayLoader::run(const std::string& statement) {
  return statement.empty() ? Status() : connection_->run(statement, {}, nullptr).status();
}

// A chunk was refused: the row at fault is the first that is refused by itself.
Status ArrayLoader::send_one_by_one(std::size_t count, const Status& refused) {
  if (style_.savepoint.empty() && count > 1) {
    return {Code::bad_data, "one of the rows " + std::to_string(rows_ + 1) + " to " + std::to_string(rows_ + count) +
                                " was refused (the database has no savepoints to find which; set batch = 1): " + refused.message()};
  }
  if (auto status = run(style_.rollback); !status.ok()) return status;
  for (std::size_t row = 0; row < count; ++row) {
    // A statement that fails may undo, or spoil, more than its own row.
    if (auto status = run(style_.savepoint); !status.ok()) return status;
    auto status = send(row, 1);
    if (status.ok()) status = run(style_.release);
    if (status.ok()) continue;
    if (status.code() != Code::bad_data) return status;
    refusal_ = sql::Refusal{static_cast<std::int64_t>(rows_ + row), std::nullopt, status.message()};
    return {Code::bad_data, "row " + std::to_string(rows_ + row + 1) + " was refused: " + status.message()};
  }
  return refused;
}

Status ArrayLoader::refuse(std::size_t index, std::uint64_t row, const std::string& reason) {
  const auto& column = buffers_[index].column;
  refusal_ = sql::Refusal{static_cast<std::int64_t>(row), index, reason + " (" + column.type + ")"};
  return {Code::bad_data, "row " + std::to_string(row + 1) + ", column '" + column.name + "': " + refusal_->reason};
}

Status ArrayLoader::fill(const BatchView& batch, std::int64_t first, std::int64_t last) {
  const auto count = static_cast<std::size_t>(last - first);
  for (std::size_t i = 0; i < buffers_.size(); ++i) {
    auto& buffer = buffers_[i];
    buffer.sizes.assign(count, SQL_NULL_DATA);
    if (!buffer.column.source) {
      if (auto status = fill_constant(buffer, count); !status.ok()) return status;
      continue;
    }
    const auto view = batch.column(*buffer.column.source);
    auto status = buffer.form == Form::text ? fill_texts(buffer, i, view, first, last) : fill_fixed(buffer, i, view, first, last);
    if (!status.ok()) return status;
  }
  return {};
}

Status ArrayLoader::fill_constant(Buffer& buffer, std::size_t count) {
  const auto& text = buffer.column.constant;
  buffer.width = std::max<std::size_t>(text ? text->size() : 1, 1) * (style_.wide ? sizeof(SQLWCHAR) : 1);
  buffer.values.resize(buffer.width * count);
  for (std::size_t row = 0; text && row < count; ++row) {
    if (auto status = put_text(buffer, 0, row, *text); !status.ok()) return status;
  }
  return {};
}

Status ArrayLoader::put_text(Buffer& buffer, std::size_t index, std::size_t at, std::string_view text) {
  auto* const place = buffer.values.data() + at * buffer.width;
  buffer.sizes[at] = static_cast<SQLLEN>(text.size());
  if (!style_.wide) {
    std::copy(text.begin(), text.end(), place);
    return {};
  }
  const auto units = write_wide(text, reinterpret_cast<SQLWCHAR*>(place));
  if (!units) return refuse(index, rows_ + at, "the text is no valid UTF-8: '" + sql::clean_text(text.substr(0, 80)) + "'");
  buffer.sizes[at] = static_cast<SQLLEN>(*units * sizeof(SQLWCHAR));
  return {};
}

Status ArrayLoader::fill_texts(Buffer& buffer, std::size_t index, const ColumnView& view, std::int64_t first, std::int64_t last) {
  const bool texts = buffer.column.kind == Kind::text;
  buffer.width = sizeof(ValueText);
  for (auto row = first; texts && row < last; ++row) {
    if (!view.is_null(row)) buffer.width = std::max(buffer.width, view.text(row).size());
  }
  if (style_.wide) buffer.width *= sizeof(SQLWCHAR);
  buffer.values.resize(buffer.width * static_cast<std::size_t>(last - first));
  for (auto row = first; row < last; ++row) {
    if (view.is_null(row)) continue;
    const auto at = static_cast<std::size_t>(row - first);
    ValueText room;
    if (buffer.column.kind == Kind::real && !std::isfinite(view.float64(row)) && buffer.column.non_finite != sql::NonFinite::text) {
      if (buffer.column.non_finite == sql::NonFinite::null) continue;
      return refuse(index, rows_ + at, std::string(real_text(view.float64(row), room)) + " is no number it holds; set non-finite");
    }
    if (buffer.column.kind == Kind::time && (view.milliseconds(row) < 0 || view.milliseconds(row) >= kDay))
      return refuse(index, rows_ + at, std::to_string(view.milliseconds(row)) + " ms is no time of day");
    const auto text = sql::value_text(buffer.column.kind, view, row, room);
    if (!in_range(buffer.column.kind, view, row)) return refuse(index, rows_ + at, std::string(text) + " is out of range");
    if (style_.packet != 0 && text.size() + sizeof(ValueText) * buffers_.size() > style_.packet)
      return refuse(index, rows_ + at,
                    "the text has " + std::to_string(text.size()) + " bytes, more than the server's max_allowed_packet of " +
                        std::to_string(style_.packet) + " takes");
    if (sql::holds_nul(text))
      return refuse(index, rows_ + at, "the text holds a NUL byte: '" + std::string(text.substr(0, text.find('\0'))) + "'...");
    if (buffer.longest != 0 && text.size() > buffer.longest && sql::characters(text) > buffer.longest)
      return refuse(index, rows_ + at,
                    "the text has " + std::to_string(sql::characters(text)) + " characters: '" + std::string(text.substr(0, 80)) + "'");
    if (auto status = put_text(buffer, index, at, text); !status.ok()) return status;
  }
  return {};
}

Status ArrayLoader::fill_fixed(Buffer& buffer, std::size_t index, const ColumnView& view, std::int64_t first, std::int64_t last) {
  buffer.width = buffer.form == Form::boolean ? 1 : 8;
  buffer.values.resize(buffer.width * static_cast<std::size_t>(last - first));
  const auto width = static_cast<SQLLEN>(buffer.width);
  for (auto row = first; row < last; ++row) {
    if (view.is_null(row)) continue;
    const auto at = static_cast<std::size_t>(row - first);
    switch (buffer.form) {
      case Form::integer: put(buffer.values, at, view.int64(row)); break;
      case Form::boolean: buffer.values[at] = view.boolean(row) ? 1 : 0; break;
      case Form::real: {
        if (buffer.column.kind == Kind::integer) {
          const auto whole = view.int64(row);
          if (whole > kExactAsReal || whole < -kExactAsReal)
            return refuse(index, rows_ + at, std::to_string(whole) + " cannot be held exactly");
          put(buffer.values, at, static_cast<double>(whole));
          break;
        }
        const auto number = view.float64(row);
        if (!std::isfinite(number)) {
          if (buffer.column.non_finite == sql::NonFinite::null) continue;
          ValueText room;
          return refuse(index, rows_ + at, std::string(real_text(number, room)) + " is no number it holds; set non-finite to null or text");
        }
        put(buffer.values, at, number);
        break;
      }
      case Form::text: break;
    }
    buffer.sizes[at] = width;
  }
  return {};
}

Status ArrayLoader::bind(SQLHANDLE statement, std::size_t parameter, Buffer& buffer, std::size_t row) {
  SQLSMALLINT c_type = SQL_C_CHAR, sql_type = SQL_VARCHAR;
  SQLULEN size = buffer.width;
  switch (buffer.form) {
    case Form::integer: c_type = SQL_C_SBIGINT, sql_type = SQL_BIGINT; break;
    case Form::real: c_type = SQL_C_DOUBLE, sql_type = SQL_DOUBLE; break;
    case Form::boolean: c_type = style_.wide ? SQL_C_BIT : SQL_C_STINYINT, sql_type = style_.wide ? SQL_BIT : SQL_TINYINT; break;
    case Form::text:
      if (style_.wide) {
        size /= sizeof(SQLWCHAR);
        c_type = SQL_C_WCHAR, sql_type = size > 4000 ? SQL_WLONGVARCHAR : SQL_WVARCHAR;
      } else {
        sql_type = size > 4000 ? SQL_LONGVARCHAR : SQL_VARCHAR;
      }
      break;
  }
  const auto code =
      SQLBindParameter(statement, static_cast<SQLUSMALLINT>(parameter), SQL_PARAM_INPUT, c_type, sql_type, size, 0,
                       buffer.values.data() + row * buffer.width, static_cast<SQLLEN>(buffer.width), buffer.sizes.data() + row);
  return connection_->check(code, SQL_HANDLE_STMT, statement, "bind a column");
}

Status ArrayLoader::send(std::size_t from, std::size_t count) {
  const auto rows_of_text = style_.arrays ? 1 : count;
  if (!statement_ || prepared_ != rows_of_text) {
    auto made = connection_->statement();
    if (!made) return std::move(made).error();
    statement_ = std::move(*made);
    std::string row = "(";
    for (std::size_t i = 0; i < buffers_.size(); ++i) row += i == 0 ? "?" : ", ?";
    auto text = insert_ + row + ")";
    for (std::size_t i = 1; i < rows_of_text; ++i) text += ", " + row + ")";
    if (auto status = connection_->prepare(statement_.get(), text); !status.ok()) return status;
    prepared_ = rows_of_text;
  }
  auto* statement = statement_.get();
  if (style_.arrays) {
    SQLSetStmtAttr(statement, SQL_ATTR_PARAM_BIND_TYPE, reinterpret_cast<SQLPOINTER>(SQL_PARAM_BIND_BY_COLUMN), 0);
    const auto code = SQLSetStmtAttr(statement, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(count), 0);
    if (auto status = connection_->check(code, SQL_HANDLE_STMT, statement, "send rows as arrays (set arrays = off)"); !status.ok())
      return status;
    for (std::size_t i = 0; i < buffers_.size(); ++i) {
      if (auto status = bind(statement, i + 1, buffers_[i], from); !status.ok()) return status;
    }
  } else {
    for (std::size_t row = 0; row < count; ++row) {
      for (std::size_t i = 0; i < buffers_.size(); ++i) {
        if (auto status = bind(statement, row * buffers_.size() + i + 1, buffers_[i], from + row); !status.ok()) return status;
      }
    }
  }
  const Connection::Executing executing(*connection_, statement);
  return connection_->check(SQLExecute(statement), SQL_HANDLE_STMT, statement, "insert rows");
}

}  // namespace qonduit::odbc
