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
  std::int64_t present = 0;  // values in this table
  std::string key_type;      // NOT_KEY, ANY_KEY, PRIMARY_KEY, PERFECT_KEY
  bool key = false;          // associates tables
  bool synthetic = false;    // made by the engine for several fields that tables share
  std::vector<std::string> tags;
};

struct TableInfo {
  std::string name;
  std::int64_t rows = 0;
  std::vector<FieldInfo> fields;
};

// Fields that associate tables.
struct KeyInfo {
  std::vector<std::string> fields, tables;
};

struct DataModel {
  std::vector<TableInfo> tables;  // in the order of the load; empty when the app has none
  std::vector<KeyInfo> keys;
};

Result<std::vector<TableInfo>> read_data_model(Session& session);
Result<DataModel> read_whole_model(Session& session);

}  // namespace qonduit::engine
