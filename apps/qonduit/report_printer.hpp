// The closing table of a run, and the same for machines.
#pragma once

#include <string>
#include <vector>

#include "core/pipeline/report.hpp"

namespace qonduit::app {

// object, type, rows, columns, file, seconds; then what was left out or failed, a line each.
std::string report_table(const pipeline::RunReport& report);
std::string report_json(const std::vector<pipeline::RunReport>& reports);

}  // namespace qonduit::app
