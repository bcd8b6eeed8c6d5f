// Avro, read back by a library that shares nothing with the encoder.
#include "plugins/sinks/queue/core/avro.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <qonduit/hidden_titles.hpp>
#include <qonduit/testing/sample_batches.hpp>
#include <qonduit/text.hpp>

#include <cmath>
#include <limits>

#include "plugins/sinks/queue/testing/avro_reader.hpp"

namespace qonduit::queue {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::LogicalTypes;
using testing::read_avro;
using ::testing::SizeIs;

Run avro_run() {
  Run run;
  run.pipeline = "sales-eu";
  run.object_id = "jgAJyu";
  return run;
}

Schema every_type(bool nullable = true) {
  return {{{"whole", Type::int64, nullable},
           {"real", Type::float64, nullable},
           {"flag", Type::boolean, nullable},
           {"text", Type::utf8, nullable},
           {"day", Type::date32, nullable},
           {"moment", Type::timestamp, nullable},
           {"length", Type::duration, nullable}}};
}

// Rows of every type, filled column by column.
struct Filled {
  std::vector<Column> columns;

  explicit Filled(const Schema& schema) {
    for (const auto& field : schema.fields) columns.emplace_back(field.type);
  }
  void add(std::int64_t whole, double real, bool flag, std::string_view text, std::int32_t day) {
    columns[0].append_int64(whole);
    columns[1].append_float64(real);
    columns[2].append_boolean(flag);
    columns[3].append_text(text);
    columns[4].append_date32(day);
    columns[5].append_int64(whole);
    columns[6].append_int64(whole);
  }
  void add_nulls() {
    for (auto& column : columns) column.append_null();
  }
};

std::vector<std::string> messages(const Schema& schema, const ArrowArray& array) {
  const BatchView batch(schema, array);
  const auto encoder = make_avro_encoder(schema, single_object_prefix(avro_fingerprint(avro_schema(avro_run(), schema).canonical)));
  encoder->use(batch);
  std::vector<std::string> out;
  for (std::int64_t row = 0; row < batch.rows(); ++row) {
    const auto status = encoder->row(row, 1, out.emplace_back());
    EXPECT_TRUE(status.ok()) << status.message();
  }
  return out;
}

std::vector<std::string> messages(const Schema& schema, Filled& filled) {
  arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(filled.columns, array.get());
  return messages(schema, *array);
}

TEST(Avro, AnotherLibraryReadsEveryType) {
  const auto schema = every_type();
  Filled filled(schema);
  filled.add(1'000'000'000'000, 0.1, true,
             "Gr\xC3\xB6\xC3\x9F"
             "e \xF0\x9F\x98\x80 \"\n",
             20'484);
  filled.add_nulls();
  filled.add(-1, -0.0, false, "", -1);
  EXPECT_THAT(read_avro(avro_schema(avro_run(), schema).text, messages(schema, filled)).rows,
              ElementsAre(R"({"whole": 1000000000000, "real": 0.1, "flag": true, "text": "Größe 😀 \"\n", "day": "2026-01-31", )"
                          R"("moment": 1000000000000, "length": 1000000000000})",
                          R"({"whole": null, "real": null, "flag": null, "text": null, "day": null, "moment": null, "length": null})",
                          R"({"whole": -1, "real": -0.0, "flag": false, "text": "", "day": "1969-12-31", "moment": -1, "length": -1})"));
}

TEST(Avro, ExtremesAndWhatIsNoNumberAreKept) {
  const auto schema = every_type();
  Filled filled(schema);
  using Whole = std::numeric_limits<std::int64_t>;
  using Day = std::numeric_limits<std::int32_t>;
  using Real = std::numeric_limits<double>;
  const std::string long_text(100'000, 'x');
  filled.add(Whole::max(), Real::infinity(), true, std::string_view("\0", 1), Day::max());
  filled.add(Whole::min(), -Real::infinity(), true, "", Day::min());
  filled.add(63, Real::quiet_NaN(), true, long_text, 64);
  filled.add(-64, Real::denorm_min(), true, "", -65);
  filled.add(64, Real::max(), true, "", 0);
  const auto read = read_avro(avro_schema(avro_run(), schema).text, messages(schema, filled), LogicalTypes::raw).rows;
  ASSERT_THAT(read, SizeIs(5));
  EXPECT_EQ(read[0], R"({"whole": 9223372036854775807, "real": Infinity, "flag": true, "text": "\u0000", "day": 2147483647, )"
                     R"("moment": 9223372036854775807, "length": 9223372036854775807})");
  EXPECT_EQ(read[1], R"({"whole": -9223372036854775808, "real": -Infinity, "flag": true, "text": "", "day": -2147483648, )"
                     R"("moment": -9223372036854775808, "length": -9223372036854775808})");
  EXPECT_EQ(read[2], R"({"whole": 63, "real": NaN, "flag": true, "text": ")" + long_text + R"(", "day": 64, "moment": 63, "length": 63})");
  EXPECT_THAT(read[3], HasSubstr(R"({"whole": -64, "real": 5e-324,)"));
  EXPECT_THAT(read[4], HasSubstr(R"({"whole": 64, "real": 1.7976931348623157e+308,)"));
}

TEST(Avro, AColumnThatIsNeverNullIsNoUnion) {
  const auto schema = every_type(false);
  Filled filled(schema);
  filled.add(7, 1.5, false, "a", 0);
  const auto avro = avro_schema(avro_run(), schema);
  EXPECT_THAT(avro.text, ::testing::Not(HasSubstr("null")));
  EXPECT_THAT(read_avro(avro.text, messages(schema, filled)).rows,
              ElementsAre(R"({"whole": 7, "real": 1.5, "flag": false, "text": "a", "day": "1970-01-01", "moment": 7, "length": 7})"));
}

TEST(Avro, ANullWhereNoneCanBeIsNamed) {
  const Schema schema{{{"n", Type::int64, false}}};
  std::vector<Column> columns;
  columns.emplace_back(Type::int64).append_null();
  arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  const auto encoder = make_avro_encoder(schema, {});
  encoder->use(BatchView(schema, *array));
  std::string out;
  const auto status = encoder->row(0, 7, out);
  EXPECT_EQ(status.code(), Code::bad_data);
  EXPECT_THAT(status.message(), HasSubstr("row 7, column 'n'"));
}

TEST(Avro, ADictionaryIsWrittenOut) {
  const auto sample = qonduit::testing::sample_batches_named("Dictionary");
  const auto read = read_avro(avro_schema(avro_run(), sample.schema).text, messages(sample.schema, *sample.make(0)));
  EXPECT_THAT(read.rows, ElementsAre(R"({"Region": "Süd"})", R"({"Region": "North"})", R"({"Region": null})", R"({"Region": ""})"));
  EXPECT_EQ(read.schema_id, "-");
}

TEST(Avro, TheSchemaKeepsTheNamesThatAvroDoesNotTake) {
  auto run = avro_run();
  run.dataset = "Zeile 1";
  const Schema schema{{{"Order Date", Type::date32}, {"Order-Date", Type::timestamp}, {"2024", Type::duration, false}}};
  const auto apart = [](const std::string& title) { return "Order_Date_" + qonduit::short_hash(title).substr(0, 8); };
  const std::string expected = R"({"type":"record","name":"jgAJyu_Zeile_1","namespace":"qonduit.sales_eu","fields":[)"
                               R"({"name":")" +
                               apart("Order Date") +
                               R"(","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"Order Date",)"
                               R"("qonduit-name":"Order Date"},)"
                               R"({"name":")" +
                               apart("Order-Date") +
                               R"(","type":["null",{"type":"long","logicalType":"local-timestamp-millis"}],"default":null,)"
                               R"("doc":"Order-Date","qonduit-name":"Order-Date"},)"
                               R"-({"name":"_2024","type":"long","doc":"2024 (milliseconds)","qonduit-name":"2024"}]})-";
  EXPECT_EQ(avro_schema(run, schema).text, expected);
}

