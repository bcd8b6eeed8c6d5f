// Messages a real RabbitMQ refuses, from the run that keeps them in files to the replay that delivers them, with the host as a user starts
// it; and a host that is killed while it replays.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <set>
#include <sstream>

#include "plugins/sinks/queue/testing/rabbitmq_server.hpp"
#include "tests/integration/kill_while_delivering.hpp"

namespace qonduit::integration {
namespace {

using amqp::testing::RabbitmqServer;
using amqp::testing::RabbitmqSession;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::size_t kCustomers = 1200;

// The messages of a dead letter file, in its order, as a broker would hand them out.
std::vector<amqp::testing::Received> letters_of(const std::string& text) {
  std::vector<amqp::testing::Received> letters;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const auto object = Poco::JSON::Parser().parse(line).extract<Poco::JSON::Object::Ptr>();
    auto& letter = letters.emplace_back();
    letter.id = object->getValue<std::string>("id");
    letter.type = object->getValue<std::string>("kind");
    letter.content_type = object->getValue<std::string>("content_type");
    letter.body = object->getValue<std::string>("body");
    for (const auto& [name, value] : *object->getObject("headers")) letter.headers[name] = value.convert<std::string>();
    letter.headers["qonduit-rows"] = object->getValue<std::string>("rows");
    letter.headers["qonduit-key"] = object->getValue<std::string>("key");
  }
  return letters;
}

class DeadLetters : public ::testing::Test {
 protected:
  DeadLetters() : session_(RabbitmqServer::shared().port()), engine_({"--app", demo_app().string()}), host_(engine_.url()) {
    std::filesystem::create_directory(directory());
    host_.set("pipeline.p.sinks", "q").set("pipeline.p.objects", "object:table-customers");
    host_.set("sink.q.type", "amqp").set("sink.q.url", RabbitmqServer::shared().url()).set("sink.q.key", "No.");
    host_.set("sink.q.routing-key", queue_).set("sink.q.declare-queue", "none").set("sink.q.retry-for", "20s");
    host_.set("sink.q.dead-letter-directory", directory().string()).set("sink.q.dead-letter-limit", "2000");
  }
  ~DeadLetters() override { session_.delete_queue(queue_); }

  [[nodiscard]] std::filesystem::path directory() const { return host_.folder().path() / "dead"; }
  // What list --json prints.
  Poco::JSON::Array::Ptr list() {
    const auto listed = host_.run({"dead-letter", "list", "--json"});
    EXPECT_EQ(listed.exit_code, 0) << listed.err;
    return Poco::JSON::Parser().parse(listed.out).extract<Poco::JSON::Array::Ptr>();
  }
  // The file of a run none of whose messages had a queue.
  std::string refused_run() {
    const auto ran = host_.run();
    EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("1200 messages were refused"));
    const auto files = list();
    if (files->size() != 1) throw std::runtime_error("there are " + std::to_string(files->size()) + " files");
    return files->getObject(0)->getValue<std::string>("file");
  }

  RabbitmqSession session_;
  Simulator engine_;
  Host host_;
  const std::string queue_ = host_.folder().path().filename().string();
};

TEST_F(DeadLetters, AreListedAndReplayed) {
  const auto file = refused_run();
  const auto entry = list()->getObject(0);
  EXPECT_EQ(entry->getValue<std::string>("sink"), "q");
  EXPECT_EQ(entry->getValue<std::string>("pipeline"), "p");
  EXPECT_EQ(entry->getValue<std::size_t>("messages"), kCustomers);
  EXPECT_EQ(entry->getValue<std::string>("reason"), "unroutable: 312 NO_ROUTE");
  const auto refused = read_text(file);

  const auto in_vain = host_.run({"dead-letter", "replay", "--all"});
  EXPECT_EQ(in_vain.exit_code, 1);
  EXPECT_THAT(in_vain.out, HasSubstr(file + ": 0 messages sent, 1,200 stayed"));
  EXPECT_THAT(in_vain.err, AllOf(HasSubstr("sink 'q'"), HasSubstr(file), HasSubstr("refused again")));
  EXPECT_THAT(letters_of(read_text(file)), SizeIs(kCustomers));

  session_.make_queue(queue_);
  const auto replayed = host_.run({"dead-letter", "replay", file, "--sink", "q", "--json"});
  EXPECT_EQ(replayed.exit_code, 0) << replayed.out << replayed.err;
  const auto outcome = Poco::JSON::Parser().parse(replayed.out).extract<Poco::JSON::Array::Ptr>()->getObject(0);
  EXPECT_EQ(outcome->getValue<std::size_t>("sent"), kCustomers);
  EXPECT_EQ(outcome->getValue<std::size_t>("stayed"), 0u);
  const auto received = session_.take_all(queue_);
  const auto expected = letters_of(refused);
  ASSERT_THAT(received, SizeIs(expected.size()));
  for (std::size_t i = 0; i < received.size(); ++i) {
    ASSERT_EQ(received[i].id, expected[i].id);
    ASSERT_EQ(received[i].body, expected[i].body);
    ASSERT_EQ(received[i].type, expected[i].type);
    ASSERT_EQ(received[i].content_type, expected[i].content_type);
    ASSERT_EQ(received[i].headers, expected[i].headers);
  }
  EXPECT_EQ(list()->size(), 0u);
  EXPECT_EQ(host_.run({"dead-letter", "list"}).out, "no dead letters\n");
  EXPECT_EQ(host_.run({"dead-letter", "replay", "--all"}).exit_code, 0) << "there is nothing that could fail";
}

