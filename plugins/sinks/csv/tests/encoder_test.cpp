#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <qonduit/testing/rows.hpp>
#include <qonduit/testing/sample_batches.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "csv_reader.hpp"
#include "plugins/sinks/csv/encoder.hpp"

namespace qonduit::csv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::read_records;
using testing::Value;

std::string encoded(const CsvOptions& options, const Schema& schema, const ArrowArray& array) {
  const Encoder encoder(options, schema);
  std::string out;
  EXPECT_TRUE(encoder.begin(out).ok());
  const auto status = encoder.rows(BatchView(schema, array), 0, array.length, 0, out);
  EXPECT_TRUE(status.ok()) << status.message();
  return out;
}

// One value of one type in a line of its own, without a header; a second column keeps the line from being empty.
std::string one(Type type, const std::function<void(Column&)>& append, CsvOptions options = {}) {
  options.header = false;
  options.line_ending = LineEnding::lf;
  const Schema schema{{{"value", type}, {"end", Type::boolean}}};
  std::vector<Column> columns;
  columns.emplace_back(type), columns.emplace_back(Type::boolean);
  append(columns[0]);
  columns[1].append_boolean(true);
  arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  const auto line = encoded(options, schema, *array);
  const std::string end = options.quote == Quote::all ? "\"true\"\n" : "true\n";
  EXPECT_TRUE(line.ends_with(options.delimiter + end)) << line;
  return line.substr(0, line.size() - end.size() - 1);
}

std::string text(const std::string& value, const CsvOptions& options = {}) {
  return one(
      Type::utf8, [&](Column& column) { column.append_text(value); }, options);
}
std::string real(double value, const CsvOptions& options = {}) {
  return one(
      Type::float64, [&](Column& column) { column.append_float64(value); }, options);
}
std::string moment(std::int64_t milliseconds, const CsvOptions& options = {}) {
  return one(
      Type::timestamp, [&](Column& column) { column.append_int64(milliseconds); }, options);
}
std::string interval(std::int64_t milliseconds, const CsvOptions& options = {}) {
  return one(
      Type::duration, [&](Column& column) { column.append_int64(milliseconds); }, options);
}
std::string day(std::int32_t days, const CsvOptions& options = {}) {
  return one(
      Type::date32, [&](Column& column) { column.append_date32(days); }, options);
}

