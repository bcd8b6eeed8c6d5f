// Dead letter files: what a list says, and that a replay loses nothing whatever happens meanwhile.
#include "plugins/sinks/queue/core/dead_letters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "plugins/sinks/queue/core/queue_sink.hpp"
#include "plugins/sinks/testing/temporary_folder.hpp"

namespace qonduit::queue::dead_letters_test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace fs = std::filesystem;

constexpr std::uint64_t kLargest = 1'000'000;

struct Sent {
  Destination to;
  DeadLetter letter;
};

// A broker that confirms at flush, and refuses what it is told to.
struct Exchange {
  std::vector<Sent> taken;
  std::set<std::string> unroutable;  // destinations
  int opens = 0, drops = 0;
  std::function<Status()> on_flush = [] { return Status(); };

  [[nodiscard]] std::vector<std::string> ids() const {
    std::vector<std::string> all;
    for (const auto& sent : taken) all.push_back(sent.letter.id);
    return all;
  }
};

class ToExchange final : public Publisher {
 public:
  explicit ToExchange(Exchange& exchange) : exchange_(exchange) {}
  Status probe() override { return {}; }
  Status open(const Destination& destination, OnRefused on_refused) override {
    ++exchange_.opens;
    destination_ = destination;
    on_refused_ = std::move(on_refused);
    return {};
  }
  Status publish(const Message& message) override {
    DeadLetter copy;
    copy.kind = message.kind, copy.id = message.id, copy.content_type = message.content_type, copy.rows = message.rows;
    copy.body = message.body;
    if (message.key) copy.key = *message.key;
    waiting_.push_back({destination_, copy});
    return {};
  }
  Status flush() override {
    auto status = exchange_.on_flush();
    for (auto& sent : std::exchange(waiting_, {})) {
      if (!status.ok()) break;
      if (exchange_.unroutable.contains(sent.to.name)) {
        status = on_refused_({sent.letter.message(), target(), "no route to " + sent.to.name});
      } else {
        exchange_.taken.push_back(std::move(sent));
      }
    }
    return status;
  }
  [[nodiscard]] bool connected() const override { return true; }
  void drop() noexcept override {
    ++exchange_.drops;
    waiting_.clear();
  }
  [[nodiscard]] std::string target() const override { return "topic '" + destination_.name + "'"; }

 private:
  Exchange& exchange_;
  Destination destination_;
  OnRefused on_refused_;
  std::vector<Sent> waiting_;
};

class LettersTest : public ::testing::Test {
 protected:
  LettersTest() { run_.pipeline = "sales", run_.run_id = "run-1", run_.app = "Sales", run_.object_id = "obj", run_.turn = "Region=North"; }
  [[nodiscard]] std::string directory() const { return folder_.string(); }
  [[nodiscard]] std::string file() const { return (folder_ / "sales.obj.Region_North.run-1.jsonl").string(); }
  static Destination to(const std::string& name) { return {name, {{"qonduit-run", "run-1"}}, true}; }
  // Messages of a delivery to this destination that were refused: their ids are their bodies.
  void refuse(const std::string& destination, const std::vector<std::string>& ids) const {
    DeadLetters letters(directory(), kMany);
    letters.begin(run_, to(destination));
    for (const auto& id : ids) {
      const auto status = letters.add({{MessageKind::row, id, std::nullopt, id, "application/json", 1}, "a queue", "full"});
      ASSERT_TRUE(status.ok()) << status.message();
    }
    ASSERT_TRUE(letters.sync().ok());
  }
  Status replay(Replayed& replayed, std::uint64_t message_max = kLargest) {
    ToExchange publisher(exchange_);
    return DeadLetters(directory(), kMany).replay(file(), publisher, message_max, replayed);
  }
  // Of the file, in its order.
  [[nodiscard]] std::vector<std::string> ids_kept() const {
    std::vector<std::string> ids;
    std::ifstream in(file());
    for (std::string line; std::getline(in, line);) {
      const auto read = parse_line(line);
      ids.push_back(read ? read->letter.id : line);
    }
    return ids;
  }
  [[nodiscard]] std::string text() const {
    std::ifstream in(file());
    return {std::istreambuf_iterator<char>(in), {}};
  }

  static constexpr std::int64_t kMany = 1'000'000;
  const sinks::testing::TemporaryFolder temporary_{"qonduit-letters"};
  const fs::path folder_ = temporary_.path();
  qonduit::Run run_;
  Exchange exchange_;
};

