// That no value survives, wherever the engine puts it, and that everything a reader goes by does.
#include "core/recording/json_scrambler.hpp"
#include "tests/paths.hpp"

#include <gtest/gtest.h>

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>

namespace qonduit::recording {
namespace {

using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

constexpr Key kKey{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};
const JsonScrambler kValues(Scramble::values, kKey);
const JsonScrambler kNames(Scramble::names, kKey);

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Visits every pair of values at the same place of two documents; fails where their shapes differ.
void walk(const Var& before, const Var& after, const std::string& path, const Object* parent,
          const std::function<void(const std::string& member, const Var& before, const Var& after, const Object* parent)>& visit,
          const std::string& member = "") {
  if (before.type() == typeid(Object::Ptr)) {
    const auto one = before.extract<Object::Ptr>();
    ASSERT_TRUE(after.type() == typeid(Object::Ptr)) << path;
    const auto other = after.extract<Object::Ptr>();
    ASSERT_EQ(one->getNames().size(), other->getNames().size()) << path;
    for (const auto& name : one->getNames()) {
      ASSERT_TRUE(other->has(name)) << path << "/" << name;
      walk(one->get(name), other->get(name), path + "/" + name, one.get(), visit, name);
    }
  } else if (before.type() == typeid(Array::Ptr)) {
    const auto one = before.extract<Array::Ptr>();
    ASSERT_TRUE(after.type() == typeid(Array::Ptr)) << path;
    const auto other = after.extract<Array::Ptr>();
    ASSERT_EQ(one->size(), other->size()) << path;
    for (unsigned i = 0; i < one->size(); ++i) walk(one->get(i), other->get(i), path + "/" + std::to_string(i), parent, visit, member);
  } else {
    visit(member, before, after, parent);
  }
}

bool says_something(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 && c != '0'; });
}

