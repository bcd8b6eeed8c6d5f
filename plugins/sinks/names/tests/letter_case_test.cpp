#include "plugins/sinks/names/letter_case.hpp"

#include <gtest/gtest.h>

namespace {

using qonduit::names::append_small;
using qonduit::names::case_of;
using qonduit::names::LetterCase;

TEST(LetterCase, IsKnownOfEveryAlphabetThatHasOne) {
  for (const auto& [capital, small, text] :
       {std::tuple(U'S', U's', "s"), std::tuple(U'\u0416', U'\u0436', "ж"), std::tuple(U'\u03A0', U'\u03C0', "π"),
        std::tuple(U'\u0531', U'\u0561', "ա"), std::tuple(U'\u01C5', U'\u01C6', "ǆ"), std::tuple(U'\U00010400', U'\U00010428', "𐐨")}) {
    EXPECT_EQ(case_of(capital), LetterCase::capital) << text;
    EXPECT_EQ(case_of(small), LetterCase::small) << text;
    std::string out = "x";
    append_small(capital, out);
    append_small(small, out);
    EXPECT_EQ(out, "x" + std::string(text) + text);
  }
}

TEST(LetterCase, IsNoneOfLettersThatHaveNone) {
  for (const char32_t letter : {U'\u540D', U'\u05E9', U'\u0E01', U'7', U'-'}) {
    EXPECT_EQ(case_of(letter), LetterCase::none);
    std::string out;
    append_small(letter, out);
    EXPECT_FALSE(out.empty());
  }
}

}  // namespace
