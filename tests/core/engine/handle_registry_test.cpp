#include "core/engine/handle_registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace qonduit::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string returned(int handle, const std::string& id) {
  return R"({"qType":"GenericObject","qHandle":)" + std::to_string(handle) + R"(,"qGenericType":"table","qGenericId":")" + id + "\"}";
}

class Handles : public ::testing::Test {
 protected:
  std::vector<std::string> destroyed;
  HandleRegistry registry{[this](const std::string& id) { destroyed.push_back(id); }};

  Status again(const std::function<Result<std::string>(const HandleRegistry::Wanted&)>& resolve) {
    return registry.resolve_again([&](const std::vector<HandleRegistry::Wanted>& wanted) {
      std::vector<Result<std::string>> answers;
      for (const auto& one : wanted) answers.push_back(resolve(one));
      return answers;
    });
  }
};

TEST_F(Handles, TakeANullHandleForAnObjectThatIsNotThere) {
  const auto handle = registry.adopt(R"({"qType":null,"qHandle":null})", HandleKind::object, "object 'x'");
  EXPECT_EQ(handle.error().code(), Code::not_found);
  EXPECT_EQ(registry.adopt("nonsense", HandleKind::object, "object 'x'").error().code(), Code::bad_data);
}

TEST_F(Handles, ShareOneEntryForOneNumber) {
  auto first = registry.adopt(returned(2, "a"), HandleKind::object, "a");
  auto second = registry.adopt(returned(2, "a"), HandleKind::object, "a");
  EXPECT_EQ(registry.size(), 1u);
  registry.apply({{2}, {}, {}});
  EXPECT_EQ(first->changes(), 1u);
  EXPECT_EQ(second->changes(), 1u);
}

TEST_F(Handles, AreFoundWhileSomebodyHoldsThem) {
  auto handle = registry.adopt(returned(2, "a"), HandleKind::object, "a");
  const auto session_object = registry.adopt(returned(3, "mine"), HandleKind::session_object, "mine");
  EXPECT_EQ(registry.find_object("a").number(), 2);
  EXPECT_FALSE(registry.find_object("b"));
  EXPECT_FALSE(registry.find_object("mine")) << "it is made anew each time";
  registry.apply({{}, {2}, {}});
  EXPECT_FALSE(registry.find_object("a")) << "the engine closed it";
}

TEST_F(Handles, AreForgottenWhenTheLastLeaseEnds) {
  { const auto handle = registry.adopt(returned(2, "a"), HandleKind::object, "a"); }
  EXPECT_EQ(registry.size(), 0u);
  EXPECT_THAT(destroyed, IsEmpty()) << "a published object is not ours to destroy";
}

TEST_F(Handles, DestroySessionObjectsWhenTheLastLeaseEnds) {
  {
    const auto handle = registry.adopt(returned(2, "mine"), HandleKind::session_object, "mine");
    const auto copy = *handle;
  }
  EXPECT_THAT(destroyed, ElementsAre("mine"));
}

// The session's destroy asks for the app's number, and so for the registry's lock: whoever looks through the entries meanwhile must not
// be the one that ends the last lease while it holds the lock.
TEST(Registry, HoldsNoLockWhereALeaseEndsWhileOthersAreTaken) {
  Handle doc;
  std::atomic<int> ended = 0;
  HandleRegistry registry([&](const std::string&) { ended += doc.number(); });
  doc = *registry.adopt(returned(1, "doc"), HandleKind::doc, "doc");
  std::vector<Handle> others;
  for (int i = 2; i < 100; ++i) others.push_back(*registry.adopt(returned(i, "o" + std::to_string(i)), HandleKind::object, "o"));
  constexpr int kLeases = 3000;
  std::mutex mutex;
  std::vector<Handle> taken;
  std::atomic<bool> all = false;
  std::thread ends([&] {
    for (bool last = false; !last;) {
      last = all;
      std::vector<Handle> mine;
      const std::lock_guard lock(mutex);
      mine.swap(taken);
    }
  });
  for (int i = 1000; i < 1000 + kLeases; ++i) {
    auto lease = registry.adopt(returned(i, "s" + std::to_string(i)), HandleKind::session_object, "s");
    const std::lock_guard lock(mutex);
    taken.push_back(std::move(*lease));
  }
  all = true;
  ends.join();
  EXPECT_EQ(ended, kLeases);
}

TEST_F(Handles, DoNotDestroyWhatTheEngineClosedItself) {
  {
    const auto handle = registry.adopt(returned(2, "mine"), HandleKind::session_object, "mine");
    registry.apply({{}, {2}, {}});
    EXPECT_EQ(handle->state(), HandleState::closed);
  }
  EXPECT_THAT(destroyed, IsEmpty());
}

TEST_F(Handles, GetNewNumbersAfterAReattach) {
  const auto a = registry.adopt(returned(2, "a"), HandleKind::object, "a");
  const auto b = registry.adopt(returned(3, "b"), HandleKind::session_object, "b", "{\"p\":1}");
  registry.invalidate_all();
  EXPECT_EQ(a->state(), HandleState::stale);
  const auto status = again([](const HandleRegistry::Wanted& wanted) -> Result<std::string> {
    if (wanted.kind == HandleKind::session_object) {
      EXPECT_EQ(wanted.properties_json, "{\"p\":1}");
      return returned(30, wanted.id);
    }
    return returned(20, wanted.id);
  });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(a->number(), 20);
  EXPECT_EQ(b->number(), 30);
  EXPECT_EQ(b->state(), HandleState::valid);
}

TEST_F(Handles, AreClosedWhenTheyCannotBeResolvedAgain) {
  const auto a = registry.adopt(returned(2, "a"), HandleKind::object, "a");
  const auto b = registry.adopt(returned(3, "b"), HandleKind::object, "b");
  registry.invalidate_all();
  const auto status = again([](const HandleRegistry::Wanted& wanted) -> Result<std::string> {
    if (wanted.id == "a") return std::string(R"({"qHandle":null})");
    return returned(9, wanted.id);
  });
  EXPECT_EQ(status.code(), Code::not_found);
  EXPECT_EQ(a->state(), HandleState::closed);
  EXPECT_EQ(b->number(), 9) << "one loss does not take the others along";
}

TEST_F(Handles, OutliveTheRegistryWithoutHarm) {
  Handle handle;
  {
    HandleRegistry other([](const std::string&) {});
    handle = *other.adopt(returned(2, "a"), HandleKind::session_object, "a");
  }
  EXPECT_EQ(handle.state(), HandleState::closed);
  EXPECT_EQ(handle.number(), 0);
}

}  // namespace
}  // namespace qonduit::engine