TEST(Avro, NamesAreThoseAvroTakes) {
  EXPECT_EQ(avro_name("Sales_2024"), "Sales_2024");
  EXPECT_EQ(avro_name("2024 Umsatz (EUR)"), "_2024_Umsatz__EUR_");
  EXPECT_EQ(avro_name("Größe"), "Gr__e_" + qonduit::short_hash("Größe").substr(0, 8));
  EXPECT_EQ(avro_name("Продажи"), "_" + qonduit::short_hash("Продажи").substr(0, 8));
  EXPECT_EQ(avro_name(""), "_");
}

TEST(Avro, AFieldKeepsItsNameWhileTheColumnItWouldShareItWithIsHidden) {
  const auto field = [](const std::string& name) { return Field{name, Type::float64, true, {{"qlik.title", name}}, false}; };
  for (const auto& [shown, hidden] : {std::pair("Net Sales", "Net-Sales"), {"Größe (cm)", "Größe [cm]"}, {"1. Schicht", "_. Schicht"}}) {
    Schema both{{field(hidden), field(shown)}}, one{{field(shown)}};
    tell_hidden_titles(one, {hidden});
    const auto text = avro_schema(avro_run(), one).text;
    const auto begin = text.find(R"("fields":[)") + 10;
    EXPECT_THAT(avro_schema(avro_run(), both).text, HasSubstr(text.substr(begin, text.find('}', begin) - begin))) << shown;
    const auto alone = avro_schema(avro_run(), Schema{{field(shown)}}).text;
    EXPECT_EQ(alone == text, avro_name(shown) != avro_name(hidden)) << shown;
  }
}

TEST(Avro, TheTurnsOfALoopShareASchema) {
  auto run = avro_run();
  const auto one = avro_schema(run, every_type()).text;
  run.turn = "North";
  EXPECT_EQ(avro_schema(run, every_type()).text, one);
}

// Of the Avro project's own list of cases, and the last one of its Java library, 1.12.0.
TEST(Avro, FingerprintsAreThoseOfOthers) {
  const auto is = [](std::string_view canonical) { return static_cast<std::int64_t>(avro_fingerprint(canonical)); };
  EXPECT_EQ(is("\"null\""), 7195948357588979594);
  EXPECT_EQ(is("\"boolean\""), -6970731678124411036);
  EXPECT_EQ(is("\"int\""), 8247732601305521295);
  EXPECT_EQ(is(avro_schema(avro_run(), every_type()).canonical), -5860225601934753851);
}

TEST(Avro, PrefixesHaveTheirByteOrder) {
  EXPECT_EQ(single_object_prefix(0x0102030405060708u), std::string("\xC3\x01\x08\x07\x06\x05\x04\x03\x02\x01", 10));
  EXPECT_EQ(registered_prefix(0x01020304), std::string("\0\x01\x02\x03\x04", 5));
}

}  // namespace
}  // namespace qonduit::queue
