// The demo app "Consumer Sales": its definition (demo/app.json, built in) and its data, written as CSV files that are the same on every
// machine and every run.
#pragma once

#include <string>

namespace qonduit::simulator {

// The content of demo/app.json.
extern const char* const kDemoDefinition;

// Writes app.json and the tables into a folder, made when missing. Throws std::exception when a file cannot be written.
void make_demo(const std::string& folder);

}  // namespace qonduit::simulator
