// The main job as a user runs it: the host's binary against the simulated engine, over mutual TLS, into CSV files.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

namespace qonduit::integration {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::map<std::string, Poco::JSON::Object::Ptr> datasets_by_title(const Outcome& outcome) {
  std::map<std::string, Poco::JSON::Object::Ptr> datasets;
  const auto runs = Poco::JSON::Parser().parse(outcome.out).extract<Poco::JSON::Array::Ptr>();
  const auto list = runs->getObject(0)->getArray("datasets");
  for (unsigned i = 0; i < list->size(); ++i) datasets[list->getObject(i)->getValue<std::string>("title")] = list->getObject(i);
  return datasets;
}

TEST(MainJob, DeliversEveryObjectOfTheDemoApp) {
  Host host(demo_engine().url());
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  auto datasets = datasets_by_title(outcome);
  EXPECT_EQ(datasets.at("Orders")->getValue<int>("rows"), 50'000);
  EXPECT_EQ(datasets.at("About")->getValue<std::string>("outcome"), "skipped");
  for (const auto& [title, dataset] : datasets) EXPECT_NE(dataset->getValue<std::string>("outcome"), "failed") << title;
  EXPECT_THAT(host.files(), Contains("Consumer Sales/Orders/Orders.csv"));
  EXPECT_THAT(host.files(), Contains("Consumer Sales/Orders/Orders.csv.manifest.json"));
}

TEST(MainJob, DeliversTheValuesOfTheSource) {
  Host host(demo_engine().url());
  ASSERT_EQ(host.set("pipeline.p.objects", "sheet:Orders/*").run().exit_code, 0);
  // What the engine loaded, summed by key straight from its source.
  std::map<std::string, std::string> quantities;
  const auto source = read_csv(demo_app() / "sales.csv");
  const auto column = [](const std::vector<CsvField>& header, const std::string& name) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (header[i].text == name) return i;
    }
    throw std::runtime_error("no column " + name);
  };
  const auto key = column(source[0], "OrderID");
  const auto quantity = column(source[0], "Quantity");
  for (std::size_t i = 1; i < source.size(); ++i) quantities[source[i][key].text] = source[i][quantity].text;

  const auto delivered = read_csv(host.out() / "Consumer Sales/Orders/Orders.csv");
  ASSERT_EQ(delivered.size(), source.size());
  const auto delivered_key = column(delivered[0], "OrderID");
  const auto delivered_quantity = column(delivered[0], "Quantity");
  for (std::size_t i = 1; i < delivered.size(); ++i) {
    ASSERT_EQ(delivered[i][delivered_quantity].text, quantities.at(delivered[i][delivered_key].text)) << "row " << i;
  }
}

TEST(MainJob, FailsWithAHintForAnUnknownApp) {
  Host host(demo_engine().url());
  const auto outcome = host.set("pipeline.p.app", "Consumer Sale").run();
  EXPECT_EQ(outcome.exit_code, 1) << "the engine let us in";
  EXPECT_THAT(outcome.out, HasSubstr("did you mean 'Consumer Sales'"));
}

TEST(MainJob, FailsWithAHintForAnUnknownSheet) {
  Host host(demo_engine().url());
  const auto outcome = host.set("pipeline.p.objects", "sheet:Order/*").run();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("did you mean 'Orders'"));
  EXPECT_THAT(host.files(), IsEmpty());
}

TEST(MainJob, CannotConnectWhereNobodyListens) {
  Host host("wss://localhost:1/app");
  const auto outcome = host.set("connection.c.reconnect-attempts", "1").run();
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.out, HasSubstr("nobody listens"));
}

TEST(MainJob, RefusesAServerOfAnotherAuthority) {
  Host host(demo_engine().url());
  TempFolder other;
  ASSERT_EQ(integration::run({"/bin/bash", paths::source("certs/make-dev-certs.sh"), other.path().string()}).exit_code, 0);
  const auto outcome = host.set("connection.c.root-certificate", (other.path() / "root.pem").string()).run();
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("\"unauthenticated\""), HasSubstr("is not signed by the root certificate given")));
}

