#include "core/pipeline/transform/transform_reader.hpp"

#include <gmock/gmock.h>

#include "core/pipeline/constant_columns.hpp"
#include "core/pipeline/transform/dataset_rules.hpp"
#include "tests/core/pipeline/transform/transform_fixture.hpp"

namespace qonduit::pipeline::transform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Cells = std::vector<testing::Cell>;

TEST(TransformReader, PassesEverySampleThroughUnchanged) {
  for (const auto& sample : testing::sample_batches()) {
    if (sample.name == "ManyRows") continue;
    std::vector<arrow::ArrayHandle> batches;
    for (std::size_t i = 0; i < sample.batch_count; ++i) batches.push_back(sample.make(i));
    const auto plain = read_all(std::unique_ptr<BatchReader>(new MemoryReader(sample.schema, std::move(batches))));
    const auto same = transformed(sample, {{"constant.__", "x"}});
    ASSERT_TRUE(same.status.ok()) << sample.name << ": " << same.status.message();
    ASSERT_EQ(same.rows.size(), plain.rows.size()) << sample.name;
    for (std::size_t row = 0; row < plain.rows.size(); ++row) {
      auto expected = plain.rows[row];
      expected.emplace_back("x");
      EXPECT_EQ(same.rows[row], expected) << sample.name;
    }
  }
}

TEST(TransformReader, MovesColumnsThatStayAsTheyAre) {
  const Schema schema{{{"a", Type::int64}, {"b", Type::utf8}}};
  std::vector<arrow::ArrayHandle> batches;
  batches.push_back(batch_of(schema, [](std::vector<Column>& columns) { columns[0].append_int64(1), columns[1].append_text("x"); }));
  const void* words = batches[0]->children[0]->buffers[1];
  const void* texts = batches[0]->children[1]->buffers[2];
  const auto book = book_of({{"columns", "b as c, a"}, {"filter", "a = 1"}});
  auto reader =
      TransformReader::open(std::make_unique<MemoryReader>(schema, std::move(batches)), book.rules_for({"id", {}}, ""), book.mask_key());
  ASSERT_TRUE(reader);
  const auto batch = (*reader)->next();
  ASSERT_TRUE(batch && *batch);
  EXPECT_EQ((**batch)->children[1]->buffers[1], words);
  EXPECT_EQ((**batch)->children[0]->buffers[2], texts);
}

TEST(TransformReader, TakesItsStepsInTheDocumentedOrder) {
  const Schema schema{{{"Amount", Type::utf8}, {"Customer", Type::utf8}, {"Internal", Type::int64}}};
  std::vector<arrow::ArrayHandle> batches;
  batches.push_back(batch_of(schema, [](std::vector<Column>& columns) {
    const char* amounts[] = {"10", nullptr, "250", "99"};
    const char* customers[] = {"ACME Incorporated", "Nobody", "ACME Incorporated", nullptr};
    for (int i = 0; i < 4; ++i) {
      amounts[i] != nullptr ? columns[0].append_text(amounts[i]) : columns[0].append_null();
      customers[i] != nullptr ? columns[1].append_text(customers[i]) : columns[1].append_null();
      columns[2].append_int64(i);
    }
  }));
  const auto arrived = transformed(schema, std::move(batches),
                                   {{"constant.Batch", "7"},
                                    {"type.Batch", "integer"},
                                    {"type.Amount", "integer"},
                                    {"null.Amount", "0"},
                                    {"null.Customer", "unknown"},
                                    {"filter", "Amount < 200 and Customer != \"Nobody\" and Batch = 7"},
                                    {"mask.Customer", "last4"},
                                    {"columns", "Batch, Customer as who, !Internal, *"}});
  ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
  EXPECT_THAT(arrived.names(), ElementsAre("Batch", "who", "Amount"));
  EXPECT_EQ(arrived.rows, (testing::Rows{{"7", "****ated", "10"}, {"7", "****nown", "99"}}));
  EXPECT_EQ(arrived.filtered, 2);
  EXPECT_EQ(arrived.schema.fields[2].type, Type::int64);
  EXPECT_FALSE(arrived.schema.fields[2].nullable);
}

