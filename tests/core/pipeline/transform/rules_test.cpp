#include "core/pipeline/transform/rules.hpp"

#include <gmock/gmock.h>

#include "tests/core/pipeline/transform/transform_fixture.hpp"

namespace qonduit::pipeline::transform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string listed(std::string_view text) {
  const auto items = parse_column_list(text);
  if (!items) return items.error().message();
  std::string out;
  for (const auto& item : *items) {
    out += item.kind == ItemKind::rest ? "*" : (item.kind == ItemKind::drop ? "!" : "") + item.column;
    out += item.kind == ItemKind::keep && item.as != item.column ? ">" + item.as + "|" : "|";
  }
  return out;
}

TEST(ColumnList, KeepsOrdersRenamesAndDrops) {
  EXPECT_EQ(listed("Region, Sales as revenue, !Internal, *"), "Region|Sales>revenue|!Internal|*|");
  EXPECT_EQ(listed(" Net Sales  as  net "), "Net Sales>net|");
  EXPECT_EQ(listed(R"("Net, Sales" as "a ""b"" as c", "!x", "*")"), "Net, Sales>a \"b\" as c|!x|*|");
  EXPECT_EQ(listed("!Internal"), "!Internal|*|");
  EXPECT_EQ(listed("base"), "base|");
}

TEST(ColumnList, SaysWhatIsWrong) {
  EXPECT_EQ(listed("a,,b"), "an item is empty: there is a comma too many");
  EXPECT_EQ(listed("a, a as b"), "names 'a' twice");
  EXPECT_EQ(listed("a, !a, *"), "names 'a' twice");
  EXPECT_EQ(listed("*, *"), "'*' is written twice");
  EXPECT_EQ(listed("Stadt as Ort, Umsatz as Ort"), "gives the name 'Ort' to two columns");
  EXPECT_EQ(listed("Stadt as Umsatz, Umsatz"), "gives the name 'Umsatz' to two columns");
  EXPECT_EQ(listed("!a as b, *"), "'!a as b' drops a column and renames it: write one of the two");
  EXPECT_EQ(listed("a as  , b"), "'a as' names no column");
  EXPECT_EQ(listed("a, !b"), "drops a column of a list that keeps named ones only: leave the '!' item out, or add '*'");
  EXPECT_THAT(listed("\"a"), HasSubstr("a quote is not closed"));
  EXPECT_THAT(listed("\"a\"b"), HasSubstr("something follows it"));
}

std::vector<std::string> problems_of(const Settings& settings) {
  config::Problems problems;
  RuleBook::read(pipeline_with(settings), problems);
  return texts_of(problems);
}

TEST(Rules, ListEveryProblemWithOriginAndKey) {
  EXPECT_THAT(problems_of({{"type.Sales", "intger"},
                           {"mask.Customer", "hsh"},
                           {"filter", "Sales >"},
                           {"columns", "a,"},
                           {"dual.Price", "bth"},
                           {"object.jgAJyu.colums", "a"},
                           {"object.x", "a"},
                           {"constant?.Source", "x"},
                           {"null.\"a", "x"},
                           {"object.x.msk.Customer", "hash"}}),
              ElementsAre("q.properties:1: pipeline.p.type.Sales: 'intger' is unknown (did you mean 'integer'?)",
                          "q.properties:2: pipeline.p.mask.Customer: 'hsh' is unknown (did you mean 'hash'?)",
                          "q.properties:3: pipeline.p.filter: at character 8: expected a value, not the end",
                          "q.properties:4: pipeline.p.columns: an item is empty: there is a comma too many",
                          "q.properties:5: pipeline.p.dual.Price: 'bth' is unknown (did you mean 'both'?)",
                          "q.properties:6: pipeline.p.object.jgAJyu.colums: 'colums' is no rule (did you mean 'columns'?)",
                          "q.properties:7: pipeline.p.object.x: write object.OBJECT.RULE, or object.OBJECT.dataset.DATASET.RULE; a name "
                          "with dots is quoted",
                          "q.properties:8: pipeline.p.constant?.Source: a constant column is added everywhere: write constant.Source",
                          "q.properties:9: pipeline.p.null.\"a: a quote in the column's name is not closed; inside of quotes it is doubled",
                          "q.properties:10: pipeline.p.object.x.msk.Customer: 'msk.Customer' is no rule (did you mean 'mask.'?)"));
}