TEST(JsonScrambler, ChangesEveryValueOfCapturedLayoutsAndNothingAReaderGoesBy) {
  int texts = 0;
  int numbers = 0;
  for (const auto& entry : std::filesystem::directory_iterator(paths::source("tests/fixtures/layouts"))) {
    const auto source = read(entry.path());
    const auto made = kValues.document(source);
    ASSERT_TRUE(made) << entry.path();
    const auto check = [&](const std::string& member, const Var& before, const Var& after, const Object* parent) {
      const bool text_before = before.isString();
      ASSERT_EQ(text_before, after.isString()) << member;
      const auto element = parent == nullptr ? 0 : parent->optValue<int>("qElemNumber", parent->optValue<int>("qElemNo", 0));
      const auto type = parent == nullptr ? std::string() : parent->optValue<std::string>("qType", "");
      if (member == "qText" && text_before && element >= 0 && type != "P" && says_something(before.convert<std::string>())) {
        ++texts;
        EXPECT_NE(before.convert<std::string>(), after.convert<std::string>()) << entry.path();
      }
      if ((member == "qNum" || member == "qValue") && !text_before && before.convert<double>() != 0) {
        ++numbers;
        const double one = before.convert<double>();
        const double other = after.convert<double>();
        EXPECT_NE(one, other);
        EXPECT_EQ(one == std::floor(one), other == std::floor(other)) << one << " " << other;
        EXPECT_EQ(one < 0, other < 0);
      }
      for (const auto* kept :
           {"qElemNumber",    "qElemNo", "qState",         "qMode", "qcx",   "qcy",  "qUp",    "qDown",   "qRow",      "qType",
            "qDimensionType", "qTags",   "qFallbackTitle", "qId",   "qLeft", "qTop", "qWidth", "qHeight", "qGroupPos", "visualization"}) {
        // Titles that are expressions have literals.
        if (member == kept && before.convert<std::string>().find_first_of("=(") == std::string::npos) {
          EXPECT_EQ(before.convert<std::string>(), after.convert<std::string>()) << member;
        }
      }
    };
    Poco::JSON::Parser one;
    Poco::JSON::Parser other;
    walk(one.parse(source), other.parse(*made), "", nullptr, check);
  }
  EXPECT_GT(texts, 10'000) << "the fixtures hold data";
  EXPECT_GT(numbers, 10'000);
}

TEST(JsonScrambler, LeavesNullsOthersTotalsAndNoNumbersAsTheyAre) {
  const std::string null = R"({"qText":"-","qNum":"NaN","qElemNumber":-2,"qState":"L","qIsNull":true})";
  const std::string others = R"({"qText":"Others","qNum":"NaN","qElemNumber":-3,"qState":"L","qIsOtherCell":true})";
  const std::string total = R"({"qText":"Totals","qNum":"NaN","qElemNumber":-1,"qState":"L","qIsTotalCell":true})";
  for (const auto& cell : {null, others, total}) EXPECT_EQ(*kValues.document(cell), cell);
}

TEST(JsonScrambler, ScramblesTheValuesOfTheGrandTotalRow) {
  const auto made =
      *kValues.document(R"({"qGrandTotalRow":[{"qText":"1,234","qNum":1234,"qElemNumber":-1,"qState":"X","qIsTotalCell":true}]})");
  EXPECT_EQ(made.find("1234"), std::string::npos);
  EXPECT_EQ(made.find("1,234"), std::string::npos);
}

// A text that occurs nowhere else, in every member that may carry what people wrote or did. Finches are names, which only one kind
// scrambles.
constexpr const char* kAviary = R"~({
    "qInfo":{"qId":"Finch01","qType":"table"},"qMeta":{"title":"Finch02","description":"Canary03","owner":{"id":"Canary04","userId":"Canary05",
    "name":"Canary06"}},"thumbnail":{"qStaticContentUrl":{"qUrl":"/content/Canary07.png"}},"qSelectionInfo":{},"title":"Finch03",
    "footnote":"Finch04","host":"canary10.example.com","cookie":"Canary11","custom":{"deep":["Canary12",{"x":"Canary13"}],"Finch 05":1},
    "components":[{"refLine":{"value":48151623421,"label":"Finch06"}}],"refLine":{"refLines":[{"refLineExpr":{"value":48151623420,
    "label":"48151623420"}}]},
    "qHyperCube":{"qCalcCondMsg":"Canary16","qTitle":"Finch07","qError":{"qErrorCode":7005,"qContext":"Canary18","qExtendedMessage":"Canary19"},
    "qDimensionInfo":[{"qFallbackTitle":"Finch08","qGroupFieldDefs":["=If(A='Canary21',B)"],"qGroupFallbackTitles":["Finch09"],
      "qTags":["$text","Finch10","$relates_Finch11"],"qMin":48151623422,"qMax":48151623423,"qAttrExprInfo":[{"qMin":48151623424,
      "qMax":48151623425,"qMinText":"Canary25","qMaxText":"Canary26","qFallbackTitle":"Finch12"}],"qLibraryId":"Finch13"}],
    "qMeasureInfo":[{"qTrendLines":[{"qCoeff":{"qC":[48151623440,48151623441.5]},"qR2":0.48151623442,"qMinX":48151623443}]}],
    "qGrandTotalRow":[{"qText":"48151623426","qNum":48151623426,"qElemNumber":-1}],
    "qDataPages":[{"qMatrix":[[{"qText":"Canary29","qNum":"NaN","qElemNumber":0,"qState":"O","qAttrExps":{"qValues":[{"qText":"Canary30",
      "qNum":"NaN"},{"qNum":48151623427}]},"qAttrDims":{"qValues":[{"qText":"Canary31","qElemNo":0}]},"qMiniChart":{"qMatrix":[[{"qText":
      "Canary32","qNum":48151623428}]]}},{"qText":[48151623429.5,48151623430.5,1,2],"qNum":7,"qElemNumber":0}]]}],
    "qPivotDataPages":[{"qLeft":[{"qText":"Canary33","qElemNo":1,"qValue":48151623431,"qType":"N","qSubNodes":[]},
      {"qText":"Finch14","qElemNo":0,"qValue":"NaN","qType":"P","qSubNodes":[]},
      {"qText":"Finch15","qElemNo":-1,"qValue":"NaN","qType":"T","qSubNodes":[]}],"qData":[[{"qText":"Canary36","qNum":48151623432}]]}],
    "qStackedDataPages":[{"qData":[{"qMaxPos":48151623433,"qMinNeg":-48151623434,"qText":"Canary37","qValue":48151623435,"qElemNo":0}]}]},
    "qListObject":{"qDimensionInfo":{"qFallbackTitle":"Finch16"},"qExpressions":[{"qExpr":"='Canary39'"}]},
    "qSelectionObject":{"qSelections":[{"qField":"Finch17","qReadableName":"Finch18","qSelected":"Canary41, Canary42",
      "qSelectedFieldSelectionInfo":[{"qName":"Canary43","qFieldSelectionMode":"NORMAL"}],"qNotSelectedFieldSelectionInfo":[{"qName":"Canary55"}],
      "qTextSearch":"Canary44","qRangeInfo":[{"qRangeLo":48151623436,"qRangeHi":48151623437,"qMeasure":"Canary56"}]}]},
    "qHyperCubeDef":{"qMeasures":[{"qDef":{"qLabel":"Finch19","qDef":"Sum({<A={'Canary46',\"Canary47\"}>} X) /* Canary48 */",
      "qLabelExpression":"='Canary49'"},"qSortBy":{"qExpression":{"qv":"'Canary50'"}}},{"qDef":{"qDef":"48151623438"}}]},"qStateName":"Finch20",
    "variables":[{"qName":"Finch21","qDefinition":"Canary52","qComment":"Canary53"},{"qDefinition":"48151623439"},
      {"qDefinition":"='Canary57'"}],"qData":[{"qValue":[{"qText":"Canary54","qIsNumeric":false,"qNumber":"NaN"}]}],
    "qBookmark":{"qStateData":[{"qStateName":"Finch22","qFieldItems":[{"qDef":{"qName":"Finch23","qType":"PRESENT"},"qSelectInfo":{
      "qTextSearch":"Canary58","qRangeLo":48151623444,"qRangeHi":"NaN","qContinuousRangeInfo":[{"qMin":48151623445,"qMax":48151623446}]},
      "qValues":["Canary59",{"qText":"Canary60"},48151623447],"qExcludedValues":["Canary61",48151623448]}]}],
      "qVariableItems":[{"qName":"Finch24","qValue":{"qText":"Canary62","qNumber":48151623449},"qDefinition":"Canary63"}],
      "qPatches":[{"qInfo":{"qId":"Finch25"},"qPatches":[{"qOp":"add","qPath":"/qHyperCubeDef/qDimensions/0/qDef","qValue":"\"Canary64\""},
      {"qOp":"replace","qPath":"/color/Finch 26","qValue":"48151623450"}]}],"qSelectionFields":"Canary65"},
    "qResult":{"qSearchTerms":["Canary66"],"qFieldNames":["Finch27"],"qSuggestions":[{"qValue":"Canary67"}],"qSearchGroupArray":[{"qItems":[
      {"qIdentifier":"Canary68","qItemMatches":[{"qText":"Canary69","qFieldSelectionMode":"NORMAL","qNumber":48151623451}]}]}]},
    "qExpandedExpression":"Sum({<A={Canary70}>} If(B='Canary71',48151623452))","qErrorMsg":"Canary72"})~";

