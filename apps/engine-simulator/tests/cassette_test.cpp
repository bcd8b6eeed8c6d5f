// Recordings played back. The truth is the engine that was recorded: whatever is asked of the recording, in whatever pieces, must be what
// that engine answers.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <Poco/Exception.h>

#include <filesystem>
#include <fstream>

#include "calls/dispatcher.hpp"
#include "cassette/cassette.hpp"
#include "cassette/recorded_headers.hpp"
#include "fixtures.hpp"

namespace qonduit::simulator {
namespace {

namespace fs = std::filesystem;

// One client of one engine.
class Client {
 public:
  explicit Client(const Options& options) : engine_(options), dispatcher_(engine_, session_, {}) {}

  JsonObject call(int handle, const std::string& method, const std::string& params) {
    const auto answer = dispatcher_.answer(
        R"({"jsonrpc":"2.0","id":1,"handle":)" + std::to_string(handle) + R"(,"method":")" + method + R"(","params":)" + params + "}", "");
    return as_object(parse_json(answer.frame));
  }
  std::string result(int handle, const std::string& method, const std::string& params) {
    return to_text(call(handle, method, params)->get("result"));
  }
  std::int64_t code(int handle, const std::string& method, const std::string& params) {
    return int_member(object_member(call(handle, method, params), "error"), "code");
  }
  int handle(int of, const std::string& method, const std::string& params) {
    return static_cast<int>(int_member(object_member(object_member(call(of, method, params), "result"), "qReturn"), "qHandle"));
  }
  int doc = 0;

 private:
  Engine engine_;
  std::shared_ptr<Session> session_ = std::make_shared<Session>();
  Dispatcher dispatcher_;
};

std::string window(const std::string& path, int left, int top, int width, int height) {
  return "[\"" + path + "\",[{\"qLeft\":" + std::to_string(left) + ",\"qTop\":" + std::to_string(top) +
         ",\"qWidth\":" + std::to_string(width) + ",\"qHeight\":" + std::to_string(height) + "}]]";
}

class CassetteTest : public testing::Test {
 protected:
  CassetteTest() {
    auto pattern = (fs::temp_directory_path() / "qonduit-cassette-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    lines_ = {R"({"cassette":1,"made-by":"a test","scrambled":"none"})",
              R"({"app":"the-app","layout":{"qTitle":"The App","qLastReloadTime":"2020-02-03T04:05:06.000Z"}})"};
  }
  ~CassetteTest() override { fs::remove_all(folder_); }

  std::string file() {
    auto text = std::string();
    for (const auto& line : lines_) text += line + "\n";
    text += R"({"end":)" + std::to_string(lines_.size()) + "}\n";
    std::ofstream(folder_ / "a.cassette", std::ios::binary) << text;
    return (folder_ / "a.cassette").string();
  }

  std::unique_ptr<Client> play() {
    Options options;
    options.cassettes = {file()};
    auto client = std::make_unique<Client>(options);
    client->doc = client->handle(-1, "OpenDoc", R"(["the-app"])");
    return client;
  }

  void reply(const std::string& of, const std::string& method, const std::string& result, int state = 0) {
    lines_.push_back(R"({"reply":")" + method + R"(","of":")" + of + R"(","state":)" + std::to_string(state) + R"(,"params":[],"result":)" +
                     result + "}");
  }

  // Records an object of the gallery, its data in windows of one size.
  void record(Client& gallery, const std::string& id, const std::string& method, const std::string& path, int width, int height) {
    const int object = gallery.handle(gallery.doc, "GetObject", "[\"" + id + "\"]");
    const auto layout = gallery.call(object, "GetLayout", "[]");
    lines_.push_back(R"({"object":")" + id + R"(","type":"x"})");
    reply("object:" + id, "GetLayout", to_text(layout->get("result")));
    const auto cube = as_object(resolve_pointer(layout->get("result"), "/qLayout" + path.substr(0, path.size() - 3)));
    rows_ = static_cast<int>(int_member(object_member(cube, "qSize"), "qcy"));
    columns_ = static_cast<int>(int_member(object_member(cube, "qSize"), "qcx"));
    for (int top = 0; top < rows_; top += height)
      for (int left = 0; left < columns_; left += width) add_page(gallery, object, id, method, path, left, top, width, height);
  }

