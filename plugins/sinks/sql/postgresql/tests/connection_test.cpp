// Addresses that cannot be read: what is said of them, and what is not.
#include "plugins/sinks/sql/postgresql/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::postgresql {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal(const std::string& url) {
  const auto address = parse_address(url);
  return address ? "is read" : address.error().message();
}

TEST(PostgresqlAddress, ThatCannotBeReadIsRefusedWithTheSettingThatWasMeant) {
  EXPECT_THAT(refusal("postgresql://etl@host/db?sslmod=require"), HasSubstr("\"sslmod\" (did you mean 'sslmode'?)"));
  EXPECT_THAT(refusal("host=/tmp dbnam=lake"), HasSubstr("\"dbnam\" (did you mean 'dbname'?)"));
  EXPECT_THAT(refusal("postgresql://etl@host/db?sslmode"),
              HasSubstr("missing key/value separator \"=\" in URI query parameter: \"sslmode\""));
  EXPECT_EQ(refusal("postgresql://etl@host:5433/db?sslmode=require"), "is read");
}

// A password with a character that parts the settings: what stands behind it is read as the name of one.
TEST(PostgresqlAddress, ThatCannotBeReadKeepsWhatMayBePartOfAPassword) {
  for (const std::string url :
       {"postgresql://etl@host/db?sslpassword=pa&geheim7=w", "postgresql://etl@host/db?sslpassword=a%26b&geheim7",
        "postgresql://etl@host/db?application_name=geheim7%&{}", "host=h sslpassword=a geheim7=c", "host=h sslpassword='a geheim7",
        "host=h geheim7", "postgresql://etl@host/db?sslpassword=x&\"geheim7\"=\"y\""}) {
    EXPECT_THAT(refusal(url), HasSubstr("url: is none: ")) << url;
    EXPECT_THAT(refusal(url), Not(HasSubstr("geheim"))) << url;
  }
}

}  // namespace
}  // namespace qonduit::postgresql