std::string low(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

TEST(JsonScrambler, LetsNoCanaryThrough) {
  for (const auto* scrambler : {&kValues, &kNames}) {
    const auto made = scrambler->document(kAviary);
    ASSERT_TRUE(made) << made.error().message();
    EXPECT_EQ(low(*made).find("canary"), std::string::npos) << *made;
    EXPECT_EQ(made->find("481516234"), std::string::npos) << *made;
    EXPECT_EQ(made->find("0.48151"), std::string::npos) << *made;
    for (int i = 1; i <= 27; ++i) {
      const auto finch = std::string(i < 10 ? "0" : "") + std::to_string(i);
      const bool kept = made->find("Finch" + finch) != std::string::npos || made->find("Finch " + finch) != std::string::npos;
      EXPECT_EQ(kept, scrambler == &kValues) << finch << *made;
    }
  }
}

TEST(JsonScrambler, LetsNoSelectedValueThroughInAnyAlphabet) {
  const std::string selections = R"({"qSelections":[{"qField":"Πόλη","qSelected":"Καναρίνι, Χανιά","qSelectedCount":2,
    "qSelectedFieldSelectionInfo":[{"qName":"Καναρίνι"},{"qName":"Χανιά, Κρήτη"}]}]})";
  for (const auto* scrambler : {&kValues, &kNames}) {
    const auto made = *scrambler->document(selections);
    for (const std::string gone : {"Καναρίνι", "Χανιά", "Κρήτη"}) EXPECT_EQ(made.find(gone), std::string::npos) << made;
    EXPECT_NE(made.find("{\"qName\":\"" + scrambler->value("Καναρίνι") + "\"}"), std::string::npos) << "as in the data: " << made;
    EXPECT_EQ(made.find("Πόλη") != std::string::npos, scrambler == &kValues) << made;
  }
}

