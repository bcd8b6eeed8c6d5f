// Lists against replies as live engines give them: a list's qData holds scalars, and the empty text where an array is.
#include "core/engine/app_lists.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/core/engine/scripted_transport.hpp"

namespace qonduit::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ListedApp : public ::testing::Test {
 protected:
  ListedApp() {
    config::Connection connection;
    connection.name = "c";
    connection.url = "wss://qlik.example.com:4747/app";
    connection.keepalive = std::chrono::milliseconds(0);
    auto made = Session::open(connection, "app", [this](const config::Connection&, const std::string&) {
      wire_ = std::make_shared<Wire>();
      wire_->answer_with([this](const Request& request) { return answer(request); });
      wire_->push(R"({"jsonrpc":"2.0","method":"OnConnected","params":{"qSessionState":"SESSION_CREATED"}})");
      return Result<std::unique_ptr<Transport>>(std::make_unique<ScriptedTransport>(wire_));
    });
    session_ = std::move(*made);
    EXPECT_TRUE(session_->open_app("app"));
  }

  struct Dimension {
    std::string id, title, definition;  // qDim; empty: the app has none of this id
  };
  std::vector<Dimension> dimensions_ = {
      {"d1", "Регион", R"({"qGrouping":"N","qFieldDefs":["Region"],"qFieldLabels":["Регион"],"qLabelExpression":""})"},
      {"d2", "Zeit", R"x({"qGrouping":"H","qFieldDefs":["Year","=Month([Order Date])"],"qFieldLabels":["Jahr","Monat"]})x"},
      {"d3", "Rund", R"({"qGrouping":"C","qFieldDefs":["A","B","C"],"qFieldLabels":[]})"},
      {"d4", "Tom", R"({"qGrouping":"N","qFieldDefs":[]})"}};
  bool denied_ = false;
  std::vector<std::string> refused_;  // lists that are not given, as their definitions are called
  bool together_ = true;              // several lists are given in one object

  std::shared_ptr<Wire> wire_;
  std::unique_ptr<Session> session_;

  [[nodiscard]] std::ptrdiff_t lists_made() const {
    const auto requests = wire_->requests();
    return std::count_if(requests.begin(), requests.end(), [](const auto& request) { return request.method == "CreateSessionObject"; });
  }

 private:
  std::vector<std::string> created_;
  static std::string handle(int number) {
    return R"({"qReturn":{"qType":"x","qHandle":)" + (number == 0 ? "null" : std::to_string(number)) +
           R"(,"qGenericType":"x","qGenericId":"x"}})";
  }

  std::vector<std::string> answer(const Request& request) {
    const auto result = [&](const std::string& json) { return std::vector{Wire::result(request.id, json)}; };
    const auto& method = request.method;
    if (method == "OpenDoc") return result(handle(1));
    if (method == "GetAppLayout") return result(R"({"qLayout":{"qTitle":"A"}})");
    if (method == "CreateSessionObject") {
      created_.push_back(request.params);
      return result(handle(9 + static_cast<int>(created_.size())));
    }
    if (method == "GetLayout") {
      const auto& asked = created_.at(static_cast<std::size_t>(request.handle - 10));
      std::string lists, items;
      for (const auto& [name, item] : {std::pair<std::string, std::string>("qFieldList", R"({"qName":"Регион"})"),
                                       {"qMeasureList", R"({"qInfo":{"qId":"m"},"qMeta":{"title":"Umsatz"}})"},
                                       {"qVariableList", R"({"qName":"vYear","qDefinition":"2024"})"}}) {
        if (asked.find(name + "Def") == std::string::npos) continue;
        if (std::find(refused_.begin(), refused_.end(), name) != refused_.end()) return {Wire::error(request.id, 5)};
        if (lists.empty() || together_) lists += (lists.empty() ? "\"" : ",\"") + name + R"(":{"qItems":[)" + item + "]}";
      }
      if (!lists.empty()) return result(R"({"qLayout":{)" + lists + "}}");
      for (const auto& dimension : dimensions_) {
        items += (items.empty() ? "" : ",") + (R"({"qInfo":{"qId":")" + dimension.id + R"("},"qMeta":{"title":")" + dimension.title) +
                 R"(","tags":["t"]},"qData":{"title":")" + dimension.title + R"(","grouping":"N","expressions":"","labels":"","info":""}})";
      }
      return result(R"({"qLayout":{"qDimensionList":{"qItems":[)" + items + "]}}}");
    }
    if (method == "GetDimension") {
      for (std::size_t i = 0; i < dimensions_.size(); ++i) {
        if (request.params.find("\"" + dimensions_[i].id + "\"") != std::string::npos)
          return result(handle(dimensions_[i].definition.empty() ? 0 : 100 + static_cast<int>(i)));
      }
      return result(handle(0));
    }
    if (method == "GetProperties") {
      if (denied_) return {Wire::error(request.id, 5)};
      const auto& dimension = dimensions_.at(static_cast<std::size_t>(request.handle - 100));
      return result(R"({"qProp":{"qInfo":{"qId":")" + dimension.id + R"("},"qDim":)" + dimension.definition + R"(,"qMetaDef":{}}})");
    }
    return result("{}");
  }
};

