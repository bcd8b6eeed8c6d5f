#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace qonduit::integration {
namespace {

namespace fs = std::filesystem;

using Clock = std::chrono::steady_clock;

// No test waits as long: not with sanitizers, not on a machine that is busy.
constexpr auto kLongest = std::chrono::minutes(4);

// What there is to read. At the end the descriptor is closed and becomes -1.
void take_available(int& fd, std::string& text) {
  char buffer[65536];
  const auto got = ::read(fd, buffer, sizeof buffer);
  if (got > 0) {
    text.append(buffer, static_cast<std::size_t>(got));
  } else {
    ::close(std::exchange(fd, -1));
  }
}

// A folder below QONDUIT_TEST_FILES that holds this file, the last that is written there; else one that the command makes.
struct MadeOnce {
  MadeOnce(const std::string& name, const std::string& last_file, std::vector<std::string> command) {
    const char* made_before = std::getenv("QONDUIT_TEST_FILES");
    path = made_before == nullptr ? fs::path() : fs::path(made_before) / name;
    if (!path.empty() && fs::exists(path / last_file)) return;
    path = folder.path() / name;
    command.push_back(path.string());
    const auto made = run(command);
    if (made.exit_code != 0) throw std::runtime_error(command[0] + ": " + made.err);
  }
  TempFolder folder;
  fs::path path;
};

}  // namespace

TempFolder::TempFolder() {
  auto pattern = (fs::temp_directory_path() / "qonduit-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error(std::string("mkdtemp: ") + std::strerror(errno));
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path TempFolder::write(const std::string& name, const std::string& text) const {
  fs::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name, std::ios::binary) << text;
  return path_ / name;
}

Process::Process(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment) {
  int out[2];
  int err[2];
  if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  std::vector<char*> arguments;
  for (const auto& text : command) arguments.push_back(const_cast<char*>(text.c_str()));
  arguments.push_back(nullptr);
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  std::vector<char*> pointers;
  for (auto& variable : variables) pointers.push_back(variable.data());
  pointers.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    ::execve(arguments[0], arguments.data(), pointers.data());
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

Process::~Process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (out_ >= 0) ::close(out_);
  if (err_ >= 0) ::close(err_);
}

// False when both pipes are at their end: the process has ended.
bool Process::read_more(std::chrono::milliseconds longest) {
  pollfd fds[2] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}};
  if (::poll(fds, 2, static_cast<int>(longest.count())) > 0) {
    if (fds[0].revents != 0) take_available(out_, said_.out);
    if (fds[1].revents != 0) take_available(err_, said_.err);
  }
  return out_ >= 0 || err_ >= 0;
}

std::string Process::wait_for_line(const std::string& text) {
  const auto deadline = Clock::now() + kLongest;
  for (bool runs = true;; runs = read_more(std::chrono::seconds(1))) {
    const auto at = said_.out.find(text);
    const auto end = at == std::string::npos ? at : said_.out.find('\n', at);
    if (end != std::string::npos) {
      const auto begin = said_.out.rfind('\n', at) + 1;  // 0 where there is none
      return said_.out.substr(begin, end - begin);
    }
    if (!runs) throw std::runtime_error("the process ended without saying '" + text + "'" + said());
    if (Clock::now() > deadline) throw std::runtime_error("the process does not say '" + text + "'" + said());
  }
}

void Process::wait_until(const std::string& what, const std::function<bool()>& holds) {
  const auto deadline = Clock::now() + kLongest;
  for (bool runs = true; !holds(); runs = read_more(std::chrono::milliseconds(10))) {
    if (!runs) throw std::runtime_error("the process ended before " + what + said());
    if (Clock::now() > deadline) throw std::runtime_error("the process runs, but not until " + what + said());
  }
}

void Process::signal(int number) const { ::kill(pid_, number); }

