// What a line of a dead letter file holds, and what it says of a line that holds none.
#include "plugins/sinks/queue/core/dead_letter.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace qonduit::queue::dead_letter_test {
namespace {

DeadLetter sample() {
  DeadLetter letter;
  letter.time = "2026-01-31T23:59:59Z", letter.reason = "a \"reason\"\n", letter.destination = "queue 'q'";
  letter.to = {"orders", {{"qonduit-run", "r"}, {"qonduit-app", "Ä"}}, false};
  letter.kind = MessageKind::marker, letter.id = "abc/1", letter.content_type = "text/csv", letter.rows = 7;
  letter.pipeline = "p", letter.run = "r", letter.app = "Ä", letter.object = "o", letter.dataset = "d";
  letter.body = "{}";
  return letter;
}

DeadLetter through_a_line(const DeadLetter& letter) {
  std::string line;
  append_line(letter, line);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  line.pop_back();
  auto read = parse_line(line);
  if (!read) throw std::runtime_error(read.error().message());
  EXPECT_EQ(read->missing, "");
  return read->letter;
}

TEST(DeadLetter, ALineReadsBackAsItWasWritten) {
  const auto letter = sample();
  const auto read = through_a_line(letter);
  EXPECT_EQ(read.time, letter.time);
  EXPECT_EQ(read.reason, letter.reason);
  EXPECT_EQ(read.destination, letter.destination);
  EXPECT_EQ(read.to, letter.to);
  EXPECT_EQ(read.kind, letter.kind);
  EXPECT_EQ(read.id, letter.id);
  EXPECT_EQ(read.content_type, letter.content_type);
  EXPECT_EQ(read.rows, letter.rows);
  EXPECT_EQ(read.pipeline + read.run + read.app + read.object + read.dataset, "prÄod");
  EXPECT_EQ(read.key, std::nullopt);
  EXPECT_EQ(read.body, letter.body);
}

TEST(DeadLetter, BytesOfAnyKindAndLengthAreKept) {
  auto letter = sample();
  for (const std::size_t size : {1u, 2u, 3u, 4u, 5u, 64u, 1000u}) {
    letter.body = std::string(size, '\xFF');
    letter.key = std::string(size, '\0') + "\x80";
    const auto read = through_a_line(letter);
    EXPECT_EQ(read.body, letter.body);
    EXPECT_EQ(read.key, letter.key);
  }
  letter.body = "", letter.key = "";
  EXPECT_EQ(through_a_line(letter).body, "");
  EXPECT_EQ(through_a_line(letter).key, "") << "a key that is empty is one";
  letter.body = std::string("\0a", 2), letter.key = "Ä";
  EXPECT_EQ(through_a_line(letter).body, letter.body);
  EXPECT_FALSE(through_a_line(letter).tombstone);
  letter.body = "", letter.op = "delete", letter.tombstone = true;
  EXPECT_EQ(through_a_line(letter).op, "delete");
  EXPECT_TRUE(through_a_line(letter).tombstone);
  EXPECT_EQ(through_a_line(letter).key, letter.key);
}

TEST(DeadLetter, ALineOfAVersionBeforeSaysWhatItLacks) {
  const auto read = parse_line(R"({"reason":"full","destination":"queue 'q'","kind":"row","id":"a/1","content_type":"application/json",)"
                               R"("rows":1,"headers":{},"body":"{}"})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->missing, "to, rows_header");
  EXPECT_EQ(read->letter.reason, "full");
  EXPECT_EQ(parse_line("{}")->missing, "to, kind, id, content_type, rows, rows_header, headers, body");
}

TEST(DeadLetter, WhatIsNoLetterIsNamed) {
  const auto why = [](std::string_view line) {
    const auto read = parse_line(line);
    return read ? std::string() : read.error().message();
  };
  for (const auto* line : {"", "[]", "{", "7", "{} {}", "{\"body\":\"\xFF\"}"}) EXPECT_EQ(why(line), "it is no JSON object") << line;
  EXPECT_EQ(why(R"({"rows":"7"})"), "'rows' is no number of rows");
  EXPECT_EQ(why(R"({"rows":-7})"), "'rows' is no number of rows");
  EXPECT_EQ(why(R"({"kind":"letter"})"), "'kind' is no kind of message: row or marker");
  EXPECT_EQ(why(R"({"headers":{"a":1}})"), "'headers' is no object of texts");
  for (const auto* bytes : {"!!!!", "QQ", "QUJD="})
    EXPECT_EQ(why("{\"body_base64\":\"" + std::string(bytes) + "\"}"), "'body_base64' is no base64");
}

}  // namespace
}  // namespace qonduit::queue::dead_letter_test
