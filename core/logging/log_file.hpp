// A log file, opened with care. Included by logging.cpp alone, because of spdlog.
#pragma once

#include <spdlog/sinks/sink.h>

#include <filesystem>
#include <memory>

#include "qonduit/status.hpp"

namespace qonduit::logging {

// Appends to the file, each line by one write, so that the lines of several processes do not mix. One that is made has mode 0640, whatever
// is more in the umask; no folder is made. A device, and a pipe that somebody reads, will do. What the file does not take goes to stderr.
Result<std::shared_ptr<spdlog::sinks::sink>> open_log_file(const std::filesystem::path& path);

}  // namespace qonduit::logging
