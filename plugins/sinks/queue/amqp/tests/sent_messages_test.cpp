#include "plugins/sinks/queue/amqp/sent_messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::amqp {
namespace {

using ::testing::ElementsAre;

class SentMessagesTest : public ::testing::Test {
 protected:
  void add(const std::string& id) { sent_.add({queue::MessageKind::row, id, std::nullopt, "body of " + id, "application/json", 1}); }
  // Sends what is unsent; answers the ids in that order.
  std::vector<std::string> send() {
    std::vector<std::string> ids;
    while (auto* entry = sent_.unsent()) {
      ids.push_back(entry->id);
      sent_.sent(next_tag_++);
    }
    return ids;
  }

  SentMessages sent_;
  std::uint64_t next_tag_ = 1;
};

TEST_F(SentMessagesTest, ConfirmationsComeInAnyOrder) {
  for (const auto* id : {"a", "b", "c"}) add(id);
  EXPECT_THAT(send(), ElementsAre("a", "b", "c"));
  sent_.settle(*sent_.find(2));
  EXPECT_EQ(sent_.find(2), nullptr) << "it is settled";
  EXPECT_EQ(sent_.count(), 3u) << "it waits for those before it";
  sent_.settle(*sent_.find(1));
  EXPECT_EQ(sent_.count(), 1u);
  EXPECT_EQ(sent_.find(3)->id, "c");
  EXPECT_EQ(sent_.find(4), nullptr);
  sent_.settle(*sent_.find(3));
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(sent_.bytes(), 0u);
}

TEST_F(SentMessagesTest, AnotherConnectionGetsWhatIsOpenInItsOrder) {
  for (const auto* id : {"a", "b", "c", "d"}) add(id);
  send();
  sent_.settle(*sent_.find(2));
  add("e");
  sent_.reconnect();
  next_tag_ = 1;
  EXPECT_THAT(send(), ElementsAre("a", "c", "d", "e"));
  EXPECT_EQ(sent_.find(2)->id, "c");
  EXPECT_EQ(sent_.oldest(2)->id, "a");
}

TEST_F(SentMessagesTest, WhatWasNotTakenGoesToTheEnd) {
  for (const auto* id : {"a", "b"}) add(id);
  send();
  sent_.again(*sent_.find(1));
  EXPECT_THAT(send(), ElementsAre("a"));
  EXPECT_EQ(sent_.find(3)->body, "body of a");
  sent_.settle(*sent_.find(2));
  sent_.settle(*sent_.find(3));
  EXPECT_TRUE(sent_.empty());
}

}  // namespace
}  // namespace qonduit::amqp