  void add_page(Client& gallery, int object, const std::string& id, const std::string& method, const std::string& path, int left, int top,
                int width, int height) {
    const auto result = as_object(gallery.call(object, method, window(path, left, top, width, height))->get("result"));
    const auto page = as_object(array_member(result, "qDataPages")->get(0));
    const auto area = object_member(page, "qArea");
    lines_.push_back(R"({"page":")" + method + R"(","of":"object:)" + id + R"(","state":0,"path":")" + path + R"(","left":)" +
                     std::to_string(left) + R"(,"top":)" + std::to_string(top) + R"(,"width":)" +
                     std::to_string(int_member(area, "qWidth")) + R"(,"height":)" + std::to_string(int_member(area, "qHeight")) +
                     R"(,"content":)" + to_text(page) + "}");
  }

  // Every window that begins somewhere, in a few sizes, from both.
  void expect_same_windows(Client& gallery, const std::string& id, const std::string& method, const std::string& path) {
    auto player = play();
    const int truth = gallery.handle(gallery.doc, "GetObject", "[\"" + id + "\"]");
    const int played = player->handle(player->doc, "GetObject", "[\"" + id + "\"]");
    EXPECT_EQ(player->result(played, "GetLayout", "[]"), gallery.result(truth, "GetLayout", "[]"));
    for (int top = 0; top <= rows_; ++top) {
      for (int left = 0; left < columns_; ++left) {
        for (const auto& [width, height] : {std::pair(1, 1), {2, 3}, {columns_, 2}, {50, 50}}) {
          const auto asked = window(path, left, top, width, height);
          const auto one = canonical(gallery.call(truth, method, asked)->get("result"));
          const auto other = canonical(player->call(played, method, asked)->get("result"));
          ASSERT_EQ(other, one) << id << " " << asked;
        }
      }
    }
  }

