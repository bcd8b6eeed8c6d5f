#include "session/registry.hpp"

#include <Poco/Exception.h>
#include <gtest/gtest.h>

namespace qonduit::simulator {
namespace {

SessionKey key(const std::string& path) {
  SessionKey made;
  parse_path(path, made);
  parse_user("UserDirectory=CORP; UserId=svc", made);
  return made;
}

TEST(SessionPath, ReadsAppIdentityAndTtl) {
  const auto made = key("/app/c%3A%5Capps%5Cx.qvf/identity/abc/ttl/30?reloadUri=x");
  EXPECT_EQ(made.app, "c:\\apps\\x.qvf");
  EXPECT_EQ(made.identity, "abc");
  EXPECT_EQ(made.ttl_seconds, 30U);
  EXPECT_EQ(key("/app/engineData/").app, "engineData");
}

TEST(SessionPath, RefusesWhatIsNoApp) {
  for (const char* path : {"/", "/app", "/app/", "/sense/app/x", "/app/x/ttl", "/app/x/ttl/soon", "/app/x/what/1"})
    EXPECT_THROW(key(path), Poco::SyntaxException) << path;
}

TEST(SessionUser, IsReadWithOrWithoutSpacesAndEscapes) {
  SessionKey made;
  parse_user("UserDirectory=CORP;UserId=svc%20extract", made);
  EXPECT_EQ(made.user_directory, "CORP");
  EXPECT_EQ(made.user_id, "svc extract");
  EXPECT_THROW(parse_user("", made = {}), Poco::SyntaxException);
  EXPECT_THROW(parse_user("UserId=svc", made = {}), Poco::SyntaxException);
}

TEST(SessionRegistry, SharesASessionAmongSocketsOfOneKeyOnly) {
  SessionRegistry registry;
  const auto [first, attached] = registry.attach(key("/app/a"));
  EXPECT_FALSE(attached);
  EXPECT_TRUE(registry.attach(key("/app/a")).second);
  EXPECT_FALSE(registry.attach(key("/app/b")).second);
  EXPECT_FALSE(registry.attach(key("/app/a/identity/1")).second);
}

TEST(SessionRegistry, KeepsASessionForItsTtlAndNotWithoutOne) {
  SessionRegistry registry;
  (void)registry.attach(key("/app/a"));
  registry.detach(key("/app/a"));
  EXPECT_FALSE(registry.attach(key("/app/a")).second);
  const auto first = registry.attach(key("/app/b/ttl/600")).first;
  const int handle = first->new_handle();
  registry.detach(key("/app/b/ttl/600"));
  const auto [again, attached] = registry.attach(key("/app/b/ttl/600"));
  EXPECT_TRUE(attached);
  EXPECT_GT(again->new_handle(), handle) << "handle numbers are not used twice in a session";
}

}  // namespace
}  // namespace qonduit::simulator
