// Expressions in an app: what constants, sets, names and functions are worth, alone and in the groups of a cube.
#include <gtest/gtest.h>

#include <cmath>
#include <ctime>

#include "conversation.hpp"

namespace qonduit::simulator {
namespace {

class Formula : public Conversation {
 protected:
  Formula() {
    options_.gallery = true;
    serve(R"~({"id":"läger","title":"Läger","locale":{"decimal":",","thousands":".","date":"DD.MM.YYYY"},
      "tables":[
        {"name":"Moves","csv":"No,När,Lag,Qty,Note\n1,2023-12-31,Öst,10,a\n2,2024-01-01,Öst,4,b\n3,2024-02-01,Väst,7,\n4,2024-03-05,,1,d\n5,2024-03-05,Öst,4,b\n",
         "fields":[{"name":"No","type":"integer"},{"name":"När","type":"date"},{"name":"Lag","type":"text"},{"name":"Qty","type":"real"},{"name":"Note","type":"text"}]},
        {"name":"Places","csv":"Lag,Land\nÖst,SE\nVäst,NO\nSyd,DK\n","fields":[{"name":"Lag","type":"text"},{"name":"Land","type":"text"}]}],
      "measures":[{"id":"m","title":"Summa Qty","expression":"Sum(Qty)"},{"id":"r","title":"Per move","expression":"[Summa Qty]/Count(No)"}],
      "variables":[{"name":"vYear","definition":"2024"},{"name":"vCode","definition":"007"},{"name":"vMax","definition":"=Max(Qty)"},{"name":"vSelf","definition":"=vSelf"}],
      "states":["My State"],
      "bookmarks":[{"id":"b1","title":"East only","selections":{"Lag":["Öst"]}}]})~");
  }

  // Measures by a dimension, as "value|measure|…".
  std::vector<std::string> by(const std::string& field, const std::vector<std::string>& measures) {
    std::string made =
        R"("qDimensions":[{"qDef":{"qFieldDefs":[")" + field + R"("],"qSortCriterias":[{"qSortByLoadOrder":1}]}}],"qMeasures":[)";
    for (std::size_t i = 0; i < measures.size(); ++i) {
      made += std::string(i > 0 ? "," : "") + R"({"qDef":{"qDef":)";
      append_quoted(made, measures[i]);
      made += "}}";
    }
    return rows_of(made + "]");
  }
  using Rows = std::vector<std::string>;
};

TEST_F(Formula, ConstantsCountTheRowsOfAGroup) {
  open("läger");
  EXPECT_EQ(by("Lag", {"Count(1)", "Sum(1)", "Count(No)", "Sum(2)"}), (Rows{"Öst|3|3|3|6", "Väst|1|1|1|2", "Syd|1|1|0|2", "-|1|1|1|2"}));
  EXPECT_EQ(by("Note", {"Count(1)"}), (Rows{"a|1", "b|2", "d|1", "-|1"})) << "nulls are rows too";
  EXPECT_EQ(by("=Year(När)", {"Count(1)"}), (Rows{"2023|1", "2024|4"}));
  EXPECT_EQ(by("Land", {"Sum(1)", "Count(No)"}), (Rows{"SE|1|3", "NO|1|1", "DK|1|0", "-|0|1"})) << "of the dimension's own table";
  EXPECT_EQ(evaluated("Count(1)"), "1") << "over everything: unknown, once by default";
}

TEST_F(Formula, WhatAConstantIsWorthOverEverythingIsASwitch) {
  assume("constant-total=rows", options_.assumptions);
  open("läger");
  EXPECT_EQ(evaluated("Count(1)"), "5");
  EXPECT_EQ(evaluated("Count({<Lag={'Öst'}>} 1)"), "3");
}

TEST_F(Formula, AColumnDoesNotMeanItselfByItsOwnLabel) {
  open("läger");
  const auto labelled = [&](const std::string& measure, const std::string& label) {
    return rows_of(R"("qDimensions":[{"qDef":{"qFieldDefs":["Land"]}}],"qMeasures":[{"qDef":{"qLabel":")" + label + R"(","qDef":")" +
                   measure + R"("}}])");
  };
  EXPECT_EQ(labelled("{[East only]} [Summa Qty]", "Summa Qty"), (Rows{"SE|18", "NO|0", "DK|0"})) << "the master measure";
  EXPECT_EQ(labelled("[Summa Qty]*2", "Summa Qty"), (Rows{"SE|36", "NO|14", "DK|0", "-|2"}));
  EXPECT_EQ(labelled("vYear+Sum(Qty)", "vYear"), (Rows{"SE|2042", "NO|2031", "DK|2024", "-|2025"})) << "the variable";
  EXPECT_EQ(labelled("[Nobody]+Sum(Qty)", "Nobody").front().substr(0, 3), "SE|") << "no end of itself";
}