TEST(TransformReader, SkipsBatchesOfWhichNothingIsKept) {
  const Schema schema{{{"a", Type::int64}}};
  std::vector<arrow::ArrayHandle> batches;
  for (int i = 0; i < 5; ++i) batches.push_back(batch_of(schema, [i](std::vector<Column>& columns) { columns[0].append_int64(i); }));
  const auto arrived = transformed(schema, std::move(batches), {{"filter", "a in (1, 3)"}});
  EXPECT_EQ(arrived.rows, (testing::Rows{{"1"}, {"3"}}));
  EXPECT_EQ(arrived.batches, 2u);
  EXPECT_EQ(arrived.filtered, 3);
}

TEST(TransformReader, FillsNullsOfEveryType) {
  const auto sample = testing::sample_batches_named("SomeNull");
  const std::pair<const char*, const char*> values[] = {{"whole", "-1"},       {"real", "0.5"},       {"flag", "true"},
                                                        {"words", "none"},     {"day", "2024-02-29"}, {"moment", "2024-02-29T12:34:56.789"},
                                                        {"length", "00:00:01"}};
  Settings settings;
  for (const auto& [column, value] : values) settings.emplace_back(std::string("null.") + column, value);
  const auto arrived = transformed(sample, settings);
  ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
  const auto before = transformed(sample, {});
  ASSERT_EQ(arrived.rows.size(), before.rows.size());
  for (std::size_t row = 0; row < before.rows.size(); ++row) {
    if (row % 4 == 2) {
      EXPECT_EQ(arrived.rows[row], (Cells{"-1", "0.5", "true", "none", "2024-02-29", "2024-02-29T12:34:56.789", "1000"}));
    } else {
      EXPECT_EQ(arrived.rows[row], before.rows[row]);
    }
  }
  const auto regions = transformed(testing::sample_batches_named("Dictionary"), {{"null.Region", "none"}});
  EXPECT_FALSE(regions.schema.fields[0].dictionary);
  EXPECT_EQ(regions.rows[2][0], "none");
}

TEST(TransformReader, NamesTheColumnsThatShareATitle) {
  for (const std::string title : {"Mixed", "Сумма", "金額"}) {
    Schema schema;
    for (const auto* end : {"_a1", "_b2"}) schema.fields.push_back(Field{title + end, Type::int64, true, {{"qlik.title", title}}, false});
    schema.fields.push_back(Field{"Own", Type::int64, true, {{"qlik.title", "Own title"}}, false});
    const auto both = "'" + title + "' is the title of two columns: '" + title + "_a1', '" + title + "_b2'; name one of them by its name";
    EXPECT_EQ(transformed(schema, {}, {{"mask." + title, "redact"}}).status.message(), "pipeline.p.mask." + title + ": " + both);
    EXPECT_EQ(transformed(schema, {}, {{"columns", title + ", *"}}).status.message(), "pipeline.p.columns: " + both);
  }
}

TEST(TransformReader, NamesTheKeyTheColumnAndWhatComesNear) {
  const Schema schema{
      {{"Region", Type::utf8}, {"Sales", Type::int64}, {"Twice", Type::int64}, {"Twice", Type::int64}, {"Tag", Type::date32}}};
  const auto refusal = [&schema](const Settings& settings, Code code = Code::invalid_config) {
    const auto arrived = transformed(schema, {}, settings);
    EXPECT_EQ(arrived.status.code(), code);
    return arrived.status.message();
  };
  EXPECT_EQ(refusal({{"mask.Regoin", "redact"}}), "pipeline.p.mask.Regoin: there is no column 'Regoin' (did you mean 'Region'?)");
  EXPECT_EQ(refusal({{"columns", "region, *"}}), "pipeline.p.columns: there is no column 'region' (did you mean 'Region'?)");
  EXPECT_EQ(refusal({{"columns", "!Slaes"}}), "pipeline.p.columns: there is no column 'Slaes' (did you mean 'Sales'?)");
  EXPECT_EQ(refusal({{"columns", "Twice"}}), "pipeline.p.columns: more than one column is named 'Twice'");
  EXPECT_EQ(refusal({{"columns", "Region as Sales, *"}}), "pipeline.p.columns: two columns would be named 'Sales'");
  EXPECT_EQ(refusal({{"columns", "*, !Sales"}}), "pipeline.p.columns: two columns would be named 'Twice'");
  EXPECT_EQ(refusal({{"constant.Sales", "1"}}), "pipeline.p.constant.Sales: there is a column 'Sales' already");
  EXPECT_EQ(refusal({{"constant.New", "x"}, {"type.New", "date"}}),
            "pipeline.p.type.New: the constant 'x' is not a date, such as 2024-01-31");
  EXPECT_EQ(refusal({{"null.Sales", "none"}}, Code::type_mismatch),
            "pipeline.p.null.Sales: column 'Sales': 'none' is not a whole number of 64 bits, such as 1200");
  EXPECT_EQ(refusal({{"type.Tag", "integer"}}, Code::type_mismatch),
            "pipeline.p.type.Tag: column 'Tag' is date, which has no values that are integer");
  EXPECT_EQ(refusal({{"type.Tag", "interval"}}, Code::type_mismatch),
            "pipeline.p.type.Tag: column 'Tag' is date, which has no values that are interval");
  EXPECT_EQ(refusal({{"constant.Von", "34:00:00"}, {"type.Von", "time"}}),
            "pipeline.p.type.Von: the constant '34:00:00' is no time of day, which is below 24:00");
  EXPECT_EQ(refusal({{"dual.Slaes", "text"}}), "pipeline.p.dual.Slaes: there is no column 'Slaes' (did you mean 'Sales'?)");
}

