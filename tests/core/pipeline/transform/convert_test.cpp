#include "core/pipeline/transform/convert.hpp"

#include <gmock/gmock.h>

#include "tests/core/pipeline/transform/transform_fixture.hpp"

namespace qonduit::pipeline::transform {
namespace {

using ::testing::HasSubstr;
using Cells = std::vector<testing::Cell>;

constexpr std::pair<Type, const char*> kTypes[] = {{Type::int64, "integer"}, {Type::float64, "real"}, {Type::boolean, "boolean"},
                                                   {Type::utf8, "text"},     {Type::date32, "date"},  {Type::timestamp, "timestamp"},
                                                   {Type::duration, "time"}};

TEST(Convert, KnowsWhichTypesHaveValuesInCommon) {
  std::string pairs;
  for (const auto& [from, from_name] : kTypes) {
    for (const auto& [to, to_name] : kTypes) {
      if (from == Type::utf8 || to == Type::utf8) {
        EXPECT_EQ(find_conversion(from, to) != nullptr, from != to);
      } else if (find_conversion(from, to) != nullptr) {
        pairs += std::string(from_name) + ">" + to_name + " ";
      }
    }
  }
  EXPECT_EQ(pairs, "integer>real integer>boolean real>integer real>boolean boolean>integer boolean>real date>timestamp timestamp>date ");
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
}

TEST(Convert, ReadsADictionaryByItsTexts) {
  const auto sample = testing::sample_batches_named("Dictionary");
  const auto arrived = transformed(sample, {{"type.Region", "integer"}});
  EXPECT_THAT(arrived.status.message(), HasSubstr("column 'Region', row 1: 'S\u00fcd'"));
}

}  // namespace
}  // namespace qonduit::pipeline::transform
