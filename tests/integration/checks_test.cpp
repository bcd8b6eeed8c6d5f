// What is found out before a run, and said by check, explain, describe and the run itself in the same words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <array>

#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A shop in Tartu whose sheet has a right object and several with a mistake in each.
constexpr const char* kShop = R"j({
  "id": "pood", "title": "Pood",
  "tables": [{"name": "Müük", "csv": "Linn,Aasta,Summa\nTartu,2023,10\nTartu,2024,30\nPärnu,2024,2.5\n",
    "fields": [{"name": "Linn", "type": "text"}, {"name": "Aasta", "type": "integer"}, {"name": "Summa", "type": "real"}]}],
  "variables": [{"name": "vKurss", "definition": "2"}, {"name": "vSumma", "definition": "Sum($(vVäli))"}, {"name": "vTühi", "definition": ""}],
  "states": ["Võrdlus"],
  "bookmarks": [{"id": "b1", "title": "Tartu", "selections": {"Linn": ["Tartu"]}}],
  "dimensions": [{"id": "d-koht", "title": "Koht", "fields": ["Linn"], "labels": ["Koht"]}],
  "measures": [{"id": "m-hea", "title": "Hea", "expression": "Sum(Summa)"}, {"id": "m-paha", "title": "Paha", "expression": "Sum(Suma)"}],
  "sheets": [{"id": "leht", "title": "Leht", "objects": [
    {"id": "hea", "type": "table", "title": "Hea",
     "dimensions": [{"field": "Linn", "qAttributeExpressions": [{"qExpression": "If(Sum(Suma)>9,1,2)", "id": "värv"}]}],
     "measures": [{"expression": "Sum({<Aasta={2024}>} Summa)*vKurss", "label": "Uus"}, {"library": "m-hea"}]},
    {"id": "vale", "type": "table", "title": "Vale", "dimensions": [{"field": "Linn"}], "measures": [{"expression": "Sum(Suma)", "label": "Kokku"}]},
    {"id": "hulk", "type": "table", "title": "Hulk", "dimensions": [{"field": "Linn"}],
     "measures": [{"expression": "Sum({<Asta={2024}>} Summa)", "label": "Aastas"}]},
    {"id": "meister", "type": "barchart", "title": "Meister", "dimensions": [{"field": "Linn"}], "measures": [{"library": "m-paha"}]},
    {"id": "peidus", "type": "table", "title": "Peidus", "dimensions": [{"field": "Linn"}],
     "measures": [{"expression": "Sum(Summa)", "label": "Kokku"},
                  {"expression": "Count(Linn)", "label": "Arv", "qCalcCondition": {"qCond": {"qv": "Sum({<Asta={2024}>} Summa)>0"}}}]},
    {"id": "muutuja", "type": "table", "title": "Muutuja", "dimensions": [{"field": "Linn"}],
     "measures": [{"expression": "$(vKurs)", "label": "Kurss"}]},
    {"id": "otsing", "type": "table", "title": "Otsing", "dimensions": [{"field": "Linn"}],
     "measures": [{"expression": "Sum({<Linn={\"=Sum(Suma)>10\"}>} Summa)", "label": "Suured"}]},
    {"id": "viimane", "type": "table", "title": "Viimane", "dimensions": [{"field": "Linn"}],
     "measures": [{"expression": "Sum({<Aasta={$(=Max(Asta))}>} Summa)", "label": "Viimane"}]},
    {"id": "tuletatud", "type": "table", "title": "Tuletatud", "dimensions": [{"field": "Linn"}],
     "measures": [{"expression": "Sum({<[Aasta.autoCalendar.Yaer]={2024}>} Summa)", "label": "Aastas"}]},
    {"id": "olek", "type": "table", "title": "Olek", "qStateName": "Vordlus", "dimensions": [{"field": "Linn"}],
     "measures": [{"expression": "Sum(Summa)", "label": "Kokku"}]},
    {"id": "rühm", "type": "table", "title": "Rühm", "dimensions": [{"field": "Aasta"}],
     "measures": [{"expression": "Sum(Aggr(Sum(Summa),Lin))", "label": "Rühm"}]},
    {"id": "osa", "type": "table", "title": "Osa", "dimensions": [{"field": "Linn"}],
     "measures": [{"expression": "Sum(TOTAL <Lin> Summa) // kõik", "label": "Osa"}, {"expression": "Sum(Summa) /* Suma */", "label": "Kokku"}]},
    {"id": "väli", "type": "table", "title": "Väli", "dimensions": [{"field": "Linn"}],
     "measures": [{"expression": "Sum({<vKurss={2}>} Summa)", "label": "Vahe"}]},
    {"id": "silt", "type": "table", "title": "Silt", "dimensions": [{"field": "Linn"}],
     "measures": [{"expression": "Sum(Summa)", "label": "Müük"}, {"expression": "Avg(Müük)", "label": "Keskmine"}]},
    {"id": "komplekt", "type": "kpi", "title": "Komplekt", "measures": [{"expression": "Sum({Tratu} Summa)", "label": "Järjehoidja"}]}
  ]}]})j";

