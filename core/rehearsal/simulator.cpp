#include "core/rehearsal/simulator.hpp"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace qonduit::rehearsal {
namespace {

constexpr std::string_view kListens = "listens on";

std::vector<std::string> command_of(const Simulator::Options& options, const std::filesystem::path& report) {
  std::vector<std::string> command{options.program.string(),
                                   "--port",
                                   "0",
                                   "--certs",
                                   options.certificates.string(),
                                   "--fault-report",
                                   report.string(),
                                   "--profile",
                                   options.profile,
                                   "--seed-of-faults",
                                   std::to_string(options.seed)};
  for (const auto& cassette : options.cassettes) {
    command.emplace_back("--cassette");
    command.push_back(cassette);
  }
  return command;
}

// Between fork and exec: only what is safe there.
[[noreturn]] void become(char* const* arguments, int output, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::setpgid(0, 0);  // Ctrl-C is the host's affair: it ends the run, then the simulator
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

}  // namespace

Result<std::unique_ptr<Simulator>> Simulator::start(const Options& options) {
  if (::access(options.program.c_str(), X_OK) != 0) {
    return Status(Code::not_found,
                  "cannot run the simulator '" + options.program.string() + "': " + std::strerror(errno) + "; name it with --simulator");
  }
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) return Status(Code::io, std::string("cannot start the simulator: ") + std::strerror(errno));
  auto report = options.folder / "faults.json";
  std::error_code ignored;
  std::filesystem::remove(report, ignored);
  auto command = command_of(options, report);
  std::vector<char*> arguments;
  for (auto& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t process = ::fork();
  if (process == 0) become(arguments.data(), pipe[1], parent);
  const int error = errno;
  ::close(pipe[1]);
  if (process < 0) {
    ::close(pipe[0]);
    return Status(Code::io, std::string("cannot start the simulator: ") + std::strerror(error));
  }
  std::unique_ptr<Simulator> simulator(new Simulator(process, pipe[0], std::move(report)));
  if (auto status = simulator->wait_until_it_listens(); !status.ok()) return status;
  return simulator;
}

Status Simulator::wait_until_it_listens() {
  std::string said;
  char buffer[1024];
  while (true) {
    const auto at = said.find(kListens);
    const auto end = at == std::string::npos ? at : said.find('\n', at);
    if (end != std::string::npos) {
      port_ = std::atoi(said.c_str() + said.rfind(':', end) + 1);
      return {};
    }
    const auto got = ::read(output_, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return {Code::unavailable, "the simulator did not start: " + (said.empty() ? "it said nothing" : said)};
    said.append(buffer, static_cast<std::size_t>(got));
  }
}

Simulator::~Simulator() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  ::close(output_);
}

Result<Simulator::Faults> Simulator::stop() {
  ::kill(process_, SIGTERM);
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return Status(Code::internal, "the simulator ended with " + (WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                                                                     : "exit code " + std::to_string(WEXITSTATUS(status))));
  }
  std::ifstream file(report_);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    const auto root = Poco::JSON::Parser().parse(text).extract<Poco::JSON::Object::Ptr>();
    Faults faults;
    faults.data_calls = root->getValue<std::uint64_t>("dataCalls");
    const auto times = root->getObject("faults");
    for (const auto& name : times->getNames()) faults.times[name] = times->getValue<std::uint64_t>(name);
    return faults;
  } catch (const std::exception& error) {
    return Status(Code::internal, std::string("the simulator's report of faults cannot be read: ") + error.what());
  }
}

}  // namespace qonduit::rehearsal
