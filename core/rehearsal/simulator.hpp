// A simulated engine as a process of its own, on a free port of this machine, with mutual TLS. Used by one thread. Its end ends the
// process; should the host die first, the kernel does.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "qonduit/status.hpp"

namespace qonduit::rehearsal {

class Simulator {
 public:
  struct Options {
    std::filesystem::path program;
    std::filesystem::path certificates;  // a folder of make_certificates()
    std::filesystem::path folder;        // for what it writes
    std::vector<std::string> cassettes;
    std::string profile;
    std::uint64_t seed = 1;
  };
  // Starts it and waits until it listens. Errors hold its own words.
  static Result<std::unique_ptr<Simulator>> start(const Options& options);
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;
  ~Simulator();

  [[nodiscard]] std::string url() const { return "wss://localhost:" + std::to_string(port_) + "/app"; }

  // What went wrong on its side while it ran.
  struct Faults {
    std::uint64_t data_calls = 0;
    std::map<std::string, std::uint64_t> times;  // by the key of a profile
  };
  // Ends it.
  Result<Faults> stop();

 private:
  Simulator(pid_t process, int output, std::filesystem::path report) : process_(process), output_(output), report_(std::move(report)) {}
  Status wait_until_it_listens();

  pid_t process_;
  int output_;  // its stdout and stderr
  std::filesystem::path report_;
  int port_ = 0;
};

}  // namespace qonduit::rehearsal