class Checks : public ::testing::Test {
 protected:
  Checks() : engine_({"--app", write_shop()}), host_(engine_.url()) {
    host_.set("pipeline.p.app", "pood").set("pipeline.p.objects", "sheet:*/*");
  }

  std::string write_shop() {
    folder_.write("app.json", kShop);
    return folder_.path().string();
  }
  // What the report of a run says of each object, by id.
  static std::map<std::string, std::string> notes_of(const Outcome& outcome) {
    std::map<std::string, std::string> found;
    const auto datasets = Poco::JSON::Parser().parse(outcome.out).extract<Poco::JSON::Array::Ptr>()->getObject(0)->getArray("datasets");
    for (unsigned i = 0; i < datasets->size(); ++i) {
      const auto dataset = datasets->getObject(i);
      auto& text = found[dataset->getValue<std::string>("object")];
      const auto notes = dataset->getArray("notes");
      for (unsigned n = 0; n < notes->size(); ++n) text += notes->getElement<std::string>(n) + "\n";
      if (dataset->has("error")) text += "failed: " + dataset->getValue<std::string>("error");
    }
    return found;
  }

  TempFolder folder_;
  Simulator engine_;
  Host host_;
};

// The same words, whoever says them.
const std::map<std::string, std::string> kMistakes = {
    {"vale", "measure 'Kokku', Sum(Suma): the app has no field 'Suma' (did you mean 'Summa'?)"},
    {"hulk", "measure 'Aastas', Sum({<Asta={2024}>} Summa): the app has no field 'Asta' (did you mean 'Aasta'?)"},
    {"meister", "measure 'Paha', Sum(Suma): the app has no field 'Suma' (did you mean 'Summa'?)"},
    {"peidus", "condition of measure 'Arv', Sum({<Asta={2024}>} Summa)>0: the app has no field 'Asta' (did you mean 'Aasta'?)"},
    {"otsing", "measure 'Suured', Sum({<Linn={\"=Sum(Suma)>10\"}>} Summa): the app has no field 'Suma' (did you mean 'Summa'?)"},
    {"viimane", "measure 'Viimane', Sum({<Aasta={$(=Max(Asta))}>} Summa): the app has no field 'Asta' (did you mean 'Aasta'?)"},
    {"tuletatud",
     "measure 'Aastas', Sum({<[Aasta.autoCalendar.Yaer]={2024}>} Summa): the app has no field 'Aasta.autoCalendar.Yaer' (did you mean "
     "'Aasta.autoCalendar.Year'?)"},
    {"olek", "the app has no alternate state 'Vordlus' (did you mean 'Võrdlus'?), in which its data is: nothing is selected there"},
    {"rühm", "measure 'Rühm', Sum(Aggr(Sum(Summa),Lin)): the app has no field 'Lin' (did you mean 'Linn'?)"},
    {"osa", "measure 'Osa', Sum(TOTAL <Lin> Summa) // kõik: the app has no field 'Lin' (did you mean 'Linn'?)"},
    {"väli", "measure 'Vahe', Sum({<vKurss={2}>} Summa): 'vKurss' is a variable and no field: only a field can stand in a set modifier"},
    {"silt", "measure 'Keskmine', Avg(Müük): 'Müük' is the label of a measure and no field: no aggregation can be computed of it"},
    {"muutuja", "measure 'Kurss', $(vKurs): the app has no variable 'vKurs' (did you mean 'vKurss'?)"},
    {"komplekt",
     "measure 'Järjehoidja', Sum({Tratu} Summa): the app has no bookmark and no alternate state 'Tratu' (did you mean 'Tartu'?)"}};