TEST(JsonScrambler, LetsNoCanaryThroughAsAParameter) {
  for (const auto& [method, params] : {std::pair("Select", R"(["Canary01",false])"),
                                       {"SelectValues", R"([[{"qText":"Canary02"},{"qNumber":48151623420}]])"},
                                       {"ToggleSelect", R"(["Canary03"])"},
                                       {"SearchListObjectFor", R"(["/qListObjectDef","Canary04*"])"},
                                       {"SearchResults", R"([{"qSearchFields":["Finch"]},["Canary05"],{"qOffset":0}])"},
                                       {"SearchSuggest", R"([{},["Canary06"]])"},
                                       {"SelectAssociations", R"([{},["Canary07"],0])"},
                                       {"SetStringValue", R"(["Canary08"])"},
                                       {"SetNumValue", "[48151623421]"},
                                       {"SetNumValue", R"({"qVal":48151623422})"},
                                       {"SetDualValue", R"(["48151623423,5",48151623423.5])"},
                                       {"SetStringExpression", R"(["='Canary09'"])"},
                                       {"CreateSessionVariable", R"([{"qName":"Finch","qDefinition":"Canary10"}])"},
                                       {"ApplyPatches", R"([[{"qOp":"add","qPath":"/title","qValue":"\"Canary11\""}]])"},
                                       {"SetScript", R"(["Canary12"])"},
                                       {"SetSomethingNew", R"(["Canary13",48151623424])"},
                                       {"EvaluateEx", R"(["48151623425"])"},
                                       {"CheckExpression", R"~(["Sum({<A={Canary14}>} B)",["Finch"]])~"},
                                       {"Evaluate", R"({"qExpression":"'Canary15'"})"}}) {
    for (const auto* scrambler : {&kValues, &kNames}) {
      const auto made = *scrambler->params(method, params);
      EXPECT_EQ(low(made).find("canary"), std::string::npos) << method << made;
      EXPECT_EQ(made.find("481516234"), std::string::npos) << method << made;
    }
  }
}

TEST(JsonScrambler, GivesAVariableTheTextAndTheNumberOfOneValue) {
  const auto made = *kValues.params("SetDualValue", R"(["1.5",1.5])");
  const auto layout = *kValues.document(R"({"qText":"1.5","qNum":1.5})");
  const auto number = layout.substr(layout.find("qNum\":") + 6);
  EXPECT_EQ(made, "[\"" + number.substr(0, number.size() - 1) + "\"," + number.substr(0, number.size() - 1) + "]") << layout;
}

TEST(JsonScrambler, KeepsNamesButNoValueWhenOnlyValuesAreScrambled) {
  const auto made = *kValues.document(R"~({"title":"Sales","qMeta":{"description":"of Canary"},"qFallbackTitle":"Sum({<A={'Canary'}>} X)",
    "qText":"Canary","qNum":"NaN","qDef":"'Canary' & Region"})~");
  EXPECT_NE(made.find("\"title\":\"Sales\""), std::string::npos);
  EXPECT_NE(made.find("Region"), std::string::npos);
  EXPECT_EQ(made.find("Canary"), std::string::npos) << made;
}

TEST(JsonScrambler, DoesTheSameToADefinitionWhereverItStands) {
  // What an adapter copies from an object's properties into a session object must match what was recorded of it.
  const std::string cube = R"~({"qMode":"P","qMeasures":[{"qDef":{"qDef":"Sum({<A={'x1y2'}>} Amount)"}}]})~";
  const auto inside = *kNames.document(R"({"qInfo":{"qId":"abc"},"qHyperCubeDef":)" + cube + "}");
  const auto params = *kNames.params("CreateSessionObject", R"([{"qHyperCubeDef":)" + cube + "}]");
  const auto alone = *kNames.document(cube);
  EXPECT_NE(inside.find(alone), std::string::npos);
  EXPECT_NE(params.find(alone), std::string::npos);
}