  fs::path folder_;
  std::vector<std::string> lines_;
  int rows_ = 0, columns_ = 0;
};

struct Recorded {
  const char *object, *method, *path;
  int width, height;
};

TEST_F(CassetteTest, AnswersEveryWindowAsTheEngineThatWasRecorded) {
  Options options;
  options.gallery = true;
  for (const auto& [object, method, path, width, height] : {Recorded{"g-table", "GetHyperCubeData", "/qHyperCubeDef", 50, 3},
                                                            {"g-sn-table", "GetHyperCubeData", "/qHyperCubeDef", 2, 2},
                                                            {"g-list-city", "GetListObjectData", "/qListObjectDef", 1, 2},
                                                            {"g-pivot", "GetHyperCubePivotData", "/qHyperCubeDef", 2, 2},
                                                            {"g-sn-pivot", "GetHyperCubePivotData", "/qHyperCubeDef", 3, 2},
                                                            {"g-pivot-above", "GetHyperCubePivotData", "/qHyperCubeDef", 1, 3},
                                                            {"g-pivot-top", "GetHyperCubePivotData", "/qHyperCubeDef", 2, 1},
                                                            {"g-pivot-pseudo-middle", "GetHyperCubePivotData", "/qHyperCubeDef", 2, 2},
                                                            {"g-bar-stacked", "GetHyperCubeStackData", "/qHyperCubeDef", 1, 2},
                                                            {"g-treemap", "GetHyperCubeStackData", "/qHyperCubeDef", 1, 1},
                                                            {"g-mekko", "GetHyperCubeStackData", "/qHyperCubeDef", 1, 3}}) {
    Client engine(options);
    engine.doc = engine.handle(-1, "OpenDoc", R"(["gallery"])");
    lines_.resize(2);
    record(engine, object, method, path, width, height);
    ASSERT_GT(rows_, 0) << object;
    expect_same_windows(engine, object, method, path);
  }
}

TEST_F(CassetteTest, HasTheAppOfTheRecording) {
  auto player = play();
  const auto layout = player->result(player->doc, "GetAppLayout", "[]");
  EXPECT_NE(layout.find(R"("qTitle":"The App")"), std::string::npos);
  EXPECT_NE(layout.find(R"("qLastReloadTime":"2020-02-03T04:05:06.000Z")"), std::string::npos);
}

TEST_F(CassetteTest, TakesTheLaterOfPagesThatOverlap) {
  lines_.push_back(R"({"object":"o","type":"table"})");
  reply("object:o", "GetLayout", R"({"qLayout":{"qInfo":{"qId":"o"},"qHyperCube":{"qMode":"S","qSize":{"qcx":1,"qcy":2}}}})");
  const auto page = [&](int top, const std::string& rows, int height) {
    lines_.push_back(R"({"page":"GetHyperCubeData","of":"object:o","state":0,"path":"/qHyperCubeDef","left":0,"top":)" +
                     std::to_string(top) + R"(,"width":1,"height":)" + std::to_string(height) + R"(,"content":{"qMatrix":[)" + rows +
                     "]}}");
  };
  page(0, R"([{"qText":"old"}],[{"qText":"b]\"}"}])", 2);
  page(0, R"([{"qText":"new"}])", 1);
  auto player = play();
  const int object = player->handle(player->doc, "GetObject", R"(["o"])");
  const auto made = player->result(object, "GetHyperCubeData", window("/qHyperCubeDef", 0, 0, 1, 9));
  EXPECT_NE(made.find(R"([{"qText":"new"}],[{"qText":"b]\"}"}])"), std::string::npos) << made;
}

TEST_F(CassetteTest, SaysWhatWasNotRecordedInsteadOfMakingItUp) {
  lines_.push_back(R"({"object":"o","type":"table"})");
  lines_.push_back(R"({"object":"p","type":"table"})");
  reply("object:o", "GetLayout", R"({"qLayout":{"qInfo":{"qId":"o"},"qHyperCube":{"qMode":"S","qSize":{"qcx":1,"qcy":2}}}})");
  auto player = play();
  const int object = player->handle(player->doc, "GetObject", R"(["o"])");
  EXPECT_EQ(player->code(object, "GetHyperCubeData", window("/qHyperCubeDef", 0, 0, 1, 1)), -32603);
  EXPECT_EQ(player->code(player->handle(player->doc, "GetObject", R"(["p"])"), "GetLayout", "[]"), -32603);
  const int cube = player->handle(player->doc, "CreateSessionObject", R"([{"qInfo":{"qType":"x"},"qHyperCubeDef":{"qMode":"S"}}])");
  EXPECT_EQ(player->code(cube, "GetLayout", "[]"), -32603);
  EXPECT_EQ(player->code(object, "GetHyperCubeTreeData", R"(["/qHyperCubeDef"])"), -32603);
}

TEST_F(CassetteTest, RefusesWhatWasRefused) {
  lines_.push_back(R"({"object":"o","type":"table"})");
  lines_.push_back(R"({"refused":"GetEffectiveProperties","of":"object:o","state":0,"params":[],"code":5})");
  auto player = play();
  EXPECT_EQ(player->code(player->handle(player->doc, "GetObject", R"(["o"])"), "GetEffectiveProperties", "[]"), 5);
}