TEST_F(Checks, AMisspeltNameInAnObjectIsNotedByTheRun) {
  const auto outcome = host_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  const auto notes = notes_of(outcome);
  for (const auto& [object, words] : kMistakes) EXPECT_THAT(notes.at(object), HasSubstr(words)) << object;
  EXPECT_EQ(notes.at("hea"), "") << "a variable, a set modifier and a master measure that are right; an attribute is not delivered";
}

TEST_F(Checks, AMisspeltNameInAnAttributeIsNotedWhereAttributesAreDelivered) {
  const auto* const said = "attribute 'värv' of dimension 'Linn', If(Sum(Suma)>9,1,2): the app has no field 'Suma' (did you mean 'Summa'?)";
  for (const auto* key : {"pipeline.p.adapter.table.attributes", "pipeline.p.object.hea.adapter.table.attributes"}) {
    EXPECT_THAT(notes_of(host_.set(key, "columns").run()).at("hea"), HasSubstr(said)) << key;
    host_.set("pipeline.p.on-bad-expression", "fail").set("pipeline.p.on-error", "continue");
    EXPECT_THAT(notes_of(host_.run()).at("hea"), AllOf(HasSubstr("failed: "), HasSubstr(said))) << key;
    host_.set("pipeline.p.on-bad-expression", "warn").set(key, "none");
  }
}

TEST_F(Checks, AMisspeltNameInAnObjectIsNotedByDescribeAndExplain) {
  const auto explained = host_.run({"explain"});
  EXPECT_EQ(explained.exit_code, 0) << explained.err;
  for (const auto& [object, words] : kMistakes) {
    EXPECT_THAT(host_.run({"describe", "pood", object}).out, HasSubstr("note     " + words)) << object;
    EXPECT_THAT(explained.out, HasSubstr("): " + words)) << object;
  }
  EXPECT_THAT(host_.run({"describe", "pood", "hea"}).out, Not(HasSubstr("note ")));
}

TEST_F(Checks, AMisspeltNameInAnObjectFailsItWhereThatIsAskedFor) {
  host_.set("pipeline.p.on-bad-expression", "fail").set("pipeline.p.on-error", "continue");
  const auto outcome = host_.run();
  EXPECT_EQ(outcome.exit_code, 1);
  const auto notes = notes_of(outcome);
  for (const auto& [object, words] : kMistakes) {
    EXPECT_THAT(notes.at(object), AllOf(HasSubstr("failed: "), HasSubstr(words), HasSubstr("on-bad-expression = warn"))) << object;
    EXPECT_THAT(host_.run({"explain"}).out, HasSubstr(words)) << object;
  }
  EXPECT_EQ(host_.run({"explain"}).exit_code, 1);
  EXPECT_THAT(host_.files(), ElementsAre("Pood/Leht/Hea.csv", "Pood/Leht/Hea.csv.manifest.json")) << "the others are not delivered";
}