TEST(JsonScrambler, KnowsWhatTheParametersOfACallMean) {
  EXPECT_EQ(*kValues.params("GetField", R"(["Region"])"), R"(["Region"])");
  EXPECT_EQ(*kNames.params("GetField", R"(["Region"])"), "[\"" + kNames.name("Region") + "\"]");
  EXPECT_EQ(*kValues.params("Select", R"(["North",false])"), "[\"" + kValues.value("North") + "\",false]");
  EXPECT_EQ(*kValues.params("GetTableData", R"([0,25000,false,"Sales"])"), R"([0,25000,false,"Sales"])");
  EXPECT_EQ(*kNames.params("GetTableData", R"([4,1,false,"Мяты"])"), "[4,1,false,\"" + kNames.name("Мяты") + "\"]");
  EXPECT_EQ(*kNames.params("SelectListObjectValues", R"(["/qListObjectDef",[3,17],false])"), R"(["/qListObjectDef",[3,17],false])");
  EXPECT_EQ(*kNames.params("GetHyperCubeTreeData", R"(["/qHyperCubeDef",{"qMaxNbrOfNodes":10}])"),
            R"(["/qHyperCubeDef",{"qMaxNbrOfNodes":10}])");
  const auto selected = *kValues.params("SelectValues", R"([[{"qText":"North","qIsNumeric":false,"qNumber":0}]])");
  EXPECT_NE(selected.find(kValues.value("North")), std::string::npos) << selected;
}

TEST(JsonScrambler, WritesNoIntegerThatIsLargerThanAny) {
  for (const auto* number : {"12000000000000000000", "1.8e19", "-4.5e30", "99906972027217068032.0"}) {
    const auto made = *kValues.document(R"({"qMax":)" + std::string(number) + R"(,"qMin":0})");
    const auto at = made.find("qMax\":") + 6;
    const auto text = made.substr(at, made.find_first_of(",}", at) - at);
    EXPECT_TRUE(text.size() < 16 || text.find_first_of(".e") != std::string::npos) << number << ": " << text;
  }
}

TEST(JsonScrambler, KeepsTheVariablesThatAVariableNames) {
  const std::string variable = R"~({"qDefinition":"Βόλος $(vΈτος) 48151623 $(f(Αθήνα))"})~";
  const auto values = *kValues.document(variable);
  EXPECT_NE(values.find("$(vΈτος)"), std::string::npos) << values;
  EXPECT_NE(values.find("$(f("), std::string::npos) << values;
  const auto names = *kNames.document(variable);
  EXPECT_NE(names.find("$(" + kNames.name("vΈτος") + ")"), std::string::npos) << names;
  for (const std::string gone : {"Βόλος", "48151623", "Αθήνα"}) {
    EXPECT_EQ(values.find(gone), std::string::npos) << values;
    EXPECT_EQ(names.find(gone), std::string::npos) << names;
  }
}

TEST(JsonScrambler, MakesDatesOfDates) {
  const std::string meta = R"({"createdDate":"2024-05-17T06:30:00.000Z","modifiedDate":"2023-12-31T23:59:59.999Z"})";
  for (const auto* scrambler : {&kValues, &kNames}) {
    const auto made = *scrambler->document(meta);
    EXPECT_TRUE(std::regex_match(made, std::regex(R"(\{"createdDate":"20[1-3]\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}Z",)"
                                                  R"("modifiedDate":"20[1-3]\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}Z"\})")))
        << made;
    EXPECT_EQ(made.find("2024-05-17"), std::string::npos);
    EXPECT_EQ(made.find("2023-12-31"), std::string::npos);
  }
}

TEST(JsonScrambler, KeepsThePointersByWhichListsAreMade) {
  const std::string list = R"({"qAppObjectListDef":{"qType":"sheet","qData":{"title":"/qMetaDef/title","cells":"/cells"}}})";
  EXPECT_EQ(*kNames.document(list), list);
}

TEST(JsonScrambler, KeepsWhatConditionsCameOutAs) {
  const std::string children = R"({"children":[{"condition":"false"},{"showCondition":"-1"}]})";
  EXPECT_EQ(*kNames.document(children), children);
}

TEST(JsonScrambler, ChangesNoByteWhenNothingIsScrambled) {
  const std::string odd = "{ \"a\" : 1.50 , \"qText\":\"x\" }";
  EXPECT_EQ(*JsonScrambler(Scramble::none, kKey).document(odd), odd);
}

TEST(JsonScrambler, SaysThatSomethingIsNotJson) { EXPECT_EQ(kValues.document("{\"a\":").error().code(), Code::bad_data); }

}  // namespace
}  // namespace qonduit::recording
