// Which columns take which values.
#include "plugins/sinks/sql/postgresql/column_type.hpp"

#include <gtest/gtest.h>

namespace qonduit::postgresql {
namespace {

using sql::Fit;
using sql::Kind;

TEST(PostgresqlTypes, ADecimalTakesIntegersThatItDoesNotRound) {
  for (const auto* type : {"numeric", "numeric(3)", "numeric(20,0)", "DECIMAL(10, 2)", "numeric(2,5)"})
    EXPECT_EQ(fit(Kind::integer, parse_type(type)), Fit::checked) << type << ": the server refuses what is beyond it";
  for (const auto* type : {"numeric(5,-2)", "NUMERIC( 5 , -2 )", "decimal(5, - 2)"})
    EXPECT_EQ(fit(Kind::integer, parse_type(type)), Fit::lossy) << type;
  EXPECT_EQ(fit(Kind::real, parse_type("numeric(10,2)")), Fit::lossy);
}

}  // namespace
}  // namespace qonduit::postgresql
