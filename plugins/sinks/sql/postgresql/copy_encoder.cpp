#include "copy_encoder.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <utility>

#include "column_type.hpp"
#include "plugins/sinks/sql/core/value_text.hpp"

namespace qonduit::postgresql {
namespace {

using sql::Kind;

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kEpochDays = 10'957;                               // 2000-01-01, where PostgreSQL counts from
constexpr std::int64_t kFirstDay = -2'451'545, kLastDay = 2'145'031'948;  // from there: 4714-11-24 BC to 5874897-12-31
constexpr std::int64_t kFirstMoment = -211'813'488'000'000'000, kEndOfMoments = 9'223'371'331'200'000'000;  // microseconds
constexpr std::int64_t kExactAsReal = 9'007'199'254'740'992;
constexpr std::size_t kWidest = 32;  // bytes of a value that is no text, its length with it

template <typename T>
T big_endian(T value) {
  static_assert(std::endian::native == std::endian::little);
  if constexpr (sizeof(T) == 8) return static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
  if constexpr (sizeof(T) == 4) return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  return static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
}

// "2026-01-31T23:59:59" and with a fraction: milliseconds since 1970.
std::optional<std::int64_t> parse_moment(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
  if (std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d%n", &year, &month, &day, &hour, &minute, &second, &used) != 6) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  std::int64_t fraction = 0, scale = 100;
  for (auto i = static_cast<std::size_t>(used) + 1; i < text.size() && scale > 0; ++i, scale /= 10) fraction += (text[i] - '0') * scale;
  return ((days * 24 + hour) * 60 + minute) * 60'000 + second * 1000 + fraction;
}

}  // namespace

// The end of the buffer, with room for what comes next.
class CopyEncoder::Cells {
 public:
  explicit Cells(std::string& buffer) : buffer_(buffer), used_(buffer.size()) {}