TEST_F(Formula, AnAggregationOfAMeasureIsNull) {
  open("läger");
  for (const char* nested : {"Sum([Summa Qty])", "Avg(Qty*[Per move])+1", "Max([Summa Qty])"}) EXPECT_EQ(evaluated(nested), "-") << nested;
  EXPECT_EQ(evaluated("Sum(Aggr([Summa Qty], Lag))"), "26") << "Aggr may hold it";
  EXPECT_EQ(evaluated("Sum(Qty*vYear)"), "52624") << "a variable is its value";
  const auto of_column = rows_of(R"~("qDimensions":[{"qDef":{"qFieldDefs":["Land"]}}],"qMeasures":[)~"
                                 R"~({"qDef":{"qLabel":"Antal","qDef":"Sum(Qty)"}},{"qDef":{"qDef":"Avg(Antal)"}}])~");
  EXPECT_EQ(of_column, (Rows{"SE|18|-", "NO|7|-", "DK|0|-", "-|1|-"})) << "of a column, too";
}

TEST_F(Formula, CommentsAreNoPartOfIt) {
  open("läger");
  for (const char* commented :
       {"Sum(Qty) // alles", "/* сумма */ Sum(/*x*/Qty)", "Sum({<Lag={'Öst'/* nur */,'Väst'}>} Qty) // x\n+ 1", "Sum(Qty)//"})
    EXPECT_EQ(evaluated(commented), "26") << commented;
  EXPECT_EQ(evaluated("'http://x' & Sum(Qty)/2 & '/*'"), "http://x13/*");
  EXPECT_EQ(evaluated("Sum(Qty) /* offen"), "26");
}

TEST_F(Formula, ValuesOfFieldsAreFoundByTheirPlace) {
  open("läger");
  EXPECT_EQ(evaluated("FieldValue('Lag', 2) & '/' & FieldIndex('Lag', 'Syd') & '/' & FieldValueCount('Lag')"), "Väst/3/3");
  EXPECT_EQ(evaluated("FieldValue('När', 1)"), "31.12.2023") << "as the field shows it";
  EXPECT_EQ(evaluated("FieldValue('När', 1)+1"), "45292");
  (void)call(handle_of("GetField", "Lag"), "Select", R"(["Syd"])");
  EXPECT_EQ(evaluated("FieldValue('Lag', 1+0)"), "Öst") << "whatever is selected";
  for (const char* none : {"FieldValue('Lag', 4)", "FieldValue('Lag', 0)", "FieldValue('Ingen', 1)", "FieldValue('Lag')"})
    EXPECT_EQ(evaluated(none), "-") << none;
}

TEST_F(Formula, ASetThatNobodyKnowsHoldsNothing) {
  open("läger");
  EXPECT_EQ(evaluated("Sum({Nobookmark} Qty)"), "0");
  EXPECT_EQ(evaluated("Count({[No State]<Lag={'Öst'}>} No)"), "0");
  EXPECT_EQ(evaluated("Sum({b1} Qty)"), "18");
  EXPECT_EQ(evaluated("Sum({[East only]} Qty)"), "18") << "a bookmark by its title";
  EXPECT_EQ(evaluated("Sum({[My State]} Qty)"), "26");
  EXPECT_EQ(evaluated("Sum({My State} Qty)"), "Error in expression: '}' expected") << "names with blanks stand in brackets";
  EXPECT_EQ(code(call(doc_, "AddSessionAlternateState", R"(["Min"])")), 0);
  EXPECT_EQ(evaluated("Sum({Min} Qty)"), "26");
}