TEST_F(LettersTest, AreListedByFile) {
  refuse("orders", {"a", "b"});
  run_.run_id = "run-2", run_.turn = "";
  refuse("orders", {"c"});
  std::ofstream(folder_ / "old.obj..run-0.jsonl") << R"({"reason":"full","id":"x"})" << '\n' << "{" << '\n';
  std::ofstream(folder_ / "notes.txt") << "not one of them";
  std::ofstream(folder_ / "empty.jsonl") << "\n";
  const auto files = DeadLetters(directory(), 1).files();
  ASSERT_TRUE(files) << files.error().message();
  ASSERT_THAT(*files, SizeIs(3));
  const auto& old = (*files)[0];
  EXPECT_EQ(old.pipeline + ' ' + old.object + ' ' + old.dataset + ' ' + old.run_id, "old obj  run-0") << "from the name";
  EXPECT_EQ(old.messages, 2u);
  EXPECT_EQ(old.first, "");
  EXPECT_EQ(old.reason, "full");
  const auto& second = (*files)[1];
  EXPECT_EQ(second.path, (folder_ / "sales.obj..run-2.jsonl").string());
  const auto& first = (*files)[2];
  EXPECT_EQ(first.pipeline + ' ' + first.object + ' ' + first.dataset + ' ' + first.run_id, "sales obj Region=North run-1");
  EXPECT_EQ(first.messages, 2u);
  EXPECT_THAT(first.first, AllOf(SizeIs(20), HasSubstr("T"), HasSubstr("Z")));
  EXPECT_GE(first.last, first.first);
}

TEST_F(LettersTest, AreNeitherListedNorReplayedWithoutADirectory) {
  const DeadLetters none("", 1);
  EXPECT_EQ(none.files().error().code(), Code::unsupported);
  EXPECT_THAT(none.files().error().message(), HasSubstr("dead-letter-directory is not set"));
  ToExchange publisher(exchange_);
  Replayed replayed;
  EXPECT_EQ(none.replay("x.jsonl", publisher, kLargest, replayed).code(), Code::unsupported);
  const auto gone = DeadLetters(directory() + "/gone", 1).files();
  EXPECT_EQ(gone.error().code(), Code::not_found);
  EXPECT_THAT(gone.error().message(), HasSubstr("/gone'"));
}

TEST_F(LettersTest, AreSentAgainAsTheyWere) {
  DeadLetters letters(directory(), 10);
  letters.begin(run_, to("orders"));
  ASSERT_TRUE(letters.add({{MessageKind::row, "id/1", "the key", "\xFF\xFE", "application/avro", 3}, "a queue", "full"}).ok());
  Replayed replayed;
  const auto status = replay(replayed);
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(replayed.sent, 1u);
  EXPECT_EQ(replayed.stayed, 0u);
  ASSERT_THAT(exchange_.taken, SizeIs(1));
  const auto& [destination, letter] = exchange_.taken[0];
  EXPECT_EQ(destination, to("orders"));
  EXPECT_EQ(letter.id, "id/1");
  EXPECT_EQ(letter.key, "the key");
  EXPECT_EQ(letter.body, "\xFF\xFE");
  EXPECT_EQ(letter.content_type, "application/avro");
  EXPECT_EQ(letter.rows, 3u);
  EXPECT_FALSE(fs::exists(file()));
  EXPECT_TRUE(fs::is_empty(folder_));
  EXPECT_TRUE(letters.sync().ok()) << "a delivery whose letters were sent meanwhile goes on";
}

