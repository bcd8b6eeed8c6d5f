#include "core/pipeline/transform/mask.hpp"

#include <gmock/gmock.h>

#include <set>

#include "core/pipeline/transform/withheld.hpp"
#include "qonduit/hidden_titles.hpp"
#include "qonduit/own_name.hpp"
#include "tests/core/pipeline/transform/transform_fixture.hpp"

namespace qonduit::pipeline::transform {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Cells = std::vector<testing::Cell>;

std::string hex_of(const KeyedHash::Digest& digest) {
  std::string out;
  char two[3];
  for (const auto byte : digest) std::snprintf(two, sizeof two, "%02x", byte), out += two;
  return out;
}

// Source: RFC 4231, test cases 1, 2 and 6.
TEST(KeyedHash, IsHmacSha256) {
  KeyedHash::Digest digest{};
  auto first = KeyedHash::create(config::Secret(std::string(20, '\x0b')));
  ASSERT_TRUE(first && first->digest("Hi There", digest));
  EXPECT_EQ(hex_of(digest), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  auto second = KeyedHash::create(config::Secret("Jefe"));
  ASSERT_TRUE(second && second->digest("something else first", digest) && second->digest("what do ya want for nothing?", digest));
  EXPECT_EQ(hex_of(digest), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  auto sixth = KeyedHash::create(config::Secret(std::string(131, '\xaa')));
  ASSERT_TRUE(sixth && sixth->digest("Test Using Larger Than Block-Size Key - Hash Key First", digest));
  EXPECT_EQ(hex_of(digest), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Mask, KeepsFourCodePointsAndNeverAWholeValue) {
  EXPECT_EQ(last_four("123456789"), "6789");
  EXPECT_EQ(last_four("12345"), "2345");
  EXPECT_EQ(last_four("1234"), "");
  EXPECT_EQ(last_four("12"), "");
  EXPECT_EQ(last_four(""), "");
  EXPECT_EQ(last_four("Z\u00fcrich\U0001F600"), "ich\U0001F600");
  EXPECT_EQ(last_four("a\U0001F600\U0001F600\U0001F600\U0001F600"), "\U0001F600\U0001F600\U0001F600\U0001F600");
  EXPECT_EQ(last_four("\U0001F600\U0001F600\U0001F600\U0001F600"), "");
  EXPECT_EQ(transformed_texts({"DE02 1203 5678", "1234", std::nullopt, ""}, {{"mask.c", "last4"}}).column(0),
            (Cells{"****5678", "****", std::nullopt, "****"}));
}

TEST(Mask, RedactsValuesAndLeavesNulls) {
  const auto arrived = transformed(testing::sample_batches_named("SomeNull"), {{"mask.whole", "redact"}, {"mask.flag", "redact"}});
  ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
  EXPECT_EQ(arrived.schema.fields[0].type, Type::utf8);
  for (std::size_t row = 0; row < arrived.rows.size(); ++row) {
    EXPECT_EQ(arrived.rows[row][0], row % 4 == 2 ? testing::Cell() : "***");
    EXPECT_EQ(arrived.rows[row][2], row % 4 == 2 ? testing::Cell() : "***");
  }
}

TEST(Mask, HashesTheTextOfAValueWhateverItsType) {
  const Settings settings{{"mask.c", "hash"}, {"mask-key", kTestKey}};
  const auto texts = transformed_texts({"42", "42", std::nullopt, "x", "42", ""}, settings);
  ASSERT_TRUE(texts.status.ok()) << texts.status.message();
  // The first half of what openssl dgst -sha256 -hmac says of 42.
  EXPECT_EQ(texts.rows[0][0], "3b12d0412db185c98ff58825ed4c81cf");
  EXPECT_EQ(texts.rows[0], texts.rows[1]);
  EXPECT_EQ(texts.rows[0], texts.rows[4]);
  EXPECT_EQ(texts.rows[2][0], std::nullopt);
  EXPECT_NE(texts.rows[0], texts.rows[3]);
  EXPECT_NE(texts.rows[0], texts.rows[5]);
  const Schema schema{{{"c", Type::int64}}};
  std::vector<arrow::ArrayHandle> batches;
  batches.push_back(batch_of(schema, [](std::vector<Column>& columns) { columns[0].append_int64(42); }));
  EXPECT_EQ(transformed(schema, std::move(batches), settings).rows[0], texts.rows[0]);
  const auto other = transformed_texts({"42"}, {{"mask.c", "hash"}, {"mask-key", "another key of 32 bytes and more"}});
  EXPECT_NE(other.rows[0], texts.rows[0]);
}

TEST(Mask, MasksEveryTypeSlicedOrNot) {
  for (const auto* name : {"EveryType", "Sliced", "AllNull", "ZeroRows"}) {
    const auto sample = testing::sample_batches_named(name);
    const auto before = transformed(sample, {});
    for (const auto* mask : {"hash", "redact", "last4"}) {
      Settings settings{{"mask-key", kTestKey}};
      for (const auto& field : sample.schema.fields) settings.emplace_back("mask." + field.name, mask);
      const auto arrived = transformed(sample, settings);
      ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
      ASSERT_EQ(arrived.rows.size(), before.rows.size());
      for (std::size_t row = 0; row < before.rows.size(); ++row) {
        for (std::size_t i = 0; i < before.rows[row].size(); ++i)
          EXPECT_EQ(arrived.rows[row][i].has_value(), before.rows[row][i].has_value());
      }
    }
  }
}

TEST(Mask, MasksADictionaryOnceAndKeepsItsIndices) {
  const auto arrived = transformed(testing::sample_batches_named("Dictionary"), {{"mask.Region", "redact"}});
  EXPECT_TRUE(arrived.schema.fields[0].dictionary);
  EXPECT_EQ(arrived.rows, (testing::Rows{{"***"}, {"***"}, {std::nullopt}, {"***"}, {"***"}, {"***"}, {std::nullopt}, {"***"}}));
}

TEST(Mask, LeavesNothingInTheMetadataButTitleAndRole) {
  const Schema schema{{{"Customer",
                        Type::utf8,
                        true,
                        {{"qlik.title", "Customer"},
                         {"qlik.role", "dimension"},
                         {"qlik.expression", "=if(Customer='ACME',1)"},
                         {"qlik.tags", "$text"},
                         {"qlik.format", "#"},
                         {"qlik.logical", "money"}}},
                       {"Other", Type::int64, true, {{"qlik.title", "Other"}, {"qlik.format", "#"}}}}};
  const auto arrived = transformed(schema, {}, {{"mask.Customer", "redact"}});
  EXPECT_EQ(arrived.schema.fields[0].metadata, (Metadata{{"qlik.title", "Customer"}, {"qlik.role", "dimension"}}));
  EXPECT_EQ(arrived.schema.fields[1].metadata, schema.fields[1].metadata);
}

// A sink that tells the rows of turns apart by the column has to know that it cannot any more.
TEST(Mask, SaysOfALoopsColumnThatTurnsMayLookAlike) {
  const auto loop = [](const std::string& name) { return Field{name, Type::utf8, false, {{"qlik.role", "loop"}, {"qlik.title", name}}}; };
  const Schema schema{{loop("Straße"), loop("Year"), loop("Shift"), {"Amount", Type::int64, true, {{"qlik.title", "Amount"}}}}};
  const auto arrived = transformed(
      schema, {},
      {{"mask.Straße", "redact"}, {"mask.Year", "last4"}, {"mask.Shift", "hash"}, {"mask.Amount", "redact"}, {"mask-key", kTestKey}});
  ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
  EXPECT_EQ(arrived.schema.fields[0].find("qlik.masked"), "redact");
  EXPECT_EQ(arrived.schema.fields[1].find("qlik.masked"), "last4");
  EXPECT_EQ(arrived.schema.fields[2].find("qlik.masked"), "");
  EXPECT_EQ(arrived.schema.fields[3].find("qlik.masked"), "");
}

// Titles are no values; a sink needs those of columns that are not shown to give names that stay.
TEST(Mask, KeepsTheTitlesOfColumnsThatAreNotShown) {
  Schema schema{{{"Kundin", Type::utf8, true, {{"qlik.title", "Kundin"}}}, {"Год", Type::int64, true, {{"qlik.title", "Год"}}}}};
  tell_hidden_titles(schema, {"ГОД", "Net, Sales"});
  EXPECT_THAT(hidden_titles(transformed(schema, {}, {{"mask.Kundin", "redact"}, {"columns", "!Год"}}).schema),
              ::testing::ElementsAre("ГОД", "Net, Sales"));
  EXPECT_THAT(hidden_titles(transformed(schema, {}, {{"columns", "Год, Kundin"}}).schema), ::testing::IsEmpty())
      << "they would not be delivered when they are shown";
}

TEST(Mask, StopsWhereAnotherColumnOfTheSameTitleWouldShowTheValues) {
  const Schema schema{{{"Price", Type::float64, true, {{"qlik.title", "Price"}}},
                       {"Price_text", Type::utf8, true, {{"qlik.title", "Price"}, {"qlik.role", "text"}}}}};
  const auto refused = transformed(schema, {}, {{"mask.Price", "redact"}});
  EXPECT_EQ(refused.status.code(), Code::invalid_config);
  EXPECT_THAT(refused.status.message(), HasSubstr("pipeline.p.mask.Price: column 'Price_text' has the same title"));
  EXPECT_TRUE(transformed(schema, {}, {{"mask.Price", "redact"}, {"columns", "!Price_text"}}).status.ok());
  EXPECT_TRUE(transformed(schema, {}, {{"mask.Price", "redact"}, {"mask.Price_text", "last4"}}).status.ok());
  EXPECT_TRUE(transformed(schema, {}, {{"mask.Price", "redact"}, {"mask.Price_text", "none"}}).status.ok());
}

Field titled(const std::string& name, const std::string& title, const std::string& own_name, const std::string& role = "dimension") {
  return {name, Type::utf8, true, {{"qlik.title", title}, {"qlik.role", role}, {"qlik.own_name", own_name}}};
}

// A column that somebody adds must not lift a mask.
TEST(Mask, IsNotOptionalForATitleThatTwoColumnsHave) {
  for (const auto* rule : {"mask.Пациент", "mask?.Пациент"}) {
    const Schema two{{titled("Пациент_a1", "Пациент", "Пациент_a1"), titled("Пациент_b2", "Пациент", "Пациент_b2")}};
    const auto refused = transformed(two, {}, {{rule, "redact"}});
    EXPECT_EQ(refused.status.code(), Code::invalid_config) << rule;
    EXPECT_THAT(refused.status.message(),
                HasSubstr("'Пациент' is the title of two columns: 'Пациент_a1', 'Пациент_b2'; name one of them by its name"));
    Schema hidden{{titled("Пациент_a1", "Пациент", "Пациент_a1"), titled("Age", "Age", "Age_c3")}};
    tell_hidden_titles(hidden, {"Пациент"});
    const auto of_one = transformed(hidden, {}, {{rule, "redact"}});
    EXPECT_EQ(of_one.status.code(), Code::invalid_config) << rule;
    EXPECT_THAT(of_one.status.message(), HasSubstr("two columns, of which one is not shown: name the other one by its name, 'Пациент_a1'"));
    // One column whose title is a word of ours.
    const Schema ours{{titled("row_kind_a1", "row_kind", "row_kind_a1")}};
    EXPECT_THAT(transformed(ours, {}, {{std::string(rule).substr(0, rule[4] == '?' ? 6 : 5) + "row_kind", "redact"}}).status.message(),
                HasSubstr("'row_kind' is the title of column 'row_kind_a1'; write its name"));
  }
}

TEST(Mask, OptionalSaysWhyThereIsNothingToDo) {
  Schema schema{{titled("Age", "Age", "Age_c3")}};
  EXPECT_THAT(transformed(schema, {}, {{"mask?.Klant", "redact"}}).notes,
              ::testing::ElementsAre("pipeline.p.mask?.Klant: there is no column 'Klant' here"));
  tell_hidden_titles(schema, {"Klant"});
  EXPECT_THAT(transformed(schema, {}, {{"mask?.Klant", "redact"}}).notes,
              ::testing::ElementsAre("pipeline.p.mask?.Klant: column 'Klant' is not shown at present"));
}

TEST(Mask, OptionalOfOtherRulesIsNoneForASharedTitleEither) {
  const Schema two{{titled("Größe_a1", "Größe", "Größe_a1"), titled("Größe_b2", "Größe", "Größe_b2")}};
  for (const auto& [rule, value] : Settings{{"type?.Größe", "integer"}, {"null?.Größe", "0"}}) {
    EXPECT_THAT(transformed(two, {}, {{rule, value}}).status.message(), HasSubstr("is the title of two columns")) << rule;
    EXPECT_TRUE(transformed({{titled("Größe", "Größe", "Größe_a1")}}, {}, {{rule, value}}).status.ok()) << rule;
  }
}

// The twin may be gone tomorrow, and the rule that told them apart still holds.
TEST(Mask, FindsAColumnByItsOwnNameAlsoWhereItIsAlone) {
  const Schema alone{{titled("Ονομα", "Ονομα", "Ονομα_a1"), titled("Age", "Age", "Age_c3")}};
  for (const auto* rule : {"mask.Ονομα_a1", "mask?.Ονομα_a1"}) {
    std::vector<arrow::ArrayHandle> batches;
    batches.push_back(batch_of(alone, [](std::vector<Column>& columns) { columns[0].append_text("Ελένη"), columns[1].append_text("44"); }));
    const auto arrived = transformed(alone, std::move(batches), {{rule, "redact"}, {"filter", "Age_c3 = \"44\""}});
    ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
    EXPECT_EQ(arrived.rows, (testing::Rows{{"***", "44"}}));
    EXPECT_EQ(arrived.schema.fields[0].find("qlik.own_name"), "Ονομα_a1") << "a target knows it by that";
  }
  const auto renamed = transformed(alone, {}, {{"columns", "Ονομα as name, Age_c3"}});
  EXPECT_EQ(renamed.names(), (std::vector<std::string>{"name", "Age_c3"}));
  EXPECT_EQ(renamed.schema.fields[0].find("qlik.own_name"), "") << "who renames it says what it is";
  EXPECT_EQ(renamed.schema.fields[1].find("qlik.own_name"), "Age_c3");
}

TEST(Mask, IsRefusedForADimensionWhoseMembersAreNamesOfColumns) {
  Schema wide{{titled("Region", "Region", "Region_a1"), titled("Ayşe", "Ayşe", "Ayşe_b2", "measure")}};
  tell_named_by(wide.fields[1], {"Müşteri, adı", "Müşteri, adı_c3"});
  for (const auto* rule : {"mask.Müşteri, adı", "mask?.Müşteri, adı", "mask?.Müşteri, adı_c3"}) {
    const auto refused = transformed(wide, {}, {{rule, "redact"}});
    EXPECT_EQ(refused.status.code(), Code::invalid_config) << rule;
    EXPECT_THAT(refused.status.message(), HasSubstr("are names of columns here, and would be delivered as they are")) << rule;
  }
  EXPECT_TRUE(transformed(wide, {}, {{"mask?.Müşteri, adı", "none"}}).status.ok());
  EXPECT_THAT(transformed(wide, {}, {{"type?.Müşteri, adı", "text"}}).notes,
              ::testing::ElementsAre("pipeline.p.type?.Müşteri, adı: the members of 'Müşteri, adı' are names of columns here"));
  // The same dimension heads rows, too.
  wide.fields[0] = titled("Müşteri, adı_d4", "Müşteri, adı", "Müşteri, adı_d4");
  EXPECT_THAT(transformed(wide, {}, {{"mask.Müşteri, adı_d4", "redact"}}).status.message(), HasSubstr("are names of columns here, too"));
}

// A loop's column beside one that is not shown: either may be meant.
TEST(Mask, OptionalDoesNotPassOverALoopsColumn) {
  Schema schema{{{"Şehir (2)", Type::utf8, false, {{"qlik.role", "loop"}, {"qlik.title", "Şehir"}}}, titled("Age", "Age", "Age_c3")}};
  tell_hidden_titles(schema, {"Şehir"});
  EXPECT_THAT(transformed(schema, {}, {{"mask?.Şehir", "redact"}}).status.message(),
              HasSubstr("name the other one by its name, 'Şehir (2)'"));
}

TEST(Mask, SaysThatANameIsWrittenInAnotherUnicodeForm) {
  const std::string composed = "Zo\u00eb", decomposed = "Zoe\u0308";
  for (const auto& [there, written] : {std::pair(composed, decomposed), std::pair(decomposed, composed)}) {
    const Schema schema{{titled(there, there, there + "_a1")}};
    for (const auto& rule : Settings{{"mask." + written, "redact"}, {"filter", "[" + written + "] = \"x\""}, {"columns", written}}) {
      const auto message = transformed(schema, {}, {rule}).status.message();
      EXPECT_THAT(message, HasSubstr("did you mean '" + there + "'? It looks the same and is written in another Unicode form"))
          << rule.first;
    }
  }
  const Schema schema{{titled("Cliente", "Cliente", "Cliente_a1")}};
  EXPECT_THAT(transformed(schema, {}, {{"mask.Client", "redact"}}).status.message(), HasSubstr("(did you mean 'Cliente'?)"));
}

TEST(Mask, KeepsMaskedValuesOutOfMessages) {
  const auto misfit = transformed_texts({"1", "ACME"}, {{"mask.c", "redact"}, {"type.c", "integer"}});
  EXPECT_EQ(misfit.status.code(), Code::bad_data);
  EXPECT_THAT(misfit.status.message(), HasSubstr("column 'c', row 2"));
  EXPECT_THAT(misfit.status.message(), Not(HasSubstr("ACME")));
  const Schema schema{{{"c", Type::int64}, {"d", Type::int64}}};
  const Status refused(Code::bad_data, "column 'c', row 7: 'ACME' is no number");
  const auto withheld = transformed(schema, {}, {{"mask.c", "redact"}}, refused);
  EXPECT_EQ(withheld.status.code(), Code::bad_data);
  EXPECT_THAT(withheld.status.message(), HasSubstr("column 'c'"));
  EXPECT_THAT(withheld.status.message(), Not(HasSubstr("ACME")));
  // Adapters name a column by its title.
  const Schema titled{{{"c_2", Type::int64, true, {{"qlik.title", "c"}}}}};
  EXPECT_THAT(transformed(titled, {}, {{"mask.c_2", "redact"}}, refused).status.message(), Not(HasSubstr("ACME")));
  EXPECT_EQ(transformed(schema, {}, {{"mask.d", "redact"}}, refused).status.message(), refused.message());
}

// The first page is read, and widened, before the rules meet the columns.
TEST(Mask, KeepsMaskedValuesOutOfMessagesOfWhatIsReadFirst) {
  const Schema schema{{titled("Kunde_a1", "Kunde", "Kunde_a1"), {"d", Type::int64}}};
  ArrowSchema exported;
  arrow::export_schema(schema, &exported);
  const Status refused(Code::bad_data, "column 'Kunde', row 7: 'ACME' is no number");
  const auto message = [&](const char* column, Mask mask) {
    Rules rules;
    rules.masks.push_back({column, mask, false, {}});
    return withheld(refused, rules, exported).message();
  };
  for (const char* const name : {"Kunde", "Kunde_a1"}) {
    EXPECT_THAT(message(name, Mask::last4), AllOf(HasSubstr("'Kunde_a1'"), HasSubstr("withheld"), Not(HasSubstr("ACME"))));
    EXPECT_EQ(message(name, Mask::none), refused.message());
  }
  EXPECT_EQ(message("d", Mask::hash), refused.message());
  EXPECT_EQ(withheld({Code::unavailable, "'Kunde'"}, {}, exported).message(), "'Kunde'");
  exported.release(&exported);
}

}  // namespace
}  // namespace qonduit::pipeline::transform
