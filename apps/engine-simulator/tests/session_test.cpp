#include "session/registry.hpp"

#include <Poco/Exception.h>
#include <gtest/gtest.h>

#include <thread>

#include "apps/data_app.hpp"

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
  for (const char* path : {"/app/engineData/", "/app", "/app/", "/app/ttl/5", "/app/identity/me/ttl/5", "/app?reloadUri=x"})
    EXPECT_EQ(key(path).app, "engineData") << path;
  EXPECT_EQ(key("/app/ttl/5").ttl_seconds, 5U);
  EXPECT_EQ(key("/app/None").app, "None");
}

TEST(SessionPath, RefusesWhatIsNoApp) {
  for (const char* path : {"/", "/ap", "/sense/app/x", "/app/x/ttl", "/app/x/ttl/soon", "/app/x/what/1"})
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

// A user of the gallery who looks at its table of orders, as every call of GetLayout does.
struct Viewer {
  explicit Viewer(App& app) {
    EXPECT_TRUE(session->open(app, "CORP\\svc", false));
    object = session->object("g-table");
  }
  std::shared_ptr<const Evaluation> look() { return session->evaluate(*object); }
  void select_first(const std::string& field_name, const std::string& state = {}) {
    const auto& model = session->scope().model();
    const int field = model.find_field(field_name);
    std::vector<char> chosen(model.field(field).symbols.size(), 0);
    chosen.front() = 1;
    ASSERT_TRUE(session->select(state, field, chosen, false));
  }
  std::shared_ptr<Session> session = std::make_shared<Session>();
  std::shared_ptr<SessionObject> object;
};

TEST(SharedEvaluations, AreOfSessionsThatSeeTheSame) {
  const auto app = load_gallery();
  Viewer one(*app);
  Viewer other(*app);
  ASSERT_NE(one.object, nullptr);
  const auto whole = one.look();
  EXPECT_EQ(other.look(), whole);

  one.select_first(one.session->scope().model().fields().front().name);
  const auto selected = one.look();
  EXPECT_NE(selected->layout, whole->layout);
  EXPECT_EQ(other.look(), whole);
  other.select_first(one.session->scope().model().fields().front().name, "an alternate state");
  EXPECT_NE(other.look(), selected);
  EXPECT_TRUE(one.session->back());
  EXPECT_NE(one.look(), selected);
}

TEST(SharedEvaluations, AreNotOfOtherVariablesPropertiesOrData) {
  const auto app = load_gallery();
  Viewer one(*app);
  Viewer other(*app);
  const auto whole = one.look();
  other.session->scope().variables["v"].definition = "1";
  other.session->touch();
  EXPECT_NE(other.look(), whole);

  Viewer patched(*app);
  auto properties = as_object(copy_of(patched.object->stored().properties));
  properties->set("title", "Mine");
  patched.object->set_patched(properties);
  EXPECT_NE(patched.look()->layout, whole->layout);

  app->change();
  const auto changed = one.look();
  EXPECT_NE(changed->layout, whole->layout);
  EXPECT_EQ(Viewer(*app).look(), changed);
  app->reload();
  EXPECT_EQ(one.look()->layout, whole->layout);
}

TEST(SharedEvaluations, AreMadeByManyThreadsWhileTheDataChanges) {
  const auto app = load_gallery();
  std::vector<std::thread> viewers;
  for (int i = 0; i < 4; ++i)
    viewers.emplace_back([&] {
      for (int time = 0; time < 20; ++time) {
        Viewer viewer(*app);
        EXPECT_FALSE(viewer.look()->layout.empty());
      }
    });
  for (int i = 0; i < 5; ++i) app->reload();
  for (auto& viewer : viewers) viewer.join();
}

}  // namespace
}  // namespace qonduit::simulator
