// What comes near a misspelt name, and what does not.
#include "core/engine/near_names.hpp"

#include <gtest/gtest.h>

namespace qonduit::engine {
namespace {

TEST(NearNames, AreMeantWhereFewLettersDiffer) {
  EXPECT_EQ(near_names("Regoin", {"Region", "Product"}), " (did you mean 'Region'?)");
  EXPECT_EQ(near_names("Продажы", {"Склад", "Продажи"}), " (did you mean 'Продажи'?)");
  EXPECT_EQ(near_names("tble", {"table", "barchart"}), " (did you mean 'table'?)");
  EXPECT_EQ(near_names("Müügdi", {"Müügid"}), " (did you mean 'Müügid'?)");
}

TEST(NearNames, AreNotMeantWhereTheyAreOtherWords) {
  for (const auto* hopeless : {"nix", "дом", "xyz", "数値", ""}) {
    EXPECT_EQ(near_names(hopeless, {"Pie", "сон", "图表"}), " (there are: Pie, сон, 图表)") << hopeless;
  }
}

TEST(NearNames, CountThingsAndNotTheirNames) {
  std::vector<Named> known;
  for (int i = 1; i <= 9; ++i) known.push_back({"id-" + std::to_string(i), i < 3 ? "Same" : i < 6 ? "Диаграмма " + std::to_string(i) : ""});
  const auto said = near_things("zzzzzzzzzzzzzzzzzz", known);
  EXPECT_EQ(said.find(" (there are 9, among them: "), 0u) << said;
  EXPECT_EQ(said.find("Same"), std::string::npos) << "a title of two is no name of one: " << said;
  EXPECT_EQ(near_things("Smae", known), " (did you mean 'Same'?)");
  EXPECT_EQ(near_things("id2", known), " (did you mean 'id-2'?)");
  EXPECT_EQ(near_things("q", {{"a", "A title"}, {"b", ""}}), " (there are: A title, b)");
  EXPECT_EQ(near_things("q", {{"a", "Umsatz, netto"}, {"b", ""}}), " (there are: \"Umsatz, netto\", b)");
}

}  // namespace
}  // namespace qonduit::engine