// To Qlik a variable that is not there is nothing, and what is left of the expression may be nothing, too.
TEST_F(Checks, AMissingVariableIsRefusedInTheConfiguration) {
  host_.set("pipeline.p.objects", "").set("pipeline.p.cube.k.dimensions", "Linn").set("pipeline.p.cube.k.measures", "Sum(Summa) as S");
  const auto* const said = "the app has no variable 'vKurs' (did you mean 'vKurss'?)";
  const std::vector<std::array<std::string, 3>> wrong = {{"pipeline.p.expression.x", "$(vKurs)", said},
                                                         {"pipeline.p.expression.x", "Sum(Summa)*$(vKurs)", said},
                                                         {"pipeline.p.expression.x", "'$(vKurs)'", said},
                                                         {"pipeline.p.expression.x", "$(vSumma)", "the app has no variable 'vVäli'"},
                                                         {"pipeline.p.expression.x", "$(vTühi)", "it expands to nothing"},
                                                         {"pipeline.p.cube.k.measures", "$(vKurs) as S", said},
                                                         {"pipeline.p.cube.k.measures", "Sum({<Aasta={$(vKurs)}>} Summa) as S", said},
                                                         {"pipeline.p.cube.k.dimensions", "[$(vKurs)]", said},
                                                         {"pipeline.p.cube.k.dimensions", "=$(vKurs) as L", said},
                                                         {"pipeline.p.cube.k.set", "{<Aasta={$(vKurs)}>}", said}};
  for (const auto& [key, written, words] : wrong) {
    SCOPED_TRACE(key + " = " + written);
    host_.set("pipeline.p.expression.x", "1")
        .set("pipeline.p.cube.k.measures", "Sum(Summa) as S")
        .set("pipeline.p.cube.k.dimensions", "Linn");
    host_.set("pipeline.p.cube.k.set", "{1}").set(key, written);
    EXPECT_THAT(host_.run({"check", "--probe"}).out, AllOf(HasSubstr("failed  "), HasSubstr(words)));
    const auto outcome = host_.run();
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, HasSubstr(words));
    EXPECT_THAT(host_.files(), IsEmpty());
  }
  host_.set("pipeline.p.cube.k.set", "{1}");
  const auto value = host_.run({"eval", "pood", "$(vKurs)"});
  EXPECT_EQ(value.exit_code, 1);
  EXPECT_THAT(value.err, HasSubstr(said));
  EXPECT_EQ(host_.run({"eval", "pood", "Sum(Summa)*$(vKurss)"}).exit_code, 0);
}

// What may stand by its name elsewhere: in Qlik a set modifier on it selects nothing, and an aggregation of it is null.
TEST_F(Checks, AVariableAMeasureOrALabelInThePlaceOfAFieldIsRefused) {
  host_.set("pipeline.p.objects", "").set("pipeline.p.cube.k.dimensions", "Linn");
  for (const auto* wrong :
       {"Sum({<vKurss={1}>} Summa) as X", "Sum({<Hea={1}>} Summa) as X", "Sum(Summa) as Müük, Sum({<Müük={1}>} Summa) as X",
        "Sum(Summa) as Müük, Avg(Müük) as Keskmine", "Sum(Hea) as X", "Sum(TOTAL <Hea> Summa) as X"}) {
    const auto outcome = host_.set("pipeline.p.cube.k.measures", wrong).run();
    EXPECT_EQ(outcome.exit_code, 1) << wrong;
    EXPECT_THAT(outcome.err, HasSubstr(" and no field: ")) << wrong;
    EXPECT_THAT(host_.run({"check", "--probe"}).out, HasSubstr(" and no field: ")) << wrong;
  }
  for (const auto* right :
       {"Sum(Summa*vKurss) as X", "Avg(Aggr([Hea], Aasta)) as X", "Sum(Summa) as Müük, RangeSum([Müük], vKurss, [Hea]) as X"})
    EXPECT_EQ(host_.set("pipeline.p.cube.k.measures", right).run().exit_code, 0) << right;
}