TEST(MainJob, TellsAServersCertificateThatHasExpiredFromOneOfAnotherAuthority) {
  TempFolder certs;
  std::filesystem::copy(certificates(), certs.path(),
                        std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  const std::string renew =
      "cd '" + certs.path().string() +
      "' && openssl req -new -key server_key.pem -subj /CN=localhost -out old.csr && openssl x509 -req -in old.csr -CA root.pem -CAkey "
      "root_key.pem -set_serial 77 -days -1 -sha256 -out server.pem";
  ASSERT_EQ(integration::run({"/bin/sh", "-c", renew}).exit_code, 0);
  Process engine({paths::program("qonduit-simulator"), "--certs", certs.path().string(), "--port", "0", "--gallery"});
  const auto line = engine.wait_for_line("listens on");
  Host host("wss://localhost:" + std::to_string(std::atoi(line.c_str() + line.rfind(':') + 1)) + "/app");
  const auto outcome = host.run();
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("the server's certificate has expired"), Not(HasSubstr("not signed by"))));
}

TEST(MainJob, IsRefusedWithACertificateOfAnotherAuthority) {
  Host host(demo_engine().url());
  TempFolder other;
  ASSERT_EQ(integration::run({"/bin/bash", paths::source("certs/make-dev-certs.sh"), other.path().string()}).exit_code, 0);
  host.set("connection.c.client-certificate", (other.path() / "client.pem").string());
  const auto outcome = host.set("connection.c.client-key", (other.path() / "client_key.pem").string()).run();
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.out, HasSubstr("did not accept the client certificate"));
}

TEST(MainJob, RefusesAHostNameThatIsNotInTheCertificate) {
  // It listens there, but its certificate names localhost, 127.0.0.1 and ::1 only.
  const Simulator engine({"--gallery", "--host", "127.0.0.2"});
  Host host("wss://127.0.0.2:" + std::to_string(engine.port()) + "/app");
  const auto outcome = host.run();
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("\"unauthenticated\""),
                                 HasSubstr("certificate is not for this host name; use a name that it is for: localhost")));
}

struct EngineFault {
  const char* name;
  std::vector<std::string> arguments;

  friend void PrintTo(const EngineFault& fault, std::ostream* out) { *out << fault.name; }
};

class MainJobDespite : public ::testing::TestWithParam<EngineFault> {};

TEST_P(MainJobDespite, DeliversEveryRow) {
  std::vector<std::string> arguments{"--synthetic", "--rows", "20000", "--columns", "8"};
  arguments.insert(arguments.end(), GetParam().arguments.begin(), GetParam().arguments.end());
  const Simulator engine(arguments);
  Host host(engine.url());
  const auto outcome = host.set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table").run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  const auto rows = read_csv(host.out() / "Synthetic/Synthetic/Synthetic.csv");
  ASSERT_EQ(rows.size(), 20'001u);
  // One of the dimensions is the row's number: each once, in order.
  std::size_t number = rows[0].size();
  for (std::size_t i = 0; i < rows[0].size(); ++i) {
    if (rows[0][i].text.find("Row") != std::string::npos || rows[0][i].text.find("row") != std::string::npos) number = i;
  }
  ASSERT_LT(number, rows[0].size()) << "no column with the row's number";
  const auto first = std::atoll(rows[1][number].text.c_str());
  for (std::size_t i = 1; i < rows.size(); ++i) ASSERT_EQ(std::atoll(rows[i][number].text.c_str()), first + static_cast<long long>(i) - 1);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, MainJobDespite,
    ::testing::Values(EngineFault{"AbortedCalls", {"--abort-every", "5"}}, EngineFault{"ASmallerLimitOfCells", {"--max-cells", "3000"}},
                      EngineFault{"ASmallLimitOfBytes", {"--max-reply-bytes", "100000"}},
                      EngineFault{"ADroppedConnection", {"--drop-after", "7"}}, EngineFault{"ShortPages", {"--short-pages", "300"}},
                      EngineFault{"RepliesOutOfOrder", {"--out-of-order", "--latency", "2"}},
                      EngineFault{"FragmentedMessages", {"--fragment", "10000"}}, EngineFault{"Latency", {"--latency", "5"}}),
    [](const auto& tested) { return tested.param.name; });

TEST(MainJob, StartsOverWhenTheDataChangesWhileItIsRead) {
  const Simulator engine({"--synthetic", "--rows", "20000", "--change-after", "5"});
  Host host(engine.url());
  const auto outcome = host.set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table").run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  EXPECT_EQ(datasets_by_title(outcome).at("Synthetic")->getValue<int>("attempts"), 2);
}

TEST(MainJob, RefusesAnAppThatIsOpenWithoutItsData) {
  const Simulator engine({"--app", demo_app().string(), "--no-data"});
  Host host(engine.url());
  const auto outcome = host.run();
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.out, HasSubstr("without its data"));
}