  void reserve(std::size_t bytes) {
    if (buffer_.size() - used_ < bytes) buffer_.resize(std::max(buffer_.size() * 2, used_ + bytes));
  }
  template <typename T>
  void put(T value) {
    const auto wire = big_endian(value);
    std::memcpy(buffer_.data() + used_, &wire, sizeof wire);
    used_ += sizeof wire;
  }
  template <typename T>
  void fixed(T value) {
    put(static_cast<std::int32_t>(sizeof value));
    put(value);
  }
  void null() { put(static_cast<std::int32_t>(-1)); }
  void byte(char value) {
    put(static_cast<std::int32_t>(1));
    buffer_[used_++] = value;
  }
  void raw(std::string_view bytes) {
    std::copy(bytes.begin(), bytes.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ += bytes.size();
  }
  // Keeps room for the fixed values behind it.
  void text(std::string_view text, std::size_t rest) {
    reserve(text.size() + 4 + rest);
    put(static_cast<std::int32_t>(text.size()));
    raw(text);
  }
  [[nodiscard]] std::size_t used() const { return used_; }
  void go_back(std::size_t used) { used_ = used; }
  void finish() { buffer_.resize(used_); }

 private:
  std::string& buffer_;
  std::size_t used_;
};

CopyEncoder::Form CopyEncoder::form_of(const sql::LoadColumn& column) {
  if (!column.source) return Form::constant;
  const auto base = parse_type(column.type).base;
  switch (column.kind) {
    case Kind::integer:
      return base == Base::int8      ? Form::int8
             : base == Base::int4    ? Form::int4
             : base == Base::int2    ? Form::int2
             : base == Base::numeric ? Form::numeric
             : base == Base::float8  ? Form::whole_as_real
                                     : Form::as_text;
    case Kind::real: return base == Base::float8 ? Form::real : Form::as_text;
    case Kind::boolean: return base == Base::boolean ? Form::boolean : Form::as_text;
    case Kind::text: return Form::text;
    case Kind::date: return base == Base::date ? Form::date : base == Base::timestamp ? Form::date_as_timestamp : Form::as_text;
    case Kind::timestamp: return base == Base::timestamp ? Form::timestamp : Form::as_text;
    case Kind::time: return base == Base::time ? Form::time : Form::as_text;
    case Kind::interval: return base == Base::interval ? Form::interval : Form::as_text;
  }
  return Form::text;
}

Result<CopyEncoder> CopyEncoder::create(const std::vector<sql::LoadColumn>& columns) {
  CopyEncoder encoder;
  for (const auto& load : columns) {
    const auto type = parse_type(load.type);
    Column column{form_of(load), load, type.base == Base::text && type.length > 0 ? static_cast<std::size_t>(type.length) : 0, {}};
    if (column.form == Form::constant) {
      Cells cells(column.constant);
      cells.reserve(kWidest);
      if (!load.constant) {
        cells.null();
      } else if (load.kind == Kind::timestamp && type.base == Base::timestamp) {
        const auto moment = parse_moment(*load.constant);
        if (!moment) return Status(Code::invalid_argument, "column '" + load.name + "': '" + *load.constant + "' is no timestamp");
        cells.fixed((*moment - kEpochDays * kDay) * 1000);
      } else {
        cells.text(*load.constant, 0);
      }
      cells.finish();
    }
    encoder.columns_.push_back(std::move(column));
  }
  return encoder;
}

Status CopyEncoder::rows(const BatchView& batch, std::int64_t first, std::int64_t last, std::string& out) {
  refusal_.reset();
  std::vector<ColumnView> views;
  views.reserve(columns_.size());
  for (const auto& column : columns_) views.push_back(batch.column(column.load.source.value_or(0)));
  const auto widest = columns_.size() * kWidest + 2;
  Cells cells(out);
  for (auto row = first; row < last; ++row) {
    const auto begin = cells.used();
    cells.reserve(widest);
    cells.put(static_cast<std::int16_t>(columns_.size()));
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& column = columns_[i];
      if (column.form == Form::constant) {
        cells.reserve(column.constant.size() + widest);
        cells.raw(column.constant);
      } else if (views[i].is_null(row)) {
        cells.null();
      } else if (!value(column, views[i], row, cells)) {
        cells.go_back(begin);
        cells.finish();
        refusal_->column = i;
        return {Code::bad_data, "row " + std::to_string(rows_ + 1) + ", column '" + column.load.name + "': " + refusal_->reason};
      }
    }
    ++rows_;
  }
  cells.finish();
  return {};
}

bool CopyEncoder::refuse(const Column& column, const std::string& reason) {
  refusal_ = sql::Refusal{static_cast<std::int64_t>(rows_), std::nullopt,
                          reason + (column.load.type.empty() ? "" : " (" + column.load.type + ")")};
  return false;
}

bool CopyEncoder::value(const Column& column, const ColumnView& view, std::int64_t row, Cells& out) {
  const auto rest = columns_.size() * kWidest;
  const auto beyond = [&](std::int64_t number) { return refuse(column, std::to_string(number) + " is out of range"); };
  const auto text = [&](std::string_view bytes) {
    if (sql::holds_nul(bytes))
      return refuse(column, "the text holds a NUL byte: '" + std::string(bytes.substr(0, bytes.find('\0'))) + "'...");
    if (column.longest != 0 && bytes.size() > column.longest && sql::characters(bytes) > column.longest) {
      return refuse(column,
                    "the text has " + std::to_string(sql::characters(bytes)) + " characters: '" + std::string(bytes.substr(0, 80)) + "'");
    }
    out.text(bytes, rest);
    return true;
  };
  // False: it is finite, or kept, and written by the caller.
  const auto replaced = [&](double number, bool& good) {
    if (std::isfinite(number) || column.load.non_finite == sql::NonFinite::keep || column.load.non_finite == sql::NonFinite::text)
      return false;
    good = column.load.non_finite == sql::NonFinite::null;
    ValueText room;
    if (good) {
      out.null();
    } else {
      refuse(column, std::string(real_text(number, room)) + " is refused by non-finite = fail");
    }
    return true;
  };
  switch (column.form) {
    case Form::int8: out.fixed(view.int64(row)); return true;
    case Form::int4: {
      const auto number = view.int64(row);
      if (number < std::numeric_limits<std::int32_t>::min() || number > std::numeric_limits<std::int32_t>::max()) return beyond(number);
      out.fixed(static_cast<std::int32_t>(number));
      return true;
    }
    case Form::int2: {
      const auto number = view.int64(row);
      if (number < std::numeric_limits<std::int16_t>::min() || number > std::numeric_limits<std::int16_t>::max()) return beyond(number);
      out.fixed(static_cast<std::int16_t>(number));
      return true;
    }
    case Form::numeric: {
      const auto number = view.int64(row);
      auto size = number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
      std::int16_t digits[5];
      std::int16_t count = 0;
      for (; size != 0; size /= 10'000) digits[count++] = static_cast<std::int16_t>(size % 10'000);
      out.put(static_cast<std::int32_t>(8 + 2 * count));
      out.put(count);
      out.put(static_cast<std::int16_t>(count == 0 ? 0 : count - 1));
      out.put(static_cast<std::int16_t>(number < 0 ? 0x4000 : 0));
      out.put(static_cast<std::int16_t>(0));
      while (count > 0) out.put(digits[--count]);
      return true;
    }
    case Form::whole_as_real: {
      const auto number = view.int64(row);
      if (number > kExactAsReal || number < -kExactAsReal) return refuse(column, std::to_string(number) + " cannot be held exactly");
      out.fixed(std::bit_cast<std::int64_t>(static_cast<double>(number)));
      return true;
    }
    case Form::real: {
      const auto number = view.float64(row);
      bool good = true;
      if (replaced(number, good)) return good;
      out.fixed(std::bit_cast<std::int64_t>(number));
      return true;
    }
    case Form::boolean: out.byte(view.boolean(row) ? 1 : 0); return true;
    case Form::text: return text(view.text(row));
    case Form::date: {
      const auto days = view.date32(row) - kEpochDays;
      if (days < kFirstDay || days > kLastDay) return beyond(view.date32(row));
      out.fixed(static_cast<std::int32_t>(days));
      return true;
    }
    case Form::date_as_timestamp:
    case Form::timestamp: {
      const auto milliseconds = column.form == Form::timestamp ? view.milliseconds(row) : view.date32(row) * kDay;
      const auto since = milliseconds - kEpochDays * kDay;
      if (milliseconds < kFirstMoment / 1000 || since < kFirstMoment / 1000 || since >= kEndOfMoments / 1000) return beyond(milliseconds);
      out.fixed(since * 1000);
      return true;
    }
    case Form::time: {
      const auto milliseconds = view.milliseconds(row);
      if (milliseconds < 0 || milliseconds >= kDay) return refuse(column, std::to_string(milliseconds) + " ms is no time of day");
      out.fixed(milliseconds * 1000);
      return true;
    }
    case Form::interval: {
      const auto milliseconds = view.milliseconds(row);
      constexpr auto kMost = std::numeric_limits<std::int64_t>::max() / 1000;
      if (milliseconds > kMost || milliseconds < -kMost) return beyond(milliseconds);
      out.put(static_cast<std::int32_t>(16));
      out.put(milliseconds * 1000);
      out.put(static_cast<std::int64_t>(0));  // days, months
      return true;
    }
    case Form::as_text: {
      bool good = true;
      if (column.load.kind == Kind::real && replaced(view.float64(row), good)) return good;
      ValueText room;
      return text(sql::value_text(column.load.kind, view, row, room));
    }
    case Form::constant: return true;
  }
  return true;
}

}  // namespace qonduit::postgresql