TEST_F(Checks, WhatIsWrongIsShownAsItIsWritten) {
  host_.set("pipeline.p.objects", "").set("pipeline.p.cube.k.dimensions", "Lin").set("pipeline.p.cube.k.measures", "Sum(Summa) as S");
  host_.set("pipeline.p.cube.k.set", "{Tratu<Aasta={2024}>}");
  const auto said = host_.run().err;
  EXPECT_THAT(said, AllOf(HasSubstr("cube.k.set: set '{Tratu<Aasta={2024}>}': the app has no bookmark"), Not(HasSubstr("Sum({Tratu"))));
  EXPECT_THAT(
      said, AllOf(HasSubstr("cube.k.dimensions: field 'Lin': the app has no field 'Lin' (did you mean 'Linn'?)"), Not(HasSubstr("[Lin]"))));
}

TEST_F(Checks, WhatAMisspeltNameMayHaveMeantIsAFieldAVariableAMeasureOrALabel) {
  host_.set("pipeline.p.objects", "").set("pipeline.p.cube.k.dimensions", "Linn");
  for (const auto& [measures, words] :
       std::map<std::string, std::string>{{"Sum(Summa)*vKurs as X", "'vKurs' (did you mean 'vKurss'?)"},
                                          {"[Paah]*2 as X", "'Paah' (did you mean 'Paha'?)"},
                                          {"Sum(Summa) as Käive, [Kaive]*2 as X", "'Kaive' (did you mean 'Käive'?)"}})
    EXPECT_THAT(host_.set("pipeline.p.cube.k.measures", measures).run().err, HasSubstr(words)) << measures;
}

// Nothing is selected in a state that is not there: what is delivered would be everything.
TEST_F(Checks, AnAlternateStateThatIsNotThereIsRefusedWithoutASelectionToo) {
  host_.set("pipeline.p.objects", "").set("pipeline.p.alternate-state", "Vordlus");
  const auto* const said = "pipeline.p.alternate-state: the app has no alternate state 'Vordlus' (did you mean 'Võrdlus'?)";
  for (const auto* key : {"pipeline.p.field", "pipeline.p.table", "pipeline.p.cube.k.dimensions", "pipeline.p.objects"}) {
    SCOPED_TRACE(key);
    const std::string what = key;
    host_.set("pipeline.p.cube.k.measures", what.find("cube") == std::string::npos ? "" : "Sum(Summa) as S");
    host_.set(key, what.ends_with("table") ? "Müük" : what.ends_with("objects") ? "object:hea" : "Linn");
    for (const auto* mismatch : {"fail", "warn", "skip"}) {
      host_.set("pipeline.p.on-filter-mismatch", mismatch);
      const auto checked = host_.run({"check", "--probe"});
      EXPECT_EQ(checked.exit_code, 1);
      EXPECT_THAT(checked.out, HasSubstr(said));
      const auto outcome = host_.run();
      EXPECT_EQ(outcome.exit_code, 1);
      EXPECT_THAT(outcome.err, HasSubstr(said));
    }
    EXPECT_EQ(host_.set("pipeline.p.alternate-state", "Võrdlus").run().exit_code, 0);
    host_.set("pipeline.p.alternate-state", "Vordlus").set("pipeline.p.cube.k.measures", "").set(key, "");
  }
}