TEST_F(Formula, ASearchByAnExpressionFindsTheValuesItHoldsFor) {
  open("läger");
  EXPECT_EQ(evaluated("Sum({<Lag={\"=Sum(Qty)>7\"}>} Qty)"), "18") << "Öst";
  EXPECT_EQ(evaluated("Count({<När={\"=När>=45292 and När<45323\"}>} No)"), "1") << "the values themselves";
  EXPECT_EQ(evaluated("Sum({<No={\"=Qty=4\"}>} Qty)"), "8");
  EXPECT_EQ(evaluated("Sum({<Lag={\"=Sum(Qty)>Sum(TOTAL Qty)/2\"}>} Qty)"), "18");
  EXPECT_EQ(evaluated("Sum({<Lag={\"=Sum({<Note={'b'}>} Qty)=8\",'Väst'}>} Qty)"), "25")
      << "a search that has a set itself, next to a plain value";
  EXPECT_EQ(evaluated("Sum({<Lag={\"=Sum(Qty\"}>} Qty)"), "0") << "one that is broken holds for nothing";
  (void)call(handle_of("GetField", "Note"), "Select", R"(["a"])");
  EXPECT_EQ(evaluated("Sum({1<Lag={\"=Sum(Qty)>11\"}>} Qty)"), "0") << "over what is selected";
}

TEST_F(Formula, ASetInFrontIsForAllThatFollows) {
  open("läger");
  EXPECT_EQ(evaluated("{<Lag={'Öst'}>} Sum(Qty)"), "18");
  EXPECT_EQ(evaluated("={<Lag={'Öst'}>} Sum(Qty)/Count(No)"), "6");
  EXPECT_EQ(evaluated("({<Lag={'Öst'}>} Sum(Qty)) + Sum(Qty)"), "44") << "within its parentheses";
  EXPECT_EQ(evaluated("{<Lag={'Öst'}>} Sum({<Qty={4}>} Qty)"), "8") << "a set inside goes on from it";
  EXPECT_EQ(evaluated("{<Lag={'Öst'}>} Sum({$<Qty={7}>} Qty)"), "7") << "with an identifier it does not";
  EXPECT_EQ(evaluated("{<Lag={'Öst'}>} Sum({1} Qty)"), "26");
  EXPECT_EQ(evaluated("{<Lag={'Öst'}>} [Summa Qty]"), "18");
  EXPECT_EQ(by("Lag", {"{<Note={'b'}>} Sum(Qty)"}), (Rows{"Öst|8", "Väst|0", "Syd|0", "-|0"}));
}

TEST_F(Formula, NamesStandForVariablesMasterMeasuresAndLabels) {
  open("läger");
  EXPECT_EQ(evaluated("'År ' & vYear"), "År 2024");
  EXPECT_EQ(evaluated("vYear+1"), "2025");
  EXPECT_EQ(evaluated("vCode"), "007");
  EXPECT_EQ(evaluated("vMax*2"), "20");
  EXPECT_EQ(evaluated("vSelf"), "-") << "without an end";
  EXPECT_EQ(evaluated("[Summa Qty]"), "26");
  EXPECT_EQ(evaluated("[Per move]"), "5,2") << "a measure of measures";
  EXPECT_EQ(by("Lag", {"[Summa Qty]"}), (Rows{"Öst|18", "Väst|7", "Syd|0", "-|1"}));
  EXPECT_EQ(
      rows_of(
          R"~("qDimensions":[],"qMeasures":[{"qDef":{"qDef":"Sum(Qty)","qLabel":"A"}},{"qDef":{"qDef":"Count(No)","qLabel":"N"}},{"qDef":{"qDef":"A/N"}}])~"),
      (Rows{"26|5|5,2"}));
  EXPECT_EQ(evaluated("Nothing"), "-");
}

TEST_F(Formula, TitlesAreComputed) {
  serve(
      R"({"id":"t","title":"T","tables":[{"name":"T","csv":"A\n1\n","fields":[{"name":"A","type":"integer"}]}],"variables":[{"name":"vY","definition":"2024"}],
    "sheets":[{"id":"s","title":"S","objects":[{"id":"o","type":"table","title":"='Orders ' & vY","dimensions":[{"field":"A"}]}]}]})");
  open("t");
  EXPECT_EQ(text_member(layout(object_handle("o")), "title"), "Orders 2024");
}

