#include "core/pipeline/foreach.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/pipeline/fake_app.hpp"

namespace qonduit::pipeline {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

config::State looping(const std::string& foreach) {
  config::State state;
  state.foreach = *config::parse_foreach(foreach);
  for (auto& term : state.foreach) term.field.state = "$";
  return state;
}

// What became of every turn, in order: "+A=1" entered, "-A=2" left out, "!A=3" failed.
std::vector<std::string> turns_of(FakeApp& app, const config::State& wanted, bool go_on = true) {
  const auto session = app.open();
  AppState state(*session, wanted);
  EXPECT_TRUE(state.enter({}, {}).ok());
  auto loop = Foreach::find(*session, state, wanted, {});
  if (!loop) return {loop.error().message()};
  std::vector<std::string> turns;
  loop->run({[&] { return turns.push_back("+" + turn_text(state.turn().values)), go_on; },
             [&](const Facts& values, const std::string&) { return turns.push_back("-" + turn_text(values)), go_on; },
             [&](const Facts& values, const Status&) { return turns.push_back("!" + turn_text(values)), go_on; }});
  return turns;
}

TEST(Foreach, TurnsEveryCombinationInOrder) {
  FakeApp app;
  app.fields["A"] = {{"x", "y"}};
  app.fields["B"] = {{"1", "2"}};
  app.variables["v"] = "";
  EXPECT_THAT(turns_of(app, looping("field(A) x variable(v; 1..2)")), ElementsAre("+A=x, v=1", "+A=x, v=2", "+A=y, v=1", "+A=y, v=2"));
  EXPECT_THAT(turns_of(app, looping("field(A) x field(B)"), false), ElementsAre("+A=x, B=1")) << "stops when told to";
}

config::State within(config::State state, const std::string& field, const std::string& values) {
  state.selections.push_back({{field, "$"}, *config::parse_values(values), values});
  return state;
}

// What a loop names by `only` comes out of what the pipeline's selections leave, as it does without `only`.
TEST(Foreach, TurnsToNamedValuesOfThoseThatTheSelectionsLeave) {
  FakeApp app;
  app.fields["Stadt"] = {{"Köln", "Ulm", "Łódź"}};
  EXPECT_THAT(turns_of(app, within(looping("field(Stadt; only: *)"), "Stadt", "!Ulm")), ElementsAre("+Stadt=Köln", "+Stadt=Łódź"));
  EXPECT_THAT(turns_of(app, within(looping("field(Stadt; only: Ulm, Łódź)"), "Stadt", "Köln, Łódź")), ElementsAre("+Stadt=Łódź"));
  EXPECT_THAT(turns_of(app, within(looping("field(Stadt; only: Ulm)"), "Stadt", "Köln")), ElementsAre());
}

TEST(Foreach, NotesWhichNamedValuesTheSelectionsExclude) {
  FakeApp app;
  app.fields["Βάρδια"] = {{"α", "β", "γ"}};
  const auto wanted = within(looping("field(Βάρδια; only: β, γ)"), "Βάρδια", "!β");
  const auto session = app.open();
  AppState state(*session, wanted);
  ASSERT_TRUE(state.enter({}, {}).ok());
  const auto loop = Foreach::find(*session, state, wanted, {});
  ASSERT_TRUE(loop) << loop.error().message();
  EXPECT_THAT(loop->notes(), Contains(HasSubstr("1 values of Βάρδια are excluded by the selections: β")));
}

TEST(Foreach, TurnsToTheEmptyTextAsToAnyOtherValue) {
  FakeApp app;
  app.fields["Größe"] = {{"S", "", "XL"}};
  EXPECT_THAT(turns_of(app, looping("field(Größe)")), ElementsAre("+Größe=S", "+Größe=", "+Größe=XL"));
}

TEST(Foreach, ReportsCombinationsWithoutRows) {
  FakeApp app;
  app.fields["A"] = {{"x", "y"}};
  app.fields["B"] = {{"1", "2"}};
  app.selected = [](FakeApp& self, const std::string& field) {
    if (field == "A") self.fields["B"].excluded = {self.fields["A"].selected.contains(0) ? 1u : 0u};
  };
  app.before = [](FakeApp& self, const engine::Request& request) {
    if (request.method == "ClearAll") self.fields["B"].excluded.clear();
  };
  EXPECT_THAT(turns_of(app, looping("field(A) x field(B)")), ElementsAre("+A=x, B=1", "-A=x, B=2", "-A=y, B=1", "+A=y, B=2"));
}

TEST(Foreach, ReportsATurnWhoseStateCannotBeEntered) {
  FakeApp app;
  app.fields["A"] = {{"x", "y"}};
  app.selected = [](FakeApp& self, const std::string&) {
    if (self.fields["A"].selected.contains(0)) self.fields["A"].selected = {0, 1};
  };
  EXPECT_THAT(turns_of(app, looping("field(A)")), ElementsAre("!A=x", "+A=y"));
}

TEST(Foreach, RefusesMoreTurnsThanAllowedBeforeTheFirst) {
  FakeApp app;
  app.fields["A"] = {std::vector<std::string>(50, "x")};
  auto wanted = looping("field(A)");
  wanted.foreach_limit = 49;
  EXPECT_THAT(turns_of(app, wanted), ElementsAre(HasSubstr("50 of A are more deliveries than foreach-limit = 49")));
}

TEST(TurnText, IsAnotherForEveryTurn) {
  EXPECT_EQ(turn_text({{"A", "x"}, {"B", "1"}}), "A=x, B=1");
  EXPECT_NE(turn_text({{"A", "x, B=1"}}), turn_text({{"A", "x"}, {"B", "1"}}));
  EXPECT_NE(turn_text({{"A", "%2C"}}), turn_text({{"A", ","}}));
}

}  // namespace
}  // namespace qonduit::pipeline