TEST_F(DeadLetters, SayWhatIsWrong) {
  const auto file = refused_run();
  const auto says = [this](std::vector<std::string> arguments, int code, const std::string& words) {
    arguments.insert(arguments.begin(), "dead-letter");
    const auto outcome = host_.run(arguments);
    EXPECT_EQ(outcome.exit_code, code) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(words));
  };
  says({"replay"}, 2, "name the files (qonduit dead-letter list shows them), or give --all");
  says({"replay", file, "--all"}, 2, "not both");
  says({"replay", directory() / "gone.jsonl"}, 2, "there is no file '" + (directory() / "gone.jsonl").string() + "'");
  const auto outside = host_.folder().write("outside.jsonl", "{}\n").string();
  says({"replay", outside}, 2, "'" + outside + "' is no dead letter file of 'q'");
  says({"list", "--sink", "f"}, 3, "sink 'f': sinks of this kind keep no dead letters");
  says({"list", "--sink", "qq"}, 3, "the configuration has no sink 'qq' (there are: f, q)");
  host_.set("sink.other.type", "amqp").set("sink.other.url", RabbitmqServer::shared().url());
  host_.set("sink.other.routing-key", "elsewhere").set("sink.other.dead-letter-directory", directory().string());
  says({"replay", "--all"}, 2, "in the dead-letter-directory of several sinks: 'other', 'q'; say with --sink");
  host_.set("sink.other.dead-letter-directory", (directory() / "gone").string());
  says({"list"}, 1, "sink 'other': cannot read dead-letter-directory");
  host_.set("sink.other.dead-letter-directory", "").set("sink.q.dead-letter-directory", "");
  says({"list"}, 3, "no sink keeps dead letters: sink 'f': sinks of this kind keep no dead letters; sink 'other': dead-letter-directory");
  EXPECT_THAT(letters_of(read_text(file)), SizeIs(kCustomers)) << "none of it touched the file";
}

TEST_F(DeadLetters, OfAHostThatIsKilledAreNotLost) {
  const auto file = refused_run();
  const auto refused = read_text(file);
  std::set<std::string> ids;
  for (const auto& letter : letters_of(refused)) ids.insert(letter.id);
  session_.make_queue(queue_);
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(host_.run({"dead-letter", "replay", "--all"}).exit_code, 0);
  Killer killer(std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin));
  ASSERT_THAT(session_.take_all(queue_), SizeIs(kCustomers));

  while (killer.goes_on()) {
    std::ofstream(file, std::ios::binary) << refused;
    static_cast<void>(killer.finishes(host_.command({"dead-letter", "replay", "--all"})));
    const auto rest = host_.run({"dead-letter", "replay", "--all"});
    ASSERT_EQ(rest.exit_code, 0) << rest.out << rest.err;
    std::set<std::string> received;
    for (const auto& message : session_.take_all(queue_)) received.insert(message.id);
    ASSERT_EQ(received, ids) << killer.moment();
    ASSERT_EQ(list()->size(), 0u);
  }
}

}  // namespace
}  // namespace qonduit::integration

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  // Started by this thread: the server dies with the thread that started it.
  if (!GTEST_FLAG_GET(list_tests)) qonduit::amqp::testing::RabbitmqServer::shared();
  return RUN_ALL_TESTS();
}
