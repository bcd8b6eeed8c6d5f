#include "core/service/notify.hpp"

#include <cstdint>

#if QONDUIT_WITH_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

namespace qonduit::service {

#if QONDUIT_WITH_SYSTEMD

void notify_ready(const std::string& status) { sd_notifyf(0, "READY=1\nSTATUS=%s", status.c_str()); }
void notify_stopping() { sd_notify(0, "STOPPING=1"); }
void notify_alive() { sd_notify(0, "WATCHDOG=1"); }

std::chrono::milliseconds watchdog_interval() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::chrono::milliseconds(0);
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::microseconds(microseconds / 2));
}

#else

void notify_ready(const std::string&) {}
void notify_stopping() {}
void notify_alive() {}
std::chrono::milliseconds watchdog_interval() { return std::chrono::milliseconds(0); }

#endif

}  // namespace qonduit::service
