// The walk through containers, and the titles of objects, against an engine in memory that knows layouts, which are properties too.
#include "core/engine/sheet_walk.hpp"

#include <gmock/gmock.h>

#include <list>
#include <map>

#include "core/engine/object_titles.hpp"

namespace qonduit::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Sight = ObjectRef::Sight;

class LayoutsInMemory final : public Objects {
 public:
  // Adds an object with this layout, without braces.
  void add(const std::string& id, const std::string& type, const std::string& members) {
    layouts_[id] = {static_cast<int>(layouts_.size()) + 2, type,
                    "{\"visualization\":\"" + type + "\"" + (members.empty() ? "" : ",") + members + "}"};
  }
  int round_trips = 0;             // of GetObject: those in a row are one
  std::vector<std::string> asked;  // expressions
  bool endless = false;            // every container holds another one
  std::string tree;                // what GetFullPropertyTree answers for any sheet; empty: it has no right to

  int doc() const override { return 1; }
  PendingHandle begin_object(const std::string& id) override {
    if (!std::exchange(asking_, true)) ++round_trips;
    return PendingHandle(lease(id));
  }
  PendingHandle begin_session_object(const std::string&) override { return PendingHandle(Status(Code::unsupported, "none")); }
  Rpc::CallId send(int handle, std::string method, std::string params, Rpc::Completion completion) override {
    asking_ = false;
    completion(answer(handle, method, params));
    return 0;
  }
  void cancel(Rpc::CallId) override {}
  Status reconnect(std::stop_token) override { return {}; }
  Status health() const override { return {}; }

 private:
  bool asking_ = false;
  Result<Handle> lease(const std::string& id) {
    if (endless && !layouts_.contains(id)) {
      const auto inner = "inner" + std::to_string(layouts_.size());
      add(id, "container",
          R"("children":[{"refId":"r"}],"qChildList":{"qItems":[{"qInfo":{"qId":")" + inner +
              R"(","qType":"container"},"qData":{"containerChildId":"r"}}]})");
    }
    const auto found = layouts_.find(id);
    if (found == layouts_.end()) return Status(Code::not_found, "no object '" + id + "'");
    const auto& [number, type, layout] = found->second;
    return registry_.adopt(R"({"qType":"GenericObject","qHandle":)" + std::to_string(number) + R"(,"qGenericType":")" + type +
                               R"(","qGenericId":")" + id + "\"}",
                           HandleKind::object, "object '" + id + "'");
  }
  Reply answer(int handle, const std::string& method, const std::string& params) {
    Reply reply;
    if (method == "EvaluateEx") {
      const bool holds = params.find("yes") != std::string::npos;
      asked.push_back(params);
      reply.result =
          kept_.emplace_back(std::string(R"({"qValue":{"qText":"computed","qIsNumeric":true,"qNumber":)") + (holds ? "-1" : "0") + "}}");
      return reply;
    }
    if (method == "GetFullPropertyTree") {
      if (tree.empty()) reply.status = Status(Code::forbidden, "Access denied");
      reply.result = tree;
      return reply;
    }
    for (const auto& [id, object] : layouts_) {
      if (object.number != handle) continue;
      const auto* name = method == "GetLayout" ? "qLayout" : "qProp";
      reply.result = kept_.emplace_back(std::string("{\"") + name + "\":" + object.layout + "}");
    }
    return reply;
  }

  struct Stored {
    int number;
    std::string type, layout;
  };
  HandleRegistry registry_{[](const std::string&) {}};
  std::map<std::string, Stored> layouts_;
  std::list<std::string> kept_;
};

std::string child(const std::string& id, const std::string& type, const std::string& data = {}) {
  return R"({"qInfo":{"qId":")" + id + R"(","qType":")" + type + R"("},"qData":{)" + data + "}}";
}
std::string children(const std::string& items) { return R"("qChildList":{"qItems":[)" + items + "]}"; }

std::vector<std::string> told(const std::vector<ObjectRef>& objects) {
  std::vector<std::string> all;
  for (const auto& object : objects) {
    std::string path;
    for (const auto& container : object.inside) path += container.id + "/";
    all.push_back(path + object.id + (object.sight == Sight::visible ? "" : object.sight == Sight::hidden ? " hidden" : " missing"));
  }
  return all;
}

