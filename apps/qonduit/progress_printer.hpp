// Shows how far a run is: one line that renews itself on a terminal, up to the last row of each dataset. Elsewhere a plain line every few
// seconds of a dataset that takes longer, and one at its end: what is over at once says nothing. Log lines on standard error take the line
// away first. One instance at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

#include "core/pipeline/report.hpp"

namespace qonduit::app {

// "3 of 12 objects, Sales by region: 12,500 of 50,000 rows, 4.1 M cells/s, 0:03 left". Not wider than width: the name is cut before the
// numbers. 0: as wide as it is.
std::string progress_line(const pipeline::Progress& progress, std::size_t width);

class ProgressPrinter {
 public:
  // fd: where to print. On a terminal the line is renewed four times a second.
  explicit ProgressPrinter(int fd);
  ~ProgressPrinter();
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

  void show(const pipeline::Progress& progress);
  void clear();  // takes the line away, before something else is printed

 private:
  void print(const std::string& text);

  int fd_;
  bool terminal_;
  std::chrono::milliseconds interval_;
  std::chrono::steady_clock::time_point next_;
  std::string dataset_;  // that is shown
  bool dataset_shown_ = false;
  std::mutex mutex_;  // of the line: threads that log take it away
  bool shown_ = false;
  std::string line_;  // shown last
};

}  // namespace qonduit::app
