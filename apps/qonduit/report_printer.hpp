// The closing table of a run, and the same for machines.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "core/pipeline/report.hpp"

namespace qonduit::app {

// What was delivered, a line for each target, with totals; then notes, and what was left out or failed, a line each; last how it ended.
// Why something failed is not in it: failures() says it. Not wider than width; 0: as wide as it is.
void print_report(std::ostream& out, const pipeline::RunReport& report, std::size_t width);
// Why the run is not done, each reason once. Of an interrupted run: that it was.
std::vector<std::string> failures(const pipeline::RunReport& report);
void print_report_json(std::ostream& out, const std::vector<pipeline::RunReport>& reports);

}  // namespace qonduit::app
