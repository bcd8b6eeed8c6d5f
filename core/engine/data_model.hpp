// What an app's data model holds: its tables and their fields. Source: Doc.GetTablesAndKeys.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

struct FieldInfo {
  std::string name;
  std::int64_t rows = 0;      // of the table
  std::int64_t distinct = 0;  // values in the app
  bool has_null = false;
  bool key = false;        // associates tables
  bool synthetic = false;  // made by the engine for several fields that tables share
  std::vector<std::string> tags;
};

struct TableInfo {
  std::string name;
  std::int64_t rows = 0;
  std::vector<FieldInfo> fields;
};

// The tables in the order of the load. Empty when the app has none.
Result<std::vector<TableInfo>> read_data_model(Session& session);

}  // namespace qonduit::engine
