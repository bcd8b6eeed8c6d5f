// The text of a first configuration for an app, as `qonduit init` writes it: a connection, a pipeline that names what can be read, a CSV
// sink, and comments for whoever goes on from there. Pure text: what comes from the app is escaped for where it stands.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace qonduit::app {

struct StarterObject {
  std::string id, title, type, sheet;
  std::string size;                // "12 rows × 3 columns", a part for each dataset
  std::string left_out;            // not empty: why it cannot be read as it is
  std::vector<std::string> notes;  // what to know of what is read
  std::string hidden = {};         // not empty: why the app does not show it now
};

struct StarterFile {
  std::string connection;                                     // its name
  std::vector<std::pair<std::string, std::string>> settings;  // its keys: url, user ... and their values
  std::vector<std::pair<std::string, std::string>> globals;   // keys in full
  std::string app_title, app_id;
  std::vector<StarterObject> objects;  // in the order of the sheets
};

// Why this id cannot stand in a configuration; empty when it can.
std::string id_problem(const std::string& id);
// The name of the pipeline for an app, in letters that keys take: "Consumer Sales" → "consumer-sales", "Продажи №1" → "prodazhi-1". A title
// in an alphabet that is not known here leaves "app-" and what else is in it.
std::string pipeline_name(const std::string& app_title);

// REQUIRES: an object that is not left out; ids without a problem.
std::string starter_text(const StarterFile& file);

}  // namespace qonduit::app