std::vector<std::string> walked(LayoutsInMemory& engine) {
  const auto found = walk_sheets(engine, {{"s", "Sheet", 0}});
  if (!found) return {found.error().message()};
  return told(found->front());
}

// {"qProperty":{...},"qChildren":[...]}
std::string entry(const std::string& id, const std::string& type, const std::string& members = {}, const std::string& below = {}) {
  return R"({"qProperty":{"qInfo":{"qId":")" + id + R"(","qType":")" + type + R"("})" + (members.empty() ? "" : "," + members) +
         R"(},"qChildren":[)" + below + "]}";
}

// The tree has what the user made: titles and conditions are expressions, which a layout would have evaluated.
TEST(SheetWalk, LearnsASheetAndItsContainersFromOneTree) {
  LayoutsInMemory engine;
  engine.add("s", "sheet", "");
  const auto pane = entry("pane", "sn-filter-pane", R"("containerChildId":"2")", entry("list", "listbox", R"("title":"Länder")"));
  const auto tabs = entry("tabs", "container",
                          R"("title":{"qStringExpression":"='Tabs'"},"children":[)"
                          R"({"refId":"2","condition":{"qValueExpression":{"qExpr":"yes"}}},{"refId":"1","label":"Ελλάδα"}])",
                          entry("one", "table", R"("containerChildId":"1")") + "," + pane);
  const auto loose = entry("loose", "table", R"("qMetaDef":{"title":"Ohne Platz"},"showCondition":{"qStringExpression":{"qExpr":"no"}})");
  const auto computed = entry("z", "kpi", R"("title":{"qStringExpression":{"qExpr":"='Год ' & 2024"}})");
  engine.tree = R"({"qPropEntry":)" +
                entry("s", "sheet", R"("cells":[{"name":"tabs","row":0},{"name":"z","row":1}])", computed + "," + loose + "," + tabs) + "}";
  const auto found = walk_sheets(engine, {{"s", "Sheet", 0}});
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_THAT(told(found->front()), ElementsAre("tabs/pane/list", "tabs/one", "z", "loose hidden"));
  std::vector<std::string> titles;
  for (const auto& object : found->front()) titles.push_back(object.title);
  EXPECT_THAT(titles, ElementsAre("Länder", "Ελλάδα", "computed", "Ohne Platz"));
  EXPECT_EQ(found->front().front().inside.front().title, "computed");
  EXPECT_THAT(engine.asked, testing::UnorderedElementsAre("[\"='Год ' & 2024\"]", "[\"no\"]", "[\"='Tabs'\"]", "[\"yes\"]"));
}

// What a link shows is the master's: its own properties have none of it.
TEST(SheetWalk, AsksTheLayoutOfALinkToAContainer) {
  LayoutsInMemory engine;
  engine.add("s", "sheet", "");
  engine.tree =
      R"({"qPropEntry":)" + entry("s", "sheet", "", entry("link", "container", R"("visualization":"container","qExtendsId":"m")")) + "}";
  engine.add("link", "container", R"("children":[{"refId":"r"}],)" + children(child("inner", "table", R"("containerChildId":"r")")));
  EXPECT_THAT(walked(engine), ElementsAre("link/inner"));
}

TEST(SheetWalk, PutsWhatIsInContainersWhereTheContainerIs) {
  LayoutsInMemory engine;
  engine.add(
      "s", "sheet",
      R"("cells":[{"name":"a","type":"table","row":0},{"name":"tabs","type":"container","row":1},{"name":"z","type":"kpi","row":2}],)" +
          children(child("tabs", "container")));
  engine.add("tabs", "container",
             R"("title":"Tabs","children":[{"refId":"2"},{"refId":"1"}],)" +
                 children(child("one", "table", R"("containerChildId":"1")") + "," +
                          child("pane", "sn-filter-pane", R"("containerChildId":"2")")));
  engine.add("pane", "sn-filter-pane", children(child("list", "listbox")));
  EXPECT_THAT(walked(engine), ElementsAre("a", "tabs/pane/list", "tabs/one", "z"));
  EXPECT_EQ(engine.round_trips, 3) << "one for each level, however many objects it has";
}

