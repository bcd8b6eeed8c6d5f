#include "plugins/sinks/queue/core/change_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "plugins/sinks/testing/temporary_folder.hpp"

namespace qonduit::queue {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ChangeStoreTest : public ::testing::Test {
 protected:
  // Begins and puts rows by key; answers what each was: +, ~ or =.
  std::string put(ChangeStore& store, const std::map<std::string, std::string>& rows) {
    std::string was;
    EXPECT_TRUE(store.begin().ok());
    for (const auto& [key, row] : rows) {
      const auto found = store.put(key, "text of " + key, row);
      EXPECT_TRUE(found);
      if (found) was += "+~="[static_cast<int>(found->was)], before_.push_back(found->before);
    }
    return was;
  }
  static std::vector<std::string> gone(ChangeStore& store) {
    std::vector<std::string> keys;
    EXPECT_TRUE(store
                    .each_gone([&](const ChangeStore::Gone& one) {
                      keys.push_back(std::string(one.message_key) + "|" + std::string(one.before));
                      return Status();
                    })
                    .ok());
    return keys;
  }
  [[nodiscard]] std::string path() const { return (folder_ / "state.sqlite").string(); }

  const sinks::testing::TemporaryFolder temporary_{"qonduit-changes"};
  const fs::path folder_ = temporary_.path();
  std::vector<std::string> before_;
};

TEST_F(ChangeStoreTest, TellsWhatIsOther) {
  ChangeStore store(path(), false);
  EXPECT_EQ(put(store, {{"a", "1"}, {"b", "2"}, {"c", "3"}}), "+++");
  EXPECT_TRUE(store.fresh());
  EXPECT_THAT(gone(store), IsEmpty());
  ASSERT_TRUE(store.commit().ok());
  EXPECT_EQ(put(store, {{"a", "1"}, {"b", "20"}, {"d", "4"}}), "=~+");
  EXPECT_FALSE(store.fresh());
  EXPECT_EQ(store.generation(), 1u);
  EXPECT_THAT(gone(store), ElementsAre("text of c|"));
  ASSERT_TRUE(store.commit().ok());
  ChangeStore later(path(), false);
  EXPECT_EQ(put(later, {{"a", "1"}, {"b", "20"}, {"c", "3"}, {"d", "4"}}), "==+=");
  EXPECT_THAT(before_, ::testing::Each(""));
}

TEST_F(ChangeStoreTest, WhatIsNotCommittedDidNotHappen) {
  {
    ChangeStore store(path(), false);
    EXPECT_EQ(put(store, {{"a", "1"}, {"b", "2"}}), "++");
    ASSERT_TRUE(store.commit().ok());
    EXPECT_EQ(put(store, {{"a", "10"}}), "~");
    EXPECT_THAT(gone(store), ElementsAre("text of b|"));
  }
  ChangeStore store(path(), false);
  EXPECT_EQ(put(store, {{"a", "1"}, {"b", "2"}}), "==");
  EXPECT_EQ(put(store, {{"a", "1"}, {"b", "2"}}), "==") << "begun again";
}

TEST_F(ChangeStoreTest, KeepsRowsWhereItIsAsked) {
  ChangeStore hashes(path(), false);
  put(hashes, {{"a", "1"}, {"b", "2"}});
  ASSERT_TRUE(hashes.commit().ok());
  ChangeStore rows(path(), true);
  EXPECT_EQ(put(rows, {{"a", "1"}, {"b", "2"}}), "==") << "rows of a state without them are no change";
  ASSERT_TRUE(rows.commit().ok());
  before_.clear();
  EXPECT_EQ(put(rows, {{"a", "5"}}), "~");
  EXPECT_THAT(before_, ElementsAre("1"));
  EXPECT_THAT(gone(rows), ElementsAre("text of b|2"));
}

TEST_F(ChangeStoreTest, AKeyComesOnce) {
  ChangeStore store(path(), false);
  put(store, {{"a", "1"}});
  const auto twice = store.put("a", "a", "2");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code(), Code::bad_data);
  EXPECT_THAT(twice.error().message(), HasSubstr("the key a is there twice"));
}

TEST_F(ChangeStoreTest, ManyGoInPieces) {
  ChangeStore store(path(), false);
  std::map<std::string, std::string> rows;
  for (int i = 0; i < 25'000; ++i) rows[std::to_string(i)] = "x";
  put(store, rows);
  ASSERT_TRUE(store.commit().ok());
  put(store, {{"7", "x"}});
  EXPECT_EQ(gone(store).size(), 24'999u);
  ASSERT_TRUE(store.commit().ok());
  EXPECT_EQ(put(store, {{"7", "x"}, {"8", "x"}}), "=+");
}

TEST_F(ChangeStoreTest, ADamagedStateIsMovedAside) {
  {
    ChangeStore store(path(), false);
    put(store, {{"a", "1"}});
    ASSERT_TRUE(store.commit().ok());
  }
  std::ofstream(path()) << "this is no database, and never was one, whatever its name says";
  ChangeStore store(path(), false);
  EXPECT_EQ(put(store, {{"a", "1"}}), "+");
  EXPECT_TRUE(store.fresh());
  EXPECT_TRUE(fs::exists(path() + ".damaged"));
}

TEST_F(ChangeStoreTest, OneDeliveryAtATime) {
  ChangeStore first(path(), false), second(path(), false);
  put(first, {{"a", "1"}});
  const auto status = second.begin();
  EXPECT_EQ(status.code(), Code::unavailable);
  EXPECT_THAT(status.message(), HasSubstr("another delivery"));
  first.rollback();
  EXPECT_TRUE(second.begin().ok());
}

TEST_F(ChangeStoreTest, AFolderThatIsNotThereIsNamed) {
  ChangeStore store((folder_ / "no" / "state.sqlite").string(), false);
  const auto status = store.begin();
  EXPECT_EQ(status.code(), Code::io);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("/no/state.sqlite"), HasSubstr("state-directory must exist")));
}

}  // namespace
}  // namespace qonduit::queue
