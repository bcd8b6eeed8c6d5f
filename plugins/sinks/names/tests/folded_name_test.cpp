#include "plugins/sinks/names/folded_name.hpp"

#include <gtest/gtest.h>

namespace {

using qonduit::names::Accents;
using qonduit::names::folded_name;

TEST(FoldedName, IsOneForLettersOfEitherCaseInAnyAlphabet) {
  EXPECT_EQ(folded_name("SALES"), folded_name("Sales"));
  EXPECT_EQ(folded_name("Продажи"), folded_name("ПРОДАЖИ"));
  EXPECT_EQ(folded_name("Πωλήσεις"), folded_name("ΠΩΛΉΣΕΙΣ"));
  EXPECT_EQ(folded_name("Größe"), folded_name("GRÖSSE"));
}

TEST(FoldedName, IsOneForEveryUnicodeForm) {
  EXPECT_EQ(folded_name("Caf\u00e9"), folded_name("Cafe\u0301"));
  EXPECT_EQ(folded_name("\uff33\uff41\uff4c\uff45\uff53"), folded_name("Sales"));
  EXPECT_EQ(folded_name("\uac00"), folded_name("\u1100\u1161"));
}

TEST(FoldedName, KeepsApartWhatIsWrittenDifferently) {
  EXPECT_NE(folded_name("Продажи"), folded_name("Закупки"));
  EXPECT_NE(folded_name("Café"), folded_name("Cafe"));
  EXPECT_NE(folded_name("日本"), folded_name("中国"));
}

TEST(FoldedName, DropsAccentsWhereItIsAsked) {
  EXPECT_EQ(folded_name("Café", Accents::dropped), "cafe");
  EXPECT_EQ(folded_name("Cafe\u0301", Accents::dropped), "cafe");
  EXPECT_EQ(folded_name("Ёлка", Accents::dropped), folded_name("елка", Accents::dropped));
}

TEST(FoldedName, LeavesWhatIsNoUtf8AsItIs) {
  EXPECT_EQ(folded_name("A\xff"
                        "B"),
            "A\xff"
            "B");
}

}  // namespace