TEST(SheetWalk, SaysOnWhichSheetAndInWhatANestedObjectIs) {
  LayoutsInMemory engine;
  engine.add("s", "sheet", R"("cells":[{"name":"tabs","type":"container"}])");
  engine.add(
      "tabs", "container",
      R"("title":"Tabs","children":[{"refId":"1","label":"First"}],)" + children(child("one", "table", R"("containerChildId":"1")")));
  const auto found = walk_sheets(engine, {{"s", "Sheet", 0}});
  ASSERT_TRUE(found);
  const auto& object = found->front().front();
  EXPECT_EQ(object.sheet_title, "Sheet");
  EXPECT_EQ(object.title, "First");
  ASSERT_EQ(object.inside.size(), 1u);
  EXPECT_EQ(object.inside.front().title, "Tabs");
}

TEST(SheetWalk, HidesWhatIsInsideAHiddenContainerOrSheet) {
  LayoutsInMemory engine;
  engine.add("s", "sheet", R"("cells":[{"name":"tabs","type":"container"}])");
  engine.add(
      "tabs", "container",
      R"("children":[{"refId":"1","condition":"=no"},{"refId":"2","condition":"=yes"}],)" +
          children(child("inner", "container", R"("containerChildId":"1")") + "," + child("shown", "kpi", R"("containerChildId":"2")")));
  engine.add("inner", "container", R"("children":[{"refId":"3"}],)" + children(child("deep", "kpi", R"("containerChildId":"3")")));
  EXPECT_THAT(walked(engine), ElementsAre("tabs/inner/deep hidden", "tabs/shown"));
  engine.add("s", "sheet", R"("showCondition":0,"cells":[{"name":"a","type":"kpi"}])");
  EXPECT_THAT(walked(engine), ElementsAre("a hidden"));
}

// What is shown for sure is told before anything is evaluated; what depends on conditions again, when they are.
TEST(SheetWalk, TellsOfObjectsAsSoonAsTheyAreKnown) {
  LayoutsInMemory engine;
  engine.add("s", "sheet", R"("cells":[{"name":"sure","type":"kpi"},{"name":"tabs","type":"container"}])");
  engine.add("tabs", "container",
             R"("children":[{"refId":"1","condition":"=no"},{"refId":"2","condition":"=yes"},{"refId":"3"}],)" +
                 children(child("never", "kpi", R"("containerChildId":"1")") + "," + child("perhaps", "kpi", R"("containerChildId":"2")") +
                          "," + child("inner", "kpi", R"("containerChildId":"3")")));
  std::vector<std::string> heard;
  const auto found = walk_sheets(engine, {{"s", "Sheet", 0}}, [&](const std::vector<KnownObject>& known) {
    heard.push_back(engine.asked.empty() ? "before" : "after");
    for (const auto& [object, shown] : known) heard.back() += " " + object->id + (shown ? "" : "?");
  });
  ASSERT_TRUE(found);
  EXPECT_THAT(heard, ElementsAre("before sure", "before sure", "before never? perhaps? inner", "after perhaps inner"));
}

TEST(SheetWalk, FollowsLinksToMasterVisualizationsEvenWhenTheyAreContainers) {
  LayoutsInMemory engine;
  engine.add("s", "sheet", R"("cells":[{"name":"link","type":"masterobject"},{"name":"bar","type":"masterobject"}])");
  engine.add("link", "container", R"("children":[{"refId":"1"}],)" + children(child("one", "table", R"("containerChildId":"1")")));
  engine.add("bar", "barchart", R"("title":"Master sales")");
  const auto found = walk_sheets(engine, {{"s", "Sheet", 0}});
  ASSERT_TRUE(found);
  EXPECT_THAT(told(found->front()), ElementsAre("link/one", "bar"));
  EXPECT_EQ(found->front()[1].type, "barchart");
  EXPECT_EQ(found->front()[1].title, "Master sales");
}

TEST(SheetWalk, TakesEachObjectOnceAndLeavesALoop) {
  LayoutsInMemory engine;
  engine.add("s", "sheet", R"("cells":[{"name":"a","type":"container"}])");
  engine.add("a", "container", children(child("b", "container")));
  engine.add("b", "container", children(child("a", "container") + "," + child("x", "kpi") + "," + child("x", "kpi")));
  EXPECT_THAT(walked(engine), ElementsAre("a/b/x"));
}

