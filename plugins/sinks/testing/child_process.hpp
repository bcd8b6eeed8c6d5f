// A server a test starts: it is killed and waited for when the object ends, and dies with the thread that started it.
#pragma once

#include <sys/types.h>
#include <string>
#include <vector>

namespace qonduit::sinks::testing {

class ChildProcess {
 public:
  // Output goes to the file. user: whom it runs as when the test is root; empty: the same. Throws when it cannot be started.
  ChildProcess(const std::vector<std::string>& command, const std::string& output, const std::string& user = {});
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  [[nodiscard]] bool running();
  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const;
  // Waits for its end; answers the exit status, or 128 and the signal.
  int wait();

 private:
  pid_t pid_ = -1;
  int status_ = -1;
};

// Runs a command to its end; throws with its output when it fails.
void run(const std::vector<std::string>& command, const std::string& user = {});
// Of a process, its children at this moment.
std::vector<pid_t> children_of(pid_t process);
// A TCP port nobody listens on at the moment, another one each time, and none the system gives to outgoing connections: it stays free while
// a server is down.
int free_port();

}  // namespace qonduit::sinks::testing