TEST(Rules, NameAColumn) {
  const auto key = [](const std::string& rule) { return "pipeline.p." + rule + ": names no column: write "; };
  EXPECT_THAT(problems_of({{"type.", "real"}, {"mask?.", "redact"}, {"constant.\"\"", "x"}, {"object.x.null.", "0"}}),
              ElementsAre(HasSubstr(key("type.") + "type.COLUMN"), HasSubstr(key("mask?.") + "mask.COLUMN"),
                          HasSubstr(key("constant.\"\"") + "constant.COLUMN"), HasSubstr(key("object.x.null.") + "null.COLUMN")));
}

TEST(Rules, WantASecretKeyForHashes) {
  EXPECT_THAT(problems_of({{"object.x.mask.c", "hash"}}), ElementsAre(HasSubstr("hash needs a key: set pipeline.p.mask-key = ${file:")));
  EXPECT_THAT(problems_of({{"mask-key", "short"}, {"mask.c", "hash"}}), ElementsAre(HasSubstr("shorter than 16 bytes")));
  auto pipeline = pipeline_with({{"mask-key", kTestKey}, {"filter", "c = 'x'"}});
  pipeline.transforms[0].secret = false;
  pipeline.transforms[1].secret = true;
  config::Problems found;
  RuleBook::read(pipeline, found);
  const auto problems = texts_of(found);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_THAT(problems[0], HasSubstr("mask-key: must be a reference"));
  EXPECT_THAT(problems[0], ::testing::Not(HasSubstr(kTestKey)));
  EXPECT_THAT(problems[1], HasSubstr("filter: must not come from a secret"));
}

TEST(Rules, OfAnObjectComeBeforeThoseOfThePipeline) {
  const auto book = book_of({{"mask.a", "redact"},
                             {"mask.b", "redact"},
                             {"filter", "a = 1"},
                             {"columns", "a"},
                             {"object.\"My. Table\".mask.a", "last4"},
                             {"object.jgAJyu.mask.a", "none"},
                             {"object.jgAJyu.filter", ""},
                             {"object.jgAJyu.dataset.box.columns", "b"}});
  const auto mask_of = [](const Rules& rules, const std::string& column) {
    for (const auto& rule : rules.masks) {
      if (rule.column == column) return rule.value;
    }
    return Mask::none;
  };
  const auto other = book.rules_for({"x", {"Other"}}, "");
  EXPECT_EQ(mask_of(other, "a"), Mask::redact);
  const auto by_title = book.rules_for({"x", {"My. Table"}}, "");
  EXPECT_EQ(mask_of(by_title, "a"), Mask::last4);
  EXPECT_EQ(mask_of(by_title, "b"), Mask::redact);
  EXPECT_EQ(by_title.filter->predicates.size(), 1u);
  const auto by_id = book.rules_for({"jgAJyu", {"My. Table"}}, "layer0");
  EXPECT_EQ(mask_of(by_id, "a"), Mask::none);
  EXPECT_TRUE(by_id.filter->steps.empty());
  EXPECT_EQ(by_id.columns->front().column, "a");
  EXPECT_EQ(book.rules_for({"jgAJyu", {""}}, "box").columns->front().column, "b");
}

