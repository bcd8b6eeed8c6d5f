#include "plugins/sinks/queue/core/encoder.hpp"

#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "plugins/sinks/queue/core/row_key.hpp"

namespace qonduit::queue {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// One row of every type.
struct EveryType {
  Schema schema{{{"whole", Type::int64},
                 {"real", Type::float64},
                 {"flag", Type::boolean},
                 {"text", Type::utf8},
                 {"day", Type::date32},
                 {"moment", Type::timestamp},
                 {"length", Type::duration},
                 {"nothing", Type::utf8}}};
  arrow::ArrayHandle array{new ArrowArray{}};

  explicit EveryType(double real = 0.1, std::string_view text = "a") {
    std::vector<Column> columns;
    for (const auto& field : schema.fields) columns.emplace_back(field.type);
    columns[0].append_int64(std::numeric_limits<std::int64_t>::min());
    columns[1].append_float64(real);
    columns[2].append_boolean(true);
    columns[3].append_text(text);
    columns[4].append_date32(-1);
    columns[5].append_int64(1500);
    columns[6].append_int64(-90'000'000);
    columns[7].append_null();
    finish_batch(columns, array.get());
  }
};

Result<std::string> encoded(const QueueOptions& options, const EveryType& data) {
  auto encoder = Encoder::make(options, data.schema);
  if (!encoder) return std::move(encoder).error();
  const BatchView batch(data.schema, *data.array);
  (*encoder)->use(batch);
  std::string out;
  auto status = (*encoder)->begin(out);
  if (status.ok()) status = (*encoder)->row(0, 7, out);
  if (!status.ok()) return status;
  (*encoder)->end(out);
  return out;
}

TEST(QueueEncoder, JsonHasNumbersAsNumbersAndTimesAsIso) {
  const auto text = encoded({}, EveryType());
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            R"({"whole":-9223372036854775808,"real":0.1,"flag":true,"text":"a","day":"1969-12-31","moment":"1970-01-01T00:00:01.500",)"
            R"("length":"-25:00:00","nothing":null})");
}

TEST(QueueEncoder, JsonTextsReadBackAsTheyWere) {
  const std::string awkward("quote \" back \\ line \n tab \t nul \0 bell \a \xF0\x9F\x98\x80", 41);
  const auto text = encoded({}, EveryType(1, awkward));
  ASSERT_TRUE(text);
  const auto read = Poco::JSON::Parser().parse(*text).extract<Poco::JSON::Object::Ptr>();
  EXPECT_EQ(read->getValue<std::string>("text"), awkward);
}

TEST(QueueEncoder, WhatJsonHasNoNumberForIsRefusedByDefault) {
  const auto refused = encoded({}, EveryType(-kInfinity));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::bad_data);
  EXPECT_THAT(refused.error().message(), HasSubstr("row 7, column 'real': -Infinity"));
  QueueOptions options;
  options.non_finite = NonFinite::null;
  EXPECT_THAT(*encoded(options, EveryType(-kInfinity)), HasSubstr("\"real\":null"));
  options.non_finite = NonFinite::text;
  EXPECT_THAT(*encoded(options, EveryType(-kInfinity)), HasSubstr("\"real\":\"-Infinity\""));
}

TEST(QueueEncoder, CsvMessagesBeginWithTheNames) {
  QueueOptions options;
  options.format = Format::csv;
  const auto text = encoded(options, EveryType(0.5, "a,b"));
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "whole,real,flag,text,day,moment,length,nothing\r\n-9223372036854775808,0.5,true,\"a,b\",1969-12-31,1970-01-01T00:00:01.500,"
            "-25:00:00,\r\n");
}

TEST(QueueEncoder, NoTwoMembersShareAName) {
  const auto names = [](std::vector<std::string> wanted) {
    Schema schema;
    for (auto& name : wanted) schema.fields.push_back({std::move(name), Type::utf8});
    return unique_names(schema);
  };
  EXPECT_THAT(names({"a", "a", "a_2", "a", "", ""}), ElementsAre("a", "a_3", "a_2", "a_4", "", "_2"));
  EXPECT_THAT(names({"x", "y"}), ElementsAre("x", "y"));
}

TEST(RowKey, IsTheTextOfOneColumnOrAnArrayOfSeveral) {
  const EveryType data;
  const BatchView batch(data.schema, *data.array);
  const auto key = [&](const std::vector<std::string>& columns) {
    auto parsed = RowKey::parse(columns, data.schema);
    if (!parsed) throw std::runtime_error(parsed.error().message());
    const auto text = parsed->of(batch, 0);
    return text ? std::optional(std::string(*text)) : std::nullopt;
  };
  EXPECT_EQ(key({"text"}), "a");
  EXPECT_EQ(key({"moment"}), "1970-01-01T00:00:01.500");
  EXPECT_EQ(key({"text", "whole", "nothing"}), R"(["a",-9223372036854775808,null])");
  EXPECT_EQ(key({"nothing"}), std::nullopt);
}

TEST(RowKey, NamesTheColumnThatIsNotThere) {
  const auto wrong = RowKey::parse({"wohle"}, EveryType().schema);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code(), Code::invalid_config);
  EXPECT_THAT(wrong.error().message(), HasSubstr("did you mean 'whole'?"));
  const Schema twice{{{"a", Type::utf8}, {"a", Type::utf8}}};
  EXPECT_THAT(RowKey::parse({"a"}, twice).error().message(), HasSubstr("several columns"));
}

}  // namespace
}  // namespace qonduit::queue