TEST_F(CassetteTest, FindsSessionObjectsByDefinitionAndGivesThemTheirNewId) {
  lines_.push_back(R"({"session":"session:1","type":"list","definition":{"qInfo":{"qType":"list"},"qListObjectDef":{"a":1,"b":[2,{}]}}})");
  reply("session:1", "GetLayout", R"({"qLayout":{"qInfo":{"qId":"old","qType":"list"},"kept":true}})");
  auto player = play();
  const int object = player->handle(player->doc, "CreateSessionObject",
                                    R"([{"qListObjectDef":{"b":[2,{}],"a":1},"qInfo":{"qId":"new-1","qType":"list"}}])");
  EXPECT_EQ(player->result(object, "GetLayout", "[]"), R"({"qLayout":{"qInfo":{"qId":"new-1","qType":"list"},"kept":true}})");
}

TEST_F(CassetteTest, ListsOnlyWhatWasRecorded) {
  lines_.push_back(R"({"object":"seen","type":"sheet"})");
  lines_.push_back(R"({"session":"session:1","type":"SheetList","definition":{"qInfo":{"qType":"SheetList"},"qAppObjectListDef":{}}})");
  reply("session:1", "GetLayout",
        R"({"qLayout":{"qInfo":{"qId":"s"},"qAppObjectList":{"qItems":[{"qInfo":{"qId":"other"}},{"qInfo":{"qId":"seen"}}]}}})");
  auto player = play();
  const int list = player->handle(player->doc, "CreateSessionObject", R"([{"qInfo":{"qType":"SheetList"},"qAppObjectListDef":{}}])");
  const auto layout = player->result(list, "GetLayout", "[]");
  EXPECT_NE(layout.find("seen"), std::string::npos);
  EXPECT_EQ(layout.find("other"), std::string::npos);
}

TEST_F(CassetteTest, FollowsTheSelectionsThatWereRecorded) {
  lines_.push_back(R"({"object":"o","type":"x"})");
  lines_.push_back(R"({"handle":"GetField","of":"doc","state":0,"params":["Region"],"name":"handle:1","type":"Field"})");
  lines_.push_back(
      R"({"acted":"SelectValues","of":"handle:1","state":0,"params":[[{"qText":"North"}]],"then":1,"result":{"qReturn":true}})");
  reply("object:o", "GetLayout", R"({"qLayout":{"all":1}})");
  reply("object:o", "GetLayout", R"({"qLayout":{"north":1}})", 1);
  auto player = play();
  const int object = player->handle(player->doc, "GetObject", R"(["o"])");
  EXPECT_EQ(player->result(object, "GetLayout", "[]"), R"({"qLayout":{"all":1}})");
  const int field = player->handle(player->doc, "GetField", R"(["Region"])");
  const auto selected = player->call(field, "SelectValues", R"([[{"qText":"North"}]])");
  EXPECT_EQ(to_text(selected->get("result")), R"({"qReturn":true})");
  EXPECT_FALSE(array_member(selected, "change").isNull()) << "the object is stale";
  EXPECT_EQ(player->result(object, "GetLayout", "[]"), R"({"qLayout":{"north":1}})");
  EXPECT_EQ(player->code(field, "SelectValues", R"([[{"qText":"South"}]])"), -32603) << "nobody recorded that";
  (void)player->call(player->doc, "ClearAll", "[]");
  EXPECT_EQ(player->result(object, "GetLayout", "[]"), R"({"qLayout":{"all":1}})");
}

// A field, or a variable, is the same whatever is selected, and is recorded once.
TEST_F(CassetteTest, HandsOutInEveryStateWhatWasHandedOutInOne) {
  lines_.push_back(R"({"handle":"GetField","of":"doc","state":0,"params":["Πόλη","$"],"name":"handle:1","type":"Field"})");
  lines_.push_back(R"({"acted":"LowLevelSelect","of":"handle:1","state":0,"params":[[3],false,false],"then":1,"result":{"qReturn":true}})");
  lines_.push_back(R"({"acted":"LowLevelSelect","of":"handle:1","state":1,"params":[[4],false,false],"then":2,"result":{"qReturn":true}})");
  auto player = play();
  const int first = player->handle(player->doc, "GetField", R"(["Πόλη","$"])");
  EXPECT_EQ(player->result(first, "LowLevelSelect", "[[3],false,false]"), R"({"qReturn":true})");
  const int second = player->handle(player->doc, "GetField", R"(["Πόλη","$"])");
  EXPECT_EQ(player->result(second, "LowLevelSelect", "[[4],false,false]"), R"({"qReturn":true})");
}

