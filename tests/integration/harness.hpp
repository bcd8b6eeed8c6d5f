// What the integration tests share: temporary folders, the simulator and the host as processes, certificates, CSV read back.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace qonduit::integration {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

struct Outcome {
  int exit_code = -1;  // 128 + signal when killed
  std::string out, err;
};

// A child process with pipes on stdout and stderr. Every wait has a deadline far above what any test needs; after it the test fails.
class Process {
 public:
  Process(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment = {});
  ~Process();  // SIGKILL if it still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Reads stdout until a line holds this text; answers that line. Throws at the end of the output.
  std::string wait_for_line(const std::string& text);
  // Until this holds, which is looked at every 10 ms while the process runs: a file that it writes is there, say. Throws when it ends
  // before.
  void wait_until(const std::string& what, const std::function<bool()>& holds);
  void signal(int number) const;
  Outcome wait();

 private:
  bool read_more(std::chrono::milliseconds longest);
  [[nodiscard]] std::string said() const { return "; it said: " + said_.out + said_.err; }

  pid_t pid_ = -1;
  int out_ = -1, err_ = -1;  // -1 at their end
  Outcome said_;
};

Outcome run(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment = {});

// Development certificates and the demo app's folder. CTest makes both before the tests that name its fixture integration_files, in the
// folder QONDUIT_TEST_FILES; a test started by hand makes its own, once for the process. Tests do not write there.
const std::filesystem::path& certificates();
const std::filesystem::path& demo_app();

// The folder of plugins for a host: all there are, or the few that QONDUIT_TEST_PLUGINS has.
std::string plugins();

// The simulated engine over mutual TLS, on a port of its own.
class Simulator {
 public:
  explicit Simulator(std::vector<std::string> arguments);
  [[nodiscard]] std::string url() const { return "wss://localhost:" + std::to_string(port_) + "/app"; }
  [[nodiscard]] int port() const { return port_; }
  // Ends it and waits, so that what it writes at its end is there.
  void stop();

 private:
  Process process_;
  int port_ = 0;
};

// Engines without faults, started when first asked for and shared by the tests of a process until it ends: for tests that only read. A
// session sees nothing of another one's selections and objects.
const Simulator& demo_engine();      // the demo app, Consumer Sales
const Simulator& gallery_engine();   // the app Gallery
const Simulator& captures_engine();  // each captured layout of tests/fixtures, cut to the rows it holds

// A host set up against an engine, delivering to CSV below out().
class Host {
 public:
  explicit Host(std::string url);
  Host& set(const std::string& key, const std::string& value);  // any configuration key
  Outcome run(std::vector<std::string> arguments = {"run", "--json"});
  [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& arguments) const;
  [[nodiscard]] const std::filesystem::path& out() const { return out_; }
  [[nodiscard]] const TempFolder& folder() const { return folder_; }
  // Every file below out(), relative, sorted.
  [[nodiscard]] std::vector<std::string> files() const;

 private:
  TempFolder folder_;
  std::filesystem::path out_;
  std::map<std::string, std::string> keys_;
};

// RFC 4180, read by a parser that shares nothing with the sink. A field is its text and whether it was quoted.
struct CsvField {
  std::string text;
  bool quoted = false;
};
std::vector<std::vector<CsvField>> read_csv(const std::filesystem::path& file);
std::string read_text(const std::filesystem::path& file);

}  // namespace qonduit::integration
