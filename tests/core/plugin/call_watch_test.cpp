#include "core/plugin/call_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace qonduit::plugin {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Until a call has taken that long by the clock: nothing else makes it old.
void outlast(const host::Host& host, milliseconds time) {
  while (host.open_calls().front().time < time) std::this_thread::yield();
}

TEST(CallWatch, SaysACallThatTakesLongOnceAndWhenItHasTakenTwiceAsLong) {
  host::Host host;
  const host::Place place(host, {"the-plugin", "csv", "lake", "sales", {}});
  CallWatch watch(host, milliseconds(40));
  EXPECT_THAT(watch.look(), IsEmpty()) << "nothing is under way";
  const host::Place::Call call(place, "write");
  outlast(host, milliseconds(40));
  EXPECT_THAT(watch.look(), ElementsAre("sink 'lake' (plugin 'the-plugin') has been in write for 0 s"));
  EXPECT_THAT(CallWatch(host, std::chrono::hours(1)).look(), IsEmpty());
  outlast(host, milliseconds(80));
  EXPECT_EQ(watch.look().size(), 1u);
}

TEST(CallWatch, ForgetsACallThatHasEnded) {
  host::Host host;
  const host::Place place(host, {"the-plugin", "csv", {}, {}, {}});
  CallWatch watch(host, milliseconds(1));
  {
    const host::Place::Call call(place, "commit");
    outlast(host, milliseconds(2));
    EXPECT_THAT(watch.look(), ElementsAre("'csv' (plugin 'the-plugin') has been in commit for 0 s"));
  }
  EXPECT_THAT(host.open_calls(), IsEmpty());
  EXPECT_THAT(watch.look(), IsEmpty());
  const host::Place::Call call(place, "commit");
  outlast(host, milliseconds(2));
  EXPECT_EQ(watch.look().size(), 1u) << "another call";
}

}  // namespace
}  // namespace qonduit::plugin