// A pipeline that selects first asks for the properties of objects in no other state.
TEST_F(CassetteTest, KnowsPropertiesAndChildrenInWhateverStateTheyWereAskedFor) {
  lines_.push_back(R"({"object":"sheet","type":"sheet"})");
  lines_.push_back(R"({"object":"o","type":"table"})");
  reply("object:sheet", "GetLayout", R"({"qLayout":{"qInfo":{"qId":"sheet"},"qChildList":{"qItems":[{"qInfo":{"qId":"o"}}]}}})", 3);
  reply("object:o", "GetEffectiveProperties", R"({"qProp":{"qInfo":{"qId":"o","qType":"table"},"qHyperCubeDef":{"qStateName":"Άλλη"}}})",
        3);
  auto player = play();
  const int object = player->handle(player->doc, "GetObject", R"(["o"])");
  EXPECT_NE(player->result(object, "GetEffectiveProperties", "[]").find("Άλλη"), std::string::npos);
  const int sheet = player->handle(player->doc, "GetObject", R"(["sheet"])");
  EXPECT_EQ(player->handle(sheet, "GetChild", R"(["o"])"), object);
}

TEST_F(CassetteTest, HasTheAlternateStatesOfTheRecording) {
  lines_[1] = R"({"app":"the-app","layout":{"qTitle":"The App","qStateNames":["Άλλη","My State"]}})";
  auto player = play();
  EXPECT_NE(player->result(player->doc, "GetAppLayout", "[]").find(R"("qStateNames":["Άλλη","My State"])"), std::string::npos);
}

TEST_F(CassetteTest, PlaysCapturedPivotsAndStacksAsTheyWereCaptured) {
  int pages = 0;
  for (const auto& captured : captured_cubes()) {
    const auto mode = text_member(captured.cube, "qMode");
    const auto member = mode == "P" ? "qPivotDataPages" : "qStackedDataPages";
    const auto found = mode == "P" || mode == "K" ? array_member(captured.cube, member) : JsonArray();
    if (found.isNull() || found->size() != 1) continue;
    const auto page = as_object(found->get(0));
    const auto given = object_member(page, "qArea");
    const Area area{int_member(given, "qLeft"), int_member(given, "qTop"), int_member(given, "qWidth"), int_member(given, "qHeight")};
    const auto size = object_member(captured.cube, "qSize");
    const auto text = to_text(page);
    std::string made;
    if (mode == "P") {
      RecordedPivot pivot(static_cast<std::uint64_t>(int_member(size, "qcy")), static_cast<std::uint32_t>(int_member(size, "qcx")));
      pivot.add(area, text);
      pivot.append_page(made, area);
    } else {
      RecordedStack stack(int_member(size, "qcy"), int_member(size, "qcx"));
      stack.add(area, text);
      stack.append_page(made, area);
    }
    EXPECT_EQ(canonical(parse_json(made)), canonical(page)) << captured.file;
    ++pages;
  }
  EXPECT_GE(pages, 10);
}

TEST_F(CassetteTest, RefusesFilesThatAreNotWhole) {
  const auto refuses = [&](const std::string& text) {
    std::ofstream(folder_ / "bad", std::ios::binary) << text;
    try {
      const Cassette cassette((folder_ / "bad").string());
    } catch (const Poco::Exception& error) {
      return error.displayText();
    }
    return std::string();
  };
  const auto head = lines_[0] + "\n" + lines_[1] + "\n";
  EXPECT_EQ(refuses(head + "{\"end\":2}\n"), "");
  EXPECT_NE(refuses(head).find("cut short"), std::string::npos);
  EXPECT_NE(refuses(head + "{\"end\":2}").find("cut short"), std::string::npos);
  EXPECT_NE(refuses(head + "{\"end\":3}\n").find("lines are missing"), std::string::npos);
  EXPECT_NE(refuses(head + "{\"what\":1}\n").find("line 3"), std::string::npos);
  EXPECT_NE(refuses(head + "{\"reply\":\n").find("line 3"), std::string::npos);
  EXPECT_NE(refuses("{\"cassette\":99}\n").find("format 1"), std::string::npos);
  EXPECT_NE(refuses("").find("empty"), std::string::npos);
}

