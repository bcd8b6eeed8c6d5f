#include "tests/integration/harness.hpp"

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

extern char** environ;

namespace qonduit::integration {
namespace {

namespace fs = std::filesystem;

std::string take_available(int fd) {
  char buffer[4096];
  const auto got = ::read(fd, buffer, sizeof buffer);
  return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string();
}

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
  ::close(out_);
  ::close(err_);
}

std::string Process::wait_for_line(const std::string& text) {
  while (true) {
    const auto at = out_text_.find(text);
    const auto end = at == std::string::npos ? at : out_text_.find('\n', at);
    if (end != std::string::npos) {
      const auto begin = out_text_.rfind('\n', at);
      return out_text_.substr(begin == std::string::npos ? 0 : begin + 1, end - (begin == std::string::npos ? 0 : begin + 1));
    }
    const auto more = take_available(out_);
    if (more.empty())
      throw std::runtime_error("the process ended without saying '" + text + "'; it said: " + out_text_ + take_available(err_));
    out_text_ += more;
  }
}

void Process::signal(int number) const { ::kill(pid_, number); }

Outcome Process::wait() {
  Outcome outcome;
  outcome.out = std::move(out_text_);
  pollfd fds[2] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}};
  int open = 2;
  while (open > 0 && ::poll(fds, 2, -1) > 0) {
    for (auto& fd : fds) {
      if (fd.fd < 0 || fd.revents == 0) continue;
      const auto more = take_available(fd.fd);
      (fd.fd == out_ ? outcome.out : outcome.err) += more;
      if (more.empty()) fd.fd = -1, --open;
    }
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

Outcome run(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment) {
  return Process(command, environment).wait();
}

const fs::path& certificates() {
  static const TempFolder folder;
  static const fs::path path = [] {
    const auto made = run({"/bin/bash", QONDUIT_SOURCE_DIR "/certs/make-dev-certs.sh", (folder.path() / "certs").string()});
    if (made.exit_code != 0) throw std::runtime_error("make-dev-certs.sh: " + made.err);
    return folder.path() / "certs";
  }();
  return path;
}

const fs::path& demo_app() {
  static const TempFolder folder;
  static const fs::path path = [] {
    const auto made = run({QONDUIT_SIMULATOR, "make-demo", (folder.path() / "demo").string()});
    if (made.exit_code != 0) throw std::runtime_error("make-demo: " + made.err);
    return folder.path() / "demo";
  }();
  return path;
}

Simulator::Simulator(std::vector<std::string> arguments)
    : process_([&] {
        std::vector<std::string> command{QONDUIT_SIMULATOR, "--certs", certificates().string(), "--port", "0"};
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
  set("plugins.path", QONDUIT_PLUGINS).set("logging.level", "warn");
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
  std::vector<std::string> command{QONDUIT_HOST, "--config", folder_.write("qonduit.properties", text).string()};
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