TEST_F(Checks, AMasterMeasureOfAConfiguredCubeIsCheckedToo) {
  host_.set("pipeline.p.objects", "").set("pipeline.p.cube.k.dimensions", "Linn");
  host_.set("pipeline.p.cube.k.measures", "master:Paha, Sum(Summa)*vKurss as Topelt, Sum({<Aasta={2023}>} Summa) as Vana");
  const auto outcome = host_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(notes_of(outcome).begin()->second, HasSubstr("measure 'Paha', Sum(Suma): the app has no field 'Suma'"));
  for (const auto* wrong : {"Sum({<Asta={2023}>} Summa) as X", "Sum({Tratu} Summa) as X", "Sum(Suma) as Suma",
                            "Sum({<Linn={\"=Sum(Suma)>10\"}>} Summa) as X", "Sum({<Aasta={$(=Max(Asta))}>} Summa) as X"}) {
    const auto refused = host_.set("pipeline.p.cube.k.measures", wrong).run();
    EXPECT_EQ(refused.exit_code, 1) << wrong;
    EXPECT_THAT(refused.err, HasSubstr("did you mean")) << wrong;
  }
  EXPECT_EQ(host_.set("pipeline.p.cube.k.measures", "Sum(Summa) as A, Count(Linn) as N, A/N as Keskmine").run({"explain"}).exit_code, 0)
      << "labels of other measures";
}

TEST_F(Checks, AMasterMeasureMayBeCalledByItsNameAndAMasterDimensionMayNot) {
  host_.set("pipeline.p.objects", "")
      .set("pipeline.p.cube.k.dimensions", "Linn")
      .set("pipeline.p.cube.k.measures", "[Hea] * 1.25 as Suurem");
  EXPECT_EQ(host_.run({"explain"}).exit_code, 0);
  const auto bare = host_.set("pipeline.p.cube.k.dimensions", "Koht").run();
  EXPECT_EQ(bare.exit_code, 1);
  EXPECT_THAT(bare.err, HasSubstr("write master:Koht"));
}

// Each key that is wrong, what of it check --probe, explain and the run say, and where the run puts it: before anything is delivered.
TEST_F(Checks, RulesAndKeysThatFailARunFailCheckAndExplain) {
  host_.set("pipeline.p.objects", "object:hea").set("sink.db.type", "sqlite").set("sink.db.mode", "merge").set("sink.db.key", "Linn");
  host_.set("sink.db.file", (host_.folder().path() / "x.db").string()).set("pipeline.p.sinks", "f, db");
  ASSERT_EQ(host_.run({"check", "--probe"}).exit_code, 0) << host_.run({"check", "--probe"}).out;
  ASSERT_EQ(host_.run({"explain"}).exit_code, 0);
  const std::vector<std::array<std::string, 4>> mistakes = {
      {"pipeline.p.columns", "Lnin, Uus", "", "there is no column 'Lnin' (did you mean 'Linn'?)"},
      {"pipeline.p.mask.Lin", "redact", "", "there is no column 'Lin' (did you mean 'Linn'?)"},
      {"pipeline.p.filter", "Uuus > 1", "", "there is no column 'Uuus' (did you mean 'Uus'?)"},
      {"pipeline.p.type.Linn", "integer", "", "type.Linn = integer converts without loss only"},
      {"pipeline.p.object.heaa.columns", "Linn", "", "heaa"},
      {"sink.db.key", "Kood", "Linn", "key: the delivery has no column 'Kood'"},
      {"sink.db.primary-key", "Küla", "", "primary-key: the delivery has no column 'Küla'"},
      {"sink.f.directory", (host_.folder().path() / "nowhere" / "below").string(), host_.out().string(), "nowhere"}};
  for (const auto& [key, wrong, right, words] : mistakes) {
    SCOPED_TRACE(key);
    host_.set(key, wrong);
    const auto checked = host_.run({"check", "--probe"});
    EXPECT_EQ(checked.exit_code, 1);
    EXPECT_THAT(checked.out, AllOf(HasSubstr("failed  "), HasSubstr(words)));
    const auto explained = host_.run({"explain"});
    EXPECT_EQ(explained.exit_code, 1);
    EXPECT_THAT(explained.err, AllOf(HasSubstr("a run would fail: "), HasSubstr(words)));
    const auto run = host_.run();
    EXPECT_EQ(run.exit_code, 1) << "and it does";
    EXPECT_THAT(run.err, HasSubstr(words));
    host_.set(key, right);
  }
  EXPECT_THAT(host_.files(), IsEmpty());
}

