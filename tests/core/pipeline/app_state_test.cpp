#include "core/pipeline/app_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/pipeline/fake_app.hpp"

namespace qonduit::pipeline {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

using Chosen = std::set<std::string>;

struct Sales : FakeApp {
  Sales() {
    fields["Region"] = {{"North", "South", "West"}};
    fields["City"] = {{"Oslo", "Roma"}};
    variables["vTop"] = "3";
  }
};

config::State asking(const std::vector<std::pair<std::string, std::string>>& selections) {
  config::State state;
  for (const auto& [field, values] : selections) {
    state.selections.push_back({config::parse_field(field), *config::parse_values(values), values});
    if (state.selections.back().name.state.empty()) state.selections.back().name.state = "$";
  }
  return state;
}

// What is asked when an object was read.
Status unchanged(engine::Session& session, const FakeApp& app) {
  return session.watch().unchanged(engine::AppWatch::Clock::now(), app.reload_time);
}

TEST(AppState, IsWhatWasAsked) {
  Sales app;
  app.fields["City"].selected = {1};
  auto wanted = asking({{"Region", "North, West"}});
  wanted.variables.push_back(*config::parse_variable("vTop", "7"));
  const auto session = app.open();
  AppState state(*session, wanted);
  const auto status = state.enter({}, {});
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(app.selection("Region"), (Chosen{"North", "West"}));
  EXPECT_EQ(app.selection("City"), Chosen()) << "cleared first";
  EXPECT_THAT(state.in_force(), ElementsAre(Pair("variable.vTop", "7"), Pair("select.Region", "North, West")));
}

TEST(AppState, FindsValuesOfAFieldThatHasAnEmptyText) {
  for (const auto& [wanted, selected] : {std::pair{"Лев", Chosen{"Лев"}}, {"\"\"", {""}}, {"Лев, \"\"", {"Лев", ""}}}) {
    Sales app;
    app.fields["Знак"] = {{"Лев", "", "Рак"}};
    const auto session = app.open();
    const auto state = asking({{"Знак", wanted}});
    AppState entered(*session, state);
    const auto status = entered.enter({}, {});
    ASSERT_TRUE(status.ok()) << wanted << ": " << status.message();
    EXPECT_EQ(app.selection("Знак"), selected) << wanted;
  }
}

TEST(AppState, SetsVariablesToTheTextThatIsWritten) {
  for (const bool comma : {false, true}) {
    for (const auto* text : {"01", "12345678901234567890", "-1.5", "100000", "0.25", "1e3", "\"7\"", "٠١"}) {
      Sales app;
      app.decimal_comma = comma;
      auto wanted = asking({});
      wanted.variables.push_back(*config::parse_variable("vTop", text));
      const auto session = app.open();
      AppState state(*session, wanted);
      const auto status = state.enter({}, {});
      ASSERT_TRUE(status.ok()) << text << ": " << status.message();
      EXPECT_EQ(app.variables["vTop"], std::string_view(text) == "\"7\"" ? "7" : text);
    }
  }
}

TEST(AppState, KeepsWhatIsSelectedWhereItIsNotToBeCleared) {
  Sales app;
  app.fields["City"].selected = {1};
  auto wanted = asking({{"Region", "North"}});
  wanted.clear = false;
  const auto session = app.open();
  AppState state(*session, wanted);
  ASSERT_TRUE(state.enter({}, {}).ok());
  EXPECT_THAT(state.in_force(), Contains(Pair("select.City", "Roma")));
}

// What the engine may do to a selection, and how it is found out.
TEST(AppState, FailsWhereALaterSelectionUndoesAnEarlierOne) {
  Sales app;
  app.selected = [](FakeApp& self, const std::string& field) {
    if (field == "City") self.fields["Region"].selected.clear();
  };
  const auto wanted = asking({{"Region", "North"}, {"City", "Roma"}});
  const auto session = app.open();
  AppState state(*session, wanted);
  const auto status = state.enter({}, {});
  EXPECT_EQ(status.code(), Code::not_found);
  EXPECT_THAT(status.message(), HasSubstr("select.Region: asked for, but not selected: North"));
}

TEST(AppState, FailsWhereTheEngineSelectsMoreThanWasAsked) {
  Sales app;
  app.selected = [](FakeApp& self, const std::string&) { self.fields["Region"].selected = {0, 1}; };
  const auto wanted = asking({{"Region", "North"}});
  const auto session = app.open();
  AppState state(*session, wanted);
  EXPECT_THAT(state.enter({}, {}).message(), HasSubstr("selected, but not asked for: South"));
}

TEST(AppState, NamesALockedField) {
  Sales app;
  app.fields["Region"].selected = {1};
  app.fields["Region"].locked = true;
  const auto wanted = asking({{"Region", "North"}});
  const auto session = app.open();
  AppState state(*session, wanted);
  const auto message = state.enter({}, {}).message();
  EXPECT_THAT(message, HasSubstr("the engine refuses the selection"));
  EXPECT_THAT(message, HasSubstr("asked for, but not selected: North"));
  EXPECT_THAT(message, HasSubstr("the field is locked"));
}

TEST(AppState, NamesAFieldOfWhichOneValueIsAlwaysSelected) {
  Sales app;
  app.fields["Region"].selected = {0};
  app.fields["Region"].always_one = true;
  const auto session = app.open();
  const auto two = asking({{"Region", "North, South"}});
  {
    AppState state(*session, two);
    EXPECT_THAT(state.enter({}, {}).message(), HasSubstr("the app allows one value of this field at a time"));
  }
  const auto other = asking({{"City", "Oslo"}});
  AppState state(*session, other);
  ASSERT_TRUE(state.enter({}, {}).ok());
  EXPECT_THAT(state.notes(), Contains(HasSubstr("Region = North is selected too")));
  EXPECT_THAT(state.in_force(), Contains(Pair("select.Region", "North")));
}

TEST(AppState, FailsWhereSomethingElseIsSelected) {
  Sales app;
  app.selected = [](FakeApp& self, const std::string&) { self.fields["City"].selected = {0}; };
  const auto wanted = asking({{"Region", "North"}});
  const auto session = app.open();
  AppState state(*session, wanted);
  EXPECT_THAT(state.enter({}, {}).message(), HasSubstr("City = Oslo is selected, though nobody asked for it"));
}

TEST(AppState, ComparesABookmarkWithItsDefinition) {
  Sales app;
  app.bookmarks["b"] = {{"Region", {0, 1}}, {"City", {0}}};
  config::State wanted;
  wanted.bookmark = "b";
  const auto session = app.open();
  {
    AppState state(*session, wanted);
    ASSERT_TRUE(state.enter({}, {}).ok());
    EXPECT_THAT(state.in_force(), ElementsAre(Pair("bookmark", "b"), Pair("select.City", "Oslo"), Pair("select.Region", "North, South")));
  }
  app.selected = [](FakeApp& self, const std::string&) {
    self.fields["City"].selected.clear();
    self.fields["Region"].selected = {0};
  };
  AppState state(*session, wanted);
  const auto message = state.enter({}, {}).message();
  EXPECT_THAT(message, HasSubstr("selects in City, but nothing is selected there"));
  EXPECT_THAT(message, HasSubstr("selects 2 values of Region, but selected is North"));
}

TEST(AppState, SaysWhereNothingCanBeLeft) {
  Sales app;
  app.fields["City"].excluded = {1};
  const auto wanted = asking({{"Region", "North"}, {"City", "Roma"}});
  const auto session = app.open();
  AppState state(*session, wanted);
  ASSERT_TRUE(state.enter({}, {}).ok());
  EXPECT_THAT(state.nothing_left(), HasSubstr("City = Roma is excluded by the other selections"));
}

TEST(AppState, SurvivesAborts) {
  Sales app;
  int calls = 0;
  app.aborts = [&](const engine::Request& request) {
    return request.method != "OpenDoc" && request.method != "GetActiveDoc" && ++calls % 3 == 0;
  };
  const auto wanted = asking({{"Region", "North"}});
  const auto session = app.open();
  ASSERT_NE(session, nullptr);
  AppState state(*session, wanted);
  const auto status = state.enter({}, {});
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(app.selection("Region"), Chosen{"North"});
}

TEST(AppState, IsMadeAgainWhenTheAppIsReloadedMeanwhile) {
  Sales app;
  int selections = 0;
  app.selected = [&](FakeApp& self, const std::string&) {
    if (++selections == 1) self.reload_time = "2026-01-02T00:00:00Z";
  };
  const auto wanted = asking({{"Region", "North"}});
  const auto session = app.open();
  AppState state(*session, wanted);
  ASSERT_TRUE(state.enter({}, {}).ok());
  EXPECT_EQ(selections, 2);
  EXPECT_TRUE(state.holds_for("2026-01-02T00:00:00Z"));
  EXPECT_FALSE(state.holds_for("2026-01-03T00:00:00Z"));
  ASSERT_TRUE(state.renew({}).ok());
  EXPECT_EQ(selections, 3) << "a reload can take selected values away";
}

TEST(AppState, NoticesSelectionsThatChange) {
  Sales app;
  const auto wanted = asking({{"Region", "North"}});
  const auto session = app.open();
  AppState state(*session, wanted);
  ASSERT_TRUE(state.enter({}, {}).ok());
  EXPECT_TRUE(unchanged(*session, app).ok());
  app.fields["Region"].selected.clear();
  EXPECT_EQ(unchanged(*session, app).code(), Code::inconsistent);
  ASSERT_TRUE(state.renew({}).ok());
  EXPECT_EQ(app.selection("Region"), Chosen{"North"});
}

TEST(AppState, IsRestoredBeforeAReconnectedSessionAnswers) {
  Sales app;
  app.forgets = true;
  const auto wanted = asking({{"Region", "North"}});
  const auto session = app.open();
  AppState state(*session, wanted);
  ASSERT_TRUE(state.enter({}, {}).ok());
  app.cut(*session);
  ASSERT_TRUE(session->reconnect({}).ok());
  EXPECT_EQ(app.connections, 2);
  EXPECT_EQ(app.selection("Region"), Chosen{"North"});
  EXPECT_TRUE(unchanged(*session, app).ok());
}

TEST(AppState, ThatCannotBeRestoredEndsTheSession) {
  Sales app;
  app.forgets = true;
  const auto wanted = asking({{"Region", "North"}});
  const auto session = app.open();
  AppState state(*session, wanted);
  ASSERT_TRUE(state.enter({}, {}).ok());
  app.cut(*session);
  app.fields["Region"].values[0] = "N";  // reloaded meanwhile
  EXPECT_EQ(session->reconnect({}).code(), Code::not_found);
  EXPECT_FALSE(session->health().ok());
  EXPECT_FALSE(session->call(1, "GetAppLayout").ok()) << "nothing is read unfiltered";
  EXPECT_EQ(session->reconnect({}).code(), Code::not_found) << "for good";
}

}  // namespace
}  // namespace qonduit::pipeline