TEST_F(ListedApp, HasTheExpressionsOfItsMasterDimensionsInTheirProperties) {
  const auto found = read_dimensions(*session_);
  ASSERT_TRUE(found) << found.error().message();
  ASSERT_EQ(found->size(), 4u);
  EXPECT_EQ((*found)[0].title, "Регион");
  EXPECT_THAT((*found)[0].expressions, ElementsAre("Region"));
  EXPECT_THAT((*found)[1].expressions, ElementsAre("Year", "=Month([Order Date])"));
  EXPECT_THAT((*found)[1].labels, ElementsAre("Jahr", "Monat"));
  EXPECT_EQ((*found)[1].grouping, "H");
  EXPECT_THAT((*found)[2].expressions, ElementsAre("A", "B", "C"));
  EXPECT_THAT((*found)[2].labels, IsEmpty());
  EXPECT_THAT((*found)[3].expressions, IsEmpty()) << "without members, and there all the same";
}

TEST_F(ListedApp, GivesItsNamesInOneObject) {
  begin_names(*session_);
  const auto names = list_names(*session_);
  ASSERT_TRUE(names) << names.error().message();
  EXPECT_EQ(names->fields.at(0).name, "Регион");
  EXPECT_EQ(names->measures.at(0).title, "Umsatz");
  EXPECT_EQ(names->variables.at(0).definition, "2024");
  EXPECT_EQ(lists_made(), 1);
}

TEST_F(ListedApp, GivesItsNamesInAnObjectForEachWhereItDoesNotGiveThemInOne) {
  together_ = false;
  const auto names = list_names(*session_);
  ASSERT_TRUE(names) << names.error().message();
  EXPECT_EQ(names->fields.at(0).name, "Регион");
  EXPECT_EQ(names->measures.at(0).title, "Umsatz");
  EXPECT_EQ(names->variables.at(0).name, "vYear");
  EXPECT_EQ(lists_made(), 4);
}

TEST_F(ListedApp, SaysWhichOfItsNamesItRefuses) {
  refused_ = {"qVariableList"};
  const auto names = list_names(*session_);
  EXPECT_EQ(names.error().code(), Code::forbidden);
  EXPECT_THAT(names.error().message(), HasSubstr("cannot list the variables"));
}

TEST_F(ListedApp, IsAskedForManyDefinitionsAtATime) {
  dimensions_.clear();
  for (int i = 0; i < 150; ++i) {
    const auto n = std::to_string(i);
    dimensions_.push_back({"id" + n + "x", "T" + n, R"({"qGrouping":"N","qFieldDefs":["F)" + n + R"("]})"});
  }
  const auto found = read_dimensions(*session_);
  ASSERT_TRUE(found) << found.error().message();
  for (std::size_t i = 0; i < found->size(); ++i) EXPECT_THAT((*found)[i].expressions, ElementsAre("F" + std::to_string(i)));
  // The first definitions are asked for before the sixty-fifth dimension is.
  std::size_t opened = 0;
  for (const auto& request : wire_->requests()) {
    opened += request.method == "GetDimension" ? 1 : 0;
    if (request.method == "GetProperties") break;
  }
  EXPECT_EQ(opened, 64u);
}

TEST_F(ListedApp, NamesTheDimensionWhoseDefinitionCannotBeRead) {
  denied_ = true;
  const auto denied = read_dimensions(*session_);
  EXPECT_EQ(denied.error().code(), Code::forbidden);
  EXPECT_THAT(denied.error().message(), HasSubstr("master dimension 'Регион'"));
  denied_ = false;
  dimensions_[2].definition.clear();
  const auto gone = read_dimensions(*session_);
  EXPECT_EQ(gone.error().code(), Code::not_found);
  EXPECT_THAT(gone.error().message(), HasSubstr("master dimension 'Rund': the app lists it, and has none of its id 'd3'"));
}

TEST_F(ListedApp, IsNotAskedForDefinitionsWhereNamesAreWanted) {
  const auto found = list_dimensions(*session_);
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)[1].id, "d2");
  EXPECT_THAT((*found)[1].expressions, IsEmpty());
  for (const auto& request : wire_->requests()) EXPECT_NE(request.method, "GetDimension");
}

}  // namespace
}  // namespace qonduit::engine