TEST_F(LettersTest, KeepTheirOrderAndShareADestination) {
  refuse("orders", {"a", "b"});
  refuse("customers", {"c"});
  refuse("orders", {"d", "e"});
  Replayed replayed;
  ASSERT_TRUE(replay(replayed).ok());
  EXPECT_THAT(exchange_.ids(), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_EQ(exchange_.taken[2].to.name, "customers");
  EXPECT_EQ(exchange_.opens, 3);
}

TEST_F(LettersTest, ThatAreRefusedAgainStayWithTheNewReason) {
  refuse("orders", {"a"});
  refuse("customers", {"b", "c"});
  refuse("orders", {"d"});
  exchange_.unroutable = {"customers"};
  ASSERT_EQ(::chmod(file().c_str(), 0604), 0);
  Replayed replayed;
  ASSERT_TRUE(replay(replayed).ok());
  EXPECT_EQ(replayed.sent, 2u);
  EXPECT_EQ(replayed.stayed, 2u);
  EXPECT_THAT(exchange_.ids(), ElementsAre("a", "d"));
  EXPECT_THAT(ids_kept(), ElementsAre("b", "c"));
  EXPECT_THAT(text(), AllOf(HasSubstr("no route to customers"), HasSubstr("topic 'customers'"), Not(HasSubstr("full"))));
  EXPECT_EQ(fs::status(file()).permissions(), fs::perms(0604)) << "who could change the file can change it still";
  exchange_.unroutable.clear();
  ASSERT_TRUE(replay(replayed).ok());
  EXPECT_THAT(exchange_.ids(), ElementsAre("a", "d", "b", "c"));
  EXPECT_FALSE(fs::exists(file()));
}

TEST_F(LettersTest, ThatWereNotReachedStayAsTheyAre) {
  refuse("orders", {"a", "b"});
  refuse("customers", {"c"});
  refuse("products", {"d"});
  const auto before = text();
  int flushes = 0;
  exchange_.on_flush = [&] { return ++flushes == 1 ? Status() : Status(Code::unavailable, "gone"); };
  Replayed replayed;
  const auto status = replay(replayed);
  EXPECT_EQ(status.code(), Code::unavailable);
  EXPECT_EQ(status.message(), "gone");
  EXPECT_EQ(replayed.sent, 2u);
  EXPECT_EQ(replayed.stayed, 2u);
  EXPECT_GT(exchange_.drops, 0);
  EXPECT_THAT(ids_kept(), ElementsAre("c", "d"));
  EXPECT_TRUE(before.ends_with(text()));
  exchange_.on_flush = [] { return Status(Code::unavailable, "gone"); };
  EXPECT_EQ(replay(replayed).code(), Code::unavailable);
  EXPECT_EQ(replayed.stayed, 2u);
  EXPECT_THAT(ids_kept(), ElementsAre("c", "d"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1) << "nothing else is left";
}

TEST_F(LettersTest, OfAReplayThatDiedAreSentAgain) {
  refuse("orders", {"a"});
  refuse("customers", {"b"});
  const auto before = text();
  const auto child = ::fork();
  if (child == 0) {
    // The first message is confirmed, and is not in the file for what stays.
    int flushes = 0;
    exchange_.on_flush = [&] { return ++flushes == 2 ? ::_exit(0), Status() : Status(); };
    Replayed replayed;
    static_cast<void>(replay(replayed));
    ::_exit(1);
  }
  int how = 0;
  ASSERT_EQ(::waitpid(child, &how, 0), child);
  ASSERT_TRUE(WIFEXITED(how) && WEXITSTATUS(how) == 0) << "it did not die where it should";
  EXPECT_EQ(text(), before);
  EXPECT_TRUE(fs::exists(file() + ".replay"));
  Replayed replayed;
  ASSERT_TRUE(replay(replayed).ok());
  EXPECT_THAT(exchange_.ids(), ElementsAre("a", "b"));
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(LettersTest, OfADeliveryUnderWayAreNotLost) {
  refuse("orders", {"a"});
  exchange_.on_flush = [this] {
    if (exchange_.taken.empty()) refuse("orders", {"b"});
    return Status();
  };
  Replayed replayed;
  ASSERT_TRUE(replay(replayed).ok());
  EXPECT_THAT(exchange_.ids(), ElementsAre("a"));
  EXPECT_THAT(ids_kept(), ElementsAre("b"));
}

TEST_F(LettersTest, AreSentOnceWhileDeliveriesAddOthers) {
  constexpr int kLetters = 200;
  std::atomic<bool> done = false;
  std::thread delivery([&] {
    for (int i = 0; i < kLetters; ++i) refuse("orders", {std::to_string(i)});
    done = true;
  });
  Replayed replayed;
  const auto send = [&] {
    const auto status = replay(replayed);
    EXPECT_TRUE(status.ok() || status.code() == Code::not_found) << status.message();
  };
  while (!done) send();
  delivery.join();
  send();
  std::vector<std::string> expected;
  for (int i = 0; i < kLetters; ++i) expected.push_back(std::to_string(i));
  EXPECT_EQ(exchange_.ids(), expected);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(LettersTest, AreReplayedByOneAtATime) {
  refuse("orders", {"a"});
  Status second;
  exchange_.on_flush = [&] {
    Exchange other;
    ToExchange publisher(other);
    Replayed replayed;
    second = DeadLetters(directory(), 1).replay(file(), publisher, kLargest, replayed);
    return Status();
  };
  Replayed replayed;
  ASSERT_TRUE(replay(replayed).ok());
  EXPECT_EQ(second.code(), Code::unavailable);
  EXPECT_THAT(second.message(), HasSubstr("another replay of '" + file() + "' is under way"));
  EXPECT_THAT(exchange_.ids(), ElementsAre("a"));
}

TEST_F(LettersTest, ByTheThousandAreSentInTheirOrder) {
  std::vector<std::string> ids;
  for (int i = 0; i < 2500; ++i) ids.push_back(std::to_string(i));
  refuse("orders", ids);
  refuse("customers", {"last"});
  exchange_.unroutable = {"customers"};
  Replayed replayed;
  ASSERT_TRUE(replay(replayed).ok());
  EXPECT_EQ(exchange_.ids(), ids);
  EXPECT_THAT(ids_kept(), ElementsAre("last"));
}

TEST_F(LettersTest, ThatCannotBeReadStayAndAreNamed) {
  refuse("orders", {"a"});
  std::ofstream(file(), std::ios::app) << R"({"id":"old"})" << '\n' << "half a li";
  refuse("orders", {"b"});
  Replayed replayed;
  const auto status = replay(replayed);
  EXPECT_EQ(status.code(), Code::bad_data);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("line 2 cannot be sent"), HasSubstr("it lacks to, kind, content_type")));
  EXPECT_EQ(replayed.sent, 2u);
  EXPECT_EQ(replayed.stayed, 2u);
  EXPECT_THAT(exchange_.ids(), ElementsAre("a", "b"));
  EXPECT_THAT(ids_kept(), ElementsAre("old", "half a li"));
}

TEST_F(LettersTest, LargerThanAMessageStay) {
  refuse("orders", {"a", "0123456789"});
  Replayed replayed;
  ASSERT_TRUE(replay(replayed, 5).ok());
  EXPECT_THAT(exchange_.ids(), ElementsAre("a"));
  EXPECT_THAT(text(), HasSubstr("its body of 10 bytes is larger than message-max = 5"));
}

TEST_F(LettersTest, OfAnotherFolderAreNotTouched) {
  refuse("orders", {"a"});
  fs::create_directory(folder_ / "inner");
  ToExchange publisher(exchange_);
  Replayed replayed;
  const auto replay_of = [&](const std::string& path) {
    return DeadLetters((folder_ / "inner").string(), 1).replay(path, publisher, kLargest, replayed);
  };
  for (const auto& path : {file(), (folder_ / "inner" / ".." / "x.jsonl").string(), (folder_ / "inner" / "x.txt").string()}) {
    const auto status = replay_of(path);
    EXPECT_EQ(status.code(), Code::invalid_argument) << path;
    EXPECT_THAT(status.message(), HasSubstr("'" + path + "' is no file"));
  }
  EXPECT_EQ(replay_of((folder_ / "inner" / "gone.jsonl").string()).code(), Code::not_found);
  EXPECT_THAT(exchange_.ids(), IsEmpty());
  EXPECT_TRUE(fs::is_empty(folder_ / "inner"));
}

class LetterSink final : public QueueSink {
 public:
  LetterSink(const QueueOptions& options, Exchange& exchange)
      : QueueSink(options, *RunTemplate::parse("topic", "{title}"), std::make_unique<ToExchange>(exchange)) {}
};

TEST_F(LettersTest, OfASinkAreReplayedByIt) {
  QueueOptions options;
  options.dead_letter_directory = directory();
  options.key = {"n"};
  options.headers = {"run", "rows"};
  LetterSink sink(options, exchange_);
  exchange_.unroutable = {"Orders"};
  run_.title = "Orders", run_.turn = "";
  const Schema schema{{{"n", Type::int64}}};
  std::vector<Column> columns;
  columns.emplace_back(Type::int64);
  columns[0].append_int64(7);
  const arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  ASSERT_TRUE(sink.open(run_, schema).ok());
  Replayed replayed;
  EXPECT_EQ(sink.replay(file(), replayed).code(), Code::invalid_argument) << "inside of a delivery";
  ASSERT_TRUE(sink.write(BatchView(schema, *array)).ok());
  ASSERT_TRUE(sink.commit().ok());

  EXPECT_THAT(exchange_.ids(), IsEmpty());
  auto files = sink.dead_letters();
  ASSERT_TRUE(files);
  ASSERT_THAT(*files, SizeIs(1));
  EXPECT_EQ(files->front().reason, "no route to Orders");
  exchange_.unroutable.clear();
  ASSERT_TRUE(sink.replay(files->front().path, replayed).ok());
  ASSERT_THAT(exchange_.taken, SizeIs(1));
  EXPECT_EQ(exchange_.taken[0].to, (Destination{"Orders", {{"qonduit-run", "run-1"}}, true}));
  EXPECT_EQ(exchange_.taken[0].letter.key, "7");
  EXPECT_EQ(exchange_.taken[0].letter.body, R"({"n":7})");
  EXPECT_THAT(*sink.dead_letters(), IsEmpty());
}

}  // namespace
}  // namespace qonduit::queue::dead_letters_test
