#include "apps/qonduit/signals.hpp"

#include <pthread.h>

#include "apps/qonduit/forced_end.hpp"
#include "core/logging/logging.hpp"

namespace qonduit::app {
namespace {

constexpr int kEndThread = SIGUSR1;  // our own

}  // namespace

void hold_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // writing fails with EFBIG then, as on a full disk
  sigset_t set{};
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, kEndThread}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Signals::Signals(Stop stop) {
  sigemptyset(&set_);
  sigaddset(&set_, SIGHUP);
  sigaddset(&set_, kEndThread);
  if (stop == Stop::here) {
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
  }
  thread_ = std::thread([this] {
    int signal = 0;
    while (sigwait(&set_, &signal) == 0 && signal != kEndThread) {
      if (signal == SIGHUP) {
        logging::reopen();
      } else if (!stop_.request_stop()) {
        end_at_once();
      }
    }
  });
}

Signals::~Signals() {
  pthread_kill(thread_.native_handle(), kEndThread);
  thread_.join();
}

}  // namespace qonduit::app