TEST(Rules, GiveAdaptersOptionsForOneObject) {
  const auto book = book_of({{"object.pv1.adapter.cube.shape", "wide"},
                             {"object.\"売上, 月\".adapter.cube.shape", "cells"},
                             {"object.\"売上, 月\".adapter.cube.dual.\"a.b\"", "text"},
                             {"object.pv1.dataset.box.adapter.chart.special-rows", "drop"}});
  const auto options = [&](const ObjectNames& object, const std::string& dataset) {
    std::string all;
    for (const auto& [adapter, option, key] : book.rules_for(object, dataset).adapter_options)
      all += adapter + "." + option.key + "=" + std::string(option.value.reveal()) + " ";
    return all;
  };
  EXPECT_EQ(options({"pv1", {"Pivot"}}, ""), "cube.shape=wide ");
  EXPECT_EQ(options({"pv1", {"Pivot"}}, "box"), "cube.shape=wide chart.special-rows=drop ");
  EXPECT_EQ(options({"pv2", {"売上, 月"}}, ""), "cube.shape=cells cube.dual.\"a.b\"=text ");
  EXPECT_EQ(options({"pv1", {"売上, 月"}}, ""), "cube.dual.\"a.b\"=text cube.shape=wide ") << "the id comes before the title";
  EXPECT_EQ(options({"pv3", {"Pivot"}}, ""), "");
  EXPECT_TRUE(book.rules_for({"pv1", {"Pivot"}}, "").empty()) << "nothing is done with what was read";
  const auto scoped = book.adapter_options();
  ASSERT_EQ(scoped.size(), 3u);
  EXPECT_EQ(scoped[0].prefix, "pipeline.p.object.pv1.adapter.cube.");
  EXPECT_EQ(scoped[1].options.size(), 2u);
  EXPECT_TRUE(book.check_datasets({"pv2", {"売上, 月"}}, {"", "box"}, {"cube", "chart"}).ok());
  EXPECT_EQ(book.check_datasets({"pv2", {"売上, 月"}}, {""}, {"chart"}).message(),
            "pipeline.p.object.\"売上, 月\".adapter.cube.shape: the object is not read by the adapter 'cube' (there are: chart)");
  EXPECT_EQ(book.check_objects({{"pv2", {"売上, 月"}}}).message(),
            "pipeline.p.object.pv1: the pipeline reads no object 'pv1' (did you mean 'pv2'?)");
  EXPECT_THAT(problems_of({{"object.pv1.adapter.cube", "x"}, {"object.pv1.adaptr.cube.shape", "wide"}}),
              ElementsAre(HasSubstr("write object.OBJECT.adapter.ADAPTER.OPTION"), HasSubstr("did you mean 'adapter.'?")));
}

TEST(Rules, TakeTextsInQuotesWithTheirBlanks) {
  const auto rules =
      book_of({{"constant.Source", "\" x \""}, {"null.Region", "\"\""}, {"type.Sales", "\"text\""}}).rules_for({"x", {}}, "");
  EXPECT_EQ(rules.constants.at(0).value, " x ");
  EXPECT_EQ(rules.nulls.at(0).value, "");
  EXPECT_EQ(rules.types.at(0).value.type, Type::utf8);
  EXPECT_THAT(problems_of({{"constant.Source", "\"x"}}), ElementsAre(HasSubstr("a quote is not closed")));
}

TEST(Rules, ForAnObjectThatIsNotReadAreAnError) {
  const auto book = book_of({{"object.Ordres.mask.Customer", "redact"}});
  EXPECT_EQ(book.check_objects({{"jgAJyu", {"Orders"}}, {"x", {"Sales"}}}).message(),
            "pipeline.p.object.Ordres: the pipeline reads no object 'Ordres' (did you mean 'Orders'?)");
  EXPECT_TRUE(book.check_objects({{"jgAJyu", {"Ordres"}}}).ok());
  EXPECT_TRUE(book.check_objects({{"Ordres", {"Orders"}}}).ok());
  const auto datasets = book_of({{"object.x.dataset.bx.filter", "a = 1"}});
  EXPECT_EQ(datasets.check_datasets({"x", {}}, {"box", "outliers"}, {"chart", "chart"}).message(),
            "pipeline.p.object.x.dataset.bx: the object has no dataset 'bx' (did you mean 'box'?)");
  EXPECT_THAT(datasets.check_datasets({"x", {}}, {"Ящик.усы", "definition"}, {"chart", "chart"}).message(),
              HasSubstr("\"Ящик.усы\", definition"))
      << "as a key has it";
  EXPECT_TRUE(datasets.check_datasets({"y", {}}, {""}, {"table"}).ok());
  EXPECT_TRUE(datasets.check_datasets({"x", {}}, {"bx"}, {"chart"}).ok());
}

}  // namespace
}  // namespace qonduit::pipeline::transform
