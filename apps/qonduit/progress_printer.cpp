#include "apps/qonduit/progress_printer.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

#include "apps/qonduit/text.hpp"

namespace qonduit::app {

std::string progress_line(const pipeline::Progress& progress) {
  std::string line = printable(progress.title.empty() ? progress.object_id : progress.title);
  if (!progress.dataset.empty()) line += " [" + printable(progress.dataset) + "]";
  line += ": " + grouped(progress.rows);
  if (progress.expected_rows >= 0) line += " of " + grouped(progress.expected_rows);
  line += " rows";
  if (progress.seconds > 0) {
    const auto rate = static_cast<double>(progress.cells) / progress.seconds;
    char text[48];
    if (rate >= 1e6) {
      std::snprintf(text, sizeof text, ", %.1f M cells/s", rate / 1e6);
    } else {
      std::snprintf(text, sizeof text, ", %.0f cells/s", rate);
    }
    line += text;
    if (progress.expected_rows > progress.rows && progress.rows > 0) {
      const auto left = progress.seconds * static_cast<double>(progress.expected_rows - progress.rows) / static_cast<double>(progress.rows);
      line += ", " + clock_time(left) + " left";
    }
  }
  return line;
}

ProgressPrinter::ProgressPrinter(int fd) : fd_(fd), terminal_(::isatty(fd) == 1), interval_(terminal_ ? 250 : 5000) {}

void ProgressPrinter::show(const pipeline::Progress& progress) {
  const auto now = std::chrono::steady_clock::now();
  const bool first = object_ != progress.object_id;
  if (!first && now < next_) return;
  object_ = progress.object_id;
  next_ = now + interval_;
  auto line = progress_line(progress);
  if (!terminal_) return print(line + "\n");
  winsize size{};
  if (::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 1) line = cut(line, size.ws_col - 1u);
  print("\r\033[K" + line);
  shown_ = true;
}

void ProgressPrinter::clear() {
  if (shown_) print("\r\033[K");
  shown_ = false;
}

void ProgressPrinter::print(const std::string& text) {
  // Progress is a courtesy: a closed terminal is no reason to fail a run.
  if (::write(fd_, text.data(), text.size()) < 0) shown_ = false;
}

}  // namespace qonduit::app