TEST(Encoder, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(text("plain text"), "plain text");
  EXPECT_EQ(text(" padded "), " padded ");
  EXPECT_EQ(text("a,b"), "\"a,b\"");
  EXPECT_EQ(text("say \"no\""), "\"say \"\"no\"\"\"");
  EXPECT_EQ(text("\""), "\"\"\"\"");
  EXPECT_EQ(text("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(text("carriage\rreturn"), "\"carriage\rreturn\"");
  CsvOptions semicolon;
  semicolon.delimiter = ';';
  EXPECT_EQ(text("a,b", semicolon), "a,b");
  EXPECT_EQ(text("a;b", semicolon), "\"a;b\"");
}

TEST(Encoder, FollowsTheQuotingPolicy) {
  CsvOptions options;
  options.quote = Quote::text;
  EXPECT_EQ(text("plain", options), "\"plain\"");
  EXPECT_EQ(real(1.5, options), "1.5");
  options.quote = Quote::all;
  EXPECT_EQ(text("plain", options), "\"plain\"");
  EXPECT_EQ(real(1.5, options), "\"1.5\"");
  EXPECT_EQ(day(0, options), "\"1970-01-01\"");
  EXPECT_EQ(one(
                Type::int64, [](Column& column) { column.append_int64(-7); }, options),
            "\"-7\"");
  EXPECT_EQ(one(
                Type::utf8, [](Column& column) { column.append_null(); }, options),
            "")
      << "null is never quoted";
}

TEST(Encoder, TellsNullFromEmptyAndFromTheTextOfNull) {
  const auto null = [](const CsvOptions& options) {
    return one(
        Type::utf8, [](Column& column) { column.append_null(); }, options);
  };
  CsvOptions options;
  EXPECT_EQ(null(options), "");
  EXPECT_EQ(text("", options), "\"\"");
  options.null = "NULL";
  EXPECT_EQ(null(options), "NULL");
  EXPECT_EQ(text("NULL", options), "\"NULL\"");
  EXPECT_EQ(text("", options), "");
  options.null = "NaN";
  EXPECT_EQ(real(std::nan(""), options), "\"NaN\"");
}

TEST(Encoder, WritesALineForANullThatStandsAlone) {
  const Schema schema{{{"only", Type::utf8}}};
  std::vector<Column> columns;
  columns.emplace_back(Type::utf8);
  columns[0].append_null();
  columns[0].append_text("x");
  arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  EXPECT_EQ(encoded({}, schema, *array), "only\r\n\"\"\r\nx\r\n");
}

TEST(Encoder, WritesNumbersThatReadBackAsThemselves) {
  for (const double value : {0.0, -0.0, 0.1, 1.0 / 3, 1e-5, 9.999e-6, 123456789012345.0, 1e15, 1e300, -2.5e-310,
                             std::numeric_limits<double>::max(), std::numeric_limits<double>::min(), 5e-324}) {
    const auto written = real(value);
    EXPECT_EQ(std::strtod(written.c_str(), nullptr), value) << written;
    EXPECT_EQ(std::signbit(std::strtod(written.c_str(), nullptr)), std::signbit(value)) << written;
  }
  EXPECT_EQ(real(1234567.5), "1234567.5") << "no exponent where a person would not use one";
  EXPECT_EQ(real(0.00015), "0.00015");
  EXPECT_EQ(real(1e21), "1e+21");
  EXPECT_EQ(one(Type::int64, [](Column& column) { column.append_int64(std::numeric_limits<std::int64_t>::min()); }),
            "-9223372036854775808");
}

TEST(Encoder, WritesDecimalsAsAsked) {
  CsvOptions options;
  options.digits = 2;
  EXPECT_EQ(real(1.005, options), "1.00") << "1.005 is a little less in binary";
  EXPECT_EQ(real(-0.125, options), "-0.12");
  EXPECT_EQ(real(1e22, options), "10000000000000000000000.00");
  options.digits = 0;
  EXPECT_EQ(real(2.5, options), "2");
  options.digits.reset();
  options.decimal = ',';
  EXPECT_EQ(real(1.5, options), "\"1,5\"") << "the delimiter is a comma, too";
  options.delimiter = ';';
  EXPECT_EQ(real(1.5, options), "1,5");
}

TEST(Encoder, NamesWhatIsNoNumber) {
  EXPECT_EQ(real(std::nan("")), "NaN");
  EXPECT_EQ(real(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(real(-std::numeric_limits<double>::infinity()), "-inf");
  CsvOptions options;
  options.nan = "";
  EXPECT_EQ(real(std::nan(""), options), "\"\"") << "null is the empty field here";
}

TEST(Encoder, WritesDatesOfAnyYear) {
  EXPECT_EQ(day(0), "1970-01-01");
  EXPECT_EQ(day(-1), "1969-12-31");
  EXPECT_EQ(day(11'016), "2000-02-29");
  EXPECT_EQ(day(-25'508), "1900-03-01") << "1900 was no leap year";
  EXPECT_EQ(day(2'932'896), "9999-12-31");
  EXPECT_EQ(day(2'932'897), "10000-01-01");
  EXPECT_EQ(day(-719'529), "-0001-12-31") << "the day before the year 0";
  CsvOptions options;
  options.date_format = "%d.%m.%Y";
  EXPECT_EQ(day(19'845, options), "02.05.2024");
  options.date_format = "%m,%d";
  EXPECT_EQ(day(0, options), "\"01,01\"");
}

TEST(Encoder, WritesTimestampsToTheMillisecond) {
  EXPECT_EQ(moment(0), "1970-01-01T00:00:00");
  EXPECT_EQ(moment(-1), "1969-12-31T23:59:59.999");
  EXPECT_EQ(moment(1'714'652'123'040), "2024-05-02T12:15:23.040");
  CsvOptions options;
  options.timestamp_format = "%Y%m%d %H%M%S,%f 100%%";
  EXPECT_EQ(moment(1'714'652'123'040, options), "\"20240502 121523,040 100%\"");
}

TEST(Encoder, CountsTheHoursOfIntervals) {
  EXPECT_EQ(interval(0), "00:00:00");
  EXPECT_EQ(interval(100 * 3'600'000 + 61'001), "100:01:01.001");
  EXPECT_EQ(interval(-61'000), "-00:01:01");
  EXPECT_EQ(interval(std::numeric_limits<std::int64_t>::max()), "2562047788015:12:55.807");
  EXPECT_EQ(interval(std::numeric_limits<std::int64_t>::min()), "-2562047788015:12:55.808");
}

TEST(Encoder, BeginsWithTheNamesOfTheColumns) {
  const Schema schema{{{"a", Type::int64}, {"", Type::int64}, {"a,b", Type::int64}, {"a", Type::int64}}};
  std::string out;
  EXPECT_TRUE(Encoder({}, schema).begin(out).ok());
  EXPECT_EQ(out, "a,\"\",\"a,b\",a\r\n");
  CsvOptions options;
  options.bom = true;
  options.header = false;
  out.clear();
  EXPECT_TRUE(Encoder(options, schema).begin(out).ok());
  EXPECT_EQ(out, "\xEF\xBB\xBF");
}

struct Formula_ {
  std::string text;
  bool runs;
};

TEST(Encoder, GuardsAgainstTextsASpreadsheetWouldRun) {
  for (const auto& [value, runs] : std::initializer_list<Formula_>{{"=1+1", true},
                                                                   {"\n=1+1", true},
                                                                   {"+1", true},
                                                                   {"-1", true},
                                                                   {"@SUM(A1)", true},
                                                                   {"\tx", true},
                                                                   {"\rx", true},
                                                                   {"1=1", false},
                                                                   {" =1", true},
                                                                   {"\n=1", true},
                                                                   {"\n \n@x", true},
                                                                   {std::string("\0=1", 3), true},
                                                                   {" \n1", false},
                                                                   {" да", false},
                                                                   {"", false}}) {
    CsvOptions options;
    EXPECT_EQ(read_records(text(value, options) + ",\r\n")[0][0].text, value) << "off: as it is";
    options.formula = Formula::escape;
    EXPECT_EQ(read_records(text(value, options) + ",\r\n")[0][0].text, (runs ? "'" : "") + value);
    options.formula = Formula::reject;
    options.header = false;
    const Schema schema{{{"remark", Type::utf8}}};
    std::vector<Column> columns;
    columns.emplace_back(Type::utf8);
    columns[0].append_text(value);
    arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    std::string out;
    const auto status = Encoder(options, schema).rows(BatchView(schema, *array), 0, 1, 41, out);
    EXPECT_EQ(status.ok(), !runs) << value;
    if (!runs) continue;
    EXPECT_EQ(status.code(), Code::bad_data);
    EXPECT_THAT(status.message(), HasSubstr("column 'remark', row 42"));
  }
  CsvOptions options;
  options.formula = Formula::escape;
  EXPECT_EQ(real(-1.5, options), "-1.5") << "a number is no text";
  options.formula = Formula::reject;
  std::string out;
  const Schema named{{{"=cmd", Type::int64}}};
  EXPECT_THAT(Encoder(options, named).begin(out).message(), HasSubstr("its name"));
}

TEST(Encoder, ReadsSlicesAndDictionaries) {
  for (const auto& sample : qonduit::testing::sample_batches()) {
    if (sample.name != "Sliced" && sample.name != "Dictionary") continue;
    const auto array = sample.make(0);
    const auto records = read_records(encoded({}, sample.schema, *array));
    qonduit::testing::Rows rows;
    qonduit::testing::append_rows(rows, sample.schema, *array);
    ASSERT_EQ(records.size(), rows.size() + 1) << sample.name;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      for (std::size_t i = 0; i < rows[row].size(); ++i) {
        if (sample.schema.fields[i].type != Type::utf8) continue;
        const auto& value = records[row + 1][i];
        if (sample.schema.fields.size() > 1) {
          EXPECT_EQ(rows[row][i].has_value(), !value.text.empty() || value.quoted);
        }
        EXPECT_EQ(rows[row][i].value_or(""), value.text);
      }
    }
  }
}

// RFC 4180, a million cells: what was written reads back, cell by cell.
TEST(Encoder, WritesAMillionCellsThatReadBack) {
  std::mt19937 random(20261123);
  const std::vector<std::string> pieces = {"", "a", "\"", ",", "\r\n", "\n", "\r", "ü", "\U0001F600", "NULL", "\"\"", ";", " ", "word"};
  const Schema schema{{{"a", Type::utf8}, {"b", Type::utf8}, {"c", Type::int64}, {"d", Type::utf8}}};
  constexpr std::int64_t kRows = 25'000;
  for (int batch = 0; batch < 10; ++batch) {
    std::vector<Column> columns;
    for (const auto& field : schema.fields) columns.emplace_back(field.type, kRows);
    testing::Records expected;
    for (std::int64_t row = 0; row < kRows; ++row) {
      auto& record = expected.emplace_back();
      for (auto& column : columns) {
        auto& value = record.emplace_back();
        if (column.type() == Type::int64) {
          const auto number = static_cast<std::int64_t>(random()) - 2'000'000'000;
          column.append_int64(number);
          value.text = std::to_string(number);
          continue;
        }
        if (random() % 10 == 0) {
          column.append_null();
          continue;
        }
        for (auto count = random() % 4; count > 0; --count) value.text += pieces[random() % pieces.size()];
        column.append_text(value.text);
        value.quoted = value.text.empty() || value.text.find_first_of("\",\r\n") != std::string::npos;
      }
    }
    arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    auto records = read_records(encoded({}, schema, *array));
    records.erase(records.begin());
    ASSERT_EQ(records.size(), expected.size());
    for (std::size_t row = 0; row < expected.size(); ++row) ASSERT_EQ(records[row], expected[row]) << "row " << row;
  }
}

}  // namespace
}  // namespace qonduit::csv