TEST_F(Formula, MoreWaysToAggregate) {
  open("läger");
  EXPECT_EQ(evaluated("NullCount(Note)"), "1");
  EXPECT_EQ(evaluated("NullCount(Lag)"), "1");
  EXPECT_EQ(evaluated("Median(Qty)"), "4");
  EXPECT_EQ(evaluated("Mode(Qty)"), "4");
  EXPECT_EQ(evaluated("Mode(No)"), "-") << "all are as frequent";
  EXPECT_EQ(evaluated("Fractile(Qty, 0.25)"), "4");
  EXPECT_EQ(evaluated("Fractile(Qty, 1)"), "10");
  EXPECT_EQ(evaluated("Fractile(Qty, 1.5)"), "-");
  EXPECT_EQ(evaluated("Round(Stdev(Qty)*1000)"), "3421");
  EXPECT_EQ(evaluated("Stdev({<No={1}>} Qty)"), "-");
  EXPECT_EQ(evaluated("Concat(distinct Note, '; ')"), "a; b; d");
  EXPECT_EQ(evaluated("Concat(Note, '', -No)"), "bdba");
  EXPECT_EQ(evaluated("Max(Qty, 2)"), "7");
  EXPECT_EQ(evaluated("TextCount(Note) & '/' & NumericCount(Qty)"), "4/5");
  EXPECT_EQ(by("Lag", {"Median(Qty)", "Concat(Note,'+')"}), (Rows{"Öst|4|a+b+b", "Väst|7|-", "Syd|-|-", "-|1|d"}));
}

TEST_F(Formula, AggregationsOfAggregations) {
  open("läger");
  EXPECT_EQ(evaluated("Max(Aggr(Sum(Qty), Lag))"), "18");
  EXPECT_EQ(evaluated("Sum(Aggr(Max(Qty), Lag))"), "18");
  EXPECT_EQ(evaluated("Count(Aggr(If(Sum(Qty)>5, Lag), Lag))"), "2");
  EXPECT_EQ(evaluated("Avg(Aggr(Sum({<Qty={4}>} Qty), Lag, Note))").empty(), false);
  EXPECT_EQ(by("Land", {"Max(Aggr(Sum(Qty), Note))"}).front(), "SE|10");
  EXPECT_EQ(evaluated("Sum(Aggr(Sum(Sum(Qty)), Lag))"), "Nested aggregation not allowed");
}

TEST_F(Formula, FunctionsOfTextsTimeAndSelections) {
  open("läger");
  EXPECT_EQ(evaluated("WildMatch('C19999-7', 'X*', 'c19999*')"), "2");
  EXPECT_EQ(evaluated("Match('b', 'a', 'b')"), "2");
  EXPECT_EQ(evaluated("MixMatch('B', 'a', 'b')"), "2");
  EXPECT_EQ(evaluated("Concat(If(WildMatch(Note,'?'), Note), ',')"), "a,b,d,b");
  const std::time_t now = std::time(nullptr);
  EXPECT_EQ(evaluated("Floor(Now())-Today()"), "0");
  EXPECT_NEAR(std::stod(evaluated("Num(Today())")), static_cast<double>(now) / 86400 + 25569, 2);
  EXPECT_EQ(evaluated("Date#('05.03.2024')-Date#('2024-03-01','YYYY-MM-DD')"), "4");
  EXPECT_EQ(evaluated("GetSelectedCount(Lag) & GetPossibleCount(Lag)"), "03");
  const int field = handle_of("GetField", "Lag");
  EXPECT_TRUE(bool_member(result(call(field, "SelectValues", R"([[{"qText":"Öst"},{"qText":"Syd"}]])")), "qReturn"));
  EXPECT_EQ(evaluated("GetSelectedCount(Lag) & ' of ' & GetFieldSelections(Lag)"), "2 of Öst, Syd");
}

TEST_F(Formula, SearchesReadDatesAsTheFieldShowsThem) {
  open("läger");
  EXPECT_EQ(evaluated("Count({<När={\">=01.01.2024\"}>} No)"), "4");
  EXPECT_EQ(evaluated("Count({<[När]={\">=01.01.2024<=01.02.2024\"}>} No)"), "2");
  EXPECT_EQ(evaluated("Count({<När={\">=45292\"}>} No)"), "4");
  EXPECT_EQ(evaluated("Count({<Qty={\">3,5\"}>} No)"), "4") << "numbers as the app writes them";
  EXPECT_EQ(evaluated("Count({<När={\">=soon\"}>} No)"), "0");
}

}  // namespace
}  // namespace qonduit::simulator