Outcome Process::wait() {
  const auto deadline = Clock::now() + kLongest;
  while (read_more(std::chrono::seconds(1))) {
    if (Clock::now() > deadline) throw std::runtime_error("the process does not end" + said());
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  said_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return std::move(said_);
}

Outcome run(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment) {
  return Process(command, environment).wait();
}

const fs::path& certificates() {
  static const MadeOnce made("certs", "client.pem", {"/bin/sh", paths::source("certs/make-dev-certs.sh")});
  return made.path;
}

const fs::path& demo_app() {
  static const MadeOnce made("demo", "app.json", {paths::program("qonduit-simulator"), "make-demo"});
  return made.path;
}

std::string plugins() {
  const char* few = std::getenv("QONDUIT_TEST_PLUGINS");
  return few == nullptr ? paths::build("plugins") : few;
}

Simulator::Simulator(std::vector<std::string> arguments)
    : process_([&] {
        std::vector<std::string> command{paths::program("qonduit-simulator"), "--certs", certificates().string(), "--port", "0"};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return command;
      }()) {
  const auto line = process_.wait_for_line("listens on");
  port_ = std::atoi(line.c_str() + line.rfind(':') + 1);
}

void Simulator::stop() {
  process_.signal(SIGTERM);
  process_.wait();
}

const Simulator& demo_engine() {
  static const Simulator engine({"--app", demo_app().string()});
  return engine;
}

const Simulator& gallery_engine() {
  static const Simulator engine({"--gallery"});
  return engine;
}

const Simulator& captures_engine() {
  static const TempFolder all;
  static const Simulator engine([] {
    for (const auto* folder : {"tests/fixtures/layouts", "tests/fixtures/captures"}) {
      for (const auto& file : fs::directory_iterator(paths::source(folder)))
        fs::create_symlink(file.path(), all.path() / file.path().filename());
    }
    return std::vector<std::string>{"--layouts", all.path().string(), "--layouts-trim"};
  }());
  return engine;
}

Host::Host(std::string url) : out_(folder_.path() / "out") {
  fs::create_directory(out_);
  set("connection.c.url", std::move(url)).set("connection.c.user", "UserDirectory=TEST; UserId=reader");
  set("connection.c.certificates", certificates().string());
  set("pipeline.p.connection", "c")
      .set("pipeline.p.app", "Consumer Sales")
      .set("pipeline.p.objects", "sheet:*/*")
      .set("pipeline.p.sinks", "f");
  set("pipeline.p.retry-delay", "1ms");
  set("sink.f.type", "csv").set("sink.f.directory", out_.string());
  set("plugins.path", plugins()).set("logging.level", "warn");
}

Host& Host::set(const std::string& key, const std::string& value) {
  if (value.empty())
    keys_.erase(key);
  else
    keys_[key] = value;
  return *this;
}

std::vector<std::string> Host::command(const std::vector<std::string>& arguments) const {
  std::string text;
  for (const auto& [key, value] : keys_) text += key + " = " + value + "\n";
  std::vector<std::string> command{paths::program("qonduit"), "--config", folder_.write("qonduit.properties", text).string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

Outcome Host::run(std::vector<std::string> arguments) { return integration::run(command(arguments)); }

std::vector<std::string> Host::files() const {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(out_)) {
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), out_).string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::vector<CsvField>> read_csv(const fs::path& file) {
  const auto text = read_text(file);
  std::vector<std::vector<CsvField>> rows;
  std::vector<CsvField> row;
  CsvField field;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside) {
      if (c != '"')
        field.text += c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        field.text += '"', ++i;
      else
        inside = false;
    } else if (c == '"') {
      inside = true;
      field.quoted = true;
    } else if (c == ',') {
      row.push_back(std::exchange(field, {}));
    } else if (c == '\n') {
      row.push_back(std::exchange(field, {}));
      rows.push_back(std::exchange(row, {}));
    } else if (c != '\r' || i + 1 == text.size() || text[i + 1] != '\n') {
      field.text += c;
    }
  }
  if (inside || !row.empty() || !field.text.empty()) throw std::runtime_error(file.string() + " does not end with a complete line");
  return rows;
}

}  // namespace qonduit::integration
