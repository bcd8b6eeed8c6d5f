// The fast reading of an envelope against the full one: on captured frames, on hostile ones, and on thousands made up.
#include "core/engine/envelope.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>

#include "core/engine/message.hpp"
#include "tests/paths.hpp"

namespace qonduit::engine {
namespace {

using ::testing::ElementsAre;

class Padded {
 public:
  explicit Padded(const std::string& text) : text_(text + std::string(Message::kPadding, ' ')), size_(text.size()) {}
  [[nodiscard]] std::string_view view() const { return std::string_view(text_).substr(0, size_); }

 private:
  std::string text_;
  std::size_t size_;
};

void expect_same(const std::string& text) {
  const Padded padded(text);
  const auto fast = parse_envelope_fast(padded.view());
  const auto full = parse_envelope_fully(padded.view());
  if (!fast) return;  // not sure: the full parse is what counts
  ASSERT_TRUE(full) << text.substr(0, 300);
  EXPECT_EQ(fast->id, full->id);
  EXPECT_EQ(fast->result, full->result) << text.substr(0, 300);
  EXPECT_EQ(fast->changed, full->changed);
  EXPECT_EQ(fast->closed, full->closed);
  EXPECT_EQ(fast->suspended, full->suspended);
  EXPECT_EQ(fast->delta, full->delta);
}

TEST(Envelope, ReadsAReply) {
  const Padded text(R"({"jsonrpc":"2.0","id":2,"result":{"qReturn":{"qHandle":1}},"change":[1,-1, 30],"close":[],"suspend":[7]})");
  for (const auto& envelope : {parse_envelope_fast(text.view()).value(), *parse_envelope_fully(text.view())}) {
    EXPECT_EQ(envelope.id, 2u);
    EXPECT_EQ(envelope.result, R"({"qReturn":{"qHandle":1}})");
    EXPECT_THAT(envelope.changed, ElementsAre(1, -1, 30));
    EXPECT_TRUE(envelope.closed.empty());
    EXPECT_THAT(envelope.suspended, ElementsAre(7));
  }
}

TEST(Envelope, ReadsANotificationAnErrorAndAPush) {
  const Padded connected(R"({"jsonrpc":"2.0","method":"OnConnected","params":{"qSessionState":"SESSION_CREATED"}})");
  const auto notification = parse_envelope(connected.view());
  ASSERT_TRUE(notification);
  EXPECT_EQ(notification->method, "OnConnected");
  EXPECT_EQ(notification->params, R"({"qSessionState":"SESSION_CREATED"})");
  const Padded failed(R"({"jsonrpc":"2.0","id":1,"error":{"code":1007,"parameter":"No active document","message":"App invalid"}})");
  EXPECT_EQ(parse_envelope(failed.view())->error, R"({"code":1007,"parameter":"No active document","message":"App invalid"})");
  EXPECT_THAT(parse_envelope(Padded(R"({"jsonrpc":"2.0","change":[2,5,9]})").view())->changed, ElementsAre(2, 5, 9));
}

TEST(Envelope, ReadsMembersInAnyOrder) {
  const Padded text(R"({"change":[3],"result":{"a":1},"delta":true,"id":9,"jsonrpc":"2.0"})");
  const auto envelope = parse_envelope(text.view());
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->id, 9u);
  EXPECT_EQ(envelope->result, R"({"a":1})");
  EXPECT_TRUE(envelope->delta);
}

TEST(Envelope, RefusesWhatIsNoEnvelope) {
  for (const auto* text : {"", "[]", "{", R"({"id":1,"result":{)", "nonsense", R"({"id":"x","result":})"}) {
    EXPECT_FALSE(parse_envelope(Padded(text).view())) << text;
  }
}

TEST(Envelope, IsNotFooledByTextsThatLookLikeATail) {
  for (const auto* text : {
           R"({"jsonrpc":"2.0","id":1,"result":{"t":"\"change\":[1]}"}})",
           R"({"jsonrpc":"2.0","id":1,"result":{"t":"x"},"x\",\"change":[1]})",
           R"({"jsonrpc":"2.0","id":1,"result":{"t":["a",{"change":[1,2]}]}})",
           R"({"jsonrpc":"2.0","id":1,"result":{"change":[1]}})",
           R"({"jsonrpc":"2.0","id":1,"result":{"a":{"b":"}"}},"change":[ 4 , 5 ]})",
           R"({"jsonrpc":"2.0","id":1,"result":{},"delta":false})",
           R"({"jsonrpc":"2.0","id":1,"result":{"delta":true}})",
           "{\"jsonrpc\":\"2.0\",\n \"id\": 12,\n \"result\": {\"a\": [1]}\n, \"change\": [1]\n}",
       }) {
    expect_same(text);
  }
}

TEST(Envelope, AgreesOnCapturedFrames) {
  std::ifstream file(paths::source("tests/fixtures/wire/corectl-traffic-script-get.txt"));
  ASSERT_TRUE(file);
  int frames = 0;
  for (std::string line; std::getline(file, line);) {
    const auto begin = line.find('{');
    if (begin == std::string::npos || line.back() != '}') continue;
    expect_same(line.substr(begin));
    EXPECT_TRUE(parse_envelope(Padded(line.substr(begin)).view())) << line;
    ++frames;
  }
  EXPECT_GE(frames, 5);
}

TEST(Envelope, AgreesOnThousandsOfMadeUpFrames) {
  std::mt19937 random(20260101);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const std::vector<std::string> pieces{"\\\"", "\\\\", "}", "]", "{",   "[", ",", ":", "change", "\\\"change\\\":[1]",
                                        "é",    "東",   " ", "x", "true"};
  const auto text = [&] {
    std::string out = "\"";
    for (int i = pick(6); i > 0; --i) out += pieces[static_cast<std::size_t>(pick(static_cast<int>(pieces.size())))];
    return out + "\"";
  };
  for (int round = 0; round < 20'000; ++round) {
    std::string result = "{";
    for (int i = pick(4); i > 0; --i)
      result +=
          (result.size() > 1 ? "," : "") + text() + ":" + (pick(2) == 0 ? text() : "[" + std::to_string(pick(99)) + "," + text() + "]");
    result += "}";
    std::string frame = R"({"jsonrpc":"2.0","id":)" + std::to_string(pick(1000)) + ",\"result\":" + result;
    std::vector<std::string> tails{pick(2) == 0 ? ",\"change\":[1]" : ",\"change\":[]", ",\"close\":[1,22,333]", ",\"suspend\":[-1]",
                                   ",\"delta\":true", " "};
    std::shuffle(tails.begin(), tails.end(), random);
    for (int i = pick(4); i > 0; --i) frame += tails[static_cast<std::size_t>(i)];
    expect_same(frame + "}");
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace qonduit::engine