TEST_F(Checks, EveryProblemIsALineOfItsOwn) {
  host_.set("pipeline.p.objects", "object:meistr, object:vale, sheet:Lhet/*, !object:tundmatu");
  host_.set("pipeline.p.cube.k.dimensions", "Lnin, Asta").set("pipeline.p.cube.k.measures", "Sum(Suma) as S");
  const auto out = host_.run({"check", "--probe"}).out;
  std::size_t failed = 0;
  for (auto at = out.find("failed  "); at != std::string::npos; at = out.find("failed  ", at + 1)) ++failed;
  EXPECT_EQ(failed, 6U) << out;
  for (const auto* words :
       {"'object:meistr' matches no object (did you mean 'meister'?)", "'sheet:Lhet/*' matches no sheet (did you mean 'Leht'?)",
        "'!object:tundmatu'", "no field 'Lnin' (did you mean 'Linn'?)", "no field 'Asta' (did you mean 'Aasta'?)",
        "no field 'Suma' (did you mean 'Summa'?)"})
    EXPECT_THAT(out, HasSubstr(words));
}

TEST_F(Checks, ExplainSaysWhatADeliveryDoesToItsTarget) {
  host_.set("pipeline.p.objects", "object:hea").set("sink.f.type", "sqlite").set("sink.f.directory", "").set("sink.f.mode", "append");
  host_.set("sink.f.file", (host_.folder().path() / "x.db").string());
  EXPECT_THAT(host_.run({"explain"}).out, HasSubstr("f: makes table \"Hea\" with 2 rows"));
  ASSERT_EQ(host_.run().exit_code, 0);
  EXPECT_THAT(host_.run({"explain"}).out, HasSubstr("f: adds 2 rows to table \"Hea\""));
  EXPECT_THAT(host_.set("pipeline.p.filter", "Uus > 40").run({"explain"}).out, HasSubstr("f: adds up to 2 rows to table \"Hea\""));
  EXPECT_THAT(host_.set("pipeline.p.filter", "").set("sink.f.mode", "replace").run({"explain"}).out,
              HasSubstr("f: replaces table \"Hea\" with 2 rows"));
  EXPECT_THAT(host_.set("sink.f.mode", "merge").set("sink.f.key", "Linn").run({"explain"}).out,
              HasSubstr("f: merges 2 rows into table \"Hea\" by key Linn"));
}

TEST_F(Checks, ExplainCountsTheColumnsThatAreDeliveredAndNamesTheTurns) {
  host_.set("pipeline.p.objects", "object:vale").set("pipeline.p.foreach", "field(Aasta)").set("pipeline.p.constant.Allikas", "Qlik");
  host_.set("pipeline.p.columns", "Linn, Allikas");
  const auto outcome = host_.run({"explain", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto datasets = Poco::JSON::Parser().parse(outcome.out).extract<Poco::JSON::Array::Ptr>()->getObject(0)->getArray("datasets");
  ASSERT_EQ(datasets->size(), 2U);
  EXPECT_EQ(datasets->getObject(0)->getValue<std::string>("foreach"), "Aasta=2023");
  EXPECT_EQ(datasets->getObject(1)->getValue<std::string>("foreach"), "Aasta=2024");
  for (unsigned i = 0; i < 2; ++i) EXPECT_EQ(datasets->getObject(i)->getValue<int>("columns"), 2);
  const auto text = host_.run({"explain"}).out;
  EXPECT_THAT(text, AllOf(HasSubstr("Vale [Aasta=2023]"), HasSubstr("Vale [Aasta=2024]")));
  const auto note = kMistakes.at("vale");
  EXPECT_EQ(text.find(note), text.rfind(note)) << "what is the same in every turn is said once";
}

TEST(ChecksOfConditions, AnObjectThatIsNotCalculatedFailsCheckAsItFailsTheRun) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "gallery").set("pipeline.p.objects", "object:g-condition, object:g-table");
  const auto outcome = host.run({"check", "--probe"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("failed  pipeline 'p', object 'g-condition': "), HasSubstr("7005")));
  EXPECT_THAT(outcome.out, HasSubstr("ok      sink 'f' (csv)"));
}