TEST(SheetWalk, GivesUpOnContainersWithoutEnd) {
  LayoutsInMemory engine;
  engine.endless = true;
  engine.add("s", "sheet", R"("cells":[{"name":"a","type":"container"}])");
  EXPECT_THAT(walked(engine), ElementsAre(HasSubstr("nested deeper than 16")));
}

TEST(SheetWalk, LeavesAContainerThatIsEmptyOrCannotBeReadToItself) {
  LayoutsInMemory engine;
  engine.add("s", "sheet", R"("cells":[{"name":"empty","type":"container"},{"name":"gone","type":"container"}])");
  engine.add("empty", "container", "");
  EXPECT_THAT(walked(engine), ElementsAre("empty", "gone"));
}

TEST(SheetWalk, NamesTheSheetThatCannotBeRead) {
  LayoutsInMemory engine;
  EXPECT_THAT(walked(engine), ElementsAre(HasSubstr("sheet 'Sheet'")));
}

TEST(SheetWalk, TakesAContainerThatIsOnNoSheetForWhatIsInIt) {
  LayoutsInMemory engine;
  engine.add("tabs", "container", children(child("one", "table")));
  const auto inside = walk_object(engine, {"tabs", "container", "", "", ""});
  ASSERT_TRUE(inside);
  EXPECT_THAT(told(*inside), ElementsAre("tabs/one"));
  const auto itself = walk_object(engine, {"chart", "barchart", "", "", ""});
  ASSERT_TRUE(itself);
  EXPECT_THAT(told(*itself), ElementsAre("chart"));
}

TEST(ObjectTitles, ComeFromPropertiesAndAreEvaluatedWhereTheyAreExpressions) {
  LayoutsInMemory engine;
  engine.add("plain", "table", R"("title":"Продажи")");
  engine.add("computed", "table", R"("title":{"qStringExpression":{"qExpr":"'Sales ' & vYear"}})");
  engine.add("short", "table", R"("title":{"qStringExpression":"='Sales'"})");
  engine.add("master", "table", R"("qMetaDef":{"title":"From the library"})");
  engine.add("none", "table", "");
  const auto titles = titles_of(engine, {"plain", "computed", "gone", "short", "master", "none"});
  ASSERT_TRUE(titles) << titles.error().message();
  EXPECT_THAT(*titles, ElementsAre("Продажи", "computed", "", "computed", "From the library", ""));
  EXPECT_THAT(engine.asked, ElementsAre(R"(["='Sales ' & vYear"])", R"(["='Sales'"])"));
}

TEST(ObjectTitles, AreThoseOfTheMasterObjectThatAnObjectShows) {
  LayoutsInMemory engine;
  engine.add("s", "sheet",
             R"("cells":[{"name":"linked","type":"barchart"},{"name":"own","type":"barchart"},{"name":"box","type":"container"}],)" +
                 children(child("linked", "masterobject", R"("title":"")") + "," + child("own", "barchart", R"("title":"Oma")") + "," +
                          child("box", "container")));
  engine.add(
      "box", "container",
      R"("children":[{"refId":"m","label":"Ein Reiter","isMaster":true},{"refId":"p","label":"Karte"},{"refId":"e","label":"Leer"}],)" +
          children(child("one", "barchart", R"("title":"","qExtendsId":"m")") + "," +
                   child("two", "map", R"("title":"","containerChildId":"p")") + "," +
                   child("three", "map", R"("title":"","containerChildId":"e")")));
  engine.add("linked", "barchart", R"("title":"Umsätze")");
  engine.add("one", "barchart", R"("title":{"qStringExpression":{"qExpr":"'Сумма'"}})");
  engine.add("two", "map", R"("title":"地図")");
  engine.add("three", "map", "");
  const auto found = walk_sheets(engine, {{"s", "Sheet", 0}});
  ASSERT_TRUE(found) << found.error().message();
  std::vector<std::string> titles;
  for (const auto& object : found->front()) titles.push_back(object.id + "=" + object.title);
  EXPECT_THAT(titles, ElementsAre("linked=Umsätze", "own=Oma", "one=computed", "two=地図", "three=Leer"));
}

}  // namespace
}  // namespace qonduit::engine
