// The apps that come with the simulator, their definitions built in: "Consumer Sales" (demo/app.json), whose data is written as CSV files
// that are the same on every machine and every run, and "Gallery" (gallery/app.json), one object of every kind over ten orders.
#pragma once

#include <string>

namespace qonduit::simulator {

// The content of demo/app.json.
extern const char* const kDemoDefinition;
// The content of gallery/app.json.
extern const char* const kGalleryDefinition;

// Writes app.json and the tables into a folder, made when missing. Throws std::exception when a file cannot be written.
void make_demo(const std::string& folder);

}  // namespace qonduit::simulator
