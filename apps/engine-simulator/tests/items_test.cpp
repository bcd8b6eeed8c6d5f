// What an app says of its master items, bookmarks, sheets and session objects, as documentation, captures and clients have it.
#include <Poco/Exception.h>
#include <gtest/gtest.h>

#include "conversation.hpp"

namespace qonduit::simulator {
namespace {

class Items : public Conversation {
 protected:
  Items() { options_.gallery = true; }
};

TEST_F(Items, AreGivenAnotherIdWhereTheirsIsInUse) {
  open("gallery");
  const std::string list = R"({"qInfo":{"qId":"BookmarkList","qType":"BookmarkList"},"qBookmarkListDef":{"qType":"bookmark"}})";
  const auto first = result(call(doc_, "CreateSessionObject", "[" + list + "]"));
  const auto second = result(call(doc_, "CreateSessionObject", "[" + list + "]"));
  const auto id = [](const JsonObject& of) { return text_member(object_member(of, "qReturn"), "qGenericId"); };
  EXPECT_EQ(id(first), "BookmarkList");
  EXPECT_NE(id(second), "BookmarkList");
  EXPECT_FALSE(id(second).empty());
  const int handle = static_cast<int>(int_member(object_member(second, "qReturn"), "qHandle"));
  EXPECT_EQ(text_member(object_member(layout(handle), "qInfo"), "qId"), id(second));
  EXPECT_NE(create(R"({"qInfo":{"qId":"g-table","qType":"table"}})"), object_handle("g-table")) << "an object of the app has that id";
}

TEST_F(Items, HaveLayoutsAndMetaOfTheirOwn) {
  open("gallery");
  const int dimension = handle_of("GetDimension", "d-cyclic");
  const auto shown = layout(dimension);
  EXPECT_EQ(text_member(object_member(shown, "qMeta"), "title"), "Cyclic");
  EXPECT_EQ(to_text(object_member(shown, "qDim")->get("qFieldDefs")), R"(["Region","Group"])");
  const auto infos = array_member(shown, "qDimInfos");
  ASSERT_EQ(infos->size(), 2U);
  EXPECT_EQ(int_member(as_object(infos->get(0)), "qCardinal"), 2);
  const auto properties = object_member(result(call(dimension, "GetProperties", "[]")), "qProp");
  EXPECT_EQ(text_member(object_member(properties, "qMetaDef"), "title"), "Cyclic");
  EXPECT_EQ(to_text(result(call(dimension, "GetLinkedObjects", "[]"))->get("qItems")),
            R"([{"qRootHandle":-1,"qInfo":{"qId":"g-cyclic","qType":"table"}}])");

  const int measure = handle_of("GetMeasure", "m-sales");
  EXPECT_EQ(text_member(object_member(layout(measure), "qMeasure"), "qDef"), "Sum(Amount)");
  EXPECT_EQ(text_member(object_member(object_member(result(call(measure, "GetProperties", "[]")), "qProp"), "qMetaDef"), "title"), "Sales");
  EXPECT_GT(array_member(result(call(measure, "GetLinkedObjects", "[]")), "qItems")->size(), 10U);

  const int bookmark = handle_of("GetBookmark", "b-north");
  EXPECT_EQ(text_member(object_member(layout(bookmark), "qMeta"), "title"), "North");
  EXPECT_EQ(text_member(object_member(object_member(result(call(bookmark, "GetProperties", "[]")), "qProp"), "qMetaDef"), "title"),
            "North");
}

TEST_F(Items, AreListedWithWhatTheRepositoryKnows) {
  open("gallery");
  const auto shown = layout(create(
      R"({"qInfo":{"qType":"lists"},"qDimensionListDef":{"qType":"dimension"},"qMeasureListDef":{"qType":"measure"},"qBookmarkListDef":{"qType":"bookmark"},"qAppObjectListDef":{"qType":"sheet"}})"));
  for (const char* list : {"qDimensionList", "qMeasureList", "qBookmarkList", "qAppObjectList"}) {
    const auto meta = object_member(as_object(array_member(object_member(shown, list), "qItems")->get(0)), "qMeta");
    for (const char* name : {"title", "description", "createdDate", "modifiedDate", "published", "approved", "owner", "privileges"})
      EXPECT_TRUE(meta->has(name)) << list << ": " << name;
    EXPECT_EQ(text_member(object_member(meta, "owner"), "userId"), "sa_api") << list;
  }
}

TEST_F(Items, AreListedWithWhatIsOneValue) {
  open("gallery");
  const auto shown = layout(create(
      R"({"qInfo":{"qType":"list"},"qDimensionListDef":{"qType":"dimension","qData":{"defs":"/qDim/qFieldDefs","g":"/qDim/qGrouping","none":"/x"}},"qAppObjectListDef":{"qType":"sheet","qData":{"cells":"/cells"}}})"));
  const auto data = [&](const char* list) {
    return as_object(as_object(array_member(object_member(shown, list), "qItems")->get(0))->get("qData"));
  };
  EXPECT_EQ(to_text(data("qDimensionList")), R"({"defs":"","g":"C"})") << "an array is an empty text";
  EXPECT_FALSE(array_member(data("qAppObjectList"), "cells").isNull()) << "a sheet's cells are an array";
}

TEST_F(Items, AreCheckedOutsideOfSets) {
  open("gallery");
  const auto ask = [&](const char* method, const std::string& expression, const std::string& more, const char* member) {
    std::string params = "[";
    append_quoted(params, expression);
    return to_text(result(call(doc_, method, params + more + "]"))->get(member));
  };
  const auto bad = [&](const std::string& expression, const std::string& more = "") {
    return ask("CheckExpression", expression, more, "qBadFieldNames");
  };
  EXPECT_EQ(bad("Sum({<Nope={1}>} Amount)"), "[]");
  EXPECT_EQ(bad("Sum({<Amuont={1}>} Amuont)"), R"([{"qFrom":19,"qCount":6}])");
  EXPECT_EQ(bad("Sum([No such])+vTop+[Sales]+Umsatz"), R"([{"qFrom":5,"qCount":7},{"qFrom":28,"qCount":6}])");
  EXPECT_EQ(bad("Umsatz*2", ",[\"Umsatz\"]"), "[]") << "the label of a column";
  EXPECT_EQ(bad("'Ü😀'&Größe&[Нет]"), R"([{"qFrom":6,"qCount":5},{"qFrom":13,"qCount":3}])") << "places count units of UTF-16";
  EXPECT_EQ(bad("Sum(Aggr(Sum(Amount),Cty,[Регион],(Other,(TEXT))))"),
            R"([{"qFrom":21,"qCount":3},{"qFrom":26,"qCount":6},{"qFrom":35,"qCount":5}])")
      << "dimensions of Aggr, too";
  EXPECT_EQ(bad("Sum(TOTAL <City,[Gõrod], vTop> Amount)"), R"([{"qFrom":17,"qCount":5},{"qFrom":25,"qCount":4}])")
      << "only fields in TOTAL";
  EXPECT_EQ(bad("/* Ü */ Sum(Amuont) // Cty"), R"([{"qFrom":12,"qCount":6}])") << "places are those in all of the text";
  EXPECT_EQ(ask("GetFieldsFromExpression", "Sum({<City={1}>} Amount)", "", "qFieldNames"), R"(["City","Amount"])");
}

TEST_F(Items, OfTheAppAreAnswered) {
  open("gallery");
  EXPECT_EQ(array_member(result(call(doc_, "GetBookmarks", R"([{"qTypes":["bookmark"],"qData":{}}])")), "qList")->size(), 2U);
  const auto made = result(call(doc_, "CreateBookmark", R"([{"qInfo":{"qType":"bookmark"},"qMetaDef":{"title":"Mine"}}])"));
  EXPECT_FALSE(text_member(object_member(made, "qInfo"), "qId").empty());
  EXPECT_EQ(evaluated("Count({Mine} Order)"), "10");
  const auto listed =
      array_member(result(call(doc_, "GetBookmarks", R"([{"qTypes":["bookmark"],"qData":{"t":"/qMetaDef/title"}}])")), "qList");
  ASSERT_EQ(listed->size(), 3U);
  EXPECT_EQ(to_text(as_object(listed->get(2))->get("qData")), R"({"t":"Mine"})");
  EXPECT_EQ(text_member(result(call(doc_, "GetSetAnalysis", R"(["","b-north"])")), "qSetExpression"), "<[Region]={'North'}>");
  EXPECT_EQ(code(call(doc_, "GetSetAnalysis", R"(["","nobody's"])")), 2);
  (void)call(handle_of("GetField", "City"), "Select", R"(["Roma"])");
  EXPECT_EQ(text_member(result(call(doc_, "GetSetAnalysis", "[]")), "qSetExpression"), "<[City]={'Roma'}>");
  EXPECT_EQ(array_member(result(call(doc_, "GetLineage", "[]")), "qLineage")->size(), 3U);
  EXPECT_EQ(code(call(doc_, "GetConnection", R"(["x"])")), 2001);
  EXPECT_NE(text_member(result(call(doc_, "GetEmptyScript", "[]")), "qReturn").find("SET DecimalSep=','"), std::string::npos);
  EXPECT_EQ(
      to_text(as_object(array_member(result(call(doc_, "GetMatchingFields", R"([["$key"],0])")), "qFieldNames")->get(0))->get("qName")),
      R"("Product")");
  EXPECT_TRUE(object_member(result(call(doc_, "GetMediaList", "[]")), "qList")->has("qItems"));
  for (const char* method : {"GetConnections", "CheckScriptSyntax", "GetFavoriteVariables"})
    EXPECT_EQ(code(call(doc_, method, "[]")), 0) << method;
  for (const char* method : {"GetConfiguration", "GetFunctions", "GetStreamList"}) EXPECT_EQ(code(call(-1, method, "[]")), 0) << method;
  const int variable = handle_of("GetVariable", "vTotal");
  EXPECT_TRUE(bool_member(object_member(result(call(variable, "GetContent", "[]")), "qContent"), "qIsExpression"));
}

TEST_F(Items, AreFoundByTheBeginningOfAWord) {
  serve(
      R"({"id":"orte","title":"Orte","tables":[{"name":"T","csv":"Ort,Wer\nNeu Ölsburg,Ада Öl\nöls,Ölga\nKöln,б. Ёлка\n","fields":[{"name":"Ort"},{"name":"Wer"}]}]})");
  open("orte");
  const auto search = [&](const std::string& options, const std::string& terms) {
    return object_member(result(call(doc_, "SearchResults", "[" + options + "," + terms + ",{\"qOffset\":0,\"qCount\":5}]")), "qResult");
  };
  const auto items = [&](const JsonObject& found, unsigned group) {
    return as_object(array_member(as_object(array_member(found, "qSearchGroupArray")->get(group)), "qItems")->get(0));
  };
  const auto found = search(R"({"qSearchFields":["Ort"]})", R"(["ÖLS","neu"])");
  EXPECT_EQ(int_member(found, "qTotalNumberOfGroups"), 1);
  EXPECT_EQ(text_member(items(found, 0), "qIdentifier"), "Ort");
  EXPECT_EQ(to_text(items(found, 0)->get("qSearchTermsMatched")), "[0,1]");
  const auto matches = array_member(items(found, 0), "qItemMatches");
  EXPECT_EQ(
      to_text(matches->get(0)),
      R"({"qText":"Neu Ölsburg","qElemNumber":0,"qRanges":[{"qCharPos":4,"qCharCount":3,"qTerm":0},{"qCharPos":0,"qCharCount":3,"qTerm":1}]})");
  EXPECT_EQ(text_member(as_object(matches->get(1)), "qText"), "öls");
  EXPECT_EQ(int_member(search("{}", R"(["ёл"])"), "qTotalNumberOfGroups"), 1) << "in all fields";
  EXPECT_EQ(int_member(search("{}", R"(["öl"])"), "qTotalNumberOfGroups"), 2) << "but not inside Köln";
  EXPECT_EQ(array_member(items(search("{}", R"(["öl"])"), 0), "qItemMatches")->size(), 2U);
  EXPECT_EQ(int_member(search("{}", R"(["urg"])"), "qTotalNumberOfGroups"), 0);
  EXPECT_EQ(code(call(doc_, "SearchResults", R"([{"qSearchFields":["Nope"]},["o"],{}])")), 8);
  const auto associated = object_member(result(call(doc_, "SearchAssociations", R"([{},["ада","köln"],{}])")), "qResults");
  EXPECT_EQ(int_member(associated, "qTotalSearchResults"), 2);
  EXPECT_EQ(to_text(associated->get("qFieldNames")), R"(["Ort","Wer"])");
  EXPECT_EQ(to_text(as_array(array_member(associated, "qSearchTermsMatched")->get(1))->get(0)),
            R"({"qId":1,"qFieldMatches":[{"qField":1,"qValues":[0],"qTerms":[0],"qNoOfMatches":1}]})");
}

class AppJson : public Items {
 protected:
  // Why an app with these members is refused, or nothing.
  std::string refusal(const std::string& more) {
    options_ = {};
    serve(R"({"id":"a","title":"A","tables":[{"name":"T","csv":"City,Umsatz\nBonn,1\n","fields":[{"name":"City"},{"name":"Umsatz"}]}])" +
          more + "}");
    try {
      start();
    } catch (const Poco::Exception& error) {
      return error.displayText();
    }
    return {};
  }
};

TEST_F(AppJson, IsRefusedWithTheNameOfAMemberThatNothingReads) {
  const auto refused = [&](const std::string& more, const std::string& why) {
    const auto text = refusal(more);
    EXPECT_NE(text.find(why), std::string::npos) << why << " is not in: " << text;
    EXPECT_EQ(text.find("Bad data format"), text.rfind("Bad data format")) << "said once: " << text;
  };
  refused(R"(,"sheets":[{"id":"s","title":"S","objects":[{"id":"o","type":"table","mesures":[]}]}])",
          "object o has a member 'mesures', did you mean 'measures'?");
  refused(R"(,"sheets":[{"id":"s","title":"S","objects":[{"id":"o","type":"table","measures":[{"expresion":"1"}]}]}])",
          "a measure of object o has a member 'expresion', did you mean 'expression'?");
  refused(R"(,"bookmark":[])", "the app has a member 'bookmark', did you mean 'bookmarks'?");
  refused(R"(,"variables":[{"name":"v","Definition":"1"}])", "a variable has a member 'Definition', did you mean 'definition'?");
  refused(R"(,"locale":{"dezimal":","})", "locale has a member 'dezimal', did you mean 'decimal'?");
  refused(R"(,"qTables":[])", "the app has a member 'qTables'");
  refused(R"(,"sheets":[{"id":"s","title":"S","Объекты":[]}])", "sheet s has a member 'Объекты'. Known are id, title, objects");
  EXPECT_EQ(
      refusal(
          R"(,"sheets":[{"id":"s","title":"S","objects":[{"id":"o","type":"table","dimensions":[{"field":"City","qNullSuppression":true}],"qSuppressZero":true,"properties":{"anything":1}}]}])"),
      "")
      << "members of the engine's own go into its definitions";
}

TEST_F(AppJson, IsRefusedWithWhatIsWrongInItOrBesideIt) {
  EXPECT_TRUE(refusal(R"(,"x":)").ends_with("app.json: unexpected byte '}' in value")) << refusal(R"(,"x":)");
  const auto missing = refusal(R"(,"tables":[{"name":"Ort","file":"orte.csv","fields":[{"name":"Ort"}]}])");
  EXPECT_NE(missing.find("app.json: Cannot open file: "), std::string::npos) << missing;
  EXPECT_TRUE(missing.ends_with("orte.csv")) << missing;
  options_ = {};
  options_.apps.push_back("/nowhere/Приложение");
  try {
    start();
    FAIL() << "an app that is not there";
  } catch (const Poco::Exception& error) {
    EXPECT_EQ(error.displayText(), "Cannot open file: /nowhere/Приложение/app.json");
  }
}

TEST_F(AppJson, IsRefusedWhereItNamesAFieldThatIsNotThere) {
  const auto refused = [&](const std::string& more, const std::string& why) {
    const auto text = refusal(more);
    EXPECT_NE(text.find(why), std::string::npos) << why << " is not in: " << text;
  };
  refused(R"(,"dimensions":[{"id":"d","field":"Ctiy"}])", "master dimension d names a field that is not there: Ctiy, did you mean 'City'?");
  refused(R"(,"dimensions":[{"id":"d","field":"Поле"}])", "master dimension d names a field that is not there: Поле");
  refused(R"(,"bookmarks":[{"id":"b","selections":{"UMSATZ ":["1"]}}])",
          "bookmark b names a field that is not there: UMSATZ , did you mean 'Umsatz'?");
  refused(R"(,"sectionAccess":{"field":"Citi","users":{}})", "sectionAccess names a field that is not there: Citi, did you mean 'City'?");
  EXPECT_EQ(refusal(R"~(,"dimensions":[{"id":"d","field":"=Left(City,1)"},{"id":"e","field":"[City]"}])~"), "");
}

TEST_F(AppJson, MayMisspellAFieldInAnObjectWhichIsSaid) {
  EXPECT_EQ(
      refusal(
          R"~(,"sheets":[{"id":"s","title":"S","objects":[{"id":"o","type":"table","dimensions":[{"field":"Citty"},{"field":"City"},{"field":"=Left(X,1)"}]}]}])~"),
      "");
  EXPECT_EQ(engine_->find_app("a")->notes(),
            (std::vector<std::string>{"object o names a field that is not there: Citty, did you mean 'City'?"}));
}

TEST_F(AppJson, GivesRightsToAllByAStarOrAListOfValues) {
  for (const char* rights : {R"("*")", R"(["*"])", R"("Bonn")", R"(["Bonn"])"}) {
    EXPECT_EQ(refusal(std::string(R"(,"sectionAccess":{"field":"City","users":{"CORP\\svc":)") + rights + "}}"), "") << rights;
    dispatcher_.reset();
    open("a");
    EXPECT_EQ(evaluated("Count(City)"), "1") << rights;
  }
  EXPECT_EQ(refusal(R"(,"sectionAccess":{"field":"City","users":{"CORP\\svc":"Köln"}})"), "");
  dispatcher_.reset();
  open("a");
  EXPECT_EQ(evaluated("Count(City)"), "0");
}

// A group of levels has a title of its own, which is not its first level's.
TEST_F(Items, AreListedByTheirOwnTitles) {
  serve(
      R"({"id":"когда","title":"Время","tables":[{"name":"Т","csv":"Год,Месяц\n2024,1\n","fields":[{"name":"Год","type":"integer"},{"name":"Месяц","type":"integer"}]}],
    "dimensions":[{"id":"d","title":"Время","grouping":"H","fields":["Год","Месяц"],"labels":["Год","Месяц"],"description":"вниз по годам","tags":["t"]}]})");
  open("когда");
  const auto shown = layout(create(
      R"({"qInfo":{"qType":"list"},"qDimensionListDef":{"qType":"dimension","qData":{"title":"/qMetaDef/title","grouping":"/qDim/qGrouping"}}})"));
  const auto item = as_object(array_member(object_member(shown, "qDimensionList"), "qItems")->get(0));
  EXPECT_EQ(to_text(item->get("qData")), R"({"title":"Время","grouping":"H"})");
  EXPECT_EQ(text_member(object_member(item, "qMeta"), "description"), "вниз по годам");
}

TEST_F(Items, OfASheetAreAsCaptured) {
  open("gallery");
  const auto sheet = layout(object_handle("tables"));
  EXPECT_EQ(to_text(sheet->get("thumbnail")), R"({"qStaticContentUrl":{}})");
  EXPECT_EQ(text_member(sheet, "gridResolution"), "small");
  EXPECT_EQ(text_member(sheet, "gridMode"), "simpleEdit");
  EXPECT_EQ(int_member(sheet, "customRowBase"), 12);
  EXPECT_TRUE(sheet->has("layoutOptions"));
  const auto child = as_object(array_member(object_member(sheet, "qChildList"), "qItems")->get(0));
  EXPECT_EQ(to_text(object_member(child, "qMeta")->get("privileges")), R"(["read","update","delete"])");
}

TEST_F(Items, TellThatTheAppHasChangedWithTheReply) {
  open("gallery");
  const auto change = [](const JsonObject& frame) { return to_text(frame->get("change")); };
  EXPECT_EQ(change(call(doc_, "DoSave", R"({"qFileName":""})")), "[1]");
  EXPECT_EQ(change(call(doc_, "SetScript", R"(["LOAD 1 AS A AUTOGENERATE 1;"])")), "[1]");
  EXPECT_EQ(text_member(result(call(doc_, "GetScript", "[]")), "qScript"), "LOAD 1 AS A AUTOGENERATE 1;");
  const int table = object_handle("g-table");
  (void)layout(table);
  (void)call(doc_, "DoReload", "[]");
  ASSERT_TRUE(answer_.late);
  EXPECT_EQ(change(as_object(parse_json(answer_.late()))), "[1," + std::to_string(table) + "]");
}

TEST_F(Items, AreSuspendedWhileTheAppIsReloaded) {
  open("gallery");
  const int table = object_handle("g-table");
  (void)call(doc_, "DoReload", "[]");
  const auto reload = answer_.late;
  EXPECT_EQ(to_text(call(table, "GetInfo", "[]")->get("suspend")), "[1]");
  (void)reload();
  EXPECT_FALSE(call(table, "GetInfo", "[]")->has("suspend"));
}

class Assumed : public Items {
 protected:
  // What a second socket of the same session says to a call of Global.
  JsonObject again(const std::string& params) {
    SessionKey key;
    key.user_directory = "CORP";
    key.user_id = "svc";
    Dispatcher other(*engine_, session_, key);
    return as_object(
        parse_json(other.answer(R"({"jsonrpc":"2.0","id":1,"handle":-1,"method":"OpenDoc","params":)" + params + "}", "").frame));
  }
};

// The first cell of a measure over one order.
constexpr const char* kTextMeasure =
    R"~({"qInfo":{"qType":"test"},"qHyperCubeDef":{"qDimensions":[{"qDef":{"qFieldDefs":["Order"]}}],"qMeasures":[{"qDef":{"qDef":"Only(City)"}},{"qDef":{"qDef":"Only(Amount)"}}],"qInitialDataFetch":[{"qWidth":3,"qHeight":10}]}})~";

TEST_F(Assumed, ATextMeasureSaysThatItIsNullBesideItsText) {
  const auto cell = [&](unsigned row, unsigned column) {
    const auto pages = array_member(object_member(layout(create(kTextMeasure)), "qHyperCube"), "qDataPages");
    return to_text(as_array(array_member(as_object(pages->get(0)), "qMatrix")->get(row))->get(column));
  };
  open("gallery");
  EXPECT_EQ(cell(0, 1), R"({"qText":"Oslo","qNum":"NaN","qElemNumber":0,"qState":"L","qIsNull":true})");
  EXPECT_EQ(cell(2, 1), R"({"qText":"Göteborg","qNum":"NaN","qElemNumber":0,"qState":"L","qIsNull":true})");
  EXPECT_EQ(cell(8, 1), R"({"qText":"-","qNum":"NaN","qElemNumber":0,"qState":"L","qIsNull":true})") << "null";
  EXPECT_EQ(cell(0, 2).find("qIsNull"), std::string::npos) << "a number";
  assume("text-measure=value", options_.assumptions);
  dispatcher_.reset();
  open("gallery");
  EXPECT_EQ(cell(0, 1), R"({"qText":"Oslo","qNum":"NaN","qElemNumber":0,"qState":"L"})");
  EXPECT_EQ(cell(8, 1), R"({"qText":"-","qNum":"NaN","qElemNumber":0,"qState":"L","qIsNull":true})");
}

TEST_F(Items, ThatFetchTooMuchAtFirstHaveAnErrorAndNoPagesAndAllTheirData) {
  open("synthetic");
  const auto made = [&](const std::string& fetch) {
    return create(
        R"~({"qInfo":{"qType":"test"},"qHyperCubeDef":{"qDimensions":[{"qDef":{"qFieldDefs":["A"]}}],"qMeasures":[{"qDef":{"qDef":"Sum(B)"}}],"qInitialDataFetch":[)~" +
        fetch + "]}}");
  };
  const auto cube = [&](int handle) { return object_member(layout(handle), "qHyperCube"); };
  const int large = made(R"({"qWidth":10,"qHeight":1001})");
  EXPECT_EQ(int_member(object_member(cube(large), "qError"), "qErrorCode"), 7009);
  EXPECT_EQ(array_member(cube(large), "qDataPages")->size(), 0U);
  EXPECT_EQ(int_member(object_member(cube(large), "qSize"), "qcy"), 5000) << "its size is told";
  EXPECT_EQ(height(call(large, "GetHyperCubeData", pages(0, 0, 8, 1000))), 1000) << "and pages are read";
  const int parts = made(R"({"qWidth":8,"qHeight":1000},{"qTop":1000,"qWidth":8,"qHeight":1000})");
  EXPECT_EQ(int_member(object_member(cube(parts), "qError"), "qErrorCode"), 7009) << "the pages of a straight cube count together";
  const int most = made(R"({"qWidth":10,"qHeight":1000})");
  EXPECT_FALSE(cube(most)->has("qError"));
  EXPECT_EQ(array_member(cube(most), "qDataPages")->size(), 1U);
}

TEST_F(Assumed, AnAttachedSocketOpensTheAppAsItIs) {
  start();
  (void)call(-1, "OpenDoc", R"(["gallery","","","",true])");
  EXPECT_EQ(code(again(R"(["gallery","","","",false])")), 0);
  EXPECT_TRUE(session_->no_data()) << "no error says that there is no data";
  EXPECT_EQ(code(again(R"(["synthetic"])")), 1002) << "another app";
  EXPECT_EQ(code(call(-1, "OpenDoc", R"(["gallery"])")), 1002);
}

TEST_F(Assumed, WhetherAnAppIsOpenedAgainIsASwitch) {
  assume("open-again=refused", options_.assumptions);
  open("gallery");
  EXPECT_EQ(code(again(R"(["gallery"])")), 1002);
  options_.assumptions = {};
  assume("open-again=allowed", options_.assumptions);
  start();
  open("gallery");
  EXPECT_EQ(code(call(-1, "OpenDoc", R"(["gallery"])")), 0);
}

TEST_F(Assumed, OtherUnknownsAreSwitchesToo) {
  open("gallery");
  const auto first = call(doc_, "GetObject", R"(["g-bar"])");
  EXPECT_EQ(to_text(first->get("change")), "[" + std::to_string(object_handle("g-bar")) + "]");
  EXPECT_FALSE(call(doc_, "GetObject", R"(["g-bar"])")->has("change")) << "the first time only";
  EXPECT_EQ(code(call(doc_, "GetVariableByName", R"(["nothing"])")), 2);
  const auto by_text = [&] {
    return as_object(parse_json(dispatcher_->answer(R"({"id":1,"handle":"-1","method":"QvVersion","params":[]})", "").frame));
  };
  EXPECT_EQ(code(by_text()), -32600);
  for (const char* text : {"get-object-change=no", "unknown-variable=null", "text-handles=taken", "suspend=no"})
    assume(text, options_.assumptions);
  start();
  open("gallery");
  EXPECT_FALSE(call(doc_, "GetObject", R"(["g-bar"])")->has("change"));
  EXPECT_EQ(code(call(doc_, "GetVariableByName", R"(["nothing"])")), 0);
  EXPECT_EQ(code(by_text()), 0);
  (void)call(doc_, "DoReload", "[]");
  EXPECT_FALSE(call(doc_, "GetAllInfos", "[]")->has("suspend"));
}

TEST_F(Assumed, SwitchesThatDoNotExistAreNamed) {
  for (const char* text : {"nothing=1", "open-again=maybe", "suspend"})
    EXPECT_THROW(assume(text, options_.assumptions), Poco::Exception) << text;
}

}  // namespace
}  // namespace qonduit::simulator
