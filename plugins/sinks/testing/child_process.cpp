#include "child_process.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>

namespace qonduit::sinks::testing {
namespace {

[[noreturn]] void become(const std::vector<std::string>& command, const std::string& output, const std::string& user) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  ::dup2(file, 1);
  ::dup2(file, 2);
  if (!user.empty() && ::geteuid() == 0) {
    const auto* entry = ::getpwnam(user.c_str());
    if (entry == nullptr || ::setgid(entry->pw_gid) != 0 || ::setuid(entry->pw_uid) != 0) ::_exit(126);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // changing the user has reset it
  }
  std::vector<char*> arguments;
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, const std::string& output, const std::string& user) {
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) become(command, output, user);
}

ChildProcess::~ChildProcess() {
  if (pid_ <= 0) return;
  signal(SIGKILL);
  wait();
}

bool ChildProcess::running() {
  if (pid_ <= 0) return false;
  if (::waitpid(pid_, &status_, WNOHANG) == 0) return true;
  pid_ = -1;
  return false;
}

void ChildProcess::signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

int ChildProcess::wait() {
  if (pid_ > 0) ::waitpid(pid_, &status_, 0);
  pid_ = -1;
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
}

void run(const std::vector<std::string>& command, const std::string& user) {
  auto name = (std::filesystem::temp_directory_path() / "qonduit-command-XXXXXX").string();
  const int file = ::mkstemp(name.data());
  if (file < 0) throw std::runtime_error("cannot make " + name);
  ::fchmod(file, 0666);
  ::close(file);
  ChildProcess child(command, name, user);
  const int status = child.wait();
  std::ifstream output(name);
  std::stringstream text;
  text << output.rdbuf();
  std::filesystem::remove(name);
  if (status != 0) throw std::runtime_error(command[0] + " ended with " + std::to_string(status) + ": " + text.str());
}

std::vector<pid_t> children_of(pid_t process) {
  std::vector<pid_t> children;
  std::ifstream file("/proc/" + std::to_string(process) + "/task/" + std::to_string(process) + "/children");
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

int free_port() {
  static std::mutex mutex;
  static std::set<int> given;
  static std::mt19937 random{std::random_device()()};
  const std::lock_guard lock(mutex);
  for (int tried = 0; tried < 1000; ++tried) {
    const int port = std::uniform_int_distribution<int>(15'000, 32'000)(random);
    if (given.contains(port)) continue;
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    if (bound) return *given.insert(port).first;
  }
  throw std::runtime_error("no port is free");
}

}  // namespace qonduit::sinks::testing