TEST_F(CassetteTest, CutsRecordedTablesIntoWhateverWindowsAreAskedFor) {
  const auto row = [](int n) { return R"({"qValue":[{"qText":"r)" + std::to_string(n) + R"(","qNumber":"NaN"}]})"; };
  const auto window_of = [&](int offset, int count, const std::string& rows) {
    lines_.push_back(R"({"reply":"GetTableData","of":"doc","state":0,"params":[)" + std::to_string(offset) + "," + std::to_string(count) +
                     R"(,false,"Müügid"],"result":{"qData":[)" + rows + "]}}");
  };
  window_of(0, 2, row(0) + "," + row(1));
  window_of(2, 2, row(2));
  auto player = play();
  const auto rows_of = [&](int offset, int count) {
    return player->result(player->doc, "GetTableData", "[" + std::to_string(offset) + "," + std::to_string(count) + R"(,false,"Müügid"])");
  };
  EXPECT_EQ(rows_of(0, 10), R"({"qData":[)" + row(0) + "," + row(1) + "," + row(2) + "]}");
  EXPECT_EQ(rows_of(1, 1), R"({"qData":[)" + row(1) + "]}");
  EXPECT_EQ(rows_of(1, 2), R"({"qData":[)" + row(1) + "," + row(2) + "]}");
  EXPECT_EQ(rows_of(3, 1), R"({"qData":[]})");
  EXPECT_EQ(player->code(player->doc, "GetTableData", R"([0,1,false,"Other"])"), -32603);
}

TEST_F(CassetteTest, AnswersTheLayoutOfAVariableThatWasRecorded) {
  lines_.push_back(R"({"handle":"GetVariableByName","of":"doc","state":0,"params":["v"],"name":"handle:1","type":"GenericVariable"})");
  reply("handle:1", "GetLayout", R"({"qLayout":{"qText":"3","qNum":3}})");
  reply("handle:1", "GetProperties", R"({"qProp":{"qName":"v"}})");
  auto player = play();
  const int variable = player->handle(player->doc, "GetVariableByName", R"(["v"])");
  EXPECT_EQ(player->result(variable, "GetLayout", "[]"), R"({"qLayout":{"qText":"3","qNum":3}})");
  EXPECT_EQ(player->result(variable, "GetProperties", "[]"), R"({"qProp":{"qName":"v"}})");
  EXPECT_EQ(player->code(variable, "GetRawContent", "[]"), -32603) << "nobody recorded that";
}

TEST_F(CassetteTest, ReadsWholeNumbersThatNoIntegerTypeHolds) {
  for (const std::string number : {"99906972027217068032", "-12000000000000000000", "18446744073709551616", "1.5e300"}) {
    const auto text = R"({"a":")" + number + R"( \"x","b":[)" + number + R"(,7],"c":12})";
    const auto parsed = as_object(parse_json(text));
    EXPECT_EQ(text_member(parsed, "a"), number + " \"x");
    EXPECT_DOUBLE_EQ(array_member(parsed, "b")->getElement<double>(0), std::strtod(number.c_str(), nullptr));
    EXPECT_EQ(array_member(parsed, "b")->getElement<std::int64_t>(1), 7);
    EXPECT_EQ(int_member(parsed, "c"), 12);
  }
}

}  // namespace
}  // namespace qonduit::simulator
