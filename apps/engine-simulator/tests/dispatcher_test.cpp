#include <gtest/gtest.h>

#include "conversation.hpp"
#include "fixtures.hpp"
#include "tests/paths.hpp"

namespace qonduit::simulator {
namespace {

TEST_F(Conversation, OpensAnAppOnceAsCaptured) {
  EXPECT_EQ(to_text(call(-1, "GetActiveDoc", "[]")->get("error")),
            R"({"code":1007,"parameter":"No active document","message":"App invalid"})");
  EXPECT_EQ(code(call(-1, "OpenDoc", R"(["nothing"])")), 1003);
  call(-1, "OpenDoc", R"(["synthetic","","","",false])");
  EXPECT_EQ(answer_.frame,
            R"({"jsonrpc":"2.0","id":3,"result":{"qReturn":{"qType":"Doc","qHandle":1,"qGenericId":"synthetic"}},"change":[1]})");
  EXPECT_EQ(code(call(-1, "OpenDoc", R"(["synthetic"])")), 1002) << "on the socket that opened it";
  EXPECT_EQ(int_member(object_member(result(call(-1, "GetActiveDoc", "{}")), "qReturn"), "qHandle"), 1);
}

TEST_F(Conversation, AnswersWrongCallsWithTheCodesOfTheProtocol) {
  const int handle = open("synthetic", "synthetic-table");
  EXPECT_EQ(code(call(-1, "NoSuchMethod", "[]")), -32601);
  EXPECT_EQ(code(call(handle, "OpenDoc", R"(["synthetic"])")), -32601) << "a method of another handle type";
  EXPECT_EQ(code(call(doc_, "GetObject", "[7]")), -32602);
  EXPECT_EQ(code(call(handle, "GetHyperCubeData", R"(["/qHyperCubeDef"])")), -32602);
  EXPECT_EQ(code(call(handle, "GetHyperCubeData", R"(["/nowhere",[]])")), 4);
  EXPECT_EQ(code(call(99, "GetLayout", "[]")), -32600);
  EXPECT_NE(dispatcher_->answer("{\"id\":", "").frame.find("-32700"), std::string::npos);
  EXPECT_EQ(to_text(call(doc_, "GetObject", R"(["nothing"])")->get("result")), R"({"qReturn":{"qType":null,"qHandle":null}})");
}

TEST_F(Conversation, TakesNamedParametersAndIgnoresUnknownMembers) {
  const int handle = open("synthetic", "synthetic-table");
  const auto frame =
      call(handle, "GetHyperCubeData", R"({"qPath":"/qHyperCubeDef","qPages":[{"qTop":4990,"qWidth":8,"qHeight":20}],"qNew":1})",
           R"(,"cont":true,"return_empty":true)");
  EXPECT_EQ(height(frame), 10);
}

TEST_F(Conversation, LimitsTheCellsOfACallOverAllItsPages) {
  const int handle = open("synthetic", "synthetic-table");
  EXPECT_EQ(height(call(handle, "GetHyperCubeData", pages(0, 0, 8, 1250))), 1250);
  EXPECT_EQ(code(call(handle, "GetHyperCubeData", pages(0, 0, 8, 1251))), 7009);
  EXPECT_EQ(
      code(call(handle, "GetHyperCubeData", R"(["/qHyperCubeDef",[{"qWidth":8,"qHeight":625},{"qTop":625,"qWidth":8,"qHeight":626}]])")),
      7009);
  const auto two =
      call(handle, "GetHyperCubeData", R"(["/qHyperCubeDef",[{"qWidth":8,"qHeight":5},{"qLeft":2,"qTop":625,"qWidth":2,"qHeight":7}]])");
  EXPECT_EQ(height(two, 0), 5);
  EXPECT_EQ(height(two, 1), 7);
  EXPECT_EQ(height(call(handle, "GetHyperCubeData", pages(0, 5000, 8, 10))), 0) << "beyond the data";
}

TEST_F(Conversation, WrapsResultsInPatchesWhenAskedForDelta) {
  const int handle = open("synthetic", "synthetic-table");
  const auto frame = call(handle, "GetLayout", "[]", R"(,"delta":true)");
  EXPECT_TRUE(bool_member(frame, "delta"));
  const auto patch = as_object(array_member(result(frame), "qLayout")->get(0));
  EXPECT_EQ(text_member(patch, "op"), "add");
  EXPECT_EQ(text_member(patch, "path"), "/");
  EXPECT_TRUE(object_member(patch, "value")->has("qHyperCube"));
}

TEST_F(Conversation, ListsSheetsThroughASessionObjectAndDestroysIt) {
  (void)open("synthetic", "synthetic-table");
  const std::string definition =
      R"([{"qInfo":{"qId":"SheetList","qType":"SheetList"},"qAppObjectListDef":{"qType":"sheet","qData":{"title":"/qMetaDef/title","cells":"/cells","none":"/nothing"}}}])";
  const auto made = call(doc_, "CreateSessionObject", definition);
  const auto handle = static_cast<int>(int_member(object_member(result(made), "qReturn"), "qHandle"));
  EXPECT_EQ(to_text(made->get("change")), "[" + std::to_string(handle) + "]");
  const auto list = object_member(object_member(result(call(handle, "GetLayout", "[]")), "qLayout"), "qAppObjectList");
  const auto item = as_object(array_member(list, "qItems")->get(0));
  EXPECT_EQ(text_member(object_member(item, "qData"), "title"), "Synthetic");
  EXPECT_FALSE(object_member(item, "qData")->has("none")) << "a path that leads nowhere leaves nothing";
  const auto destroyed = call(doc_, "DestroySessionObject", R"(["SheetList"])");
  EXPECT_EQ(to_text(destroyed->get("close")), "[" + std::to_string(handle) + "]");
  EXPECT_EQ(code(call(handle, "GetLayout", "[]")), -32600);
}

TEST_F(Conversation, GivesAnObjectTheSameHandleTwice) {
  const int handle = open("synthetic", "synthetic-table");
  EXPECT_EQ(int_member(object_member(result(call(doc_, "GetObject", R"(["synthetic-table"])")), "qReturn"), "qHandle"), handle);
}

TEST_F(Conversation, ServesACapturedLayoutAndItsRowsAsTheyWere) {
  options_.layouts = paths::source("tests/fixtures/layouts");
  const auto document = as_object(parse_json(read_fixture("layouts/sn-map--scenario_1.json")));
  const auto capture = as_object(array_member(document, "objects")->get(0));
  const int handle = open("sn-map--scenario_1", "ZMquS");
  EXPECT_EQ(to_text(result(call(handle, "GetLayout", "[]"))->get("qLayout")), to_text(capture->get("getLayout")));
  const auto frame = call(handle, "GetHyperCubeData", R"(["/gaLayers/0/qHyperCubeDef",[{"qLeft":0,"qTop":0,"qWidth":1,"qHeight":10}]])");
  EXPECT_EQ(to_text(result(frame)->get("qDataPages")), to_text(capture->get("getHyperCubeData")));
}

TEST_F(Conversation, EndsCapturedPagesEarlyUnlessTrimmed) {
  options_.layouts = paths::source("tests/fixtures/layouts");
  const auto size = [&] {
    const int handle = open("sn-table--default_paginated", "33ebd692-3ea5-4fe6-9494-ac7f02adbfa8");
    EXPECT_EQ(height(call(handle, "GetHyperCubeData", pages(0, 0, 5, 2000))), 100);
    const auto layout = object_member(result(call(handle, "GetLayout", "[]")), "qLayout");
    return int_member(object_member(object_member(layout, "qHyperCube"), "qSize"), "qcy");
  };
  EXPECT_EQ(size(), 825);
  options_.layouts_trim = true;
  start();
  EXPECT_EQ(size(), 100);
}

TEST_F(Conversation, FailsEveryNthDataCallWhenTold) {
  options_.faults.abort_every = 3;
  const int handle = open("synthetic", "synthetic-table");
  std::vector<std::int64_t> codes;
  for (int i = 0; i < 6; ++i) codes.push_back(code(call(handle, "GetHyperCubeData", pages(0, 0, 8, 1))));
  EXPECT_EQ(codes, (std::vector<std::int64_t>{0, 0, 15, 0, 0, 15}));
}

TEST_F(Conversation, CutsPagesAndRefusesLargeRepliesWhenTold) {
  options_.faults.short_pages = 3;
  options_.faults.max_reply_bytes = 3000;
  const int handle = open("synthetic", "synthetic-table");
  EXPECT_EQ(height(call(handle, "GetHyperCubeData", pages(0, 0, 8, 10))), 3);
  EXPECT_EQ(code(call(handle, "GetLayout", "[]")), -32604);
}

TEST_F(Conversation, PushesAChangeOnceUntilTheLayoutIsReadAgain) {
  options_.faults.change_after = 2;
  const int handle = open("synthetic", "synthetic-table");
  (void)call(handle, "GetLayout", "[]");
  (void)call(handle, "GetHyperCubeData", pages(0, 0, 8, 1));
  EXPECT_TRUE(answer_.pushes.empty());
  (void)call(handle, "GetHyperCubeData", pages(0, 0, 8, 1));
  EXPECT_EQ(answer_.pushes, (std::vector<std::string>{R"({"jsonrpc":"2.0","change":[)" + std::to_string(handle) + "]}"}));
  const auto layout = object_member(result(call(handle, "GetLayout", "[]")), "qLayout");
  EXPECT_TRUE(answer_.pushes.empty());
  EXPECT_EQ(int_member(object_member(object_member(layout, "qHyperCube"), "qSize"), "qcy"), 5001) << "the new data has a row more";
}

TEST_F(Conversation, DropsAfterTheNthDataCallOnce) {
  options_.faults.drop_after = 1;
  const int handle = open("synthetic", "synthetic-table");
  (void)call(handle, "GetHyperCubeData", pages(0, 0, 8, 1));
  EXPECT_EQ(answer_.ending, Dispatcher::Ending::none);
  (void)call(handle, "GetHyperCubeData", pages(0, 0, 8, 1));
  EXPECT_EQ(answer_.ending, Dispatcher::Ending::drop);
}

TEST_F(Conversation, SaysWhenItOpensWithoutData) {
  options_.faults.no_data = true;
  const int handle = open("synthetic", "synthetic-table");
  EXPECT_TRUE(bool_member(object_member(result(call(doc_, "GetAppLayout", "[]")), "qLayout"), "qIsOpenedWithoutData"));
  EXPECT_EQ(height(call(handle, "GetHyperCubeData", pages(0, 0, 8, 10))), 0);
}

}  // namespace
}  // namespace qonduit::simulator
