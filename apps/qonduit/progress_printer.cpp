#include "apps/qonduit/progress_printer.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "apps/qonduit/text.hpp"
#include "core/logging/logging.hpp"

namespace qonduit::app {
namespace {

constexpr std::size_t kNarrowestName = 8;

std::string name_of(const pipeline::Progress& progress) {
  auto name = std::string(progress.title.empty() ? progress.object_id : progress.title);
  if (!progress.dataset.empty()) name += " [" + std::string(progress.dataset) + "]";
  if (!progress.turn.empty()) name += " [" + std::string(progress.turn) + "]";
  return printable(logging::redacted(name));
}

// Of so short a time it says nothing.
std::string speed(const pipeline::Progress& progress) {
  if (progress.seconds < 1) return {};
  const auto rate = static_cast<double>(progress.cells) / progress.seconds;
  auto out = ", " + grouped(std::llround(rate)) + " cells/s";
  if (rate >= 1e6) {
    char text[48];
    std::snprintf(text, sizeof text, ", %.1f M cells/s", rate / 1e6);
    out = text;
  }
  if (progress.expected_rows > progress.rows && progress.rows > 0) {
    const auto left = progress.seconds * static_cast<double>(progress.expected_rows - progress.rows) / static_cast<double>(progress.rows);
    out += ", " + clock_time(left) + " left";
  }
  return out;
}

}  // namespace

std::string progress_line(const pipeline::Progress& progress, std::size_t width) {
  std::string place;
  if (progress.items > 1)
    place =
        grouped(static_cast<std::int64_t>(progress.item)) + " of " + counted(static_cast<std::int64_t>(progress.items), "object") + ", ";
  const auto name = name_of(progress);
  const auto rows = ": " + grouped(progress.rows) +
                    (progress.expected_rows >= 0 ? " of " + counted(progress.expected_rows, "row")
                     : progress.rows == 1        ? " row"
                                                 : " rows");
  const auto line = place + name + rows + speed(progress);
  if (width == 0 || display_width(line) <= width) return line;
  // The speed goes first, then the end of the name.
  const auto numbers = display_width(place) + display_width(rows);
  const auto room = width > numbers ? std::max(kNarrowestName, width - numbers) : kNarrowestName;
  return cut(place + cut(name, room) + rows, width);
}

ProgressPrinter::ProgressPrinter(int fd) : fd_(fd), terminal_(::isatty(fd) == 1), interval_(terminal_ ? 250 : 5000) {
  logging::before_stderr([this] { clear(); });
}

ProgressPrinter::~ProgressPrinter() {
  logging::before_stderr({});
  clear();
}

void ProgressPrinter::show(const pipeline::Progress& progress) {
  const auto now = std::chrono::steady_clock::now();
  auto dataset = std::string(progress.object_id) + '\n' + std::string(progress.dataset) + '\n' + std::string(progress.turn);
  if (dataset != dataset_) {
    dataset_ = std::move(dataset);
    dataset_shown_ = false;
    next_ = terminal_ ? now : now + interval_;
  }
  if (progress.last ? !terminal_ && !dataset_shown_ : now < next_) return;
  next_ = now + interval_;
  dataset_shown_ = true;
  winsize size{};
  const bool known = terminal_ && ::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  const auto line = progress_line(progress, known ? size.ws_col - 1u : 0);
  const std::lock_guard lock(mutex_);
  if (!terminal_) return print(line + "\n");
  if (shown_ && line == line_) return;
  print("\r\033[K" + line);
  line_ = line;
  shown_ = true;
}

void ProgressPrinter::clear() {
  const std::lock_guard lock(mutex_);
  if (shown_) print("\r\033[K");
  shown_ = false;
}

void ProgressPrinter::print(const std::string& text) {
  // Progress is a courtesy: a closed terminal is no reason to fail a run.
  if (::write(fd_, text.data(), text.size()) < 0) shown_ = false;
}

}  // namespace qonduit::app
