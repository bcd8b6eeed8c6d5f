#include "core/config/secret_parts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> found(const std::string& text) {
  std::vector<std::string> all;
  for (const auto& part : secret_parts(text)) all.push_back(part.name + ": " + text.substr(part.begin, part.size));
  return all;
}

TEST(SecretParts, AreFoundInAddresses) {
  EXPECT_THAT(found("postgresql://u@db.example/d?sslmode=verify-full&password=Grün1&connect_timeout=3"), ElementsAre("password: Grün1"));
  EXPECT_THAT(found("postgresql://u@db.example/d?sslpassword=a,b;c"), ElementsAre("sslpassword: a,b;c"));
  EXPECT_THAT(found("https://h/x?api_key=k1&Token=k2#end"), ElementsAre("api_key: k1", "Token: k2"));
}

TEST(SecretParts, AreFoundInConnectionStrings) {
  EXPECT_THAT(found("Driver={ODBC 18};UID=sa;PWD=geheim,1;Encrypt=yes"), ElementsAre("PWD: geheim,1"));
  EXPECT_THAT(found("PWD={se;cret};Server=x"), ElementsAre("PWD: {se;cret}"));
  EXPECT_THAT(found("Server=x; Password = пароль"), ElementsAre("Password: пароль"));
  EXPECT_THAT(found("host=db user=u password='two words' dbname=d"), ElementsAre("password: 'two words'"));
  EXPECT_THAT(found("host=db password=one dbname=d"), ElementsAre("password: one"));
}

TEST(SecretParts, AreFoundInSettingsOfClients) {
  EXPECT_THAT(found("sasl.password=a, client.id=q, ssl.key.password=b"), ElementsAre("sasl.password: a", "ssl.key.password: b"));
  EXPECT_THAT(found("sasl.oauthbearer.config=principal=p secret=ñandú"), ElementsAre("secret: ñandú"));
  EXPECT_THAT(found("ssl.key.pem=-----BEGIN"), ElementsAre("ssl.key.pem: -----BEGIN"));
}

TEST(SecretParts, AreNotSeenInOtherPairs) {
  EXPECT_THAT(found("sasl.oauthbearer.token.endpoint.url=https://h/token, ssl.key.location=/k"), IsEmpty());
  EXPECT_THAT(found("passfile=/home/u/.pgpass password= "), IsEmpty());
  EXPECT_THAT(found("the password is not here"), IsEmpty());
  EXPECT_THAT(found("Straße=Nord; Ключ=значение"), IsEmpty());
  EXPECT_THAT(found(""), IsEmpty());
}

}  // namespace
}  // namespace qonduit::config
