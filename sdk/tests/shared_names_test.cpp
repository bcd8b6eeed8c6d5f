#include <qonduit/run_template.hpp>
#include <qonduit/shared_names.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace qonduit {
namespace {

Run run_of(std::string_view id, std::string_view title, std::vector<NamedObject> objects) {
  Run run;
  run.object_id = id, run.title = title, run.sheet = "Overview", run.objects = std::move(objects);
  return run;
}

TEST(SharedNames, AreThoseThatTwoObjectsWouldHave) {
  const std::vector<NamedObject> objects = {{"A", "Sales", "Overview"}, {"B", "Costs", "Overview"}, {"C", "Sales", "Overview"}};
  const auto file = RunTemplate::parse("file", "{title}").value();
  SharedNames names;
  const auto shares = [&](std::string_view id, std::string_view title) {
    return names.shares(run_of(id, title, objects), [&](const qonduit::Run& run) { return file.text(run); });
  };
  EXPECT_TRUE(shares("A", "Sales"));
  EXPECT_TRUE(shares("C", "Sales"));
  EXPECT_FALSE(shares("B", "Costs"));
  EXPECT_TRUE(shares("B", "Sales")) << "the title it has by now";
}

TEST(SharedNames, AreComparedAsTheTargetComparesThem) {
  const std::vector<NamedObject> objects = {{"A", "Sales", ""}, {"B", "SALES", ""}};
  SharedNames exact, without_case;
  const auto title = [](const qonduit::Run& run) { return std::string(run.title); };
  const auto small = [](const qonduit::Run& run) {
    std::string text(run.title);
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
  };
  EXPECT_FALSE(exact.shares(run_of("A", "Sales", objects), title));
  EXPECT_TRUE(without_case.shares(run_of("A", "Sales", objects), small));
}

TEST(SharedNames, AreFoundAnewInTheNextRunAndTheNextTurn) {
  SharedNames names;
  const auto title = [](const qonduit::Run& run) { return std::string(run.title); };
  auto run = run_of("A", "Sales", {{"A", "Sales", ""}, {"B", "Costs", ""}});
  EXPECT_FALSE(names.shares(run, title));
  run.objects = {{"A", "Sales", ""}, {"B", "Sales", ""}};
  run.loop = {{"Region", "North"}};
  EXPECT_TRUE(names.shares(run, title));
  run.objects = {{"A", "Sales", ""}};
  run.run_id = "run-2";
  EXPECT_FALSE(names.shares(run, title));
}

TEST(SharedNames, AreNoneWhereAHostDoesNotTellTheObjects) {
  SharedNames names;
  EXPECT_FALSE(names.shares(run_of("A", "Sales", {}), [](const qonduit::Run& run) { return std::string(run.title); }));
}

TEST(RunTemplate, PutsTheIdBeforeTheDataset) {
  const auto plain = RunTemplate::parse("file", "{pipeline}/{title}", '/').value();
  auto run = run_of("A", "Sales", {});
  run.pipeline = "p", run.dataset = "second";
  EXPECT_EQ(plain.parts(run), (std::vector<std::string>{"p", "Sales.second"}));
  EXPECT_EQ(plain.parts(run, Turns::apart, Ids::always), (std::vector<std::string>{"p", "Sales.A.second"}));
  const auto with_id = RunTemplate::parse("file", "{title}-{object}").value();
  EXPECT_EQ(with_id.text(run, Turns::apart, Ids::always), "Sales-A.second") << "it is there already";
}

}  // namespace
}  // namespace qonduit
