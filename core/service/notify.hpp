// Tells systemd how the service is: ready, stopping, still alive. Does nothing where the host was not started by systemd, or was built
// without libsystemd. Any thread.
#pragma once

#include <chrono>
#include <string>

namespace qonduit::service {

void notify_ready(const std::string& status);
void notify_stopping();
void notify_alive();
// How often notify_alive() is wanted: half of WatchdogSec; zero without a watchdog.
std::chrono::milliseconds watchdog_interval();

}  // namespace qonduit::service