struct PlanOfTable final : ItemPlan {
  [[nodiscard]] bool takes_duals(const std::string& /*dataset*/) const override { return true; }
  [[nodiscard]] std::string_view adapter_of(const std::string& /*dataset*/) const override { return "table"; }
  Result<std::unique_ptr<DatasetSource>> source(const std::string& /*dataset*/) override { return Status(Code::unsupported, ""); }
};

// adapter.table.dual.COLUMN names a column as dual.COLUMN does: where it is misspelt, nothing would come of it.
TEST(TransformReader, LooksForTheColumnsThatOptionsOfTheAdapterName) {
  const Schema schema{
      {{"Ölpreis", Type::float64, true, {{"qlik.title", "Ölpreis"}}}, {"Ölpreis_text", Type::utf8}, {"Region", Type::utf8}}};
  const auto refusal = [&](const std::string& adapter, const std::string& option, bool of_object) {
    auto pipeline = pipeline_with({});
    const config::Option dual{option, config::Secret("text"), false, {"q.properties", 1}};
    if (of_object)
      pipeline.transforms.push_back({"object.id.adapter." + adapter + "." + option, config::Secret("text"), false, {"q.properties", 1}});
    else
      pipeline.adapter_options.emplace_back(adapter, std::vector<config::Option>{dual});
    config::Problems problems;
    const auto book = RuleBook::read(pipeline, problems);
    EXPECT_THAT(problems, ::testing::IsEmpty());
    PlanOfTable plan;
    plan.facts.id = "id";
    const auto rules = dataset_rules(book, plan.facts, plan, "");
    return read_all(
               TransformReader::open(std::make_unique<MemoryReader>(schema, std::vector<arrow::ArrayHandle>()), rules, book.mask_key()))
        .status.message();
  };
  EXPECT_EQ(refusal("table", "dual.Ölpries", false),
            "pipeline.p.adapter.table.dual.Ölpries: there is no column 'Ölpries' (did you mean 'Ölpreis'?)");
  EXPECT_EQ(refusal("table", "dual.Regoin", true),
            "pipeline.p.object.id.adapter.table.dual.Regoin: there is no column 'Regoin' (did you mean 'Region'?)");
  EXPECT_THAT(refusal("table", "dual.\"Цена\"", false), HasSubstr("there is no column 'Цена'"));
  EXPECT_EQ(refusal("table", "dual.Ölpreis", false), "");
  EXPECT_EQ(refusal("table", "dual.\"Region\"", true), "");
  EXPECT_EQ(refusal("cube", "dual.Regoin", false), "") << "another adapter reads this";
}

