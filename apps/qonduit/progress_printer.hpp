// Shows how far a run is: one line that renews itself on a terminal, a plain line every few seconds elsewhere. Used by the run's thread.
#pragma once

#include <chrono>
#include <string>

#include "core/pipeline/report.hpp"

namespace qonduit::app {

// "Sales by region: 12,500 of 50,000 rows, 4.1 M cells/s, 0:03 left"
std::string progress_line(const pipeline::Progress& progress);

class ProgressPrinter {
 public:
  // fd: where to print. On a terminal the line is renewed four times a second.
  explicit ProgressPrinter(int fd);
  ~ProgressPrinter() { clear(); }
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
  std::string object_;
  bool shown_ = false;
};

}  // namespace qonduit::app
