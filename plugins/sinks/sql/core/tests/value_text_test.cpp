#include "plugins/sinks/sql/core/value_text.hpp"

#include <gtest/gtest.h>

namespace qonduit::sql {
namespace {

TEST(SqlValueText, CountsCharactersNotBytes) {
  EXPECT_EQ(characters("Z\u00fcrich \U0001F600"), 8u);
  EXPECT_TRUE(holds_nul(std::string_view("a\0b", 3)));
  EXPECT_FALSE(holds_nul("ab"));
}

}  // namespace
}  // namespace qonduit::sql