// What stands beside a column, or is a pipeline's own, has no duals: a rule for it would do nothing.
TEST(TransformReader, RefusesDualsThatNobodyWouldObey) {
  const auto field = [](const std::string& name, const std::string& title, const std::string& role) {
    return Field{name, Type::utf8, true, {{"qlik.title", title}, {"qlik.role", role}, {"qlik.own_name", title + "_a1"}}};
  };
  const Schema schema{{field("Jahr", "Jahr", "loop"), field("Größe", "Größe", "dimension"), field("Größe_text", "Größe", "text")}};
  const auto said = [&](const std::string& rule) { return transformed(schema, {}, {{rule, "number"}}).status.message(); };
  for (const auto* rule : {"dual.Größe", "dual.Größe_a1", "dual?.Größe_a1", "dual?.Jahr"}) EXPECT_EQ(said(rule), "") << rule;
  EXPECT_EQ(said("dual.Größe_text"), "pipeline.p.dual.Größe_text: column 'Größe_text' has no number and text of its own to choose from");
  EXPECT_EQ(said("dual.Jahr"), "pipeline.p.dual.Jahr: column 'Jahr' has no number and text of its own to choose from");
}

TEST(TransformReader, NotesOptionalRulesWithoutTheirColumn) {
  const Schema schema{{{"Region", Type::utf8}}};
  const auto arrived = transformed(schema, {}, {{"mask?.Customer", "redact"}, {"type?.Region", "text"}, {"dual?.Price", "text"}});
  ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
  EXPECT_THAT(arrived.notes, ElementsAre("pipeline.p.dual?.Price: there is no column 'Price' here",
                                         "pipeline.p.mask?.Customer: there is no column 'Customer' here"));
}

TEST(TransformReader, TakesTheValuesOfALoopForColumnsLikeOthers) {
  const Schema schema{{{"n", Type::int64}}};
  std::vector<arrow::ArrayHandle> batches;
  batches.push_back(batch_of(schema, [](std::vector<Column>& columns) {
    for (int i = 0; i < 20; ++i) columns[0].append_int64(i);
  }));
  const auto book =
      book_of({{"columns", "n, Country as land, Group"}, {"mask.Country", "last4"}, {"filter", "n in (3, 17) and Group is null"}});
  const auto arrived = [&] {
    auto looped = ConstantColumns::add(std::make_unique<MemoryReader>(schema, std::move(batches)),
                                       {{"Country", "Switzerland"}, {"Group", std::nullopt}});
    return read_all(TransformReader::open(std::move(*looped), book.rules_for({"id", {}}, ""), book.mask_key()));
  }();
  ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
  EXPECT_THAT(arrived.names(), ElementsAre("n", "land", "Group"));
  EXPECT_EQ(arrived.rows, (testing::Rows{{"3", "****land", std::nullopt}, {"17", "****land", std::nullopt}}));
  EXPECT_EQ(arrived.filtered, 18);
}

TEST(TransformReader, RefusesDualsWhereNobodyObeysThem) {
  const Schema schema{{{"Price", Type::float64}}};
  const auto status = [&schema](const Settings& settings) {
    const auto book = book_of(settings);
    auto rules = book.rules_for({"id", {}}, "");
    rules.duals_obeyed = false;
    return read_all(
               TransformReader::open(std::make_unique<MemoryReader>(schema, std::vector<arrow::ArrayHandle>()), rules, book.mask_key()))
        .status;
  };
  EXPECT_EQ(status({{"dual?.Price", "text"}}).message(), "pipeline.p.dual?.Price: what reads this has no dual values to choose from");
  EXPECT_TRUE(status({{"dual?.Other", "text"}}).ok());
  EXPECT_FALSE(status({{"dual.Other", "text"}}).ok());
}

TEST(TransformReader, ConvertsOnlyWhatIsDeliveredOrCompared) {
  const Schema schema{{{"a", Type::utf8}, {"b", Type::int64}}};
  const auto read = [&schema](const Settings& more) {
    std::vector<arrow::ArrayHandle> batches;
    batches.push_back(batch_of(schema, [](std::vector<Column>& columns) { columns[0].append_text("x"), columns[1].append_int64(1); }));
    Settings settings{{"type.a", "integer"}, {"columns", "b"}};
    settings.insert(settings.end(), more.begin(), more.end());
    return transformed(schema, std::move(batches), settings).status;
  };
  EXPECT_TRUE(read({}).ok());
  EXPECT_EQ(read({{"filter", "a = 1"}}).code(), Code::bad_data);
}

}  // namespace
}  // namespace qonduit::pipeline::transform
