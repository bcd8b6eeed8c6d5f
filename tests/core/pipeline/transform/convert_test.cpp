#include "core/pipeline/transform/convert.hpp"

#include <gmock/gmock.h>

#include "tests/core/pipeline/transform/transform_fixture.hpp"

namespace qonduit::pipeline::transform {
namespace {

using ::testing::HasSubstr;
using Cells = std::vector<testing::Cell>;

constexpr std::pair<Type, const char*> kTypes[] = {{Type::int64, "integer"},    {Type::float64, "real"}, {Type::boolean, "boolean"},
                                                   {Type::utf8, "text"},        {Type::date32, "date"},  {Type::timestamp, "timestamp"},
                                                   {Type::duration, "interval"}};

TEST(Convert, KnowsWhichTypesHaveValuesInCommon) {
  std::string pairs;
  for (const auto& [from, from_name] : kTypes) {
    for (const auto& [to, to_name] : kTypes) {
      if (from == Type::utf8 || to == Type::utf8) {
        EXPECT_EQ(find_conversion(from, {to}) != nullptr, from != to);
      } else if (find_conversion(from, {to}) != nullptr) {
        pairs += std::string(from_name) + ">" + to_name + " ";
      }
    }
  }
  EXPECT_EQ(pairs,
            "integer>real integer>boolean integer>date integer>timestamp integer>interval real>integer real>boolean real>date "
            "real>timestamp real>interval boolean>integer boolean>real date>timestamp timestamp>date ");
  for (const auto& [from, name] : kTypes) {
    const bool has_times = from == Type::int64 || from == Type::float64 || from == Type::utf8 || from == Type::duration;
    EXPECT_EQ(find_conversion(from, {Type::duration, true}) != nullptr, has_times) << name;
  }
}

// Every value of every type goes to text and comes back.
TEST(Convert, GoesToTextAndBackWithoutLoss) {
  for (const auto* name : {"EveryType", "SomeNull", "Sliced", "AllNull", "ZeroRows", "ExtremeNumbers", "EarlyAndLateDates"}) {
    const auto sample = testing::sample_batches_named(name);
    const auto before = transformed(sample, {});
    for (std::size_t i = 0; i < sample.schema.fields.size(); ++i) {
      const auto& field = sample.schema.fields[i];
      if (field.type == Type::utf8) continue;
      const auto texts = transformed(sample, {{"type." + field.name, "text"}});
      ASSERT_TRUE(texts.status.ok()) << texts.status.message();
      EXPECT_EQ(texts.schema.fields[i].type, Type::utf8);
      const auto* back =
          std::find_if(std::begin(kTypes), std::end(kTypes), [&](const auto& type) { return type.first == field.type; })->second;
      Settings settings{{"type.c", back}};
      const auto again = transformed_texts(texts.column(i), settings);
      ASSERT_TRUE(again.status.ok()) << name << ": " << again.status.message();
      EXPECT_EQ(again.column(0), before.column(i)) << name << " " << field.name;
    }
  }
}

TEST(Convert, ConvertsNumbersThatSurvive) {
  const Schema schema{{{"whole", Type::int64}, {"real", Type::float64}, {"flag", Type::boolean}}};
  std::vector<arrow::ArrayHandle> batches;
  batches.push_back(batch_of(schema, [](std::vector<Column>& columns) {
    columns[0].append_int64(1), columns[1].append_float64(-0x1p63), columns[2].append_boolean(true);
    columns[0].append_int64(0), columns[1].append_float64(0), columns[2].append_boolean(false);
    columns[0].append_null(), columns[1].append_null(), columns[2].append_null();
  }));
  const auto arrived =
      transformed(schema, std::move(batches), {{"type.whole", "boolean"}, {"type.real", "integer"}, {"type.flag", "real"}});
  ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
  EXPECT_EQ(arrived.column(0), (Cells{"true", "false", std::nullopt}));
  EXPECT_EQ(arrived.column(1), (Cells{"-9223372036854775808", "0", std::nullopt}));
  EXPECT_EQ(arrived.column(2), (Cells{"1", "0", std::nullopt}));
}

std::string refusal(const Field& field, const char* type, const std::function<void(Column&)>& fill) {
  const Schema schema{{field}};
  std::vector<arrow::ArrayHandle> batches;
  batches.push_back(batch_of(schema, [](std::vector<Column>& columns) { columns[0].append_null(); }));
  batches.push_back(batch_of(schema, [&](std::vector<Column>& columns) { columns[0].append_null(), fill(columns[0]); }));
  const auto arrived = transformed(schema, std::move(batches), {{"type." + field.name, type}});
  EXPECT_EQ(arrived.status.code(), Code::bad_data);
  return arrived.status.message();
}

TEST(Convert, NamesColumnRowAndValueThatDoNotSurvive) {
  EXPECT_EQ(refusal({"Sales", Type::float64}, "integer", [](Column& column) { column.append_float64(1.5); }),
            "column 'Sales', row 3: '1.5' is not a whole number of 64 bits, and type.Sales = integer converts without loss only");
  EXPECT_THAT(refusal({"c", Type::float64}, "integer", [](Column& column) { column.append_float64(0x1p63); }),
              HasSubstr("not a whole number"));
  EXPECT_THAT(refusal({"c", Type::float64}, "integer", [](Column& column) { column.append_float64(std::nan("")); }), HasSubstr("'NaN'"));
  EXPECT_THAT(refusal({"c", Type::int64}, "real", [](Column& column) { column.append_int64(9'007'199'254'740'993); }),
              HasSubstr("'9007199254740993' has no exact real"));
  EXPECT_THAT(refusal({"c", Type::int64}, "real", [](Column& column) { column.append_int64(std::numeric_limits<std::int64_t>::max()); }),
              HasSubstr("no exact real"));
  EXPECT_THAT(refusal({"c", Type::float64}, "boolean", [](Column& column) { column.append_float64(std::nan("")); }),
              HasSubstr("neither true nor false"));
  EXPECT_THAT(refusal({"c", Type::utf8}, "boolean", [](Column& column) { column.append_text("да"); }), HasSubstr("neither true nor false"));
  EXPECT_THAT(refusal({"c", Type::timestamp}, "date", [](Column& column) { column.append_int64(-1); }), HasSubstr("lose the time of day"));
  EXPECT_THAT(refusal({"c", Type::timestamp}, "date", [](Column& column) { column.append_int64(86'400'000 * (std::int64_t{1} << 31)); }),
              HasSubstr("out of range for a date"));
  EXPECT_THAT(refusal({"c", Type::utf8}, "real", [](Column& column) { column.append_text("1,5"); }),
              HasSubstr("'1,5' is not a number with a decimal point"));
  for (const char* id : {"9007199254740993", "-9007199254740993", "12345678901234567890", "00000000000009007199254740993"}) {
    EXPECT_THAT(refusal({"c", Type::utf8}, "real", [&](Column& column) { column.append_text(id); }),
                HasSubstr("has more digits than a real number holds"))
        << id;
  }
}

TEST(Convert, ReadsLongNumbersThatARealHolds) {
  const Schema schema{{{"c", Type::utf8}}};
  const std::vector<const char*> texts = {"9007199254740992",         "9007199254740994",       "123456789012345680000",
                                          "100000000000000000000000", "1.2345678901234567e+20", "0.1234567890123456789",
                                          "0000000000000000005",      "00000000000000000000",   "-0000000000000000000"};
  std::vector<arrow::ArrayHandle> batches;
  batches.push_back(batch_of(schema, [&](std::vector<Column>& columns) {
    for (const char* text : texts) columns[0].append_text(text);
  }));
  const auto arrived = transformed(schema, std::move(batches), {{"type.c", "real"}});
  EXPECT_TRUE(arrived.status.ok()) << arrived.status.message();
}

// What tables of the data model hold where nothing says that a number is a date: days since 1899-12-30, parts of a day.
TEST(Convert, ReadsNumbersAsQlikCountsDays) {
  const Schema schema{
      {{"Tag", Type::float64}, {"День", Type::int64}, {"Von", Type::float64}, {"所要", Type::float64}, {"At", Type::float64}}};
  std::vector<arrow::ArrayHandle> batches;
  batches.push_back(batch_of(schema, [](std::vector<Column>& columns) {
    columns[0].append_float64(45656), columns[1].append_int64(27454), columns[2].append_float64(0.4166666667);
    columns[3].append_float64(1.4375), columns[4].append_float64(45656.75);
    columns[0].append_float64(0), columns[1].append_int64(-1), columns[2].append_float64(0);
    columns[3].append_float64(-0.5), columns[4].append_float64(45656);
    columns[0].append_float64(25569), columns[1].append_int64(60), columns[2].append_float64(0.99999999999);
    columns[3].append_float64(0), columns[4].append_float64(0.5);
    for (auto& column : columns) column.append_null();
  }));
  const auto arrived =
      transformed(schema, std::move(batches),
                  {{"type.Tag", "date"}, {"type.День", "date"}, {"type.Von", "time"}, {"type.所要", "interval"}, {"type.At", "timestamp"}});
  ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
  EXPECT_EQ(arrived.column(0), (Cells{"2024-12-30", "1899-12-30", "1970-01-01", std::nullopt}));
  EXPECT_EQ(arrived.column(1), (Cells{"1975-03-01", "1899-12-29", "1900-02-28", std::nullopt}));
  EXPECT_EQ(arrived.column(2), (Cells{"36000000", "0", "86399999", std::nullopt})) << "never 24:00";
  EXPECT_EQ(arrived.column(3), (Cells{"124200000", "-43200000", "0", std::nullopt}));
  EXPECT_EQ(arrived.column(4), (Cells{"2024-12-30T18:00:00.000", "2024-12-30T00:00:00.000", "1899-12-30T12:00:00.000", std::nullopt}));
  EXPECT_EQ(arrived.schema.fields[2].find("qlik.logical"), "time");
  EXPECT_EQ(arrived.schema.fields[3].find("qlik.logical"), "interval");
}

TEST(Convert, RefusesNumbersThatAreNoDayAndNoPartOfOne) {
  const auto real = [](double value) { return [value](Column& column) { column.append_float64(value); }; };
  EXPECT_EQ(refusal({"Größe", Type::float64}, "date", real(45656.25)),
            "column 'Größe', row 3: '45656.25' is no whole number of days since 1899-12-30: a date would lose the time of day, and "
            "type.Größe = date converts without loss only");
  EXPECT_THAT(refusal({"Время", Type::float64}, "time", real(1.5)),
              HasSubstr("column 'Время', row 3: '1.5' is no part of a day, which is from 0 to below 1, and type.Время = time"));
  EXPECT_THAT(refusal({"c", Type::float64}, "time", real(1)), HasSubstr("no part of a day"));
  EXPECT_THAT(refusal({"c", Type::float64}, "time", real(-0.25)), HasSubstr("no part of a day"));
  EXPECT_THAT(refusal({"c", Type::float64}, "time", real(std::nan(""))), HasSubstr("'NaN' is no part of a day"));
  EXPECT_THAT(refusal({"c", Type::int64}, "time", [](Column& column) { column.append_int64(7); }), HasSubstr("no part of a day"));
  EXPECT_THAT(refusal({"c", Type::float64}, "timestamp", real(std::numeric_limits<double>::infinity())), HasSubstr("out of range"));
  EXPECT_THAT(refusal({"c", Type::float64}, "interval", real(1e300)), HasSubstr("out of range for a number of days"));
  EXPECT_THAT(refusal({"c", Type::int64}, "date", [](Column& column) { column.append_int64(std::int64_t{1} << 40); }),
              HasSubstr("out of range"));
}

TEST(Convert, KeepsTimesOfDayWithinADay) {
  EXPECT_THAT(refusal({"ώρα", Type::utf8}, "time", [](Column& column) { column.append_text("34:00:00"); }),
              HasSubstr("column 'ώρα', row 3: '34:00:00' is no time of day, which is below 24:00 (interval holds it)"));
  EXPECT_THAT(refusal({"c", Type::duration}, "time", [](Column& column) { column.append_int64(-1); }), HasSubstr("is no time of day"));
  const Schema schema{
      {{"c", Type::duration, true, {{"qlik.logical", "time"}}}, {"d", Type::duration, true, {{"qlik.logical", "interval"}}}}};
  std::vector<arrow::ArrayHandle> batches;
  batches.push_back(
      batch_of(schema, [](std::vector<Column>& columns) { columns[0].append_int64(1000), columns[1].append_int64(86'399'999); }));
  const auto arrived = transformed(schema, std::move(batches), {{"type.c", "interval"}, {"type.d", "time"}});
  ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
  EXPECT_EQ(arrived.column(0), (Cells{"1000"}));
  EXPECT_EQ(arrived.column(1), (Cells{"86399999"}));
  EXPECT_EQ(arrived.schema.fields[0].find("qlik.logical"), "interval");
  EXPECT_EQ(arrived.schema.fields[1].find("qlik.logical"), "time");
}

TEST(Convert, ReadsADictionaryByItsTexts) {
  const auto sample = testing::sample_batches_named("Dictionary");
  const auto arrived = transformed(sample, {{"type.Region", "integer"}});
  EXPECT_THAT(arrived.status.message(), HasSubstr("column 'Region', row 1: 'S\u00fcd'"));
}

}  // namespace
}  // namespace qonduit::pipeline::transform
