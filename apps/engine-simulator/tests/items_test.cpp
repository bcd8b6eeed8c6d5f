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
