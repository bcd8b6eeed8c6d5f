#include "encoder.hpp"

#include <qonduit/value_text.hpp>

#include <charconv>
#include <cmath>

namespace qonduit::csv {
namespace {

// What a spreadsheet takes for the beginning of a formula, or of a field that becomes one. Some look behind line feeds, blanks and NUL.
bool runs_in_a_spreadsheet(std::string_view text) {
  using namespace std::string_view_literals;
  const auto first = text.find_first_not_of("\n \0"sv);
  if (first == std::string_view::npos) return false;
  const char c = text[first];
  return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r';
}

constexpr std::size_t kLongestNumber = 400;  // 1e308 with 17 digits behind the point

void integer(std::int64_t value, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

}  // namespace

Encoder::Encoder(const CsvOptions& options, const Schema& schema)
    : options_(options),
      schema_(schema),
      date_(options.date_format),
      timestamp_(options.timestamp_format),
      time_(options.time_format),
      line_end_(options.line_ending == LineEnding::crlf ? "\r\n" : "\n"),
      quote_all_(options.quote == Quote::all) {
  for (const char c : {options.delimiter, '"', '\r', '\n'}) special_[static_cast<unsigned char>(c)] = true;
}

Status Encoder::begin(std::string& out) const {
  if (options_.bom) out += "\xEF\xBB\xBF";
  if (!options_.header) return {};
  for (std::size_t i = 0; i < schema_.fields.size(); ++i) {
    if (i != 0) out += options_.delimiter;
    if (auto status = text(schema_.fields[i].name, out, i, -1); !status.ok()) return status;
  }
  out += line_end_;
  return {};
}

Status Encoder::rows(const BatchView& batch, std::int64_t from, std::int64_t to, std::int64_t first_row, std::string& out) const {
  std::vector<ColumnView> columns;
  columns.reserve(batch.columns());
  for (std::size_t i = 0; i < batch.columns(); ++i) columns.push_back(batch.column(i));
  for (auto row = from; row < to; ++row) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto& column = columns[i];
      if (i != 0) out += options_.delimiter;
      if (column.has_nulls() && column.is_null(row)) {
        out += options_.null;
        continue;
      }
      switch (column.type()) {
        case Type::int64:
          if (quote_all_) out += '"';
          integer(column.int64(row), out);
          if (quote_all_) out += '"';
          break;
        case Type::float64: number(column.float64(row), out); break;
        case Type::utf8:
          if (auto status = text(column.text(row), out, i, first_row + row); !status.ok()) return status;
          break;
        case Type::boolean: plain(column.boolean(row) ? options_.true_text : options_.false_text, out); break;
        case Type::date32: formatted(out, [&] { date_.date(column.date32(row), out); }); break;
        case Type::timestamp: formatted(out, [&] { timestamp_.timestamp(column.milliseconds(row), out); }); break;
        case Type::duration: formatted(out, [&] { time_.duration(column.milliseconds(row), out); }); break;
      }
    }
    // A line of one null would be empty, and readers skip empty lines.
    if (columns.size() == 1 && (out.empty() || out.back() == '\n') && options_.null.empty()) out += "\"\"";
    out += line_end_;
  }
  return {};
}

std::string Encoder::lost() const {
  std::string text;
  const auto add = [&](const char* option, const std::string& pattern, const std::string& parts) {
    if (!parts.empty())
      text += (text.empty() ? "" : "; ") + (option + (" = " + pattern) + " does not write " + parts + ", which values have");
  };
  add("date-format", options_.date_format, date_.lost());
  add("timestamp-format", options_.timestamp_format, timestamp_.lost());
  add("time-format", options_.time_format, time_.lost());
  return text;
}

// What is no text of the data's own: quoted only where the delimiter or the null text would be mistaken.
void Encoder::plain(std::string_view value, std::string& out) const {
  bool needs = quote_all_ || value == options_.null;
  for (const char c : value) needs = needs || special_[static_cast<unsigned char>(c)];
  if (needs) return quoted(value, out);
  out += value;
}

// What write() appends to out, quoted where plain() would.
template <typename Write>
void Encoder::formatted(std::string& out, const Write& write) const {
  const auto begin = out.size();
  write();
  const auto value = std::string_view(out).substr(begin);
  bool needs = quote_all_ || value == options_.null;
  for (const char c : value) needs = needs || special_[static_cast<unsigned char>(c)];
  if (!needs) return;
  const std::string copy(value);
  out.resize(begin);
  quoted(copy, out);
}

void Encoder::number(double value, std::string& out) const {
  if (std::isnan(value)) return plain(options_.nan, out);
  if (std::isinf(value)) return plain(value < 0 ? "-inf" : "inf", out);
  char digits[kLongestNumber];
  const auto end = options_.digits ? std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, *options_.digits).ptr
                                   : write_real(value, digits);
  if (options_.decimal != '.') {
    for (auto* c = digits; c != end; ++c) {
      if (*c == '.') *c = options_.decimal;
    }
  }
  if (quote_all_ || (options_.decimal == options_.delimiter)) return quoted({digits, static_cast<std::size_t>(end - digits)}, out);
  out.append(digits, end);
}

Status Encoder::text(std::string_view value, std::string& out, std::size_t column, std::int64_t row) const {
  bool escape = false;
  if (options_.formula != Formula::off && runs_in_a_spreadsheet(value)) {
    if (options_.formula == Formula::reject) {
      return {Code::bad_data, "column '" + schema_.fields[column].name + "'" +
                                  (row < 0 ? ", its name" : ", row " + std::to_string(row + 1)) + ": '" + std::string(value.substr(0, 80)) +
                                  "' would run as a formula in a spreadsheet (formula = reject)"};
    }
    escape = true;
  }
  bool needs = options_.quote != Quote::minimal || (!escape && value == options_.null);
  if (!needs) {
    for (const char c : value) {
      if (special_[static_cast<unsigned char>(c)]) {
        needs = true;
        break;
      }
    }
  }
  if (!needs) {
    if (escape) out += '\'';
    out += value;
    return {};
  }
  if (escape) {
    quoted("'" + std::string(value), out);
  } else {
    quoted(value, out);
  }
  return {};
}

void Encoder::quoted(std::string_view value, std::string& out) const {
  out += '"';
  for (std::size_t at = 0;;) {
    const auto quote = value.find('"', at);
    out += value.substr(at, quote == std::string_view::npos ? std::string_view::npos : quote - at + 1);
    if (quote == std::string_view::npos) break;
    out += '"';
    at = quote + 1;
  }
  out += '"';
}

}  // namespace qonduit::csv
