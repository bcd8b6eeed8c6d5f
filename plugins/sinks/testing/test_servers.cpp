// test-servers start|end KIND FOLDER: the servers of a CTest run, as its fixtures start and end them. FOLDER is where tests look for them;
// what a keeper says of itself is in FOLDER/KIND.log.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <string>

#include "plugins/sinks/queue/testing/kafka_server.hpp"
#include "plugins/sinks/queue/testing/rabbitmq_server.hpp"
#include "plugins/sinks/queue/testing/schema_registry_server.hpp"
#include "plugins/sinks/sql/testing/mariadb_server.hpp"
#include "plugins/sinks/sql/testing/postgresql_server.hpp"
#include "plugins/sinks/testing/shared_server.hpp"

namespace {

namespace fs = std::filesystem;
using namespace qonduit;

constexpr const char* kReady = "ready";

template <typename Server>
void keep(const fs::path& state, const std::function<void()>& ready) {
  Server server;
  sinks::testing::keep_server(server.kept(), state, ready);
}

const std::map<std::string, void (*)(const fs::path&, const std::function<void()>&)> kKinds{
    {"kafka", keep<kafka::testing::KafkaServer>},
    {"mariadb", keep<odbc::testing::MariadbServer>},
    {"postgresql", keep<postgresql::testing::PostgresqlServer>},
    {"rabbitmq", keep<amqp::testing::RabbitmqServer>},
    {"schema_registry", keep<queue::testing::SchemaRegistryServer>},
};

void say(int file, const std::string& words) { static_cast<void>(!::write(file, words.data(), words.size())); }

// Of this process's child, which belongs to no terminal and to no test: CTest waits for neither.
int become_keeper(const std::string& kind, const fs::path& folder, int starter) {
  ::setsid();
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int log = ::open((folder / (kind + ".log")).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  try {
    kKinds.at(kind)(folder / kind, [&] {
      say(starter, kReady);
      ::close(starter);
    });
    return 0;
  } catch (const std::exception& error) {
    say(starter, error.what());
    return 1;
  }
}

int start(const std::string& kind, const fs::path& folder) {
  fs::create_directories(folder);
  sinks::testing::end_kept_server(folder / kind);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return 1;
  const auto keeper = ::fork();
  if (keeper < 0) return 1;
  if (keeper == 0) return become_keeper(kind, folder, ends[1]);
  ::close(ends[1]);
  std::string words;
  std::array<char, 4096> bytes{};
  for (ssize_t got = 0; (got = ::read(ends[0], bytes.data(), bytes.size())) > 0;) words.append(bytes.data(), static_cast<std::size_t>(got));
  if (words == kReady) return 0;
  std::fprintf(stderr, "%s does not start: %s\n", kind.c_str(), words.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string action = argc == 4 ? argv[1] : "", kind = argc == 4 ? argv[2] : "";
  if ((action != "start" && action != "end") || !kKinds.contains(kind)) {
    std::fprintf(stderr, "usage: test-servers start|end KIND FOLDER\n");
    return 2;
  }
  const fs::path folder = argv[3];
  try {
    if (action == "start") return start(kind, folder);
    sinks::testing::end_kept_server(folder / kind);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", kind.c_str(), error.what());
    return 1;
  }
}