// A sink into a SQLite file, whose mode decides what becomes of the rows that are there.
class SqlMode : public ::testing::Test {
 protected:
  SqlMode() {
    host_.set("sink.f.type", "sqlite").set("sink.f.directory", "").set("sink.f.file", (host_.folder().path() / "x.db").string());
  }
  Host host_{"wss://localhost:1/app"};
};

TEST_F(SqlMode, IsAskedForAndExplained) {
  const auto outcome = host_.run({"check"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("sink.f.mode: is missing"));
  for (const auto* mode : {"append: they stay, and every run adds all of its rows again", "replace: a delivery takes their place",
                           "truncate: ", "merge: rows are updated and inserted by key", "history: "})
    EXPECT_THAT(outcome.err, HasSubstr(mode));
}

TEST_F(SqlMode, ThatAppendsWithAScheduleIsWarnedOf) {
  host_.set("sink.f.mode", "append");
  EXPECT_THAT(host_.run({"check"}).err, Not(HasSubstr("append"))) << "run by hand";
  for (const auto* schedule : {"every 1d", "every 15m", "every 24h"}) {
    const auto outcome = host_.set("pipeline.p.schedule", schedule).run({"check"});
    EXPECT_EQ(outcome.exit_code, 0) << "it is allowed";
    EXPECT_THAT(outcome.err, HasSubstr("pipeline.p.schedule = " + std::string(schedule) +
                                       " with sink.f.mode = append: every run adds all of "
                                       "its rows again, so that each row is there twice after two runs"));
  }
  const auto json = Poco::JSON::Parser().parse(host_.run({"check", "--json"}).out).extract<Poco::JSON::Object::Ptr>();
  EXPECT_EQ(json->getArray("warnings")->size(), 1U);
  EXPECT_THAT(host_.set("sink.f.mode", "replace").run({"check"}).err, Not(HasSubstr("again")));
  EXPECT_THAT(host_.set("sink.f.mode", "merge").set("sink.f.key", "OrderID").run({"check"}).err, Not(HasSubstr("again")));
}

// Options that are each well-formed, and do not make a sink: said by a check that reaches nothing, with the line of the configuration.
TEST_F(Checks, ACheckSaysWhatASinkRefusesOfItsOptions) {
  host_.set("pipeline.q.connection", "c").set("pipeline.q.app", "pood").set("pipeline.q.objects", "sheet:*/*");
  host_.set("pipeline.q.sinks", "f");
  for (const auto& [option, value, words] :
       {std::array{"decimal", ";", "sink.f.decimal: is . or ,"},
        std::array{"date-format", "DD.MM.YYYY", "sink.f.date-format: 'DD.MM.YYYY' has no letter behind a %"},
        std::array{"timestamp-format", "%q", "sink.f.timestamp-format: '%q': after % comes one of"},
        std::array{"file", "/tmp/Müük.csv", "sink.f.file: '/tmp/Müük.csv': absolute paths are not allowed"}}) {
    host_.set(std::string("sink.f.") + option, value);
    const auto outcome = host_.run({"check"});
    EXPECT_EQ(outcome.exit_code, 3) << option;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(words), HasSubstr(".properties:"))) << option;
    EXPECT_EQ(outcome.err.find(words), outcome.err.rfind(words)) << "once, though two pipelines have the sink";
    host_.set(std::string("sink.f.") + option, std::string(option) == "decimal" ? "." : std::string(option) == "file" ? "x" : "%Y-%m-%d");
  }
}

}  // namespace
}  // namespace qonduit::integration