TEST(MainJob, SaysWhyTheEngineEndedTheSession) {
  const Simulator engine({"--app", demo_app().string(), "--notify", "OnMaxParallelSessionsExceeded"});
  Host host(engine.url());
  host.set("connection.c.reconnect-attempts", "1");
  const auto outcome = host.run();
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.out, HasSubstr("too many sessions"));
}

TEST(MainJob, LeavesNothingBehindWhenInterrupted) {
  const Simulator engine({"--synthetic", "--rows", "2000000", "--latency", "20"});
  Host host(engine.url());
  host.set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table");
  Process process(host.command({"run"}));
  process.wait_until("its partial file said that it is in the middle of the job", [&] { return !host.files().empty(); });
  process.signal(SIGINT);
  EXPECT_EQ(process.wait().exit_code, 130);
  EXPECT_THAT(host.files(), IsEmpty());
}

TEST(MainJob, KeepsTheOldFileWhenARunFails) {
  const Simulator good({"--synthetic", "--rows", "500"});
  Host host(good.url());
  host.set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table");
  ASSERT_EQ(host.run().exit_code, 0);
  const auto before = read_text(host.out() / "Synthetic/Synthetic/Synthetic.csv");
  const Simulator bad({"--synthetic", "--rows", "50000", "--abort-every", "1"});
  const auto failed = host.set("connection.c.url", bad.url()).run();
  ASSERT_EQ(failed.exit_code, 1);
  EXPECT_THAT(failed.out, HasSubstr("Request aborted"));
  EXPECT_EQ(read_text(host.out() / "Synthetic/Synthetic/Synthetic.csv"), before);
  EXPECT_EQ(host.files().size(), 2u);
}

TEST(MainJob, DeliversToSeveralSinksAtOnce) {
  const Simulator engine({"--synthetic", "--rows", "5000"});
  Host host(engine.url());
  std::filesystem::create_directory(host.folder().path() / "second");
  host.set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table").set("pipeline.p.sinks", "f, g");
  host.set("sink.g.type", "csv").set("sink.g.directory", (host.folder().path() / "second").string()).set("sink.g.line-ending", "lf");
  ASSERT_EQ(host.run().exit_code, 0);
  EXPECT_EQ(read_csv(host.out() / "Synthetic/Synthetic/Synthetic.csv").size(), 5001u);
  EXPECT_EQ(read_csv(host.folder().path() / "second/Synthetic/Synthetic/Synthetic.csv").size(), 5001u);
}

// What is asked for by name is to be there; a pattern promises nothing.
TEST(MainJob, FailsForAnObjectThatIsNamedAndHoldsNoData) {
  for (const std::string objects : {"object:text-about", "sheet:*/text-about", "sheet:*/*, object:text-about"}) {
    Host host(demo_engine().url());
    host.set("pipeline.p.objects", objects).set("pipeline.p.on-error", "continue");
    const auto outcome = host.run();
    EXPECT_EQ(outcome.exit_code, 1) << objects;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("text-about"), HasSubstr("holds no data"), HasSubstr("on-no-data"))) << objects;
    EXPECT_EQ(host.run({"explain"}).exit_code, 1) << objects;
    const auto warned = host.set("pipeline.p.on-no-data", "warn").run();
    EXPECT_EQ(warned.exit_code, 0) << objects << warned.out;
    EXPECT_THAT(warned.out, HasSubstr("holds no data")) << objects;
  }
  Host host(demo_engine().url());
  EXPECT_EQ(host.set("pipeline.p.objects", "sheet:*/text-*").run().exit_code, 0);
}

}  // namespace
}  // namespace qonduit::integration
